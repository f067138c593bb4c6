//! What stands above every page: where one is, who one is, and how the session is.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    person::{Known, Person},
    standing::Standing,
};
use crate::{components::Mark, page, session::Session};

/// The header of the workbench.
#[component]
pub fn Header(
    /// The session that all pages share.
    session: Session,
    /// Who is signed in.
    person: Person,
    /// How the session is.
    standing: Memo<Standing>,
) -> impl IntoView {
    let instance = session.instance().name.clone();
    let brief = Memo::new(move |_| standing.get().in_brief());
    let attention = move || !standing.get().is_good();
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
                <A href=page::address("activity")>"Activity"</A>
                // Another module's page: the router must not take it for one of its own.
                <a href=page::address(page::SETUP_PATH) rel="external">{"Set-up"}</a>
            </nav>
            <div class="who">
                <span class="name">{name}</span>
                <span class="state" class:attention=attention role="status">{brief}</span>
            </div>
        </header>
    }
}
