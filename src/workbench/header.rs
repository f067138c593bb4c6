//! What stands above every page: where one is, who one is, and how the session is.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    clock::ticking,
    person::{Known, Person},
};
use crate::{components::Mark, page, session::Session};

/// The header of the workbench.
#[component]
pub fn Header(
    /// The session that all pages share.
    session: Session,
    /// Who is signed in.
    person: Person,
) -> impl IntoView {
    let instance = session.instance().name.clone();
    let now = ticking();
    let ended = Memo::new(move |_| session.deadlines().access.after(now.get()).is_none());
    let state = move || if ended.get() { "Access token expired" } else { "Signed in" };
    let name = move || match person.get() {
        Known::Is(user) => user.display_name,
        Known::Asking | Known::Failed(_) => String::new(),
    };
    view! {
        <header class="top">
            <div class="where">
                <Mark />
                <strong>{instance}</strong>
            </div>
            <nav aria-label="Pages">
                <A href=page::address("account")>"Account"</A>
            </nav>
            <div class="who">
                <span class="name">{name}</span>
                <span class="state" class:ended=ended role="status">{state}</span>
            </div>
        </header>
    }
}
