//! What browsers may have against a page's asking a host, as far as the two addresses tell.

use std::net::{Ipv4Addr, Ipv6Addr};

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
        (Place::of(base) != Place::Elsewhere && Place::of(origin) == Place::Elsewhere).then_some(Self::Private)
    }
}

/// Where a host is, as far as its name tells: one that leads into a private network does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On this machine.
    Here,
    /// In a private network (RFC 1918, RFC 3927, RFC 4193, RFC 6762).
    Private,
    /// Anywhere.
    Elsewhere,
}

impl Place {
    /// Where the host of an origin is.
    pub fn of(origin: &str) -> Self {
        let host = host(origin);
        let named = |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        let (is_here, is_private) = if let Ok(address) = host.parse::<Ipv4Addr>() {
            (address.is_loopback(), address.is_private() || address.is_link_local())
        } else if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<Ipv6Addr>() {
            (address.is_loopback(), address.is_unique_local() || address.is_unicast_link_local())
        } else {
            (named("localhost"), named("local"))
        };
        if is_here {
            Self::Here
        } else if is_private {
            Self::Private
        } else {
            Self::Elsewhere
        }
    }

    /// What browsers that ask people call the permission to reach it.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Here => "loopback-network",
            Self::Private | Self::Elsewhere => "local-network",
        }
    }

    /// What a person calls it, when it is not anywhere.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Here => "this machine",
            Self::Private | Self::Elsewhere => "your network",
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_where_its_name_says() {
        for (origin, place) in [
            ("http://localhost:8080", Place::Here),
            ("https://app.localhost", Place::Here),
            ("http://127.77.1.2:9999", Place::Here),
            ("http://[::1]:9999", Place::Here),
            ("https://10.1.2.3", Place::Private),
            ("https://169.254.1.1", Place::Private),
            ("https://[fe80::1]", Place::Private),
            ("https://looker.local:19999", Place::Private),
            ("https://mylocal", Place::Elsewhere),
            ("https://notlocalhost", Place::Elsewhere),
            ("https://8.8.8.8", Place::Elsewhere),
            ("https://my.looker.com", Place::Elsewhere),
        ] {
            assert_eq!(Place::of(origin), place, "{origin}");
        }
    }

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
