//! The workbench: everything after sign-in.
//!
//! One file per page. A page asks the [`Session`] for calls and never sees a token; what outlives
//! a page is in the session or in the address.

mod account;
mod clock;
mod header;
mod not_found;
mod person;

use leptos::{ev, mount::mount_to_body, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::{FlatRoutes, Redirect, Route, Router},
    path,
};
use looker::api::User;

use account::Account;
use header::Header;
use not_found::NotFound;
use person::Person;

use crate::{
    net::json,
    page,
    session::{Session, Storage},
};

/// Takes the page over from the door. `first_answer` is what `GET /user` brought it, as JSON, if
/// the session is new.
pub fn enter(first_answer: Option<&str>) {
    let Some(session) = Storage::open().ok().and_then(|storage| Session::resume(&storage)) else {
        // What was stored is no session and is removed by now, so this leads to the sign-in.
        page::reload();
        return;
    };
    // Back may show this page again after another page of the tab signed out, or in anew.
    let shown = session.clone();
    window_event_listener(ev::pageshow, move |_| {
        if !Storage::open().is_ok_and(|storage| shown.is_current(&storage)) {
            page::reload();
        }
    });
    let user = first_answer.and_then(|text| json::parse(text).ok()).and_then(|json| User::from_json(&json).ok());
    mount_to_body(move || view! { <Room session user /> });
}

/// The workbench around its pages.
#[component]
fn Room(
    /// The session that all pages share.
    session: Session,
    /// Who it is, where the door knows already.
    user: Option<User>,
) -> impl IntoView {
    let person = Person::new(&session, user);
    Effect::new({
        let session = session.clone();
        move |_| {
            if session.is_over() {
                // Nothing is stored any more, so this leads to the door, and from there back here.
                page::reload();
            }
        }
    });
    let base = page::base_path();
    // The router wants the base path without the slash at its end.
    let base = base.trim_end_matches('/').to_owned();
    view! {
        <Router base>
            <Header session=session.clone() person />
            <main class="page">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("") view=|| view! { <Redirect path="/account" options=NavigateOptions { replace: true, ..NavigateOptions::default() } /> } />
                    <Route path=path!("account") view=move || view! { <Account session=session.clone() person /> } />
                </FlatRoutes>
            </main>
        </Router>
    }
}
