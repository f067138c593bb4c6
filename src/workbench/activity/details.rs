//! All that is known of one exchange.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use looker::Timestamp;

use super::{KEPT, follow, words};
use crate::{
    components::Heading,
    net::{Exchange, Method, Outcome},
    page, title,
    workbench::clock::exact,
};

/// The page of one exchange; its number stands in the address.
#[component]
pub fn Details() -> impl IntoView {
    title::set("Exchange · Activity");
    let log = follow();
    let params = use_params_map();
    let exchange = Memo::new(move |_| {
        let number = params.read().get("number")?.parse::<u64>().ok()?;
        log.read().iter().find(|exchange| exchange.number == number).cloned()
    });
    view! {
        {move || match exchange.get() {
            Some(exchange) => facts(exchange).into_any(),
            None => view! {
                <Heading>"This exchange is not in the log"</Heading>
                <p>{format!("The log has the latest {KEPT} exchanges of this tab since you signed in. This one is older, or of another tab.")}</p>
            }
            .into_any(),
        }}
        <p class="actions"><A href=page::address("activity") attr:class="button">{"All activity"}</A></p>
    }
}

fn facts(exchange: Exchange) -> impl IntoView {
    let meaning = words::meaning(&exchange);
    let Exchange { number, method, url, outcome, started_at, milliseconds, again } = exchange;
    let ended_at = Timestamp::from_millis(started_at.as_millis().saturating_add(milliseconds));
    let (_, path) = words::host_and_path(&url);
    let heading = [words::method(method), " ", path].concat();
    let how = match method {
        Method::Navigate => "The browser went there with the whole page",
        Method::Request(_) => "By a request of this page",
    };
    let size = match outcome {
        Outcome::Answered { bytes, .. } => words::size(bytes),
        Outcome::CameBack | Outcome::NoAnswer => "not known".into(),
    };
    let tries = if again { "Asked again: the first time brought nothing" } else { "Asked once" };
    view! {
        <Heading>{heading}</Heading>
        <p class="outcome"><span class=words::tone(outcome).class()>{words::outcome(outcome)}</span></p>
        <p>{meaning}</p>
        <dl class="facts">
            <div><dt>{"Number"}</dt><dd>{number}</dd></div>
            <div><dt>{"Address"}</dt><dd>{url}</dd></div>
            <div><dt>{"How"}</dt><dd>{how}</dd></div>
            <div><dt>{"Began"}</dt><dd>{exact(started_at)}</dd></div>
            <div><dt>{"Ended"}</dt><dd>{exact(ended_at)}</dd></div>
            <div><dt>{"Took"}</dt><dd>{words::span(milliseconds)}</dd></div>
            <div><dt>{"Answer's size"}</dt><dd>{size}</dd></div>
            <div><dt>{"Tries"}</dt><dd>{tries}</dd></div>
        </dl>
    }
}
