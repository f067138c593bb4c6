//! Secrets: made from the operating system's randomness, kept only as digests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A string that gives access to something. It has no `Display`, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// 256 random bits in base64url.
    pub(crate) fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(NoRandomness)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// One that came from outside.
    pub(crate) fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself, for the one answer that hands it out.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database keeps in its place.
    pub(crate) fn digest(&self) -> String {
        digest("secret", &self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The operating system gave no randomness: nothing secret can be made.
#[derive(Debug)]
pub(crate) struct NoRandomness(pub(crate) getrandom::Error);

/// SHA-256 of a text for one purpose, in base64url.
///
/// Passwords are digested by this as well: one fast hash is no way to keep real passwords, and
/// the ones here are printed on the terminal.
pub(crate) fn digest(purpose: &str, text: &str) -> String {
    let mut sha = Sha256::new();
    sha.update(purpose);
    sha.update([0]);
    sha.update(text);
    URL_SAFE_NO_PAD.encode(sha.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        let secret = Secret::given("recognisable");
        assert!(!format!("{secret:?}").contains("recognisable"));
    }

    #[test]
    fn random_secrets_have_43_characters_and_differ() {
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_eq!(one.reveal().len(), 43);
        assert_ne!(one, other);
    }
}
