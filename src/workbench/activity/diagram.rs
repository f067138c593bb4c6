//! A sign-in, drawn as a sequence diagram.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    address_of,
    sequence::{Party, SignIn, Step},
    words,
};
use crate::page;

/// Draws a sign-in: a lane for each party, an arrow for each thing said.
#[component]
pub fn Diagram(sign_in: SignIn) -> impl IntoView {
    let SignIn { looker, api, steps, at_looker, in_all } = sign_in;
    let origin = page::origin();
    let (here, _) = words::host_and_path(&origin);
    let parties = [(Party::Page, here.to_owned()), (Party::Looker, looker), (Party::Api, api)];
    view! {
        <div class="sequence">
            <ul class="parties">
                {parties.map(|(party, host)| view! { <li><strong>{name(party)}</strong><span>{host}</span></li> }).into_iter().collect_view()}
            </ul>
            <ol class="steps">{steps.into_iter().map(arrow).collect_view()}</ol>
            <p>
                {format!("{} from the button to the last answer, {} of it at Looker's own pages.", words::span(in_all), words::span(at_looker))}
            </p>
        </div>
    }
}

fn arrow(step: Step) -> impl IntoView {
    let Step { from, to, at, said, number } = step;
    let is_answer = to == Party::Page;
    let far = if is_answer { from } else { to };
    let way = format!("{} to {}: ", name(from), name(to));
    view! {
        <li class:answer=is_answer class:far=far == Party::Api>
            <span class="at">{words::span(at)}</span>
            <span class="said"><span class="unseen">{way}</span><A href=address_of(number)>{said}</A></span>
            <span class={"arrow"} aria-hidden="true"></span>
        </li>
    }
}

const fn name(party: Party) -> &'static str {
    match party {
        Party::Page => "This page",
        Party::Looker => "Looker's sign-in",
        Party::Api => "Looker's API",
    }
}
