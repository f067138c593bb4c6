//! Which Looker, and by which name it knows this app.

use std::fmt;

use crate::{BaseUrl, LookerUrl};

/// A Looker instance: two hosts, which may be the same, and a name for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// What people call it.
    pub name: String,
    /// The host of its pages.
    pub looker_url: LookerUrl,
    /// The host of its API.
    pub base_url: BaseUrl,
}

impl Instance {
    /// What `iss` in a redirect must be when it is there (RFC 9207): the host that was asked.
    pub fn issuer(&self) -> &str {
        self.looker_url.as_str()
    }
}

/// The name under which the app is registered at Looker (`client_guid` in its API).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Reads a client_id: one or more printable ASCII characters (RFC 6749, appendix A.1), and not dots alone: in
    /// the path of an address those would be other folders.
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        if text.bytes().all(|b| b == b'.') || !text.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
            return Err(ClientIdError);
        }
        Ok(Self(text.into()))
    }

    /// The client_id as Looker must know it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A client_id is empty or dots alone, or has characters that none may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIdError;

impl fmt::Display for ClientIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it has to be plain characters (ASCII), and not dots alone, as it was registered at Looker")
    }
}

impl std::error::Error for ClientIdError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_plain_text() {
        for (given, fine) in [
            ("sightline", true),
            ("my app.1", true),
            (".well", true),
            ("", false),
            (".", false),
            ("..", false),
            ("...", false),
            // A slash is escaped in a path.
            ("a/b ?c#d", true),
            ("a..b", true),
            ("löker", false),
            ("a\nb", false),
        ] {
            assert_eq!(ClientId::parse(given).is_ok(), fine, "{given:?}");
        }
    }
}
