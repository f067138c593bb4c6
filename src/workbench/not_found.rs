//! What is shown where there is no page.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{components::Heading, page, title};

/// Says that there is no such page, and leads back.
#[component]
pub fn NotFound() -> impl IntoView {
    title::set("No such page");
    view! {
        <Heading>"There is no such page"</Heading>
        <p>{"The address leads nowhere here. It may be misspelt, or the page may have moved."}</p>
        <p class="actions"><A href=page::address("account") attr:class="button primary">{"Go to your account"}</A></p>
    }
}
