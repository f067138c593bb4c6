//! The UI host: `/auth`, login, disclosure, and what says that this is a Looker.

mod auth;
mod disclosure;
mod form;
mod login;
pub(crate) mod metadata;
pub(crate) mod pages;
mod request;
mod visitor;

pub(crate) use form::Form;
pub(crate) use login::{Broken, see};

use crate::api::no_such_path;
use crate::state::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The pages.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(login::home))
        .route("/auth", get(auth::auth))
        .route("/login", get(login::show).post(login::sign_in))
        .route("/disclosure", post(disclosure::decide))
        .route("/logout", get(login::sign_out))
        .route(metadata::PATH, get(metadata::metadata))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_path)
}
