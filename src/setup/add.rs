//! Adding an instance: from any address of it to its two hosts, and from these to one that is kept.

use leptos::prelude::*;
use looker::{Instance, UrlError};

use super::{
    desk::Desk,
    probe::{self, Found},
    work::Doing,
};
use crate::{instances::Change, page};

/// Finds the hosts that a pasted address means.
#[component]
pub fn Add(desk: Desk) -> impl IntoView {
    let pasted = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let is_finding = move || desk.work.doing() == Doing::Finding;
    let find = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_finding() {
            desk.work.stop();
            desk.said.set("The search was stopped, and nothing was changed.".into());
            return;
        }
        error.set(String::new());
        let search = async move {
            match probe::find(&pasted.get_untracked()).await {
                Ok(found) => {
                    let said = told(&found);
                    let (Found::Said(hosts) | Found::Guessed(hosts) | Found::Nobody(hosts)) = found;
                    desk.looker.set(hosts.looker_url.as_str().to_owned());
                    desk.base.set(hosts.base_url.as_str().to_owned());
                    desk.said.set(said.into());
                }
                Err(wrong) => {
                    desk.said.set(String::new());
                    error.set(format!("Not an address of Looker's: {wrong}."));
                    page::focus("pasted");
                }
            }
        };
        desk.forget_findings();
        desk.said.set("Looking for Looker's hosts…".into());
        desk.work.begin(Doing::Finding, search);
    };
    view! {
        <form class="fields" novalidate on:submit=find>
            <label for="pasted">{"Any address of your Looker"}</label>
            <input id="pasted" inputmode="url" autocomplete="off" spellcheck="false" placeholder="https://my.looker.com/…"
                aria-describedby="pasted-error" aria-invalid=move || (!error.read().is_empty()).then_some("true")
                on:input:target=move |event| pasted.set(event.target().value()) />
            <p id="pasted-error" class="error" role="alert">{error}</p>
            <p class="actions"><button>{move || if is_finding() { "Stop the search" } else { "Find its hosts" }}</button></p>
        </form>
    }
}

const fn told(found: &Found) -> &'static str {
    match found {
        Found::Said(_) => "These hosts were found. Correct them below where they are wrong, then check them.",
        Found::Guessed(_) => {
            "Somebody answers at these hosts, but does not let this page read what: they are only the likeliest. Correct \
             them below where they are wrong, then check them."
        }
        Found::Nobody(_) => {
            "Nobody answers this page at that address, nor at the ports that Looker uses. Look whether it is right; the \
             likeliest hosts stand below, for correction."
        }
    }
}

/// The two addresses. Where people may add instances, they are there for correction, with the button that
/// keeps them; elsewhere the page's policy lets it ask no other than those of `config.json`.
#[component]
pub fn Addresses(desk: Desk, may_add: bool) -> impl IntoView {
    let add = move |_| {
        let (Ok(looker_url), Ok(base_url)) = (desk.looker_url(), desk.base_url()) else {
            desk.said.set("It was not added: the addresses can't be used yet.".into());
            return;
        };
        let name = looker_url.as_str().split_once("://").map_or("Looker", |(_, host)| host).to_owned();
        let done = format!("{name} is added in this browser.");
        desk.keep(Change::Add(Instance { name, looker_url, base_url }), done);
    };
    let looker =
        field(desk, may_add, "looker_url", "Looker's pages (looker_url)", desk.looker, move || desk.looker_url().err());
    let base = field(desk, may_add, "base_url", "Looker's API (base_url)", desk.base, move || desk.base_url().err());
    view! {
        <div class="fields">
            {looker}
            {base}
            {may_add.then(|| view! { <p class="actions"><button type="button" on:click=add>{"Add this instance"}</button></p> })}
        </div>
    }
}

/// One address, and what is wrong with it beside it.
fn field(
    desk: Desk,
    may_change: bool,
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    error: impl Fn() -> Option<UrlError> + Send + Sync + 'static,
) -> AnyView {
    let error_id = [id, "-error"].concat();
    // An empty field is not wrong yet.
    let shown = Memo::new(move |_| if value.read().trim().is_empty() { None } else { error() });
    let typed = move |text: String| {
        value.set(text);
        desk.forget_findings();
    };
    view! {
        <label for=id>{label}</label>
        // Without a name: what is checked is as good without a session, and no part of a draft.
        <input id=id inputmode="url" autocomplete="off" spellcheck="false" prop:value=value readonly=!may_change
            aria-describedby=error_id.clone() aria-invalid=move || shown.get().map(|_| "true")
            on:input:target=move |event| typed(event.target().value()) />
        <p id=error_id class="error" role="alert">{move || shown.get().map(|error| format!("It can't be used: {error}."))}</p>
    }
    .into_any()
}
