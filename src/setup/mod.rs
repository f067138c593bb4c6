//! The set-up page: adds instances, checks them, and hands out what a Looker admin has to paste. It
//! works before any sign-in, and is a module of its own: whoever comes here has not signed in yet or
//! can't, and whoever is at work does not pay for it.

mod add;
mod admin;
mod arrival;
mod checks;
mod desk;
mod difference;
mod hindrance;
mod instances;
mod list;
mod paste;
mod permission;
mod plan;
mod policy;
mod probe;
mod progress;
mod work;

use leptos::{mount::mount_to_body, prelude::*, task::spawn_local};

use desk::AtDesk;

use crate::{
    components::{Explained, Heading, Mark},
    config,
    door::Trouble,
    page,
    session::{Session, Storage, keep},
    title,
};

const TITLE: &str = "Set-up";

/// Opens the set-up page in the door's place; but not where the person was told already that it could not be
/// loaded, and may be about to load it again.
pub fn open() {
    if page::is_given_up() {
        return;
    }
    page::remove_door();
    title::set(TITLE);
    let session = Storage::open().ok().and_then(|storage| Session::resume(&storage)).filter(Session::share);
    mount_to_body(move || view! { <Page session /> });
}

/// The page, whatever comes of the settings. `session` is this tab's, if it has one.
#[component]
fn Page(session: Option<Session>) -> impl IntoView {
    let config = RwSignal::new(None);
    spawn_local(async move {
        let loaded = config::load().await;
        if let Ok(loaded) = &loaded {
            title::remember(&loaded.app_name);
            title::set_in(TITLE, &loaded.app_name);
        }
        config.set(Some(loaded));
    });
    session.iter().for_each(keep);
    let back = if session.is_some() { "Your workbench" } else { "Sign in" };
    view! {
        <header class="top">
            <div class="where"><Mark /><strong>{TITLE}</strong></div>
            <nav aria-label="Pages"><a href=page::base_path()>{back}</a></nav>
        </header>
        <main class="page">
            <Heading>{TITLE}</Heading>
            <p>{"Finds out why a sign-in does not work, and what a Looker admin has to paste to mend it."}</p>
            {move || match config.get() {
                None => view! { <p role="status">{"Reading the settings…"}</p> }.into_any(),
                Some(Err(trouble)) => {
                    let explanation = Trouble::Config(trouble).explain(&page::origin());
                    view! { <Explained explanation><button on:click=|_| page::reload()>{"Try again"}</button></Explained> }.into_any()
                }
                Some(Ok(config)) => view! { <AtDesk config session=session.clone() /> }.into_any(),
            }}
        </main>
    }
}
