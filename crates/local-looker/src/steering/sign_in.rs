//! How people sign in to Looker's own pages. Nothing of it concerns the login with API3 credentials.

use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

/// What two-factor authentication asks for: here everybody's app always shows this code.
pub(crate) const CODE: &str = "246810";
/// The password that the directory knows everybody by.
pub(crate) const DIRECTORY_PASSWORD: &str = "directory";

/// The settings of the login page.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// A code is asked for beside the password.
    pub(crate) two_factor: bool,
    /// A directory (LDAP) checks passwords; Looker's own are of no use.
    pub(crate) directory: bool,
}

/// `GET /_local/sign_in`
pub(super) async fn present(State(looker): State<Shared>) -> Json<SignIn> {
    Json(looker.sign_in())
}

/// `POST /_local/sign_in`
pub(super) async fn change(State(looker): State<Shared>, Json(to): Json<SignIn>) -> StatusCode {
    looker.set_sign_in(to);
    StatusCode::NO_CONTENT
}
