//! The sections of the admin page.

use super::{Outcome, answers, apps, faults, people, sign_in, time, tokens};
use crate::state::Looker;
use crate::steering::commands::CommandError;
use crate::store::Stored;
use crate::ui::Form;
use maud::Markup;

/// A section: a page of its own, with its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    People,
    Apps,
    Tokens,
    SignIn,
    Answers,
    Faults,
    Time,
}

impl Section {
    /// In their order.
    pub(super) const ALL: [Self; 7] =
        [Self::People, Self::Apps, Self::Tokens, Self::SignIn, Self::Answers, Self::Faults, Self::Time];

    /// The one with this name in its path.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Apps => "apps",
            Self::Tokens => "tokens",
            Self::SignIn => "sign-in",
            Self::Answers => "answers",
            Self::Faults => "faults",
            Self::Time => "time",
        }
    }

    /// Where it is, and where its forms are sent.
    pub(super) fn path(self) -> String {
        format!("{}/{}", super::PATH, self.name())
    }

    /// What it is called.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::People => "People",
            Self::Apps => "Apps",
            Self::Tokens => "Tokens",
            Self::SignIn => "Sign-in",
            Self::Answers => "Answers",
            Self::Faults => "Faults",
            Self::Time => "Time and reset",
        }
    }

    /// What it shows now.
    pub(super) fn view(self, looker: &Looker, typed: &Form) -> Stored<Markup> {
        match self {
            Self::People => people::view(looker, typed),
            Self::Apps => apps::view(looker, typed),
            Self::Tokens => tokens::view(looker),
            Self::SignIn => Ok(sign_in::view(looker)),
            Self::Answers => Ok(answers::view(looker, typed)),
            Self::Faults => Ok(faults::view(looker, typed)),
            Self::Time => Ok(time::view(looker, typed)),
        }
    }

    /// Does what a form of it asks for: its `do` says what.
    pub(super) async fn act(self, looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
        match self {
            Self::People => people::act(looker, form),
            Self::Apps => apps::act(looker, form),
            Self::Tokens => tokens::act(looker, form),
            Self::SignIn => sign_in::act(looker, form),
            Self::Answers => answers::act(looker, form),
            Self::Faults => faults::act(looker, form).await,
            Self::Time => time::act(looker, form),
        }
    }

    /// What is said when that was done.
    pub(super) fn done(self, what: &str) -> Option<&'static str> {
        match self {
            Self::People => people::done(what),
            Self::Apps => apps::done(what),
            Self::Tokens => tokens::done(what),
            Self::SignIn => (what == "save").then_some("The sign-in is set."),
            Self::Answers => (what == "save").then_some("The answers are set."),
            Self::Faults => faults::done(what),
            Self::Time => time::done(what),
        }
    }
}
