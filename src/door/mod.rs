//! The door: what a visitor sees before there is a session, and how the session begins.
//!
//! By the location and by what is stored it decides between three cases ([`Case`]). Whatever the
//! case, what is shown is one [`Face`], made by pure functions of what happened; so the door has
//! a single view, and its code stays small.

mod attempt;
mod doorway;
mod face;
mod redirected;
mod sign_in;
mod trouble;
mod waiting;

pub use attempt::Attempt;
pub use doorway::{Doorway, open};
pub use face::{Choice, Face, Next, Panel, Tone};
pub use redirected::arrive;
pub use trouble::Trouble;
pub use waiting::{Stopped, Waiting};

/// What the door has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Somebody came back from Looker.
    Redirected,
    /// This tab has a session.
    Resumed,
    /// Anything else.
    SignIn,
}

impl Case {
    /// The redirect goes before a session: it may be for another instance.
    pub const fn decide(is_redirect: bool, has_session: bool) -> Self {
        match (is_redirect, has_session) {
            (true, _) => Self::Redirected,
            (false, true) => Self::Resumed,
            (false, false) => Self::SignIn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_redirect_goes_before_a_session_and_a_session_before_the_sign_in() {
        for (is_redirect, has_session, case) in [
            (true, false, Case::Redirected),
            (true, true, Case::Redirected),
            (false, true, Case::Resumed),
            (false, false, Case::SignIn),
        ] {
            assert_eq!(Case::decide(is_redirect, has_session), case);
        }
    }
}
