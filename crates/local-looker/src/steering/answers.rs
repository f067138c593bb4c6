//! What is answered where Looker's own answer is unknown.

use super::commands::{CommandError, Done};
use crate::pkce::Padding;
use crate::state::{Looker, Shared};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One choice for each unknown.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answers {
    /// A refresh returns a new refresh token and ends the old one; else it returns none.
    pub(crate) rotate_refresh: bool,
    /// Answers of 400 and above carry CORS headers.
    pub(crate) errors_have_cors: bool,
    /// `Access-Control-Expose-Headers` is sent.
    pub(crate) expose_headers: bool,
    /// `Access-Control-Max-Age`, in seconds.
    pub(crate) preflight_max_age: Option<u32>,
    /// The redirect carries `iss` (RFC 9207).
    pub(crate) issuer_in_redirect: bool,
    /// … and it is that of somebody else.
    pub(crate) wrong_issuer: bool,
    /// How errors of `/api/token` look.
    pub(crate) token_error_shape: TokenErrorShape,
    /// The status where somebody may not: 404 or 403.
    pub(crate) forbidden_as: ForbiddenAs,
    /// How long access tokens live, in seconds.
    pub(crate) expires_in: u32,
    /// A `code_challenge` may be padded, as the one of Looker's own SDK is.
    pub(crate) accept_padded_challenge: bool,
    /// `/.well-known/oauth-authorization-server` exists.
    pub(crate) has_metadata: bool,
    /// … and it has CORS headers for allowed origins.
    pub(crate) metadata_has_cors: bool,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            rotate_refresh: true,
            errors_have_cors: true,
            expose_headers: false,
            preflight_max_age: None,
            issuer_in_redirect: false,
            wrong_issuer: false,
            token_error_shape: TokenErrorShape::Oauth,
            forbidden_as: ForbiddenAs::NotFound,
            expires_in: 3_600,
            accept_padded_challenge: true,
            has_metadata: true,
            metadata_has_cors: false,
        }
    }
}

/// RFC 6749's `{error, error_description}`, or Looker's `{message, documentation_url}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenErrorShape {
    Oauth,
    Looker,
}

/// How "you may not" is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub(crate) enum ForbiddenAs {
    NotFound,
    Forbidden,
}

impl TryFrom<u16> for ForbiddenAs {
    type Error = &'static str;

    fn try_from(status: u16) -> Result<Self, Self::Error> {
        match status {
            404 => Ok(Self::NotFound),
            403 => Ok(Self::Forbidden),
            _ => Err("forbidden_as must be 404 or 403"),
        }
    }
}

impl From<ForbiddenAs> for u16 {
    fn from(status: ForbiddenAs) -> Self {
        match status {
            ForbiddenAs::NotFound => 404,
            ForbiddenAs::Forbidden => 403,
        }
    }
}

impl Answers {
    /// What is done with a padded challenge.
    pub(crate) fn padding(&self) -> Padding {
        if self.accept_padded_challenge { Padding::Accepted } else { Padding::Refused }
    }

    /// These, with the members of `changes` in place of their own.
    pub(crate) fn changed(&self, changes: Map<String, Value>) -> Result<Self, serde_json::Error> {
        let mut all = serde_json::to_value(self)?;
        if let Value::Object(members) = &mut all {
            members.extend(changes);
        }
        serde_json::from_value(all)
    }
}

/// `GET /_local/answers`
pub(super) async fn present(State(looker): State<Shared>) -> Json<Answers> {
    Json(looker.answers())
}

/// `POST /_local/answers`
pub(super) async fn change(State(looker): State<Shared>, Json(changes): Json<Map<String, Value>>) -> Done {
    choose(&looker, changes)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Chooses the answers that are named.
pub(crate) fn choose(looker: &Looker, changes: Map<String, Value>) -> Result<(), CommandError> {
    let answers = looker.answers().changed(changes).map_err(|error| CommandError::Nonsense(error.to_string()))?;
    looker.set_answers(answers);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn change(changes: Value) -> Result<Answers, serde_json::Error> {
        let Value::Object(changes) = changes else { panic!("an object") };
        Answers::default().changed(changes)
    }

    #[test]
    fn only_what_is_named_changes() {
        let answers = change(json!({ "rotate_refresh": false, "preflight_max_age": 5 })).unwrap();
        assert!(!answers.rotate_refresh);
        assert_eq!(answers.preflight_max_age, Some(5));
        assert!(answers.errors_have_cors);
    }

    #[test]
    fn a_misspelt_or_impossible_answer_is_refused() {
        for changes in [
            json!({ "rotate_refrsh": false }),
            json!({ "rotate_refresh": 1 }),
            json!({ "forbidden_as": 500 }),
            json!({ "expires_in": -1 }),
            json!({ "token_error_shape": "xml" }),
        ] {
            assert!(change(changes.clone()).is_err(), "{changes}");
        }
    }
}
