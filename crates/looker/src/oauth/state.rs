//! The value that ties a redirect to the tab that asked for it.

use subtle::ConstantTimeEq;

use crate::{RandomError, random, secret::Secret};

/// 256 random bits that go to Looker and come back (RFC 6749, section 10.12).
#[derive(Debug)]
pub struct State(Secret);

impl State {
    /// A fresh state.
    pub fn random() -> Result<Self, RandomError> {
        random::random_43().map(|text| Self(Secret::new(text)))
    }

    /// Takes back a state that was put aside; `None` if it is none of ours.
    pub fn restore(text: &str) -> Option<Self> {
        random::is_43(text).then(|| Self(Secret::new(text.into())))
    }

    /// Whether `given` is this state, in the same time whatever it is.
    pub fn is(&self, given: &str) -> bool {
        self.expose().as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The state itself, for the authorization URL and for putting it aside.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_only_itself() {
        let state = State::random().unwrap();
        let text = state.expose().to_owned();
        let mut other = text.clone();
        other.replace_range(0..1, if text.starts_with('A') { "B" } else { "A" });
        for (given, same) in [(text.as_str(), true), (&text[..42], false), ("", false), (&other, false)] {
            assert_eq!(state.is(given), same, "{given}");
        }
    }
}
