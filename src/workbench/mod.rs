//! The workbench: everything after sign-in.
//!
//! One file per page. A page asks the [`Session`] for calls and never sees a token; what outlives
//! a page is in the session or in the address.

mod account;
mod activity;
mod appearance;
mod clock;
mod find_out;
mod header;
mod not_found;
mod notice;
mod person;
mod standing;

use leptos::{mount::mount_to_body, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::{FlatRoutes, Redirect, Route, Router},
    path,
};
use looker::api::User;

use account::Account;
use activity::{Activity, Details};
use clock::ticking;
use header::Header;
use not_found::NotFound;
use notice::Notice;
use person::Person;
use standing::Standing;

use crate::{
    instances,
    net::json,
    page,
    session::{Draft, Session, Storage, keep},
};

/// Takes the page over from the door. `first_answer` is what `GET /user` brought it, as JSON, if
/// the session is new.
pub fn enter(first_answer: Option<&str>) {
    let Some(session) = Storage::open().ok().and_then(|storage| Session::resume(&storage)) else {
        // What was stored is no session and is removed by now, so this leads to the sign-in.
        page::reload();
        return;
    };
    if !session.share() {
        // It is another tab's; the door says so.
        page::reload();
        return;
    }
    instances::remember(&session.instance().looker_url);
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
    keep(&session);
    let now = ticking();
    let standing = Memo::new({
        let session = session.clone();
        move |_| {
            let is_online = page::window().navigator().on_line();
            Standing::decide(session.phase(), session.deadlines(), is_online, now.get())
        }
    });
    // As soon as the person is known, whose it is.
    Effect::new(move |was_restored: Option<bool>| {
        let _ = person.get();
        let Some(owner) = person.owner() else { return was_restored == Some(true) };
        if was_restored != Some(true)
            && let Ok(storage) = Storage::open()
        {
            Draft::restore(&storage, &owner);
        }
        true
    });
    let base = page::base_path();
    // The router wants the base path without the slash at its end.
    let base = base.trim_end_matches('/').to_owned();
    view! {
        <Router base>
            <Header session=session.clone() person standing />
            <Notice session=session.clone() person standing />
            <main class="page">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("") view=ToAccount />
                    // Where somebody opens the page by the name of its file.
                    <Route path=path!("index.html") view=ToAccount />
                    <Route path=path!("account") view=move || view! { <Account session=session.clone() person /> } />
                    <Route path=path!("activity") view=Activity />
                    <Route path=path!("activity/:number") view=Details />
                </FlatRoutes>
            </main>
        </Router>
    }
}

/// Leads on to the account page, with no way back to where it leads from.
#[component]
fn ToAccount() -> impl IntoView {
    view! { <Redirect path="/account" options=NavigateOptions { replace: true, ..NavigateOptions::default() } /> }
}
