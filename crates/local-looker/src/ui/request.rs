//! Reading an authorization request (RFC 6749, section 4.1.1; RFC 7636, section 4.3) and writing
//! its answer.

use crate::pkce::{self, Padding};
use crate::store::apps::App;
use url::form_urlencoded;

/// The parameters that matter; none may occur twice (RFC 6749, section 3.1).
const KNOWN: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

/// An authorization request, as far as it can be read without knowing the app.
#[derive(Debug)]
pub(super) struct Request {
    response_type: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    scope: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    /// Exactly as it stood in the query, escapes and all: it goes back byte for byte.
    state: Option<String>,
}

/// Why a request ends on a page here: it is not known where else it may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forged {
    Twice(&'static str),
    NoClientId,
    UnknownClientId,
    NoRedirectUri,
    OtherRedirectUri,
    Disabled,
    /// The app is for a group that the person is not in.
    NotForThem,
}

impl Forged {
    /// For the page.
    pub(super) fn sentence(self) -> String {
        match self {
            Self::Twice(name) => format!("The parameter {name} occurs twice."),
            Self::NoClientId => "There is no client_id.".to_owned(),
            Self::UnknownClientId => "No app is registered with this client_id.".to_owned(),
            Self::NoRedirectUri => "There is no redirect_uri.".to_owned(),
            Self::OtherRedirectUri => "The redirect_uri is not the one that the app is registered with.".to_owned(),
            Self::Disabled => "An admin has disabled this app.".to_owned(),
            Self::NotForThem => "This app is for a group that you are not in.".to_owned(),
        }
    }
}

/// What may go back to the app in place of a code (RFC 6749, section 4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoResponseType,
    UnsupportedResponseType,
    InvalidScope,
    NoChallenge,
    BadChallengeMethod,
    BadChallenge,
    Denied,
}

impl Refusal {
    /// The value of `error`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::Denied => "access_denied",
            Self::NoResponseType | Self::NoChallenge | Self::BadChallengeMethod | Self::BadChallenge => {
                "invalid_request"
            }
        }
    }

    /// The value of `error_description`.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::NoResponseType => "response_type is missing",
            Self::UnsupportedResponseType => "response_type must be code",
            Self::InvalidScope => "scope must be cors_api",
            Self::NoChallenge => "code_challenge is missing",
            Self::BadChallengeMethod => "code_challenge_method must be S256",
            Self::BadChallenge => "code_challenge must be 43 characters of unpadded base64url",
            Self::Denied => "The user did not allow this app",
        }
    }
}

impl Request {
    /// Reads the query of `/auth`.
    pub(super) fn read(query: &str) -> Result<Self, Forged> {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        if let Some(name) = KNOWN.into_iter().find(|name| pairs.iter().filter(|(key, _)| key == name).count() > 1) {
            return Err(Forged::Twice(name));
        }
        let get = |name: &str| {
            let value = pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            // RFC 6749, section 3.1: without a value is as good as left out.
            value.filter(|value| !value.is_empty()).map(|value| value.clone().into_owned())
        };
        Ok(Self {
            response_type: get("response_type"),
            client_id: get("client_id"),
            redirect_uri: get("redirect_uri"),
            scope: get("scope"),
            code_challenge: get("code_challenge"),
            code_challenge_method: get("code_challenge_method"),
            state: raw(query, "state"),
        })
    }

    /// The app that the request names.
    pub(super) fn client_id(&self) -> Result<&str, Forged> {
        self.client_id.as_deref().ok_or(Forged::NoClientId)
    }

    /// Whether it comes from this app: then errors may go back to it.
    pub(super) fn is_from(&self, app: Option<&App>) -> Result<(), Forged> {
        let app = app.ok_or(Forged::UnknownClientId)?;
        let redirect_uri = self.redirect_uri.as_deref().ok_or(Forged::NoRedirectUri)?;
        if redirect_uri != app.redirect_uri {
            Err(Forged::OtherRedirectUri)
        } else if app.enabled {
            Ok(())
        } else {
            Err(Forged::Disabled)
        }
    }

    /// The challenge to bind the code to, if everything else is right, too.
    pub(super) fn challenge(&self, padding: Padding) -> Result<&str, Refusal> {
        match self.response_type.as_deref() {
            None => return Err(Refusal::NoResponseType),
            Some("code") => {}
            Some(_) => return Err(Refusal::UnsupportedResponseType),
        }
        if self.scope.as_deref() != Some("cors_api") {
            return Err(Refusal::InvalidScope);
        }
        let challenge = self.code_challenge.as_deref().ok_or(Refusal::NoChallenge)?;
        if self.code_challenge_method.as_deref() != Some("S256") {
            return Err(Refusal::BadChallengeMethod);
        }
        pkce::challenge(challenge, padding).ok_or(Refusal::BadChallenge)
    }

    /// The way back, with these parameters, the state, and `iss` where it is sent.
    pub(super) fn way_back(&self, redirect_uri: &str, parameters: &[(&str, &str)], issuer: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        if let Some(issuer) = issuer {
            query.append_pair("iss", issuer);
        }
        let mut location = redirect_uri.to_owned();
        location.push(if redirect_uri.contains('?') { '&' } else { '?' });
        location.push_str(&query.finish());
        if let Some(state) = &self.state {
            location.push_str("&state=");
            location.push_str(state);
        }
        location
    }
}

/// A parameter as it stands in the query.
fn raw(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| form_urlencoded::parse(key.as_bytes()).any(|(key, _)| key == name))
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn app() -> App {
        App {
            client_guid: "sightline".to_owned(),
            redirect_uri: "http://localhost:8080/authenticated".to_owned(),
            display_name: "Sightline".to_owned(),
            description: String::new(),
            enabled: true,
            group_id: None,
            tokens_invalid_before: 0,
        }
    }

    fn good() -> Vec<(&'static str, &'static str)> {
        vec![
            ("response_type", "code"),
            ("client_id", "sightline"),
            ("redirect_uri", "http://localhost:8080/authenticated"),
            ("scope", "cors_api"),
            ("state", "s"),
            ("code_challenge_method", "S256"),
            ("code_challenge", CHALLENGE),
        ]
    }

    fn query(change: &str, to: Option<&'static str>) -> String {
        let mut pairs = good();
        pairs.retain(|(name, _)| *name != change);
        pairs.extend(KNOWN.into_iter().find(|name| *name == change).zip(to));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    #[test]
    fn what_is_not_from_the_app_never_goes_back_to_it() {
        for (change, to, forged) in [
            ("", None, None),
            ("client_id", None, Some(Forged::NoClientId)),
            ("client_id", Some(""), Some(Forged::NoClientId)),
            ("redirect_uri", None, Some(Forged::NoRedirectUri)),
            ("redirect_uri", Some("http://localhost:8080/authenticated/"), Some(Forged::OtherRedirectUri)),
            ("redirect_uri", Some("http://localhost:8081/authenticated"), Some(Forged::OtherRedirectUri)),
            ("redirect_uri", Some("https://localhost:8080/authenticated"), Some(Forged::OtherRedirectUri)),
            ("redirect_uri", Some("http://LOCALHOST:8080/authenticated"), Some(Forged::OtherRedirectUri)),
        ] {
            let request = Request::read(&query(change, to)).unwrap();
            let app = app();
            let verdict = request.client_id().and_then(|_| request.is_from(Some(&app)));
            assert_eq!(verdict.err(), forged, "{change} {to:?}");
        }
        let request = Request::read(&query("", None)).unwrap();
        assert_eq!(request.is_from(None), Err(Forged::UnknownClientId));
        let disabled = App { enabled: false, ..app() };
        assert_eq!(request.is_from(Some(&disabled)), Err(Forged::Disabled));
    }

    #[test]
    fn a_parameter_that_occurs_twice_is_refused() {
        for name in KNOWN {
            let query = format!("{}&{name}=x&{name}=x", query("", None));
            assert_eq!(Request::read(&query).err(), Some(Forged::Twice(name)));
        }
        assert!(Request::read(&format!("{}&other=1&other=2", query("", None))).is_ok());
    }

    #[test]
    fn what_is_wrong_otherwise_goes_back_with_its_error() {
        for (change, to, error) in [
            ("", None, None),
            ("response_type", None, Some("invalid_request")),
            ("response_type", Some("token"), Some("unsupported_response_type")),
            ("scope", None, Some("invalid_scope")),
            ("scope", Some("api"), Some("invalid_scope")),
            ("code_challenge", None, Some("invalid_request")),
            ("code_challenge", Some("short"), Some("invalid_request")),
            ("code_challenge_method", None, Some("invalid_request")),
            ("code_challenge_method", Some("plain"), Some("invalid_request")),
        ] {
            let request = Request::read(&query(change, to)).unwrap();
            assert_eq!(request.challenge(Padding::Refused).err().map(Refusal::code), error, "{change} {to:?}");
        }
    }

    #[test]
    fn the_state_goes_back_byte_for_byte() {
        for state in ["abc", "a%2Fb+c%20d", "%FF%00", "a=b", "", "%e2%9c%93"] {
            let query = format!("client_id=x&state={state}&scope=y");
            let request = Request::read(&query).unwrap();
            let back = request.way_back("https://a.example/b", &[("code", "c")], None);
            assert_eq!(back, format!("https://a.example/b?code=c&state={state}"));
        }
        let request = Request::read("client_id=x").unwrap();
        let back = request.way_back("https://a.example/b?c=d", &[("code", "e")], Some("i"));
        assert_eq!(back, "https://a.example/b?c=d&code=e&iss=i");
    }
}
