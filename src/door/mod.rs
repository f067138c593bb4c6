//! The door: what a visitor sees before there is a session, and how the session begins.
//!
//! It decides by the location and by what is stored between three cases ([`Case`]), and carries
//! no more code than they need.

mod handover;
mod redirected;
mod resumed;
mod sign_in;
mod trouble;

use leptos::{mount::mount_to, prelude::*};

pub use handover::Workbench;
pub use redirected::Redirected;
pub use resumed::Resumed;
pub use sign_in::{Attempt, SignIn};
pub use trouble::{Next, Trouble, Troubled};

use crate::{
    page,
    session::{Session, Storage},
};

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

/// Opens the door in this page's body.
pub fn open() {
    let Some(body) = page::document().body() else { return };
    let has_session = Storage::open().is_ok_and(|storage| Session::is_stored(&storage));
    let case = Case::decide(page::is_redirect(), has_session);
    let workbench = Workbench::default();
    let view = workbench.clone();
    let door = mount_to(body, move || {
        page::remove_shell();
        view! {
            <main class="door">
                {match case {
                    Case::Redirected => view! { <Redirected workbench=view.clone() /> }.into_any(),
                    Case::Resumed => view! { <Resumed workbench=view.clone() /> }.into_any(),
                    Case::SignIn => view! { <SignIn workbench=view.clone() /> }.into_any(),
                }}
            </main>
        }
    });
    workbench.replaces(door);
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
