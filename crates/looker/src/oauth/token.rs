//! The two token requests and what Looker answers.
//!
//! Looker takes JSON and no client authentication at all: this client is public, and even an
//! empty `client_secret` is refused.

use std::fmt;

use super::{
    AccessInfo, AccessToken, Grant, RefreshToken,
    access_info::{AccessInfoError, read_token},
};
use crate::{
    Answer, AnswerError, BaseUrl, Body, ClientId, Method, Request, Timestamp,
    answer::cut,
    json::{FieldError, ObjectWriter},
};

const TOKEN_PATH: &str = "/api/token";

/// The longest that an access token may claim to live, in seconds: a year.
const LONGEST_LIFETIME: u64 = 366 * 24 * 60 * 60;

impl Grant {
    /// The request that redeems the code (RFC 6749, section 4.1.3; RFC 7636, section 4.5). The
    /// code and its verifier are gone with it: a code is never sent twice.
    pub fn redeem(self) -> Request {
        let body = ObjectWriter::new()
            .text("grant_type", "authorization_code")
            .text("client_id", self.client_id.as_str())
            .text("redirect_uri", self.redirect_uri.as_str())
            .text("code", self.code.expose())
            .text("code_verifier", self.code_verifier.expose())
            .finish();
        Request::open(Method::Post, &self.instance.base_url, TOKEN_PATH, Some(Body::json(body)))
    }
}

/// The request for a new access token (RFC 6749, section 6).
pub fn refresh_request(base_url: &BaseUrl, client_id: &ClientId, refresh_token: &RefreshToken) -> Request {
    let body = ObjectWriter::new()
        .text("grant_type", "refresh_token")
        .text("client_id", client_id.as_str())
        .text("refresh_token", refresh_token.expose())
        .finish();
    Request::open(Method::Post, base_url, TOKEN_PATH, Some(Body::json(body)))
}

/// Reads the answer to [`Grant::redeem`] that came at `now`.
pub fn read_code_answer(answer: &Answer, now: Timestamp) -> Result<AccessInfo, TokenError> {
    read(answer, now, None)
}

/// Reads the answer to [`refresh_request`] that came at `now`: a new refresh token replaces the
/// old one, none keeps it and its deadline.
///
/// ```
/// # use looker::{Answer, MediaType, Timestamp, json::Json};
/// # use looker::oauth::{AccessInfo, AccessToken, RefreshToken, TokenError, read_refresh_answer};
/// let now = Timestamp::from_millis(0);
/// let old = AccessInfo {
///     access_token: AccessToken::new("t0ken".into()),
///     expires_in: 3600,
///     expires_at: now,
///     refresh_token: Some(RefreshToken::new("refresh".into())),
///     refresh_expires_at: now.plus_seconds(AccessInfo::REFRESH_LIFETIME),
/// };
/// let body = Json::Object(vec![("error".into(), Json::Text("invalid_grant".into()))]);
/// let answer = Answer { status: 400, media_type: MediaType::Json, json: Some(body), retry_after: None };
/// let Err(TokenError::Refused(refusal)) = read_refresh_answer(&answer, now, &old) else { panic!("it was refused") };
/// assert!(refusal.is_invalid_grant() && !refusal.is_temporary());
/// ```
pub fn read_refresh_answer(answer: &Answer, now: Timestamp, old: &AccessInfo) -> Result<AccessInfo, TokenError> {
    read(answer, now, Some(old))
}

fn read(answer: &Answer, now: Timestamp, old: Option<&AccessInfo>) -> Result<AccessInfo, TokenError> {
    if let Some(error) = answer.busy_or_broken() {
        return Err(error.into());
    }
    if !answer.is_success() {
        return Err(read_refusal(answer));
    }
    let json = answer.object()?;
    if !json.text("token_type")?.eq_ignore_ascii_case(AccessInfo::TOKEN_TYPE) {
        return Err(AccessInfoError::TokenType.into());
    }
    let access_token =
        json.text("access_token").map_err(AccessInfoError::Field).and_then(|_| read_token(json, "access_token"));
    let expires_in = json.whole_number("expires_in")?;
    if expires_in > LONGEST_LIFETIME {
        return Err(
            FieldError { name: "expires_in", wanted: "a number of seconds below a year", missing: false }.into()
        );
    }
    let (refresh_token, refresh_expires_at) = match (read_token(json, "refresh_token")?, old) {
        // The same one again has the month that it had.
        (Some(new), Some(old)) if old.refresh_token.as_ref().is_some_and(|old| old.expose() == new) => {
            (old.refresh_token.clone(), old.refresh_expires_at)
        }
        (Some(new), _) => (Some(RefreshToken::new(new)), now.plus_seconds(AccessInfo::REFRESH_LIFETIME)),
        (None, Some(old)) => (old.refresh_token.clone(), old.refresh_expires_at),
        (None, None) => (None, now),
    };
    Ok(AccessInfo {
        access_token: access_token?.map(AccessToken::new).ok_or(AccessInfoError::Token)?,
        expires_in,
        expires_at: now.plus_seconds(expires_in),
        refresh_token,
        refresh_expires_at,
    })
}

/// Looker says no in two shapes: OAuth's (RFC 6749, section 5.2) and that of its API.
fn read_refusal(answer: &Answer) -> TokenError {
    let Ok(json) = answer.object() else { return answer.unreadable().into() };
    if let Ok(error) = json.text("error") {
        return TokenError::Refused(TokenRefusal {
            error: cut(error),
            description: answer.shown_text("error_description"),
        });
    }
    AnswerError::Status { status: answer.status, message: answer.shown_text("message") }.into()
}

/// An error response of the token endpoint (RFC 6749, section 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRefusal {
    /// `error`, cut at a length that can be shown.
    pub error: String,
    /// `error_description`, cut likewise.
    pub description: Option<String>,
}

impl TokenRefusal {
    /// Whether the code or the refresh token is dead: used, expired, revoked, or another's.
    pub fn is_invalid_grant(&self) -> bool {
        self.error == "invalid_grant"
    }

    /// Whether it says of itself that it will pass (RFC 6749, section 4.1.2.1).
    pub fn is_temporary(&self) -> bool {
        matches!(&*self.error, "temporarily_unavailable" | "server_error")
    }
}

/// Why a token request brought no tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenError {
    /// Looker said no, as OAuth has it.
    Refused(TokenRefusal),
    /// Looker said yes with tokens that can't be used.
    Token(AccessInfoError),
    /// The answer makes no sense, or Looker has other troubles.
    Answer(AnswerError),
}

impl From<AnswerError> for TokenError {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl From<FieldError> for TokenError {
    fn from(error: FieldError) -> Self {
        Self::Answer(error.into())
    }
}

impl From<AccessInfoError> for TokenError {
    fn from(error: AccessInfoError) -> Self {
        match error {
            AccessInfoError::Field(error) => error.into(),
            error => Self::Token(error),
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(TokenRefusal { error, description: None }) => f.write_str(error),
            Self::Refused(TokenRefusal { error, description: Some(description) }) => {
                write!(f, "{error}: {description}")
            }
            Self::Token(error) => error.fmt(f),
            Self::Answer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TokenError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MediaType,
        answer::tests::{json_answer, other_answer},
        json::tests::parse,
        oauth::{Redirect, authorize::tests::request},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn body(request: &Request) -> serde_json::Value {
        serde_json::from_str(request.body().unwrap().expose()).unwrap()
    }

    fn old() -> AccessInfo {
        AccessInfo {
            access_token: AccessToken::new("old".into()),
            expires_in: 3600,
            expires_at: NOW,
            refresh_token: Some(RefreshToken::new("old-refresh".into())),
            refresh_expires_at: NOW.plus_seconds(1000),
        }
    }

    #[test]
    fn rule_6_a_code_is_redeemed_exactly_as_looker_documents_it() {
        let request = request();
        let verifier = request.code_verifier.expose().to_owned();
        let redirect = Redirect::parse(&format!("?code=c0%22de&state={}", request.state.expose())).unwrap();
        let redeem = redirect.accept(request).unwrap().redeem();
        assert_eq!((redeem.method(), redeem.url()), (Method::Post, "https://my.looker.com:19999/api/token"));
        assert_eq!(redeem.authorization(), None);
        assert_eq!(
            body(&redeem),
            serde_json::json!({
                "grant_type": "authorization_code",
                "client_id": "sight line&1",
                "redirect_uri": "https://app.example/authenticated",
                "code": "c0\"de",
                "code_verifier": verifier,
            })
        );
        assert_eq!(Body::CONTENT_TYPE, "application/json;charset=UTF-8");
    }

    #[test]
    fn a_refresh_is_asked_for_exactly_as_looker_documents_it() {
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let client_id = ClientId::parse("sightline").unwrap();
        let refresh = refresh_request(&base_url, &client_id, &RefreshToken::new("rt".into()));
        assert_eq!((refresh.method(), refresh.url()), (Method::Post, "https://my.looker.com/api/token"));
        assert_eq!(
            body(&refresh),
            serde_json::json!({"grant_type": "refresh_token", "client_id": "sightline", "refresh_token": "rt"})
        );
    }

    #[test]
    fn tokens_are_read_with_their_deadlines() {
        for token_type in ["Bearer", "bearer", "BEARER"] {
            let answer = json_answer(
                200,
                &format!(r#"{{"access_token":"a","token_type":"{token_type}","expires_in":3599,"refresh_token":"r"}}"#),
            );
            let info = read_code_answer(&answer, NOW).unwrap();
            assert_eq!(info.access_token, AccessToken::new("a".into()));
            assert_eq!(info.refresh_token, Some(RefreshToken::new("r".into())));
            assert_eq!((info.expires_in, info.expires_at), (3599, NOW.plus_seconds(3599)));
            assert_eq!(info.refresh_expires_at, NOW.plus_seconds(30 * 24 * 3600));
        }
    }

    #[test]
    fn a_new_refresh_token_replaces_the_old_and_none_keeps_it() {
        let new = json_answer(200, r#"{"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"r"}"#);
        let info = read_refresh_answer(&new, NOW, &old()).unwrap();
        assert_eq!(info.refresh_token, Some(RefreshToken::new("r".into())));
        assert_eq!(info.refresh_expires_at, NOW.plus_seconds(AccessInfo::REFRESH_LIFETIME));

        let none = json_answer(200, r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#);
        let info = read_refresh_answer(&none, NOW, &old()).unwrap();
        assert_eq!((info.refresh_token, info.refresh_expires_at), (old().refresh_token, old().refresh_expires_at));

        let same = json_answer(
            200,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"old-refresh"}"#,
        );
        let info = read_refresh_answer(&same, NOW, &old()).unwrap();
        assert_eq!((info.refresh_token, info.refresh_expires_at), (old().refresh_token, old().refresh_expires_at));
    }

    #[test]
    fn rule_11_every_answer_without_tokens_has_its_own_error() {
        let missing = |name, wanted| TokenError::Answer(AnswerError::Field(FieldError { name, wanted, missing: true }));
        let refused = |error: &str, description: Option<&str>| {
            TokenError::Refused(TokenRefusal { error: error.into(), description: description.map(Into::into) })
        };
        for (answer, error) in [
            (json_answer(200, r#"{"token_type":"Bearer","expires_in":60}"#), missing("access_token", "a text")),
            (json_answer(200, r#"{"access_token":"a","expires_in":60}"#), missing("token_type", "a text")),
            (
                json_answer(200, r#"{"access_token":"a","token_type":"Bearer"}"#),
                missing("expires_in", "a whole number"),
            ),
            (
                json_answer(200, r#"{"access_token":"a","token_type":"mac","expires_in":60}"#),
                TokenError::Token(AccessInfoError::TokenType),
            ),
            (
                json_answer(200, r#"{"access_token":"a\r\nb","token_type":"Bearer","expires_in":60}"#),
                TokenError::Token(AccessInfoError::Token),
            ),
            (
                json_answer(200, r#"{"access_token":"","token_type":"Bearer","expires_in":60}"#),
                TokenError::Token(AccessInfoError::Token),
            ),
            (
                json_answer(200, r#"{"access_token":"a","token_type":"Bearer","expires_in":9007199254740991}"#),
                TokenError::Answer(AnswerError::Field(FieldError {
                    name: "expires_in",
                    wanted: "a number of seconds below a year",
                    missing: false,
                })),
            ),
            (json_answer(200, "[]"), AnswerError::NotJson { status: 200 }.into()),
            (other_answer(200, MediaType::Json), AnswerError::NotJson { status: 200 }.into()),
            (other_answer(200, MediaType::Html), AnswerError::Page { status: 200 }.into()),
            (other_answer(404, MediaType::Html), AnswerError::Page { status: 404 }.into()),
            (json_answer(400, r#"{"error":"invalid_grant"}"#), refused("invalid_grant", None)),
            (
                json_answer(401, r#"{"error":"invalid_client","error_description":"Unknown"}"#),
                refused("invalid_client", Some("Unknown")),
            ),
            (
                json_answer(400, r#"{"message":"Bad","documentation_url":"x"}"#),
                AnswerError::Status { status: 400, message: Some("Bad".into()) }.into(),
            ),
            (json_answer(404, "{}"), AnswerError::Status { status: 404, message: None }.into()),
            (json_answer(429, "{}"), AnswerError::TooManyRequests { retry_after: None }.into()),
            (json_answer(503, "{}"), AnswerError::Server { status: 503, retry_after: None }.into()),
            (other_answer(502, MediaType::Html), AnswerError::Server { status: 502, retry_after: None }.into()),
        ] {
            assert_eq!(read_code_answer(&answer, NOW).err(), Some(error.clone()));
            assert_eq!(read_refresh_answer(&answer, NOW, &old()).err(), Some(error));
        }
    }

    #[test]
    fn only_invalid_grant_says_that_a_grant_is_dead() {
        for (error, dead) in [("invalid_grant", true), ("invalid_client", false), ("", false)] {
            assert_eq!(TokenRefusal { error: error.into(), description: None }.is_invalid_grant(), dead);
        }
    }

    #[test]
    fn some_refusals_pass_by_themselves() {
        for (error, passes) in [("temporarily_unavailable", true), ("server_error", true), ("invalid_grant", false)] {
            assert_eq!(TokenRefusal { error: error.into(), description: None }.is_temporary(), passes);
        }
    }

    #[test]
    fn an_issued_deadline_survives_storage() {
        let answer = json_answer(200, r#"{"access_token":"a","token_type":"bearer","expires_in":60}"#);
        let info = read_code_answer(&answer, NOW).unwrap();
        assert_eq!(AccessInfo::from_json(&parse(&info.to_json())), Ok(info));
    }
}
