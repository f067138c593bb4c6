//! A page that signs in by itself, makes many calls at once, and tells what became of them.

use std::collections::BTreeMap;

use leptos::{mount::mount_to_body, prelude::*, task::spawn_local};
use sightline::{
    config,
    door::{Attempt, Trouble, arrive},
    page,
    session::{Session, keep},
};

/// How many calls a press of the button makes.
const CALLS: usize = 50;

fn main() {
    mount_to_body(App);
}

/// The session, together with copies of this tab; where there is none yet, the browser leaves for
/// Looker.
async fn session() -> Result<Option<Session>, Box<Trouble>> {
    if let Some(session) = arrive().await?.filter(Session::share) {
        return Ok(Some(session));
    }
    let config = config::load().await.map_err(Trouble::Config)?;
    if let Some(instance) = config.instances.into_iter().next() {
        Attempt { instance, client_id: config.client_id, return_to: page::here() }.begin()?;
    }
    Ok(None)
}

#[component]
fn App() -> impl IntoView {
    let session =
        LocalResource::new(|| async { session().await.map_err(|trouble| trouble.explain(&page::origin()).headline) });
    move || match session.get() {
        None | Some(Ok(None)) => "One moment…".into_any(),
        Some(Err(headline)) => headline.into_any(),
        Some(Ok(Some(session))) => {
            keep(&session);
            view! { <Calls session /> }.into_any()
        }
    }
}

/// The button, and how often each thing became of a call.
#[component]
fn Calls(session: Session) -> impl IntoView {
    let outcomes = RwSignal::new(BTreeMap::<String, usize>::new());
    let make = move |_| {
        for _ in 0..CALLS {
            let session = session.clone();
            spawn_local(async move {
                let outcome = match session.get("/user").await {
                    Ok(user) => user.text("display_name").unwrap_or("no name").to_owned(),
                    Err(error) => error.to_string(),
                };
                outcomes.update(|outcomes| *outcomes.entry(outcome).or_default() += 1);
            });
        }
    };
    let told = move || {
        let tell = |(outcome, times)| view! { <li>{times} " × " {outcome}</li> };
        outcomes.get().into_iter().map(tell).collect_view()
    };
    view! { <main><h1>{"Calls"}</h1><button on:click=make>"Make 50 calls"</button><ul>{told}</ul></main> }
}
