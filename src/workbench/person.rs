//! Who is signed in, known once for all pages.

use leptos::{prelude::*, task::spawn_local};
use looker::api::{self, ApiError, User};

use crate::{
    net::log,
    session::{CallError, Deadlines, Session},
};

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
pub struct Person {
    known: RwSignal<Known>,
    session: StoredValue<Session>,
}

impl Person {
    /// Takes what is known, or asks.
    pub fn new(session: &Session, user: Option<User>) -> Self {
        let person = Self { known: RwSignal::new(Known::Asking), session: StoredValue::new(session.clone()) };
        match user {
            Some(user) => person.learn(Known::Is(user)),
            None => person.ask(),
        }
        // What failed for want of a token is asked again when there is a new one.
        Effect::new(move |before: Option<Deadlines>| {
            let deadlines = person.session.with_value(Session::deadlines);
            if before.is_some_and(|before| before != deadlines)
                && matches!(&*person.known.read_untracked(), Known::Failed(CallError::Renew(_)))
            {
                person.ask();
            }
            deadlines
        });
        person
    }

    /// Asks Looker again.
    pub fn ask(self) {
        self.known.set(Known::Asking);
        spawn_local(async move {
            let answer = self.session.get_value().call(&api::user()).await;
            self.learn(answer.map_or_else(Known::Failed, Known::Is));
        });
    }

    fn learn(self, known: Known) {
        self.known.set(known);
        // Before anything of the log is shown.
        if let Some(owner) = self.owner() {
            log::own(&owner);
        }
    }

    /// A name for [whose](Session::owner) is what this tab keeps. Of somebody whom Looker does not name nothing
    /// is kept for another session. Nothing where it is not known yet.
    pub fn owner(self) -> Option<String> {
        let session = self.session.get_value();
        match self.known.get_untracked() {
            Known::Is(user) => Some(session.owner(&user)),
            Known::Failed(CallError::Api(ApiError::NotFoundOrForbidden { .. })) => Some(session.id().as_str().into()),
            Known::Asking | Known::Failed(_) => None,
        }
    }

    /// Whether Looker has named the person, so that what they typed is kept for them.
    pub fn is_named(self) -> bool {
        matches!(&*self.known.read_untracked(), Known::Is(_))
    }

    /// What is known now.
    pub fn get(self) -> Known {
        self.known.get()
    }
}
