//! Who may steer: whoever sits at this machine, and no web page but the admin page itself.

use crate::ui::pages;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use url::{Host, Url};

/// Why a request may not steer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It comes from another machine.
    Elsewhere,
    /// It is addressed to a name that is not this machine's: some page has had its own name point here.
    ForeignName,
    /// Another page sends it.
    ForeignPage,
}

impl Refusal {
    /// The answer.
    pub(crate) fn page(self) -> Response {
        let sentence = match self {
            Self::Elsewhere => "This Looker is steered from its own machine only.",
            Self::ForeignName => "This Looker is steered at localhost or by a number, not by this name.",
            Self::ForeignPage => {
                "Only the admin page sends this form. Open it and press the button there; programs use /_local."
            }
        };
        pages::error(StatusCode::FORBIDDEN, "This is refused", sentence)
    }
}

/// Whether a path is for steering: what is asked for there is not listed, and no fault meets it.
pub(crate) fn is_for_steering(path: &str) -> bool {
    [crate::admin::PATH, "/_local"]
        .into_iter()
        .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether such a request may be carried out. `looker_url` is the address of this host.
pub(crate) fn judge(looker_url: &str, from_here: bool, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    if !from_here {
        return Err(Refusal::Elsewhere);
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let (scheme, own) = looker_url.split_once("://").unwrap_or_default();
    let host = text(HOST.as_str()).unwrap_or_default();
    if host != own && !is_this_machine(host) {
        return Err(Refusal::ForeignName);
    }
    let from_own_page = text(ORIGIN.as_str()).is_none_or(|origin| origin == format!("{scheme}://{host}"))
        // Browsers say it beside the origin, and whatever the referrer policy is.
        && text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    if *method == Method::GET || from_own_page { Ok(()) } else { Err(Refusal::ForeignPage) }
}

/// Whether an authority (`host:port`) is a number or `localhost`; no page can have its name say so.
fn is_this_machine(authority: &str) -> bool {
    match Url::parse(&format!("http://{authority}")).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const OWN: &str = "http://localhost:9999";

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_this_machine_and_the_admin_page_steer() {
        let (get, post) = (Method::GET, Method::POST);
        let local = ("host", "localhost:9999");
        for (method, from_here, of, verdict) in [
            (&get, true, vec![local], Ok(())),
            (&get, false, vec![local], Err(Refusal::Elsewhere)),
            (&get, true, vec![("host", "evil.example:9999")], Err(Refusal::ForeignName)),
            (&get, true, vec![("host", "localhost.evil.example")], Err(Refusal::ForeignName)),
            (&get, true, vec![], Err(Refusal::ForeignName)),
            (&get, true, vec![("host", "127.0.0.1:9999")], Ok(())),
            (&get, true, vec![("host", "[::1]:9999")], Ok(())),
            // A link from anywhere may lead here.
            (&get, true, vec![local, ("sec-fetch-site", "cross-site")], Ok(())),
            // No browser: curl, tests.
            (&post, true, vec![local], Ok(())),
            (&post, true, vec![local, ("origin", OWN), ("sec-fetch-site", "same-origin")], Ok(())),
            (&post, true, vec![("host", "127.0.0.1:9999"), ("origin", "http://127.0.0.1:9999")], Ok(())),
            (&post, true, vec![local, ("origin", "http://127.0.0.1:9999")], Err(Refusal::ForeignPage)),
            (&post, true, vec![local, ("origin", "http://localhost:8080")], Err(Refusal::ForeignPage)),
            (&post, true, vec![local, ("origin", "https://localhost:9999")], Err(Refusal::ForeignPage)),
            (&post, true, vec![local, ("origin", "null")], Err(Refusal::ForeignPage)),
            (&post, true, vec![local, ("sec-fetch-site", "same-site")], Err(Refusal::ForeignPage)),
            (&post, true, vec![local, ("sec-fetch-site", "cross-site")], Err(Refusal::ForeignPage)),
            (
                &post,
                true,
                vec![("host", "evil.example:9999"), ("origin", "http://evil.example:9999")],
                Err(Refusal::ForeignName),
            ),
            (&Method::DELETE, true, vec![local, ("origin", "https://a.example")], Err(Refusal::ForeignPage)),
        ] {
            assert_eq!(judge(OWN, from_here, method, &headers(&of)), verdict, "{method} {of:?}");
        }
    }

    #[test]
    fn steering_is_what_is_below_its_two_paths() {
        for (path, is) in [
            ("/admin", true),
            ("/admin/tokens", true),
            ("/_local/faults", true),
            ("/administer", false),
            ("/", false),
            ("/auth", false),
        ] {
            assert_eq!(is_for_steering(path), is, "{path}");
        }
    }
}
