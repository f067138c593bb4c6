//! The tokens of a session and their deadlines.

use std::fmt;

use crate::{
    Timestamp,
    json::{FieldError, Json, ObjectWriter},
    secret::Secret,
};

/// What opens the API, for about an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken(Secret);

impl AccessToken {
    /// Wraps what Looker issued.
    pub fn new(token: String) -> Self {
        Self(Secret::new(token))
    }

    /// The token itself, for the `Authorization` header and for storage.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What gets a new access token, for about a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken(Secret);

impl RefreshToken {
    /// Wraps what Looker issued.
    pub fn new(token: String) -> Self {
        Self(Secret::new(token))
    }

    /// The token itself, for the token request and for storage.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What Looker issued, with deadlines by the clock of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessInfo {
    /// Opens the API.
    pub access_token: AccessToken,
    /// How long the access token lives from its issue, in seconds.
    pub expires_in: u64,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// Gets the next access token; without one the session ends with this one.
    pub refresh_token: Option<RefreshToken>,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
}

impl AccessInfo {
    /// The only type of token that Looker issues (RFC 6750).
    pub const TOKEN_TYPE: &str = "Bearer";

    /// How long a refresh token lives from its issue, in seconds. Looker documents a month and
    /// does not say it in its answers.
    pub const REFRESH_LIFETIME: u64 = 30 * 24 * 60 * 60;

    /// As JSON, for storage, under the names that Looker's answer uses.
    pub fn to_json(&self) -> String {
        self.to_object().finish()
    }

    /// The same, to be part of something else.
    pub fn to_object(&self) -> ObjectWriter {
        let mut json = ObjectWriter::new()
            .text("access_token", self.access_token.expose())
            .text("token_type", Self::TOKEN_TYPE)
            .number("expires_in", self.expires_in)
            .number("expires_at", self.expires_at.as_millis());
        if let Some(refresh_token) = &self.refresh_token {
            json = json.text("refresh_token", refresh_token.expose());
        }
        json.number("refresh_expires_at", self.refresh_expires_at.as_millis())
    }

    /// Reads back what [`to_json`](Self::to_json) wrote, with every field checked: anybody can
    /// edit what is stored.
    pub fn from_json(json: &Json) -> Result<Self, AccessInfoError> {
        let token_type = json.text("token_type")?;
        if token_type != Self::TOKEN_TYPE {
            return Err(AccessInfoError::TokenType);
        }
        Ok(Self {
            access_token: read_token(json, "access_token")?.map(AccessToken::new).ok_or(AccessInfoError::Token)?,
            expires_in: json.whole_number("expires_in")?,
            expires_at: Timestamp::from_millis(json.whole_number("expires_at")?),
            refresh_token: read_token(json, "refresh_token")?.map(RefreshToken::new),
            refresh_expires_at: Timestamp::from_millis(json.whole_number("refresh_expires_at")?),
        })
    }
}

/// The token called `name`: one or more visible ASCII characters, so that it can stand in a header
/// (RFC 6749, appendix A.12 and A.17).
pub(crate) fn read_token(json: &Json, name: &'static str) -> Result<Option<String>, AccessInfoError> {
    match json.optional_text(name)? {
        None => Ok(None),
        Some(token) if !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()) => Ok(Some(token.into())),
        Some(_) => Err(AccessInfoError::Token),
    }
}

/// Why what is stored, or what came, are no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessInfoError {
    /// A field is missing or odd.
    Field(FieldError),
    /// The access token is missing, or a token has characters that none may have.
    Token,
    /// The type of the token is not Bearer.
    TokenType,
}

impl From<FieldError> for AccessInfoError {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl fmt::Display for AccessInfoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(error) => error.fmt(f),
            Self::Token => f.write_str("a token is missing, empty or has characters that none may have"),
            Self::TokenType => f.write_str("the token is of another type than Bearer"),
        }
    }
}

impl std::error::Error for AccessInfoError {}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::json::tests::parse;

    fn info(refresh_token: Option<&str>) -> AccessInfo {
        AccessInfo {
            access_token: AccessToken::new("at".into()),
            expires_in: 3600,
            expires_at: Timestamp::from_millis(1_700_003_600_000),
            refresh_token: refresh_token.map(|token| RefreshToken::new(token.into())),
            refresh_expires_at: Timestamp::from_millis(1_702_592_000_000),
        }
    }

    #[test]
    fn what_is_stored_is_read_back_the_same() {
        for info in [info(Some("rt")), info(None)] {
            assert_eq!(AccessInfo::from_json(&parse(&info.to_json())), Ok(info));
        }
    }

    #[test]
    fn it_is_stored_under_the_names_of_lookers_answer() {
        assert_eq!(
            info(Some("rt")).to_json(),
            r#"{"access_token":"at","token_type":"Bearer","expires_in":3600,"expires_at":1700003600000,"refresh_token":"rt","refresh_expires_at":1702592000000}"#
        );
    }

    #[test]
    fn stored_nonsense_is_refused_by_name() {
        let stored = info(Some("rt")).to_json();
        for (from, to) in [
            (r#""at""#, r#""""#),
            (r#""at""#, r#""a b""#),
            (r#""at""#, r#""a\nb""#),
            (r#""at""#, "7"),
            (r#""rt""#, r#""ü""#),
            ("Bearer", "mac"),
            ("3600,", r#""3600","#),
            ("1700003600000", "-1"),
            ("refresh_expires_at", "gone"),
        ] {
            let edited = stored.replacen(from, to, 1);
            assert_ne!(edited, stored);
            assert!(AccessInfo::from_json(&parse(&edited)).is_err(), "{edited}");
        }
        assert!(AccessInfo::from_json(&parse("[]")).is_err());
    }

    #[test]
    fn tokens_do_not_show_in_debug_output() {
        let shown = format!("{:?}", info(Some("rt")));
        assert!(!shown.contains("\"at\"") && !shown.contains("\"rt\""), "{shown}");
        assert_eq!(shown.matches("[redacted]").count(), 2);
    }
}
