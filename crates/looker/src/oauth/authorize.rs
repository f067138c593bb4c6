//! The request that the browser carries to Looker's `/auth`.

use form_urlencoded::Serializer;

use super::{CodeChallenge, CodeVerifier, State};
use crate::{ClientId, Instance, RandomError, RedirectUri};

/// The one scope that calls from a browser need.
pub const SCOPE: &str = "cors_api";

/// One sign-in: whom it asks, and the two secrets that its redirect and its code are checked with.
#[derive(Debug)]
pub struct AuthorizationRequest {
    /// The instance that is asked.
    pub instance: Instance,
    /// The app that asks.
    pub client_id: ClientId,
    /// Where Looker sends the person back to.
    pub redirect_uri: RedirectUri,
    /// Comes back in the redirect.
    pub state: State,
    /// Stays here until the code is redeemed.
    pub code_verifier: CodeVerifier,
}

impl AuthorizationRequest {
    /// A new sign-in with a fresh state and verifier.
    pub fn new(instance: Instance, client_id: ClientId, redirect_uri: RedirectUri) -> Result<Self, RandomError> {
        let (state, code_verifier) = (State::random()?, CodeVerifier::random()?);
        Ok(Self { instance, client_id, redirect_uri, state, code_verifier })
    }

    /// Where the browser goes: Looker's `/auth` with this request
    /// (RFC 6749, section 4.1.1; RFC 7636, section 4.3).
    pub fn url(&self) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client_id.as_str())
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("scope", SCOPE)
            .append_pair("state", self.state.expose())
            .append_pair("code_challenge_method", CodeChallenge::METHOD)
            .append_pair("code_challenge", self.code_verifier.challenge().as_str());
        [self.instance.looker_url.as_str(), "/auth?", &query.finish()].concat()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::{BaseUrl, LookerUrl};

    /// A sign-in to try things with.
    pub(crate) fn request() -> AuthorizationRequest {
        AuthorizationRequest::new(
            Instance {
                name: "My Looker".into(),
                looker_url: LookerUrl::parse("https://my.looker.com").unwrap(),
                base_url: BaseUrl::parse("https://my.looker.com:19999").unwrap(),
            },
            ClientId::parse("sight line&1").unwrap(),
            RedirectUri::parse("https://app.example/authenticated").unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn the_authorization_url_asks_as_looker_documents_it() {
        let request = request();
        let url = request.url();
        let (page, query) = url.split_once('?').unwrap();
        assert_eq!(page, "https://my.looker.com/auth");
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        assert_eq!(pairs.len(), 7);
        let pairs: HashMap<_, _> = pairs.into_iter().collect();
        assert_eq!(pairs["response_type"], "code");
        assert_eq!(pairs["client_id"], "sight line&1");
        assert_eq!(pairs["redirect_uri"], "https://app.example/authenticated");
        assert_eq!(pairs["scope"], "cors_api");
        assert_eq!(pairs["state"], request.state.expose());
        assert_eq!(pairs["code_challenge_method"], "S256");
        assert_eq!(pairs["code_challenge"], request.code_verifier.challenge().as_str());
    }

    /// Everything that is asked, by name.
    fn asked() -> HashMap<String, String> {
        let url = request().url();
        form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
    }

    #[test]
    fn rule_7_a_code_is_asked_for_and_no_secret_is_sent() {
        let asked = asked();
        assert_eq!(asked["response_type"], "code");
        assert!(asked.keys().all(|name| !name.contains("secret")), "{asked:?}");
    }

    #[test]
    fn rule_25_the_scope_is_cors_api_and_no_other() {
        assert_eq!(asked()["scope"], "cors_api");
    }

    #[test]
    fn the_verifier_is_not_in_the_authorization_url() {
        let request = request();
        assert!(!request.url().contains(request.code_verifier.expose()));
    }

    #[test]
    fn every_sign_in_has_its_own_state_and_verifier() {
        let (one, two) = (request(), request());
        assert_ne!(one.state.expose(), two.state.expose());
        assert_ne!(one.code_verifier, two.code_verifier);
        assert_ne!(one.state.expose(), one.code_verifier.expose());
    }
}
