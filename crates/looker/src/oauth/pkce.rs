//! Proof Key for Code Exchange ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)).

use sha2::{Digest, Sha256};

use crate::{RandomError, random, secret::Secret};

/// The secret that proves that whoever redeems the code also asked for it (RFC 7636, section 4.1).
///
/// Always 43 characters, from 32 random bytes: Looker took verifiers of 64 or 128 characters for
/// hexadecimal.
///
/// ```
/// # use looker::oauth::CodeVerifier;
/// // RFC 7636, appendix B
/// let verifier = CodeVerifier::restore("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
/// assert_eq!(verifier.challenge().as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
/// assert_ne!(CodeVerifier::random()?, CodeVerifier::random()?);
/// # Ok::<(), looker::RandomError>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// A fresh verifier of 256 random bits.
    pub fn random() -> Result<Self, RandomError> {
        random::random_43().map(|text| Self(Secret::new(text)))
    }

    /// Takes back a verifier that was put aside; `None` if it is none of ours.
    pub fn restore(text: &str) -> Option<Self> {
        random::is_43(text).then(|| Self(Secret::new(text.into())))
    }

    /// What may be shown to everybody: the verifier's S256 challenge (RFC 7636, section 4.2).
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(random::encode_43(&Sha256::digest(self.expose()).into()))
    }

    /// The verifier itself, for the token request and for putting it aside.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// BASE64URL(SHA256(ASCII(code_verifier))), unpadded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// How the challenge is made. There is no other method here: `plain` proves nothing.
    pub const METHOD: &str = "S256";

    /// The challenge as it goes into the authorization URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_1_the_challenge_is_that_of_rfc_7636_appendix_b() {
        let octets = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = CodeVerifier::restore(&random::encode_43(&octets)).unwrap();
        assert_eq!(verifier.expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge().as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn rule_2_a_verifier_is_fresh_43_characters_and_its_challenge_too() {
        let (one, two) = (CodeVerifier::random().unwrap(), CodeVerifier::random().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.expose().len(), 43);
        assert_eq!(one.challenge().as_str().len(), 43);
    }

    #[test]
    fn a_verifier_does_not_show_in_debug_output() {
        let verifier = CodeVerifier::random().unwrap();
        assert!(!format!("{verifier:?}").contains(verifier.expose()));
    }

    #[test]
    fn only_a_verifier_of_ours_is_taken_back() {
        for text in ["", "short", &"a".repeat(64), &"a".repeat(128), &" ".repeat(43)] {
            assert_eq!(CodeVerifier::restore(text), None, "{text}");
        }
    }
}
