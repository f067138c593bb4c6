//! `/.well-known/oauth-authorization-server` (RFC 8414), as hosted instances serve it.

use crate::api::{JSON, no_such_path};
use crate::state::Shared;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// Where it is.
pub(crate) const PATH: &str = "/.well-known/oauth-authorization-server";

/// `GET /.well-known/oauth-authorization-server`
pub(super) async fn metadata(State(looker): State<Shared>) -> Response {
    let answers = looker.answers();
    if !answers.has_metadata {
        return no_such_path().await;
    }
    let body = json!({
        "issuer": looker.looker_url,
        "authorization_endpoint": format!("{}/auth", looker.looker_url),
        "token_endpoint": format!("{}/api/token", looker.base_url),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["cors_api", "api"],
        "authorization_response_iss_parameter_supported": answers.issuer_in_redirect,
    });
    ([(CONTENT_TYPE, JSON)], body.to_string()).into_response()
}
