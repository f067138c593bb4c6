//! The smallest app on Sightline's crate: sign in, one call, sign out.
//!
//! `trunk serve` in this folder, beside `cargo run -p local-looker`.

use leptos::{mount::mount_to_body, prelude::*, task::spawn_local};
use sightline::{
    config,
    door::{Attempt, Trouble, arrive},
    page,
    session::{Session, Storage, keep},
};

fn main() {
    mount_to_body(App);
}

fn say(trouble: &Trouble) -> String {
    trouble.explain(&page::origin()).headline
}

/// Signs in to the first instance of `config.json`: the browser leaves this page.
async fn sign_in() -> Result<(), String> {
    let config = config::load().await.map_err(|error| say(&Trouble::Config(error)))?;
    let Some(instance) = config.instances.into_iter().next() else {
        return Err("config.json names no Looker to sign in to. Name one there.".into());
    };
    Attempt { instance, client_id: config.client_id, return_to: page::here() }.begin().map_err(|error| say(&error))
}

#[component]
fn App() -> impl IntoView {
    let trouble = RwSignal::new(String::new());
    let arrival = LocalResource::new(move || async move {
        let session = arrive().await.unwrap_or_else(|error| {
            trouble.set(say(&error));
            // The session from before that, if there was one.
            Session::resume(&Storage::open().ok()?)
        });
        // Together with copies of this tab; where that can't be, one of them has it.
        session.filter(Session::share)
    });
    let sign_in = move |_| spawn_local(async move { sign_in().await.unwrap_or_else(|said| trouble.set(said)) });
    view! {
        <main>
            <h1>{"The smallest app"}</h1>
            <p role="alert">{trouble}</p>
            {move || match arrival.get() {
                None => view! { <p role="status">"One moment…"</p> }.into_any(),
                Some(None) => view! { <button on:click=sign_in>"Sign in"</button> }.into_any(),
                Some(Some(session)) => {
                    // It renews itself from here on.
                    keep(&session);
                    provide_context(session);
                    view! { <Hello /> }.into_any()
                }
            }}
        </main>
    }
}

#[component]
fn Hello() -> impl IntoView {
    let session = StoredValue::new(expect_context::<Session>());
    let user = LocalResource::new(move || async move { session.get_value().get("/user").await });
    let name = move || match user.get() {
        None => "…".to_owned(),
        Some(Ok(user)) => user.text("display_name").unwrap_or_default().to_owned(),
        Some(Err(error)) => error.to_string(),
    };
    let sign_out = move |_| {
        spawn_local(async move {
            session.get_value().sign_out().await;
            page::go_instead("/");
        });
    };
    view! { <p>"Hello " {name}</p><button on:click=sign_out>"Sign out"</button> }
}
