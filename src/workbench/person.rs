//! Who is signed in, known once for all pages.

use leptos::{prelude::*, task::spawn_local};
use looker::api::{self, User};

use crate::session::{CallError, Session};

/// What is known of the person.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Looker is being asked.
    Asking,
    /// Looker said.
    Is(User),
    /// Looker did not say.
    Failed(CallError),
}

/// Who is signed in: what the door found out, or else asked for when the workbench opens.
#[derive(Clone, Copy)]
pub struct Person(RwSignal<Known>);

impl Person {
    /// Takes what is known, or asks.
    pub fn new(session: &Session, user: Option<User>) -> Self {
        let person = Self(RwSignal::new(user.map_or(Known::Asking, Known::Is)));
        if person.0.with_untracked(|known| *known == Known::Asking) {
            person.ask(session.clone());
        }
        person
    }

    /// Asks Looker again.
    pub fn ask(self, session: Session) {
        self.0.set(Known::Asking);
        spawn_local(async move {
            let answer = session.call(&api::user()).await;
            self.0.set(answer.map_or_else(Known::Failed, Known::Is));
        });
    }

    /// The person's ID, where it is known by now.
    pub fn id(self) -> Option<String> {
        match self.0.get_untracked() {
            Known::Is(user) => Some(user.id),
            Known::Asking | Known::Failed(_) => None,
        }
    }

    /// What is known now.
    pub fn get(self) -> Known {
        self.0.get()
    }
}
