//! What a Looker admin pastes, with this page's real values.

use leptos::prelude::*;
use looker::{
    BaseUrl, LookerUrl,
    registration::{Registration, allowlist_page, explorer_page},
};

use super::desk::Desk;
use crate::{components::Paste, page};

/// What a Looker admin pastes, and where.
#[component]
pub fn ToPaste(desk: Desk) -> impl IntoView {
    let Some(registration) = desk.registration() else {
        return view! { <p>{"This page's own address can't be registered at Looker: it has to be https, or on this machine."}</p> }
            .into_any();
    };
    let guid = registration.client_id.as_str().to_owned();
    let json = registration.json();
    let link = move |of: fn(&LookerUrl) -> String| desk.looker_url().ok().map(|url| of(&url));
    let command = move |of: fn(&Registration, &BaseUrl) -> String| {
        let registration = registration.clone();
        Signal::derive(move || match desk.base_url() {
            Ok(base_url) => of(&registration, &base_url),
            Err(error) => format!("# The address of the API can't be used: {error}."),
        })
    };
    let curl = command(Registration::curl);
    let admin = command(|registration, base_url| registration.looker_admin(base_url, &page::origin()));
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
        <p>{"Or in a terminal, with an admin's API3 credentials in LOOKERSDK_CLIENT_ID and LOOKERSDK_CLIENT_SECRET; Looker has them under Admin, Users, Edit, API Keys. It logs in, registers, and logs out:"}</p>
        <Paste label="Copy curl commands" text=curl />
        <h3>{"Or all of it by looker-admin"}</h3>
        <p>
            {"In a terminal, with the same credentials there or in looker.ini. It is a program of this project's; in a copy of its source, "}
            <code>{"cargo install --path crates/admin"}</code>{" puts it on the path."}
        </p>
        <Paste label="Copy looker-admin commands" text=admin />
    }
    .into_any()
}
