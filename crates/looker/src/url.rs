//! The addresses that this app sends people and tokens to.
//!
//! They come from configuration or from somebody's keyboard, so they are checked like a
//! stranger's: https, or http on this very machine (RFC 8252, section 7.3); a host, maybe a port;
//! no user, no fragment. They are kept in the one spelling that browsers use for origins, so that
//! equal addresses are equal strings.

use std::fmt;

/// Where a Looker instance shows its pages, `/auth` among them: `https://my.looker.com`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LookerUrl(String);

/// Where a Looker instance serves its API, `/api/token` among it: `https://my.looker.com:19999`.
///
/// ```
/// # use looker::{BaseUrl, UrlError};
/// assert_eq!(BaseUrl::parse("https://My.Looker.com:443/")?.as_str(), "https://my.looker.com");
/// assert_eq!(BaseUrl::parse("http://my.looker.com"), Err(UrlError::Insecure));
/// assert!(BaseUrl::parse("http://localhost:19999").is_ok());
/// # Ok::<(), UrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

/// The page that Looker sends people back to: one exact string, the same in every request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri(String);

/// An entry of Looker's allowlist: an origin, or by `*.` before a host all hosts below it. Others than this app may
/// need it, so it may be http anywhere.
///
/// ```
/// # use looker::{AllowlistEntry, UrlError};
/// assert_eq!(AllowlistEntry::parse("https://*.Example.com/")?.as_str(), "https://*.example.com");
/// assert_eq!(AllowlistEntry::parse("http://intranet:8080")?.as_str(), "http://intranet:8080");
/// # Ok::<(), UrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AllowlistEntry(String);

impl AllowlistEntry {
    /// Reads an entry: scheme, host, maybe a port, and nothing behind them.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, behind) = text.split_once("://").ok_or(UrlError::Scheme)?;
        let wildcard = if behind.starts_with("*.") { "*." } else { "" };
        let one = [scheme, "://", behind.strip_prefix(wildcard).unwrap_or(behind)].concat();
        let Split { origin, rest, .. } = split(&one)?;
        if !matches!(rest, "" | "/") {
            return Err(UrlError::Path);
        }
        let (scheme, host) = origin.split_once("://").ok_or(UrlError::Scheme)?;
        // All of `example.com` belong to somebody, and all of `com` to everybody.
        if !wildcard.is_empty() && !host.contains('.') {
            return Err(UrlError::Host);
        }
        Ok(Self([scheme, "://", wildcard, host].concat()))
    }

    /// The entry as it is to stand in the list.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LookerUrl {
    /// Reads the address of a Looker host: scheme, host, maybe a port, and nothing behind them.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        parse_origin(text).map(Self)
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl BaseUrl {
    /// Reads the address of an API host: scheme, host, maybe a port, and nothing behind them.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        parse_origin(text).map(Self)
    }

    /// The address without a slash at its end, which is also its origin.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RedirectUri {
    /// Reads a redirect address: like a host's, with a path and without query or fragment.
    ///
    /// The path stays as it is, to the character: Looker compares it so.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (origin, rest) = split_origin(text)?;
        if !rest.starts_with('/') || !rest.bytes().all(|b| b.is_ascii_graphic() && !b"?#\\".contains(&b)) {
            return Err(UrlError::Path);
        }
        Ok(Self(format!("{origin}{rest}")))
    }

    /// The address as Looker must know it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why an address can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlError {
    /// It does not begin with `https://` or `http://`.
    Scheme,
    /// It is http, and not on this machine.
    Insecure,
    /// The host is missing, or has characters that no host has.
    Host,
    /// What follows the host's colon is no port.
    Port,
    /// It names a user.
    User,
    /// Its path, query or fragment does not belong there.
    Path,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "it has to begin with https://",
            Self::Insecure => "http is only for this machine (localhost); anything else needs https",
            Self::Host => "the name of the host is missing or is none",
            Self::Port => "the port has to be a number from 1 to 65535",
            Self::User => "a user or a password does not belong in it",
            Self::Path => "what follows the host does not belong there",
        })
    }
}

impl std::error::Error for UrlError {}

fn parse_origin(text: &str) -> Result<String, UrlError> {
    let (origin, rest) = split_origin(text)?;
    match rest {
        "" | "/" => Ok(origin),
        _ => Err(UrlError::Path),
    }
}

/// The origin of a host that tokens may be sent to, and what follows it.
pub(crate) fn split_origin(text: &str) -> Result<(String, &str), UrlError> {
    let Split { origin, rest, is_safe } = split(text)?;
    if is_safe { Ok((origin, rest)) } else { Err(UrlError::Insecure) }
}

/// An address in parts.
struct Split<'a> {
    /// The origin as a browser spells it: lower case, no default port.
    origin: String,
    /// What follows it.
    rest: &'a str,
    /// Whether nobody on the way can read along: it is https, or on this machine.
    is_safe: bool,
}

fn split(text: &str) -> Result<Split<'_>, UrlError> {
    let (scheme, after) = text.split_once(':').ok_or(UrlError::Scheme)?;
    let after = after.strip_prefix("//").ok_or(UrlError::Scheme)?;
    let secure = scheme.eq_ignore_ascii_case("https");
    if !secure && !scheme.eq_ignore_ascii_case("http") {
        return Err(UrlError::Scheme);
    }
    let end = after.bytes().position(|b| b"/?#\\".contains(&b)).unwrap_or(after.len());
    let (authority, rest) = after.split_at_checked(end).unwrap_or((after, ""));
    let authority = authority.to_ascii_lowercase();
    if authority.contains('@') {
        return Err(UrlError::User);
    }
    // The last colon of an IPv6 address is not a port's.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority.as_str(), None),
    };
    if let Some(port) = port {
        let digits = !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit());
        if !digits || port.parse::<u16>().is_err() {
            return Err(UrlError::Port);
        }
    }
    if !is_host(host) {
        return Err(UrlError::Host);
    }
    let scheme = if secure { "https://" } else { "http://" };
    let default = if secure { "443" } else { "80" };
    let port = port.filter(|port| *port != default);
    let origin = [scheme, host, if port.is_some() { ":" } else { "" }, port.unwrap_or_default()].concat();
    Ok(Split { origin, rest, is_safe: secure || is_loopback(host) })
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        // What stands between the brackets is the browser's to read; here it only must not be able
        // to end the host.
        Some(address) => address.strip_suffix(']').is_some_and(|address| {
            address.contains(':') && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.')
        }),
        None => {
            host.len() <= 253
                && host.split('.').all(|label| {
                    (1..=63).contains(&label.len())
                        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                })
                // To browsers, what ends in a number is an address.
                && (!host.bytes().rev().take_while(|b| *b != b'.').all(|b| b.is_ascii_digit()) || is_ipv4(host))
        }
    }
}

/// An address in the one spelling that browsers keep as it is: four numbers, and no zero before another digit.
fn is_ipv4(host: &str) -> bool {
    let is_octet = |part: &str| part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with(['0', '+']));
    host.split('.').count() == 4 && host.split('.').all(is_octet)
}

/// `localhost`, `[::1]`, or one of 127.0.0.0/8.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || (host.starts_with("127.") && is_ipv4(host))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_hosts_are_kept_as_browsers_spell_origins() {
        for (given, kept) in [
            ("https://my.looker.com", "https://my.looker.com"),
            ("https://my.looker.com/", "https://my.looker.com"),
            ("HTTPS://My.Looker.COM:443", "https://my.looker.com"),
            ("https://my.looker.com:19999", "https://my.looker.com:19999"),
            ("http://localhost:9999", "http://localhost:9999"),
            ("http://127.0.0.1:80/", "http://127.0.0.1"),
            ("http://127.8.9.10:1234", "http://127.8.9.10:1234"),
            ("http://[::1]:19999", "http://[::1]:19999"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
            ("https://10.0.0.30:19999", "https://10.0.0.30:19999"),
            ("https://7.looker.example", "https://7.looker.example"),
            ("https://looker.7a", "https://looker.7a"),
        ] {
            assert_eq!(LookerUrl::parse(given).map(|url| url.0).as_deref(), Ok(kept), "{given}");
            assert_eq!(BaseUrl::parse(given).map(|url| url.0).as_deref(), Ok(kept), "{given}");
        }
    }

    #[test]
    fn addresses_that_cannot_be_trusted_say_what_is_wrong() {
        for (given, wrong) in [
            ("", UrlError::Scheme),
            ("my.looker.com", UrlError::Scheme),
            ("javascript://my.looker.com", UrlError::Scheme),
            ("ftp://my.looker.com", UrlError::Scheme),
            ("http://my.looker.com", UrlError::Insecure),
            ("http://localhost.evil.example", UrlError::Insecure),
            ("http://127.0.0.1.evil.example", UrlError::Insecure),
            ("http://127.0.0", UrlError::Host),
            ("http://127.0.0.256", UrlError::Host),
            ("http://127.0.0.01", UrlError::Host),
            ("https://10.0.0.300:19999", UrlError::Host),
            ("https://10.0.1", UrlError::Host),
            ("https://looker.7", UrlError::Host),
            ("http://10.0.0.1", UrlError::Insecure),
            ("https://", UrlError::Host),
            ("https://:443", UrlError::Host),
            ("https://my looker.com", UrlError::Host),
            ("https://my..looker.com", UrlError::Host),
            ("https://[::g]", UrlError::Host),
            ("https://löker.com", UrlError::Host),
            ("https://my.looker.com:0", UrlError::Port),
            ("https://my.looker.com:65536", UrlError::Port),
            ("https://my.looker.com:+80", UrlError::Port),
            ("https://my.looker.com:", UrlError::Port),
            ("https://ada:pw@my.looker.com", UrlError::User),
            ("https://my.looker.com@evil.example", UrlError::User),
            ("https://my.looker.com/explore", UrlError::Path),
            ("https://my.looker.com?x", UrlError::Path),
            ("https://my.looker.com#x", UrlError::Path),
            ("https://my.looker.com\\x", UrlError::Path),
        ] {
            assert_eq!(LookerUrl::parse(given), Err(wrong), "{given}");
            assert_eq!(BaseUrl::parse(given), Err(wrong), "{given}");
        }
    }

    #[test]
    fn an_entry_of_the_allowlist_may_be_what_no_host_of_this_app_is() {
        for (given, kept) in [
            ("https://Your.Page:443/", Ok("https://your.page")),
            ("http://intranet:80", Ok("http://intranet")),
            ("http://intranet:443", Ok("http://intranet:443")),
            ("https://*.example.com:8443", Ok("https://*.example.com:8443")),
            ("https://*", Err(UrlError::Host)),
            ("https://*.com", Err(UrlError::Host)),
            ("https://*.*.example.com", Err(UrlError::Host)),
            ("https://a.*.example.com", Err(UrlError::Host)),
            ("your.page", Err(UrlError::Scheme)),
            ("ftp://your.page", Err(UrlError::Scheme)),
            ("https://your.page/x", Err(UrlError::Path)),
            ("https://ada@your.page", Err(UrlError::User)),
        ] {
            assert_eq!(
                AllowlistEntry::parse(given).as_ref().map(AllowlistEntry::as_str),
                kept.as_ref().copied(),
                "{given}"
            );
        }
    }

    #[test]
    fn a_redirect_uri_keeps_its_path_to_the_character() {
        for (given, kept) in [
            ("https://app.example/authenticated", Ok("https://app.example/authenticated")),
            ("https://app.example/Looker/authenticated/", Ok("https://app.example/Looker/authenticated/")),
            ("http://localhost:8080/authenticated", Ok("http://localhost:8080/authenticated")),
            ("https://app.example", Err(UrlError::Path)),
            ("https://app.example/a?b=c", Err(UrlError::Path)),
            ("https://app.example/a#b", Err(UrlError::Path)),
            ("https://app.example/a b", Err(UrlError::Path)),
            ("http://app.example/a", Err(UrlError::Insecure)),
        ] {
            assert_eq!(
                RedirectUri::parse(given).as_ref().map(|uri| uri.as_str()),
                kept.as_ref().map(|s| *s),
                "{given}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_string_brings_the_reading_down_and_what_is_kept_is_stable(text in "\\PC{0,60}") {
            if let Ok(url) = BaseUrl::parse(&text) {
                prop_assert_eq!(BaseUrl::parse(url.as_str()), Ok(url.clone()));
            }
            let _ = RedirectUri::parse(&text);
        }

        #[test]
        fn what_follows_an_https_host_never_changes_the_host(rest in "\\PC{0,40}") {
            if let Ok(url) = BaseUrl::parse(&format!("https://my.looker.com/{rest}")) {
                prop_assert_eq!(url.as_str(), "https://my.looker.com");
            }
        }
    }
}
