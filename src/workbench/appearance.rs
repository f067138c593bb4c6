//! Light or dark, as the person likes it or as the device does.

use leptos::prelude::*;

use crate::{page, session::Storage};

/// Where it is remembered; `boot.js` dresses each page by it as soon as it runs, and `style/tokens.css` knows the
/// names.
const THEME: &str = "theme";

/// How pages look, by the name that is remembered and what it is called.
const THEMES: [(&str, &str); 3] = [("", "As this device"), ("light", "Light"), ("dark", "Dark")];

/// Lets the person choose.
#[component]
pub fn Appearance() -> impl IntoView {
    let now = page::theme().unwrap_or_default();
    let options = THEMES.map(|(theme, label)| view! { <option value=theme selected=theme == now>{label}</option> });
    let choose = move |event| {
        let theme = event_target_value(&event);
        page::set_theme(&theme);
        // Where it can't be kept, it lasts as long as the page.
        let Ok(storage) = Storage::lasting() else { return };
        match theme.as_str() {
            "" => storage.remove(THEME),
            theme => drop(storage.set(THEME, theme)),
        }
    };
    view! {
        <h2 id="appearance">{"Appearance"}</h2>
        // Without a name: it is no part of what the person typed.
        <select class="choice" aria-labelledby="appearance" on:change=choose>
            {options.into_iter().collect_view()}
        </select>
    }
}
