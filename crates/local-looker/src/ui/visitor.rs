//! The browser: its session cookie, and the proof that a form came from a page of this server.

use super::form::Form;
use crate::secret::{NoRandomness, Secret, digest};
use crate::state::{Looker, Shared};
use crate::store::Stored;
use crate::store::people::Person;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use std::convert::Infallible;

/// What the browser sent as its session, signed in or not.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    cookie: Option<Secret>,
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, looker: &Shared) -> Result<Self, Infallible> {
        let cookie = cookie(&parts.headers, &looker.cookie_name).map(Secret::given);
        Ok(Self { cookie })
    }
}

/// The cookie of this name.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

impl Visitor {
    /// Who is signed in.
    pub(super) fn person(&self, looker: &Looker) -> Stored<Option<Person>> {
        match &self.cookie {
            Some(cookie) => looker.store().session(cookie),
            None => Ok(None),
        }
    }

    /// This visitor with a cookie, to put a form before; the header where the cookie is new.
    pub(super) fn with_cookie(self, looker: &Looker) -> Result<(Secret, Option<HeaderValue>), NoRandomness> {
        if let Some(cookie) = self.cookie {
            return Ok((cookie, None));
        }
        let cookie = Secret::random()?;
        let header = set_cookie(looker, &cookie);
        Ok((cookie, header))
    }

    /// Whether a form carries the proof that belongs to this browser's cookie.
    pub(super) fn sent(&self, form: &Form) -> bool {
        self.cookie.as_ref().is_some_and(|cookie| form.get("csrf") == proof(cookie))
    }

    /// Ends the session.
    pub(super) fn leave(&self, looker: &Looker) -> Stored<()> {
        match &self.cookie {
            Some(cookie) => looker.store().close_session(cookie),
            None => Ok(()),
        }
    }
}

/// What a form must carry to be taken for one of this server's: another site cannot know it.
pub(super) fn proof(cookie: &Secret) -> String {
    digest("csrf", cookie.reveal())
}

/// The header that gives a browser its session; it ends with the browser.
pub(super) fn set_cookie(looker: &Looker, session: &Secret) -> Option<HeaderValue> {
    let (name, value) = (&looker.cookie_name, session.reveal());
    let secure = if looker.looker_url.starts_with("https:") { "; Secure" } else { "" };
    let header = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    let mut header = HeaderValue::try_from(header).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        for (header, found) in [
            ("local_looker_9=a", Some("a")),
            ("x=y; local_looker_9=a; z=w", Some("a")),
            ("local_looker_99=a", None),
            ("local_looker_9=", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(header));
            assert_eq!(cookie(&headers, "local_looker_9"), found, "{header}");
        }
    }
}
