//! `/users/{user_id}/credentials_email`: the address somebody signs in with.
//!
//! Looker mails a link to set the password; here the password is always `looker`.

use super::caller::{Admin, Visible};
use super::errors::{ApiError, Problem};
use super::input::{self, Fields, Given, Members};
use super::json;
use crate::clock::rfc3339;
use crate::state::{Looker, Shared};
use crate::store::people::Person;
use crate::store::{PASSWORD, Store};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

/// The credentials, or null for somebody without.
pub(super) fn to_json(looker: &Looker, person: &Person) -> Value {
    let Some(email) = &person.email else { return Value::Object(Map::new()) };
    let user_url = format!("{}/api/4.0/users/{}", looker.base_url, person.id);
    json!({
        "can": { "show_password_reset_url": false },
        "created_at": person.email_created_at.map(rfc3339),
        "email": email,
        "forced_password_reset_at_next_login": false,
        "user_id": person.id.to_string(),
        "is_disabled": person.is_disabled,
        "logged_in_at": null,
        "password_reset_url": null,
        "account_setup_url": null,
        "password_reset_url_expired": true,
        "account_setup_url_expired": true,
        "type": "email",
        "url": format!("{user_url}/credentials_email"),
        "user_url": user_url,
    })
}

fn address(store: &Store, body: &[u8]) -> Result<String, ApiError> {
    let mut problems = Vec::new();
    let given = Members::read(body)?.text("email", &mut problems);
    input::valid(problems)?;
    let problem = match given {
        Given::Value(email) => match store.email_problem(&email)? {
            None => return Ok(email),
            Some(problem) => Problem::invalid("email", problem),
        },
        Given::Null | Given::Absent => Problem::missing("email"),
    };
    Err(ApiError::Invalid(vec![problem]))
}

/// `GET`
pub(super) async fn one(
    State(looker): State<Shared>,
    Visible(person): Visible,
    fields: Fields,
) -> Result<Response, ApiError> {
    has_email(&person)?;
    Ok(fields.of(to_json(&looker, &person)))
}

/// `POST`
pub(super) async fn create(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Visible(person): Visible,
    body: Bytes,
) -> Result<Response, ApiError> {
    if person.email.is_some() {
        return Err(ApiError::Exists("This user has an email address already.".to_owned()));
    }
    put(&looker, &person, &body)
}

/// `PATCH`
pub(super) async fn change(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Visible(person): Visible,
    body: Bytes,
) -> Result<Response, ApiError> {
    has_email(&person)?;
    put(&looker, &person, &body)
}

fn has_email(person: &Person) -> Result<(), ApiError> {
    if person.email.is_some() { Ok(()) } else { Err(ApiError::NotFound) }
}

fn put(looker: &Looker, person: &Person, body: &[u8]) -> Result<Response, ApiError> {
    let store = looker.store();
    let email = address(&store, body)?;
    store.set_email(person.id, &email, PASSWORD, looker.now())?;
    let person = store.person(person.id)?.ok_or(ApiError::NotFound)?;
    Ok(json(StatusCode::OK, &to_json(looker, &person)))
}

/// `DELETE`
pub(super) async fn remove(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Visible(person): Visible,
) -> Result<StatusCode, ApiError> {
    has_email(&person)?;
    looker.store().remove_email(person.id)?;
    Ok(StatusCode::NO_CONTENT)
}
