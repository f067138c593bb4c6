//! `/users/{user_id}/credentials_api3`: made, seen and deleted by admins. The secret is in the
//! answer that makes the pair, and in no other.

use super::caller::{Admin, Visible};
use super::errors::ApiError;
use super::input::{self, Fields, Given, Members};
use super::json;
use crate::clock::rfc3339;
use crate::state::{Looker, Shared};
use crate::store::credentials::Api3;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
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
    Visible(person): Visible,
    fields: Fields,
) -> Result<Response, ApiError> {
    let pairs = looker.store().api3_of(person.id)?;
    Ok(fields.of(pairs.iter().map(|api3| to_json(&looker, person.id, api3)).collect()))
}

/// `POST`
pub(super) async fn create(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Visible(person): Visible,
    body: Bytes,
) -> Result<Response, ApiError> {
    let mut problems = Vec::new();
    let purpose = match Members::read(&body)?.text("purpose", &mut problems) {
        Given::Value(purpose) => Some(purpose),
        Given::Null | Given::Absent => None,
    };
    input::valid(problems)?;
    let (pair, secret) = looker.store().make_api3(person.id, purpose, looker.now())?;
    let mut body = to_json(&looker, person.id, &pair);
    body["client_secret"] = Value::from(secret.reveal());
    Ok(json(StatusCode::OK, &body))
}

/// `GET …/{credentials_api3_id}`
pub(super) async fn one(
    State(looker): State<Shared>,
    Visible(person): Visible,
    Path((_, api3_id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, ApiError> {
    let id = input::id(&api3_id)?;
    let pair = looker.store().api3_of(person.id)?.into_iter().find(|api3| api3.id == id);
    Ok(fields.of(to_json(&looker, person.id, &pair.ok_or(ApiError::NotFound)?)))
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
