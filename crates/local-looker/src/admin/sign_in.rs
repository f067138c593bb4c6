//! How people sign in to Looker's own pages.

use super::Outcome;
use super::parts::{form, gone, submit, tick};
use super::section::Section;
use crate::state::Looker;
use crate::steering::commands::CommandError;
use crate::steering::sign_in::{CODE, DIRECTORY_PASSWORD, SignIn};
use crate::store::PASSWORD;
use crate::ui::Form;
use maud::{Markup, html};

pub(super) fn view(looker: &Looker) -> Markup {
    let now = looker.sign_in();
    let fields = html! {
        (tick("sign-in", "two_factor", "Two-factor authentication", now.two_factor))
        p.hint { "The login page asks for a code, too. Everybody’s code is always " code { (CODE) } "." }
        (tick("sign-in", "directory", "Passwords are checked by a directory (LDAP)", now.directory))
        p.hint {
            "Everybody’s password is then " code { (DIRECTORY_PASSWORD) } ", and Looker’s own (" code { (PASSWORD) }
            ") is of no use."
        }
        (submit("Set the sign-in"))
    };
    html! {
        p { "This is about the login page alone. API3 credentials log in all the same, and tokens live on." }
        (form(Section::SignIn, "save", &fields))
    }
}

pub(super) fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    if form.get("do") != "save" {
        return Err(gone());
    }
    looker.set_sign_in(SignIn { two_factor: form.ticked("two_factor"), directory: form.ticked("directory") });
    Ok(Outcome::Done)
}
