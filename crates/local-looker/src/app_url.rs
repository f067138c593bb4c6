//! Where an app lives, as `--app` and the registration of apps say it.

use std::fmt;
use url::{Host, Url};

/// An app's address: an origin, and perhaps a path below which it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppUrl {
    /// For the allowlist: scheme, host and port, as a browser sends it.
    pub(crate) origin: String,
    /// `<app>/authenticated`.
    pub(crate) redirect_uri: String,
}

/// Why an address cannot be that of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AppUrlProblem {
    /// It is no absolute URL.
    NotAUrl,
    /// It is neither https nor http on this machine.
    NotHttps,
    /// It has a query, a fragment or credentials.
    TooMuch,
}

impl fmt::Display for AppUrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "it is not a complete address such as http://localhost:8080",
            Self::NotHttps => "it must begin with https://, or with http:// on this machine",
            Self::TooMuch => "it must have no query, fragment, name or password",
        })
    }
}

impl AppUrl {
    /// Reads what was given as `--app`.
    pub(crate) fn parse(given: &str) -> Result<Self, AppUrlProblem> {
        let url = registrable(given)?;
        if url.query().is_some() {
            return Err(AppUrlProblem::TooMuch);
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            redirect_uri: format!("{}/authenticated", url.as_str().trim_end_matches('/')),
        })
    }
}

/// An address that Looker lets an app be registered with: https, or http on the same machine;
/// no fragment (RFC 6749, section 3.1.2).
pub(crate) fn registrable(given: &str) -> Result<Url, AppUrlProblem> {
    let url = Url::parse(given).map_err(|_| AppUrlProblem::NotAUrl)?;
    let allowed = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    if !allowed {
        return Err(AppUrlProblem::NotHttps);
    }
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(AppUrlProblem::TooMuch);
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_may_have_a_base_path_and_a_trailing_slash() {
        for (given, origin, redirect_uri) in [
            ("http://localhost:8080", "http://localhost:8080", "http://localhost:8080/authenticated"),
            ("http://localhost:8080/", "http://localhost:8080", "http://localhost:8080/authenticated"),
            ("http://localhost:8080/looker", "http://localhost:8080", "http://localhost:8080/looker/authenticated"),
            ("https://example.com:443/a/b/", "https://example.com", "https://example.com/a/b/authenticated"),
            ("http://[::1]:1", "http://[::1]:1", "http://[::1]:1/authenticated"),
        ] {
            let app = AppUrl::parse(given).unwrap();
            assert_eq!((app.origin.as_str(), app.redirect_uri.as_str()), (origin, redirect_uri));
        }
    }

    #[test]
    fn addresses_that_no_app_can_have_are_refused() {
        for (given, problem) in [
            ("", AppUrlProblem::NotAUrl),
            ("localhost", AppUrlProblem::NotAUrl),
            ("localhost:8080", AppUrlProblem::NotHttps),
            ("http://example.com", AppUrlProblem::NotHttps),
            ("http://127.0.0.1.example.com", AppUrlProblem::NotHttps),
            ("ftp://localhost", AppUrlProblem::NotHttps),
            ("https://example.com/#x", AppUrlProblem::TooMuch),
            ("https://example.com/?x", AppUrlProblem::TooMuch),
            ("https://me:pw@example.com/", AppUrlProblem::TooMuch),
        ] {
            assert_eq!(AppUrl::parse(given), Err(problem), "{given}");
        }
    }
}
