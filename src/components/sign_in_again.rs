//! The way to a new session, from one that is over or ends soon.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    door::Attempt,
    explain::{self, Explanation},
    page,
    session::{Phase, Session, StorageError},
};

/// Goes to Looker and comes back to this page, with what the person typed there. One of it serves all the buttons
/// that lead there, which come and go with what the page tells.
#[derive(Clone, Copy)]
pub struct SignInAgain {
    session: StoredValue<Session>,
    keep_draft: Callback<(), Result<(), StorageError>>,
    is_leaving: RwSignal<bool>,
    knows_of_no_room: StoredValue<bool>,
    failed: RwSignal<Option<Explanation>>,
}

impl SignInAgain {
    /// `keep_draft` keeps what stands in the fields of the page.
    pub fn of(session: Session, keep_draft: Callback<(), Result<(), StorageError>>) -> Self {
        let again = Self {
            session: StoredValue::new(session),
            keep_draft,
            is_leaving: RwSignal::new(false),
            knows_of_no_room: StoredValue::new(false),
            failed: RwSignal::new(None),
        };
        // What was typed stays, by whichever way the person leaves. The button's way keeps it at once: not
        // every browser lets a page finish before the next one begins.
        let leaving = window_event_listener(ev::pagehide, move |_| {
            let is_over = matches!(untrack(|| again.session.with_value(Session::phase)), Phase::Over(_));
            if is_over && !again.is_leaving.get_untracked() {
                // Too late to say that there is no room.
                let _ = keep_draft.run(());
            }
        });
        // A Back from Looker may bring this very page again.
        let shown_again = window_event_listener(ev::pageshow, move |_| again.is_leaving.set(false));
        on_cleanup(move || {
            leaving.remove();
            shown_again.remove();
        });
        again
    }

    /// Why the person is still here after a press of the button.
    pub fn failed(self) -> Option<Explanation> {
        self.failed.get()
    }

    /// Begins anew: what failed was about a session that was in another way.
    pub fn forget_failure(self) {
        self.failed.set(None);
        self.knows_of_no_room.set_value(false);
    }

    /// The button that leads there.
    pub fn button(self, class: &'static str) -> impl IntoView {
        let name = self.session.with_value(|session| session.instance().name.clone());
        let busy = move || self.is_leaving.get().then_some("true");
        view! {
            <button type="button" class=class aria-disabled=busy on:click=move |_| self.go()>
                {move || if self.is_leaving.get() { format!("Going to {name}…") } else { format!("Sign in to {name} again") }}
            </button>
        }
    }

    fn go(self) {
        if self.is_leaving.get_untracked() {
            return;
        }
        if self.keep_draft.run(()).is_err() && !self.knows_of_no_room.get_value() {
            self.knows_of_no_room.set_value(true);
            self.failed.set(Some(explain::no_room_for_draft()));
            return;
        }
        self.is_leaving.set(true);
        self.failed.set(None);
        set_timeout(move || self.is_leaving.set(false), page::LONGEST_WAY);
        let session = self.session.get_value();
        spawn_local(async move {
            if let Err(trouble) = Attempt::again(&session).await {
                self.is_leaving.set(false);
                self.knows_of_no_room.set_value(false);
                self.failed.set(Some(trouble.explain(&page::origin())));
            }
        });
    }
}
