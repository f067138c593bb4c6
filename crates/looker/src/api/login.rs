//! `POST /login`: an access token for API3 credentials. Looker answers it to no web page (no CORS).

use std::fmt;

use form_urlencoded::Serializer;

use crate::{
    Answer, AnswerError, BaseUrl, MediaType,
    json::FieldError,
    oauth::{AccessInfo, AccessInfoError, AccessToken, read_token},
    secret::Secret,
};

/// API3 credentials: they act as the user that an admin made them for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCredentials {
    client_id: String,
    client_secret: Secret,
}

impl ApiCredentials {
    /// Wraps what Looker showed when the credentials were made.
    pub fn new(client_id: String, client_secret: String) -> Self {
        Self { client_id, client_secret: Secret::new(client_secret) }
    }
}

/// The request for an access token. It is no [`Request`](crate::Request), so that nothing that
/// carries those can carry a client secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRequest {
    url: String,
    form: Secret,
}

impl LoginRequest {
    /// What the form is sent as.
    pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

    /// Logs in at `base_url`.
    pub fn new(base_url: &BaseUrl, credentials: &ApiCredentials) -> Self {
        let mut form = Serializer::new(String::new());
        form.append_pair("client_id", &credentials.client_id);
        form.append_pair("client_secret", credentials.client_secret.expose());
        Self { url: [base_url.as_str(), "/api/4.0/login"].concat(), form: Secret::new(form.finish()) }
    }

    /// Where to `POST`. No secret is ever part of it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The body, for the transport alone.
    pub fn expose_form(&self) -> &str {
        self.form.expose()
    }
}

/// Reads what Looker answered to a [`LoginRequest`].
pub fn read_login_answer(answer: &Answer) -> Result<AccessToken, LoginError> {
    if let Some(error) = answer.busy_or_broken() {
        return Err(error.into());
    }
    let status = answer.status;
    match (status, answer.media_type) {
        // Also with a status of success: then it fails below.
        (_, MediaType::Html) => return Err(AnswerError::Page { status }.into()),
        (401, _) | (403 | 404, MediaType::Json) => return Err(LoginError::WrongCredentials { status }),
        _ if !answer.is_success() => {
            return Err(AnswerError::Status { status, message: answer.shown_text("message") }.into());
        }
        _ => {}
    }
    let json = answer.object()?;
    if json.optional_text("token_type")?.is_some_and(|name| !name.eq_ignore_ascii_case(AccessInfo::TOKEN_TYPE)) {
        return Err(LoginError::TokenType);
    }
    Ok(AccessToken::new(read_token(json, "access_token")?.ok_or(LoginError::NoToken)?))
}

/// Why there is no access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginError {
    /// Looker knows no such credentials; it says so with 404 where others say 401.
    WrongCredentials {
        /// The HTTP status.
        status: u16,
    },
    /// The answer has no token, or one with characters that none may have.
    NoToken,
    /// The token is of another type than Bearer.
    TokenType,
    /// The answer makes no sense, or Looker has other troubles.
    Answer(AnswerError),
}

impl From<AnswerError> for LoginError {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl From<FieldError> for LoginError {
    fn from(error: FieldError) -> Self {
        Self::Answer(error.into())
    }
}

impl From<AccessInfoError> for LoginError {
    fn from(error: AccessInfoError) -> Self {
        match error {
            AccessInfoError::Field(error) => error.into(),
            AccessInfoError::Token => Self::NoToken,
            AccessInfoError::TokenType => Self::TokenType,
        }
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongCredentials { status } => {
                write!(f, "Looker knows no such client_id and client_secret (status {status})")
            }
            Self::NoToken => f.write_str("Looker's answer has no access token"),
            Self::TokenType => f.write_str("Looker's token is of a type that is not Bearer"),
            Self::Answer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoginError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::tests::{json_answer, other_answer};

    fn request(id: &str, secret: &str) -> LoginRequest {
        let base_url = BaseUrl::parse("https://my.looker.com:19999").unwrap();
        LoginRequest::new(&base_url, &ApiCredentials::new(id.into(), secret.into()))
    }

    #[test]
    fn the_credentials_go_into_the_form_and_show_nowhere() {
        let login = request("abc", "s3cr3t&=");
        assert_eq!(login.url(), "https://my.looker.com:19999/api/4.0/login");
        assert_eq!(login.expose_form(), "client_id=abc&client_secret=s3cr3t%26%3D");
        let credentials = ApiCredentials::new("abc".into(), "s3cr3t".into());
        assert!(!format!("{login:?} {credentials:?}").contains("s3cr3t"));
    }

    #[test]
    fn every_answer_is_a_token_or_its_own_error() {
        let ok =
            read_login_answer(&json_answer(200, r#"{"access_token":"t","token_type":"bearer","expires_in":3600}"#));
        assert!(ok == Ok(AccessToken::new("t".into())));
        for (answer, error) in [
            (json_answer(404, r#"{"message":"Not found"}"#), LoginError::WrongCredentials { status: 404 }),
            (json_answer(401, "{}"), LoginError::WrongCredentials { status: 401 }),
            (other_answer(404, MediaType::Other), AnswerError::Status { status: 404, message: None }.into()),
            (json_answer(200, r#"{"access_token":"t","token_type":"mac"}"#), LoginError::TokenType),
            (other_answer(404, MediaType::Html), AnswerError::Page { status: 404 }.into()),
            (other_answer(200, MediaType::Html), AnswerError::Page { status: 200 }.into()),
            (json_answer(429, "{}"), AnswerError::TooManyRequests { retry_after: None }.into()),
            (json_answer(418, "{}"), AnswerError::Status { status: 418, message: None }.into()),
            (json_answer(200, "[]"), AnswerError::NotJson { status: 200 }.into()),
            (json_answer(200, "{}"), LoginError::NoToken),
            (json_answer(200, r#"{"access_token":"a b"}"#), LoginError::NoToken),
        ] {
            assert_eq!(read_login_answer(&answer).err(), Some(error));
        }
    }

    proptest! {
        #[test]
        fn any_credentials_arrive_as_they_are(id in ".*", secret in ".*") {
            let form = request(&id, &secret);
            let pairs: Vec<_> = form_urlencoded::parse(form.expose_form().as_bytes()).into_owned().collect();
            prop_assert_eq!(pairs, [("client_id".to_owned(), id), ("client_secret".to_owned(), secret)]);
        }
    }
}
