//! API3 login, login as somebody else, and logout.

use super::caller::{Admin, Caller};
use super::errors::ApiError;
use super::{input, json};
use crate::secret::Secret;
use crate::state::{Looker, Shared};
use crate::store::tokens::{Holder, Kind};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::{Value, json};
use url::form_urlencoded;

/// `POST /api/4.0/login`: `client_id` and `client_secret` in a form body, or in the query.
pub(super) async fn login(
    State(looker): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let given = |name: &str| in_body(&headers, &body, name).or_else(|| input::query(&uri, name));
    let (Some(client_id), Some(secret)) = (given("client_id"), given("client_secret")) else {
        return Err(ApiError::NotFound);
    };
    let found = looker.store().api3_login(&client_id, &Secret::given(&secret))?;
    let (person, api3) = found.ok_or(ApiError::NotFound)?;
    issue(&looker, &Holder::alone(person.id, Some(api3))?)
}

/// JSON is not documented, but the real server takes it, too.
fn in_body(headers: &HeaderMap, body: &[u8], name: &str) -> Option<String> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|content_type| content_type.starts_with("application/json")) {
        let members: Value = serde_json::from_slice(body).ok()?;
        return members.get(name)?.as_str().map(str::to_owned);
    }
    form_urlencoded::parse(body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// `POST /api/4.0/login/{user_id}`: an admin gets a token that is somebody else's.
pub(super) async fn login_user(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(user_id): Path<String>,
) -> Result<Response, ApiError> {
    let person = looker.store().person(input::id(&user_id)?)?;
    let person = person.filter(|person| !person.is_disabled).ok_or(ApiError::NotFound)?;
    issue(&looker, &Holder::alone(person.id, None)?)
}

fn issue(looker: &Looker, holder: &Holder) -> Result<Response, ApiError> {
    let expires_in = looker.answers().expires_in;
    let expires_at = looker.now() + i64::from(expires_in);
    let token = looker.store().issue_token(Kind::Access, holder, expires_at)?;
    let body = json!({
        "access_token": token.reveal(),
        "token_type": "Bearer",
        "expires_in": expires_in,
        "refresh_token": null,
    });
    Ok(json(StatusCode::OK, &body))
}

/// `DELETE /api/4.0/logout`: the token of the call dies, and its refresh token with it.
pub(super) async fn logout(State(looker): State<Shared>, caller: Caller) -> Result<StatusCode, ApiError> {
    looker.store().end_family(&caller.holder.family)?;
    Ok(StatusCode::NO_CONTENT)
}
