//! The API host: `/api/token`, the API, and what tells whether this is one.

mod apps;
mod caller;
pub(crate) mod cors;
mod credentials;
mod email;
mod errors;
mod input;
mod login;
mod setting;
mod token;
mod users;
mod versions;

pub(crate) use errors::words_for;

use crate::state::Shared;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{delete, get, post};

/// What JSON is sent as, exactly as Looker writes it.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

/// The endpoints.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/alive", get(versions::alive))
        .route("/versions", get(versions::versions))
        .route("/api/token", post(token::token))
        // Unversioned and without CORS: sdk-codegen#1346.
        .route("/api/logout", delete(login::logout))
        .nest("/api/4.0", versioned())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_path)
}

fn versioned() -> Router<Shared> {
    Router::new()
        .route("/alive", get(versions::alive))
        .route("/versions", get(versions::versions))
        .route("/login", post(login::login))
        .route("/login/{user_id}", post(login::login_user))
        .route("/logout", delete(login::logout))
        .route("/user", get(users::me))
        .route("/users", get(users::all).post(users::create))
        .route("/users/{user_id}", get(users::one).patch(users::change).delete(users::remove))
        .route(
            "/users/{user_id}/credentials_email",
            get(email::one).post(email::create).patch(email::change).delete(email::remove),
        )
        .route("/users/{user_id}/credentials_api3", get(credentials::all).post(credentials::create))
        .route(
            "/users/{user_id}/credentials_api3/{credentials_api3_id}",
            get(credentials::one).delete(credentials::remove),
        )
        .route("/oauth_client_apps", get(apps::all))
        .route(
            "/oauth_client_apps/{client_guid}",
            get(apps::one).post(apps::register).patch(apps::change).delete(apps::remove),
        )
        .route("/oauth_client_apps/{client_guid}/tokens", delete(apps::invalidate))
        .route("/oauth_client_apps/{client_guid}/users/{user_id}", post(apps::activate).delete(apps::deactivate))
        .route("/setting", get(setting::present).patch(setting::change))
}

/// Looker answers a wrong path, and a wrong method, with a page.
pub(crate) async fn no_such_path() -> Response {
    let page = "<!doctype html><html lang=\"en\"><title>Not found</title>\
                <h1>Sorry, this page could not be found.</h1></html>";
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}

/// A JSON answer.
fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
}
