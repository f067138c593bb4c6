//! Random strings for what an attacker must not guess.

use std::fmt;

/// The platform gave no random numbers, so no sign-in can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomError;

impl fmt::Display for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no source of secure random numbers here")
    }
}

impl std::error::Error for RandomError {}

/// 256 random bits as 43 characters of unpadded base64url.
pub(crate) fn random_43() -> Result<String, RandomError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| RandomError)?;
    Ok(encode_43(&bytes))
}

/// The alphabet of base64url (RFC 4648, section 5).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// 32 bytes as 43 characters of unpadded base64url.
///
/// Here, since a crate that can do it for any length costs every visitor more than all of this file.
pub(crate) fn encode_43(bytes: &[u8; 32]) -> String {
    let byte = |index: usize| u16::from(bytes.get(index).copied().unwrap_or_default());
    let character = |bit: usize| {
        // Six bits, which two bytes may share; behind the last byte there are zeros.
        let six = (byte(bit / 8) << 8 | byte(bit / 8 + 1)) >> (10 - bit % 8) & 63;
        char::from(ALPHABET[usize::from(six)])
    };
    (0..43).map(|index| character(index * 6)).collect()
}

/// Whether `text` looks like what [`random_43`] makes: 43 characters of base64url.
pub(crate) fn is_43(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_are_encoded_as_base64url(bytes: [u8; 32]) {
            prop_assert_eq!(encode_43(&bytes), URL_SAFE_NO_PAD.encode(bytes));
        }
    }

    #[test]
    fn a_random_string_is_43_characters_of_base64url_and_never_the_same() {
        let made: HashSet<String> = (0..1000).map(|_| random_43().unwrap()).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|text| is_43(text)));
    }

    #[test]
    fn other_strings_are_not_taken_for_one() {
        for text in ["", "short", &"a".repeat(42), &"a".repeat(44), &"=".repeat(43), &format!("{}+", "a".repeat(42))] {
            assert!(!is_43(text), "{text}");
        }
    }
}
