//! What Looker says by sending somebody back.
//!
//! Anybody can send a browser to the redirect page with any query, so nothing in it is believed
//! before its `state` is found to be that of a sign-in of this very tab.

use std::fmt;

use super::{AuthorizationRequest, CodeVerifier, State};
use crate::{ClientId, Instance, RedirectUri, answer::cut, secret::Secret};

/// The query of the redirect page, read but not believed yet.
#[derive(Debug)]
pub struct Redirect {
    state: Secret,
    code: Option<Secret>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

impl Redirect {
    /// Reads the query, with or without its question mark (RFC 6749, sections 4.1.2 and 4.1.2.1;
    /// RFC 9207). Parameters that mean nothing here are ignored; one of ours that occurs twice is
    /// refused.
    ///
    /// ```
    /// # use looker::oauth::{Redirect, RedirectError, State};
    /// let state = State::random()?;
    /// let redirect = Redirect::parse(&format!("?code=c0de&state={}", state.expose())).unwrap();
    /// assert!(redirect.answers(&state) && !redirect.answers(&State::random()?));
    /// assert_eq!(Redirect::parse("?code=c0de").unwrap_err(), RedirectError::NoState);
    /// assert_eq!(Redirect::parse("?state=a&state=b").unwrap_err(), RedirectError::Duplicate("state"));
    /// # Ok::<(), looker::RandomError>(())
    /// ```
    pub fn parse(query: &str) -> Result<Self, RedirectError> {
        let (mut state, mut code, mut error, mut error_description, mut iss) = (None, None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let (name, field) = match &*name {
                "state" => ("state", &mut state),
                "code" => ("code", &mut code),
                "error" => ("error", &mut error),
                "error_description" => ("error_description", &mut error_description),
                "iss" => ("iss", &mut iss),
                _ => continue,
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(RedirectError::Duplicate(name));
            }
        }
        match state {
            Some(state) => {
                Ok(Self { state: Secret::new(state), code: code.map(Secret::new), error, error_description, iss })
            }
            None if code.is_none() && error.is_none() => Err(RedirectError::Empty),
            None => Err(RedirectError::NoState),
        }
    }

    /// Whether this answers the sign-in with this state. Compares in constant time.
    pub fn answers(&self, state: &State) -> bool {
        state.is(self.state.expose())
    }

    /// Believes the redirect, as the answer to `request`, and yields the code to redeem.
    pub fn accept(self, request: AuthorizationRequest) -> Result<Grant, RedirectError> {
        if !self.answers(&request.state) {
            return Err(RedirectError::ForeignState);
        }
        if self.iss.as_deref().is_some_and(|iss| iss.trim_end_matches('/') != request.instance.issuer()) {
            return Err(RedirectError::ForeignIssuer);
        }
        if let Some(error) = self.error {
            return Err(RedirectError::Refused(Refusal {
                kind: RefusalKind::of(&error),
                error: cut(&error),
                description: self.error_description.as_deref().map(cut),
            }));
        }
        match self.code {
            Some(code) if !code.expose().is_empty() => Ok(Grant {
                instance: request.instance,
                client_id: request.client_id,
                redirect_uri: request.redirect_uri,
                code,
                code_verifier: request.code_verifier,
            }),
            _ => Err(RedirectError::NoCode),
        }
    }
}

/// A code that came back to the tab that asked for it. There is no other way to get one than
/// [`Redirect::accept`], and redeeming consumes it.
#[derive(Debug)]
pub struct Grant {
    pub(super) instance: Instance,
    pub(super) client_id: ClientId,
    pub(super) redirect_uri: RedirectUri,
    pub(super) code: Secret,
    pub(super) code_verifier: CodeVerifier,
}

impl Grant {
    /// The instance that granted it.
    pub const fn instance(&self) -> &Instance {
        &self.instance
    }

    /// The app it was granted to.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }
}

/// Why a redirect yields no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectError {
    /// There is neither a code nor an error: the page was opened by itself.
    Empty,
    /// A response without `state`: it did not come from a sign-in of this app.
    NoState,
    /// This parameter occurs more than once.
    Duplicate(&'static str),
    /// The state belongs to no sign-in that is under way in this tab.
    ForeignState,
    /// Another server than the one that was asked says that it answers (RFC 9207, section 2.4).
    ForeignIssuer,
    /// Neither a code nor an error came with the state.
    NoCode,
    /// Looker, or the person there, said no.
    Refused(Refusal),
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the redirect carries no response"),
            Self::NoState => f.write_str("the response has no state"),
            Self::Duplicate(name) => write!(f, "the response has “{name}” more than once"),
            Self::ForeignState => f.write_str("the state belongs to no sign-in of this tab"),
            Self::ForeignIssuer => f.write_str("the response names another issuer"),
            Self::NoCode => f.write_str("the response has neither a code nor an error"),
            Self::Refused(refusal) => match &refusal.description {
                Some(description) => write!(f, "{}: {description}", refusal.error),
                None => f.write_str(&refusal.error),
            },
        }
    }
}

impl std::error::Error for RedirectError {}

/// An error response of the authorization endpoint (RFC 6749, section 4.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub kind: RefusalKind,
    /// `error`, cut at a length that can be shown.
    pub error: String,
    /// `error_description`, cut likewise.
    pub description: Option<String>,
}

/// What an authorization error means for the person who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// `access_denied`: the person, or a rule of the instance, said no.
    AccessDenied,
    /// `server_error`, `temporarily_unavailable`: trying later may do.
    TryLater,
    /// Anything else: the app and Looker disagree about the set-up.
    SetUp,
}

impl RefusalKind {
    fn of(error: &str) -> Self {
        match error {
            "access_denied" => Self::AccessDenied,
            "server_error" | "temporarily_unavailable" => Self::TryLater,
            _ => Self::SetUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::oauth::authorize::tests::request;

    /// Parses a query with `STATE` replaced by the request's state, and accepts it.
    fn accept(query: &str) -> Result<Grant, RedirectError> {
        let request = request();
        Redirect::parse(&query.replace("STATE", request.state.expose()))?.accept(request)
    }

    #[test]
    fn a_code_with_the_right_state_can_be_redeemed() {
        for query in [
            "?code=abc%2B1&state=STATE",
            "state=STATE&code=abc%2B1",
            "?code=abc%2B1&state=STATE&unknown=1&unknown=2",
            "?code=abc%2B1&state=STATE&iss=https://my.looker.com",
            "?code=abc%2B1&state=STATE&iss=https%3A%2F%2Fmy.looker.com%2F",
        ] {
            assert_eq!(accept(query).map(|grant| grant.code.expose().to_owned()), Ok("abc+1".into()), "{query}");
        }
    }

    #[test]
    fn every_other_redirect_says_why_it_yields_no_code() {
        let foreign = "A".repeat(43);
        for (query, error) in [
            ("", RedirectError::Empty),
            ("?", RedirectError::Empty),
            ("?utm_source=mail", RedirectError::Empty),
            ("?code=abc", RedirectError::NoState),
            ("?error=access_denied", RedirectError::NoState),
            ("?code=abc&state=", RedirectError::ForeignState),
            (&format!("?code=abc&state={foreign}"), RedirectError::ForeignState),
            (&format!("?error=access_denied&state={foreign}"), RedirectError::ForeignState),
            ("?code=abc&state=STATEx", RedirectError::ForeignState),
            ("?code=abc&state=STATE&state=STATE", RedirectError::Duplicate("state")),
            ("?code=abc&code=abd&state=STATE", RedirectError::Duplicate("code")),
            ("?error=a&error=b&state=STATE", RedirectError::Duplicate("error")),
            ("?code=a&state=STATE&iss=a&iss=a", RedirectError::Duplicate("iss")),
            ("?code=abc&state=STATE&iss=https://evil.example", RedirectError::ForeignIssuer),
            ("?code=abc&state=STATE&iss=", RedirectError::ForeignIssuer),
            ("?error=access_denied&state=STATE&iss=https://evil.example", RedirectError::ForeignIssuer),
            ("?state=STATE", RedirectError::NoCode),
            ("?code=&state=STATE", RedirectError::NoCode),
        ] {
            assert_eq!(accept(query).err(), Some(error), "{query}");
        }
    }

    #[test]
    fn a_refusal_is_believed_before_a_code_and_shown_as_cut_text() {
        let error = accept("?code=abc&error=access_denied&error_description=No%0Away&state=STATE").err();
        assert_eq!(
            error,
            Some(RedirectError::Refused(Refusal {
                kind: RefusalKind::AccessDenied,
                error: "access_denied".into(),
                description: Some("No way".into()),
            }))
        );
        for (error, kind) in [
            ("server_error", RefusalKind::TryLater),
            ("temporarily_unavailable", RefusalKind::TryLater),
            ("invalid_scope", RefusalKind::SetUp),
            ("", RefusalKind::SetUp),
        ] {
            let Err(RedirectError::Refused(refusal)) = accept(&format!("?error={error}&state=STATE")) else {
                panic!("{error} was not taken for a refusal");
            };
            assert_eq!(refusal.kind, kind, "{error}");
        }
        let long = format!("?error={}&state=STATE", "x".repeat(9000));
        let Err(RedirectError::Refused(refusal)) = accept(&long) else { panic!("not a refusal") };
        assert_eq!(refusal.error.chars().count(), 201);
    }

    proptest! {
        #[test]
        fn no_query_without_the_state_yields_a_code(state in "\\PC{0,50}", rest in "\\PC{0,40}") {
            let query = format!("?code=c&state={state}&{rest}");
            prop_assert!(accept(&query).is_err());
        }

        #[test]
        fn no_query_made_of_our_parameters_brings_the_reading_down(
            pairs in proptest::collection::vec(("(state|code|error|error_description|iss|x)", "(STATE|\\PC{0,9})"), 0..6)
        ) {
            let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let redeemable = pairs.iter().any(|(name, value)| name == "state" && value.contains("STATE"));
            if accept(&query.join("&")).is_ok() { prop_assert!(redeemable); }
        }
    }
}
