//! Proof key for code exchange, RFC 7636, as far as a server needs it; S256 only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Whether a challenge may end in `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Padding {
    /// As Looker must: its own SDK sends 44 characters.
    Accepted,
    /// As RFC 7636, appendix A, says.
    Refused,
}

/// The S256 challenge without padding, if it can be one of anything: 43 characters of base64url
/// that decode to 32 bytes (RFC 7636, section 4.2).
pub(crate) fn challenge(text: &str, padding: Padding) -> Option<&str> {
    let text = match padding {
        Padding::Accepted => text.strip_suffix('=').unwrap_or(text),
        Padding::Refused => text,
    };
    let well_formed = text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
    well_formed.then_some(text)
}

/// Whether this can be a verifier: 43 to 128 unreserved characters (RFC 7636, section 4.1).
///
/// Looker takes verifiers whose length is a power of two for hexadecimal, so 64 and 128
/// characters never work there, nor here.
pub(crate) fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && !text.len().is_power_of_two()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// Whether the verifier is the one that the challenge was made from (RFC 7636, section 4.6).
pub(crate) fn proves(verifier: &str, challenge: &str) -> bool {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_vector_of_rfc_7636_appendix_b_holds() {
        assert!(is_verifier(VERIFIER));
        assert_eq!(challenge(CHALLENGE, Padding::Refused), Some(CHALLENGE));
        assert!(proves(VERIFIER, CHALLENGE));
        assert!(!proves(CHALLENGE, CHALLENGE));
    }

    #[test]
    fn challenges_are_43_characters_of_unpadded_base64url() {
        for (text, well_formed) in [
            (CHALLENGE.to_owned(), true),
            (String::new(), false),
            ("a".repeat(42), false),
            ("a".repeat(44), false),
            (format!("{}=", &CHALLENGE[..42]), false),
            (format!("{CHALLENGE}="), false),
            (format!("+{}", &CHALLENGE[1..]), false),
            (format!("/{}", &CHALLENGE[1..]), false),
            // The last character carries four bits of nothing, which must be zero.
            (format!("{}N", &CHALLENGE[..42]), false),
        ] {
            assert_eq!(challenge(&text, Padding::Refused).is_some(), well_formed, "{text}");
        }
    }

    #[test]
    fn a_padded_challenge_means_the_same_where_it_is_accepted() {
        for (text, meant) in [
            (CHALLENGE.to_owned(), Some(CHALLENGE)),
            (format!("{CHALLENGE}="), Some(CHALLENGE)),
            (format!("{CHALLENGE}=="), None),
            (format!("{}=", &CHALLENGE[..42]), None),
        ] {
            assert_eq!(challenge(&text, Padding::Accepted), meant, "{text}");
        }
    }

    #[test]
    fn verifiers_have_the_right_length_and_characters() {
        for (text, well_formed) in [
            ("a".repeat(43), true),
            ("a".repeat(127), true),
            ("-._~".repeat(11), true),
            ("a".repeat(42), false),
            ("a".repeat(129), false),
            ("a".repeat(64), false),
            ("a".repeat(128), false),
            (format!("{}+", "a".repeat(43)), false),
            (format!("{}=", "a".repeat(43)), false),
            ("ä".repeat(30), false),
        ] {
            assert_eq!(is_verifier(&text), well_formed, "{text}");
        }
    }
}
