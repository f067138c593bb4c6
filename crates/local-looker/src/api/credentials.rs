//! `/users/{user_id}/credentials_api3`: made, seen and deleted by admins. The secret is in the
//! answer that makes the pair, and in no other.

use super::caller::{Admin, Caller};
use super::errors::ApiError;
use super::input::{self, Given, Members, only_fields};
use super::json;
use super::users::visible;
use crate::clock::rfc3339;
use crate::secret::Secret;
use crate::state::{Looker, Shared};
use crate::store::StoreError;
use crate::store::credentials::Api3;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};

/// A pair without its secret.
pub(super) fn to_json(looker: &Looker, person: i64, api3: &Api3) -> Value {
    json!({
        "can": { "show": true },
        "id": api3.id.to_string(),
        "client_id": api3.client_id,
        "created_at": rfc3339(api3.created_at),
        "is_disabled": false,
        "type": "api3",
        "purpose": api3.purpose,
        "url": format!(
            "{}/api/4.0/users/{person}/credentials_api3/{}", looker.base_url, api3.id
        ),
    })
}

/// `GET`: all of one person.
pub(super) async fn all(
    State(looker): State<Shared>,
    caller: Caller,
    Path(user_id): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let store = looker.store();
    let person = visible(&looker, &store, &caller, &user_id)?;
    let pairs = store.api3_of(person.id)?;
    let body = pairs.iter().map(|api3| to_json(&looker, person.id, api3)).collect();
    Ok(json(StatusCode::OK, &only_fields(&uri, body)))
}

/// `POST`
pub(super) async fn create(
    State(looker): State<Shared>,
    Admin(caller): Admin,
    Path(user_id): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let mut problems = Vec::new();
    let purpose = match Members::read(&body)?.text("purpose", &mut problems) {
        Given::Value(purpose) => Some(purpose),
        Given::Null | Given::Absent => None,
    };
    input::valid(problems)?;
    let store = looker.store();
    let person = visible(&looker, &store, &caller, &user_id)?;
    let (client_id, secret) = (random()?, random()?);
    let id = store.put_api3(person.id, client_id.reveal(), &secret, purpose.as_deref(), looker.now())?;
    let pair = store.api3_of(person.id)?.into_iter().find(|api3| api3.id == id);
    let mut body = to_json(&looker, person.id, &pair.ok_or(ApiError::NotFound)?);
    body["client_secret"] = Value::from(secret.reveal());
    Ok(json(StatusCode::OK, &body))
}

fn random() -> Result<Secret, StoreError> {
    Ok(Secret::random()?)
}

/// `GET …/{credentials_api3_id}`
pub(super) async fn one(
    State(looker): State<Shared>,
    caller: Caller,
    Path((user_id, api3_id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let store = looker.store();
    let (person, id) = (visible(&looker, &store, &caller, &user_id)?, input::id(&api3_id)?);
    let pair = store.api3_of(person.id)?.into_iter().find(|api3| api3.id == id);
    let body = to_json(&looker, person.id, &pair.ok_or(ApiError::NotFound)?);
    Ok(json(StatusCode::OK, &only_fields(&uri, body)))
}

/// `DELETE …/{credentials_api3_id}`
pub(super) async fn remove(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path((user_id, api3_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    if looker.store().delete_api3(input::id(&user_id)?, input::id(&api3_id)?)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound)
    }
}
