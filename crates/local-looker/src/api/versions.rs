//! What this instance is, without a token.

use super::input::Fields;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

/// The release that this server imitates.
const RELEASE: &str = "26.12.0";

/// `GET /alive`: 200 and nothing.
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// `GET /versions` and `GET /api/4.0/versions`
pub(super) async fn versions(State(looker): State<Shared>, fields: Fields) -> Response {
    let current = json!({
        "version": "4.0",
        "full_version": format!("4.0.{RELEASE}"),
        "status": "current",
        "swagger_url": format!("{}/api/4.0/swagger.json", looker.base_url),
    });
    fields.of(json!({
        "looker_release_version": RELEASE,
        "current_version": current,
        "supported_versions": [current],
        "api_server_url": looker.base_url,
        "web_server_url": looker.looker_url,
    }))
}
