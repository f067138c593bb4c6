//! What browsers may have against a page's asking a host, as far as the two addresses tell.

use looker::BaseUrl;

/// Why a browser may block requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// The page is https and the host is http on this machine: mixed content.
    Mixed,
    /// The host is in a private network, and the page is not.
    Private,
}

impl Hindrance {
    /// Compares a page's origin with an API host; nothing where no browser minds.
    pub fn of(origin: &str, base_url: &BaseUrl) -> Option<Self> {
        let base = base_url.as_str();
        if origin.starts_with("https://") && base.starts_with("http://") {
            return Some(Self::Mixed);
        }
        (is_private(host(base)) && !is_private(host(origin))).then_some(Self::Private)
    }
}

/// The host in an origin, without its port.
fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}

/// Whether a host is one of this machine or of a private network (RFC 1918, RFC 3927, RFC 4193, RFC 6762).
fn is_private(host: &str) -> bool {
    if host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") {
        return true;
    }
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        return address.is_private() || address.is_loopback() || address.is_link_local();
    }
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::Ipv6Addr>();
    address.is_ok_and(|address| address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_may_block_is_told_by_the_two_addresses() {
        use Hindrance::{Mixed, Private};
        for (origin, url, hindrance) in [
            ("https://app.example", "https://l.example", None),
            ("http://localhost:8080", "http://localhost:19999", None),
            ("http://localhost:8080", "https://l.example", None),
            ("https://app.example", "http://localhost:19999", Some(Mixed)),
            ("https://localhost:8080", "http://localhost:19999", Some(Mixed)),
            ("https://app.example", "https://10.1.2.3:19999", Some(Private)),
            ("https://app.example", "https://172.16.0.1", Some(Private)),
            ("https://app.example", "https://172.32.0.1", None),
            ("https://app.example", "https://looker.local", Some(Private)),
            ("https://app.example", "https://[fd00::1]:19999", Some(Private)),
            ("https://192.168.1.1", "https://192.168.1.2", None),
        ] {
            assert_eq!(Hindrance::of(origin, &BaseUrl::parse(url).unwrap()), hindrance, "{origin} {url}");
        }
    }
}
