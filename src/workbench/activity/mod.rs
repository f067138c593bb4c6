//! The activity page: what this tab exchanged with Looker.

mod details;
mod diagram;
mod list;
mod sequence;
mod words;

use leptos::prelude::*;

use crate::{
    components::Heading,
    net::{Exchange, log},
    page, title,
};

pub use details::Details;
use diagram::Diagram;
use list::List;

/// How many exchanges `boot.js` keeps.
const KEPT: usize = 200;

/// The activity page.
#[component]
pub fn Activity() -> impl IntoView {
    title::set("Activity");
    let log = follow();
    let sign_in = Memo::new(move |_| log.with(|log| sequence::latest(log)));
    view! {
        <Heading>"Activity"</Heading>
        <p>
            {format!("What this tab asked of Looker: the latest {KEPT} exchanges, without tokens, contents and values. The list stays in this tab and goes when you sign out.")}
        </p>
        <h2>{"Your sign-in"}</h2>
        {move || match sign_in.get() {
            Some(sign_in) => view! { <Diagram sign_in /> }.into_any(),
            None => view! {
                <p>{format!("It is not in this tab's log: you signed in in another tab, or more than {KEPT} exchanges ago. The next sign-in is drawn here.")}</p>
            }
            .into_any(),
        }}
        <h2>{"Exchanges"}</h2>
        <List log />
    }
}

/// The log, the latest last, for as long as the view that asks lives.
fn follow() -> ReadSignal<Vec<Exchange>> {
    let (exchanges, set_exchanges) = signal(log::read());
    let listener = window_event_listener_untyped(log::CHANGED, move |_| set_exchanges.set(log::read()));
    on_cleanup(move || listener.remove());
    exchanges
}

/// The place of an exchange in this app.
fn address_of(number: u64) -> String {
    page::address(&format!("activity/{number}"))
}
