//! What the API says when it does not do what was asked.

use std::fmt;

use crate::{Answer, AnswerError, MediaType, json::FieldError};

/// Why a call brought no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// 401: the access token is missing, expired or revoked.
    Unauthenticated,
    /// 403, or 404 as JSON: there is no such thing, or not for this person. Looker rarely tells
    /// the two apart.
    NotFoundOrForbidden {
        /// The HTTP status.
        status: u16,
        /// Looker's own words.
        message: Option<String>,
    },
    /// The answer makes no sense, or Looker has other troubles.
    Answer(AnswerError),
}

impl ApiError {
    /// What the status says, if it is not one of success.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        if answer.is_success() {
            return None;
        }
        if let Some(error) = answer.busy_or_broken() {
            return Some(error.into());
        }
        let (status, message) = (answer.status, answer.shown_text("message"));
        Some(match (status, answer.media_type) {
            (401, _) => Self::Unauthenticated,
            (_, MediaType::Html) => Self::Answer(AnswerError::Page { status }),
            (403 | 404, _) => Self::NotFoundOrForbidden { status, message },
            _ => Self::Answer(AnswerError::Status { status, message }),
        })
    }
}

impl From<AnswerError> for ApiError {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl From<FieldError> for ApiError {
    fn from(error: FieldError) -> Self {
        Self::Answer(error.into())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("Looker does not accept the access token (status 401)"),
            Self::NotFoundOrForbidden { status, message: None } => {
                write!(f, "there is no such thing, or not for this account (status {status})")
            }
            Self::NotFoundOrForbidden { status, message: Some(message) } => {
                write!(f, "there is no such thing, or not for this account (status {status}: {message})")
            }
            Self::Answer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ApiError {}
