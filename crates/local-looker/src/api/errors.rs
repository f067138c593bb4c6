//! Looker's error answers.

use super::json;
use crate::steering::answers::ForbiddenAs;
use crate::store::StoreError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What every error points to.
pub(super) const DOCUMENTATION: &str = "https://cloud.google.com/looker/docs/";

/// Why a call was not carried out.
#[derive(Debug)]
pub(super) enum ApiError {
    /// 401: no token, or a dead one.
    Unauthenticated,
    /// 404 or 403: they may not.
    Forbidden(ForbiddenAs),
    /// 404, in JSON.
    NotFound,
    /// 400.
    BadRequest(String),
    /// 409.
    Exists(String),
    /// 422.
    Invalid(Vec<Problem>),
    /// 500.
    Broken(StoreError),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) field: &'static str,
    /// `missing`, `invalid` or `missing_field`, as Looker names them.
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Problem {
    /// A field that must be there and is not.
    pub(super) fn missing(field: &'static str) -> Self {
        Self { field, code: "missing_field", message: format!("{field} can't be blank") }
    }

    /// A field that is there and cannot be so.
    pub(super) fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self { field, code: "invalid", message: why.into() }
    }

    fn to_json(&self) -> Value {
        json!({
            "field": self.field,
            "code": self.code,
            "message": self.message,
            "documentation_url": DOCUMENTATION,
        })
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Broken(error)
    }
}

/// What Looker says with this status where there is no more to say, as JSON.
pub(crate) fn words_for(status: StatusCode) -> String {
    let message = status.canonical_reason().unwrap_or("An error occurred.");
    json!({ "message": message, "documentation_url": DOCUMENTATION }).to_string()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "Requires authentication.".to_owned()),
            Self::Forbidden(ForbiddenAs::Forbidden) => {
                (StatusCode::FORBIDDEN, "You are not permitted to do this.".to_owned())
            }
            Self::Forbidden(ForbiddenAs::NotFound) | Self::NotFound => (StatusCode::NOT_FOUND, "Not found".to_owned()),
            Self::BadRequest(message) => (StatusCode::BAD_REQUEST, message),
            Self::Exists(message) => (StatusCode::CONFLICT, message),
            Self::Invalid(problems) => {
                let errors: Vec<Value> = problems.iter().map(Problem::to_json).collect();
                let body = json!({
                    "message": "Validation Failed",
                    "errors": errors,
                    "documentation_url": DOCUMENTATION,
                });
                return json(StatusCode::UNPROCESSABLE_ENTITY, &body);
            }
            Self::Broken(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        json(status, &json!({ "message": message, "documentation_url": DOCUMENTATION }))
    }
}
