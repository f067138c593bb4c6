//! `POST /api/token`: the token endpoint of OAuth.

use super::errors::DOCUMENTATION;
use super::{JSON, json, no_such_path};
use crate::pkce;
use crate::secret::Secret;
use crate::state::{Looker, Shared};
use crate::steering::answers::TokenErrorShape;
use crate::store::tokens::{Holder, Kind, REFRESH_LIFETIME};
use crate::store::{Store, StoreError};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::form_urlencoded;

/// Why no token is issued.
#[derive(Debug)]
enum Refusal {
    /// An error of RFC 6749, section 5.2.
    OAuth(Code, &'static str),
    /// A `client_secret` is there, if only empty: the real server finds no route for it.
    HasSecret,
    /// The client authenticated by HTTP Basic; these clients are public.
    HasBasic,
    Broken(StoreError),
}

/// The error codes of RFC 6749 that this endpoint uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnsupportedGrantType,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Broken(error)
    }
}

fn invalid_request(why: &'static str) -> Refusal {
    Refusal::OAuth(Code::InvalidRequest, why)
}

fn invalid_grant(why: &'static str) -> Refusal {
    Refusal::OAuth(Code::InvalidGrant, why)
}

/// The parameters of a token request, each once.
#[derive(Debug)]
struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a JSON or a form body.
    fn read(content_type: &str, body: &[u8]) -> Result<Self, Refusal> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/json") {
            Self::read_json(body)
        } else if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Self::read_form(body)
        } else {
            Err(invalid_request("The body must be application/json or a form."))
        }
    }

    fn read_json(body: &[u8]) -> Result<Self, Refusal> {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return Err(invalid_request("The body is not a JSON object."));
        };
        let mut parameters = BTreeMap::new();
        for (name, value) in members {
            match value {
                Value::String(text) => parameters.insert(name, text),
                // It must be noticed whatever it is.
                _ if name == "client_secret" => parameters.insert(name, String::new()),
                Value::Null => None,
                _ => return Err(invalid_request("A parameter is not a string.")),
            };
        }
        Ok(Self(parameters))
    }

    fn read_form(body: &[u8]) -> Result<Self, Refusal> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(invalid_request("A parameter occurs twice."));
            }
        }
        Ok(Self(parameters))
    }

    /// A parameter that must be there.
    fn required(&self, name: &str, missing: &'static str) -> Result<&str, Refusal> {
        match self.0.get(name).map(String::as_str) {
            None | Some("") => Err(invalid_request(missing)),
            Some(value) => Ok(value),
        }
    }
}

/// `POST /api/token`
pub(super) async fn token(State(looker): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = match grant(&looker, &headers, &body) {
        Ok(issued) => json(StatusCode::OK, &issued),
        Err(refusal) => refused(refusal, looker.answers().token_error_shape).await,
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn grant(looker: &Looker, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let parameters = Parameters::read(content_type.unwrap_or_default(), body)?;
    if parameters.0.contains_key("client_secret") {
        return Err(Refusal::HasSecret);
    }
    if headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::HasBasic);
    }
    let grant_type = parameters.required("grant_type", "grant_type is missing.")?;
    let client_id = parameters.required("client_id", "client_id is missing.")?;
    let enabled = looker.store().app(client_id)?.is_some_and(|app| app.enabled);
    match grant_type {
        "authorization_code" | "refresh_token" if !enabled => {
            Err(Refusal::OAuth(Code::InvalidClient, "No enabled app has this client_id."))
        }
        "authorization_code" => by_code(looker, &parameters, client_id),
        "refresh_token" => by_refresh(looker, &parameters, client_id),
        _ => Err(Refusal::OAuth(Code::UnsupportedGrantType, "grant_type must be authorization_code or refresh_token.")),
    }
}

fn by_code(looker: &Looker, from: &Parameters, client_id: &str) -> Result<Value, Refusal> {
    let code = Secret::given(from.required("code", "code is missing.")?);
    let redirect_uri = from.required("redirect_uri", "redirect_uri is missing.")?;
    let verifier = from.required("code_verifier", "code_verifier is missing.")?;
    if !pkce::is_verifier(verifier) {
        return Err(invalid_grant("The code_verifier is not well-formed."));
    }
    let (store, now) = (looker.store(), looker.now());
    let Some(known) = store.code(&code)? else {
        return Err(invalid_grant("The code is unknown."));
    };
    if known.used && known.client_guid == client_id {
        // Somebody else may have it: what was issued for it dies (RFC 6749, section 4.1.2).
        store.end_family(&known.family)?;
    }
    known.judge(client_id, redirect_uri, verifier, now).map_err(|refusal| invalid_grant(refusal.sentence()))?;
    if !store.still_uses(client_id, known.person)? {
        return Err(invalid_grant("The user may not use this app any more."));
    }
    store.use_up(&code)?;
    let holder =
        Holder { person: known.person, family: known.family, client_guid: Some(known.client_guid), api3: None };
    issue(looker, &store, &holder, true)
}

fn by_refresh(looker: &Looker, from: &Parameters, client_id: &str) -> Result<Value, Refusal> {
    let token = Secret::given(from.required("refresh_token", "refresh_token is missing.")?);
    let dead = || invalid_grant("The refresh_token is unknown, expired or revoked.");
    // One guard from the look to the issue: of two refreshes at once, one finds the token dead.
    let store = looker.store();
    let bearer = store.bearer(Kind::Refresh, &token, looker.now())?.ok_or_else(dead)?;
    if bearer.holder.client_guid.as_deref() != Some(client_id) {
        return Err(invalid_grant("The refresh_token was issued to another client_id."));
    }
    let redirect_uri = from.0.get("redirect_uri");
    let app = store.app(client_id)?;
    if redirect_uri.is_some() && redirect_uri != app.as_ref().map(|app| &app.redirect_uri) {
        return Err(invalid_grant("The redirect_uri is not that of the app."));
    }
    let rotate = looker.answers().rotate_refresh;
    if rotate {
        store.end_token(&token)?;
    }
    issue(looker, &store, &bearer.holder, rotate)
}

fn issue(looker: &Looker, store: &Store, holder: &Holder, with_refresh: bool) -> Result<Value, Refusal> {
    let now = looker.now();
    let expires_in = looker.answers().expires_in;
    let access = store.issue_token(Kind::Access, holder, now + i64::from(expires_in))?;
    let mut issued = json!({
        "access_token": access.reveal(),
        "token_type": "Bearer",
        "expires_in": expires_in,
    });
    if with_refresh {
        let refresh = store.issue_token(Kind::Refresh, holder, now + REFRESH_LIFETIME)?;
        issued["refresh_token"] = Value::from(refresh.reveal());
    }
    Ok(issued)
}

async fn refused(refusal: Refusal, shape: TokenErrorShape) -> Response {
    let (code, why) = match refusal {
        Refusal::OAuth(code, why) => (code, why),
        Refusal::HasBasic => (Code::InvalidClient, "This client must not authenticate: it has no secret."),
        Refusal::HasSecret => {
            let page = "<!doctype html><html lang=\"en\"><title>Sinatra::NotFound</title>\
                        <h1>Sinatra::NotFound</h1></html>";
            let (parts, _) = no_such_path().await.into_parts();
            return (parts.status, Html(page)).into_response();
        }
        Refusal::Broken(error) => {
            let body = json!({ "error": "server_error", "error_description": error.to_string() });
            return json(StatusCode::INTERNAL_SERVER_ERROR, &body);
        }
    };
    let body = match shape {
        TokenErrorShape::Oauth => json!({ "error": code.as_str(), "error_description": why }),
        TokenErrorShape::Looker => json!({ "message": why, "documentation_url": DOCUMENTATION }),
    };
    let body = body.to_string();
    if matches!(refusal, Refusal::HasBasic) {
        // RFC 6749, section 5.2: the scheme the client used is named.
        let asks = HeaderValue::from_static("Basic realm=\"local-looker\"");
        let headers = [(CONTENT_TYPE, JSON), (WWW_AUTHENTICATE, asks)];
        return (StatusCode::UNAUTHORIZED, headers, body).into_response();
    }
    (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, JSON)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_json_or_forms_with_each_parameter_once() {
        let json = "application/json;charset=UTF-8";
        let form = "application/x-www-form-urlencoded";
        for (content_type, body, fine) in [
            (json, r#"{"grant_type":"x"}"#, true),
            ("APPLICATION/JSON", r#"{"grant_type":"x"}"#, true),
            (json, r#"{"grant_type":"x","redirect_uri":null}"#, true),
            (json, r#"{"grant_type":1}"#, false),
            (json, r#"["grant_type"]"#, false),
            (json, "grant_type=x", false),
            (form, "grant_type=x&a=b", true),
            (form, "grant_type=x&grant_type=x", false),
            ("text/plain", r#"{"grant_type":"x"}"#, false),
            ("", "grant_type=x", false),
        ] {
            let read = Parameters::read(content_type, body.as_bytes());
            assert_eq!(read.is_ok(), fine, "{content_type} {body}");
        }
    }

    #[test]
    fn a_client_secret_is_noticed_whatever_it_is() {
        for body in [r#"{"client_secret":""}"#, r#"{"client_secret":null}"#, r#"{"client_secret":1}"#] {
            let read = Parameters::read("application/json", body.as_bytes()).unwrap();
            assert!(read.0.contains_key("client_secret"), "{body}");
        }
    }
}
