//! What a Looker admin pastes, with this page's real values.

use leptos::prelude::*;
use looker::{
    LookerUrl,
    registration::{Registration, allowlist_page, explorer_page},
};

use super::desk::Desk;
use crate::{components::Paste, page};

/// What a Looker admin pastes, and where.
#[component]
pub fn ToPaste(desk: Desk) -> impl IntoView {
    let Ok(redirect_uri) = page::redirect_uri() else {
        return view! { <p>{"This page's own address can't be registered at Looker: it has to be https, or on this machine."}</p> }
            .into_any();
    };
    let registration = desk.config.with_value(|config| Registration {
        client_id: config.client_id.clone(),
        redirect_uri,
        display_name: config.app_name.clone(),
    });
    let guid = registration.client_id.as_str().to_owned();
    let json = registration.json();
    let link = move |of: fn(&LookerUrl) -> String| desk.looker_url().ok().map(|url| of(&url));
    let command = Signal::derive(move || match desk.base_url() {
        Ok(base_url) => registration.curl(&base_url),
        Err(error) => format!("# The address of the API can't be used: {error}."),
    });
    view! {
        <h3>{"Allow this page's origin"}</h3>
        <p>
            {"A Looker admin adds exactly this under "}
            <a href=move || link(allowlist_page) target="_blank" rel="noreferrer">{"Admin, Platform, Embed, Embedded Domain Allowlist"}</a>{"."}
        </p>
        <Paste label="Copy origin" text=page::origin() />
        <h3>{"Register the app"}</h3>
        <p>
            {"A Looker admin runs "}
            <a href=move || link(explorer_page) target="_blank" rel="noreferrer">{"Register OAuth App in the API Explorer"}</a>
            {format!(" with the client_guid {guid} and this body.")}
        </p>
        <Paste label="Copy body" text=json />
        <p>{"Or in a terminal, with an admin's API token in LOOKER_TOKEN:"}</p>
        <Paste label="Copy curl command" text=command />
    }
    .into_any()
}
