//! The exchanges as a list, the latest first.

use leptos::prelude::*;
use leptos_router::components::A;
use looker::Timestamp;

use super::{address_of, words};
use crate::{
    net::{Exchange, Outcome},
    workbench::clock::{exact, ticking},
};

/// The exchanges, and a field to filter them.
#[component]
pub fn List(log: ReadSignal<Vec<Exchange>>) -> impl IntoView {
    let filter = RwSignal::new(String::new());
    let now = ticking();
    let shown = Memo::new(move |_| {
        let (log, filter) = (log.read(), filter.read());
        log.iter().rev().filter(|exchange| words::matches(exchange, &filter)).cloned().collect::<Vec<_>>()
    });
    let count = move || {
        let (shown, all) = (shown.read().len(), log.read().len());
        match (shown, all) {
            (_, 0) => "Nothing yet. What this tab asks of Looker appears here by itself.".to_owned(),
            (0, _) => "No exchange matches. Filter by a method, a part of the address, or a status.".to_owned(),
            (1, 1) => "1 exchange".to_owned(),
            (shown, all) if shown == all => format!("{all} exchanges"),
            (shown, all) => format!("{shown} of {all} exchanges"),
        }
    };
    view! {
        <div class="filter">
            <label for="filter">{"Filter"}</label>
            <input
                id="filter"
                type="search"
                name="filter"
                autocomplete="off"
                spellcheck="false"
                placeholder="POST, user, 401 …"
                on:input:target=move |event| filter.set(event.target().value())
            />
            <span role="status">{count}</span>
        </div>
        // The roles are said again because a table that is laid out as a grid loses its own.
        <table class="exchanges" role="table" hidden=move || shown.read().is_empty()>
            <thead role="rowgroup">
                <tr role="row">
                    {["When", "Request", "Answer", "Took", "Size"]
                        .map(|heading| view! { <th role="columnheader" scope="col">{heading}</th> })
                        .into_iter()
                        .collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || shown.get() key=|exchange| exchange.number children=move |exchange| row(exchange, now) />
            </tbody>
        </table>
    }
}

fn row(exchange: Exchange, now: ReadSignal<Timestamp>) -> impl IntoView {
    let Exchange { number, method, url, outcome, started_at, milliseconds, again } = exchange;
    let (host, path) = words::host_and_path(&url);
    let (host, path) = (host.to_owned(), path.to_owned());
    let size = match outcome {
        Outcome::Answered { bytes, .. } => words::size(bytes),
        Outcome::CameBack | Outcome::NoAnswer => String::new(),
    };
    let ago = move || words::ago(now.get().as_millis().saturating_sub(started_at.as_millis()));
    view! {
        <tr role="row">
            <td role="cell" class="when" title=exact(started_at)>
                {ago}<span class="unseen">", "{exact(started_at)}</span>
            </td>
            <td role="cell" class="request">
                <A href=address_of(number)>{words::method(method)}" "{path}</A>
                <span class="host">{host}</span>
            </td>
            <td role="cell" class="outcome">
                <span class=words::tone(outcome).class()>{words::outcome(outcome)}</span>
                {again.then(|| view! { " "<span class="again">{"again"}</span> })}
            </td>
            <td role="cell">{words::span(milliseconds)}</td>
            <td role="cell">{size}</td>
        </tr>
    }
}
