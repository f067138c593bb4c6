//! Why a session does not begin, go on, or answer.

use std::fmt;

use looker::{Timestamp, api::ApiError, oauth::TokenError};

use super::{Ending, Hindrance, StorageError};
use crate::net::TransportError;

/// Why a grant brought no session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedeemError {
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Token(TokenError),
    /// The tokens could not be stored, and were given back.
    Storage(StorageError),
}

/// Why there is no new access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenewError {
    /// Looker gave this session no refresh token.
    NoRefreshToken,
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Token(TokenError),
    /// It failed a moment ago, and is not tried again yet.
    Waiting(Hindrance),
    /// Looker asked a copy of this tab to wait until then.
    Paused(Timestamp),
    /// A copy of this tab has been renewing for too long.
    Crowded,
    /// The person signed out meanwhile: there are to be no new tokens.
    SignedOut,
    /// The session is over already.
    Over(Ending),
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Api(ApiError),
    /// The access token is no longer good, and there is no new one.
    Renew(RenewError),
}

impl fmt::Display for RenewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRefreshToken => f.write_str("this session has no refresh token"),
            Self::Transport(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
            Self::Waiting(Hindrance::Offline | Hindrance::NoAnswer) => {
                f.write_str("Looker did not answer a moment ago")
            }
            Self::Paused(_) | Self::Waiting(Hindrance::TooManyRequests) => f.write_str("Looker asked for a pause"),
            Self::Waiting(Hindrance::Trouble) => f.write_str("Looker had trouble of its own a moment ago"),
            Self::Crowded | Self::Waiting(Hindrance::Crowded) => {
                f.write_str("another tab of this session is busy with it")
            }
            Self::SignedOut | Self::Over(_) => f.write_str("the session is over"),
        }
    }
}

impl std::error::Error for RenewError {}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::Renew(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CallError {}
