//! Light or dark, as the person likes it or as the device does.

use leptos::prelude::*;

use crate::{page, session::Storage};

/// Where it is remembered; `boot.js` dresses each page by it before anything is painted, and `style/tokens.css` knows
/// the names.
const THEME: &str = "theme";

/// How pages look, by the name that is remembered and what it is called.
const THEMES: [(&str, &str); 3] = [("", "As this device"), ("light", "Light"), ("dark", "Dark")];

/// Lets the person choose.
#[component]
pub fn Appearance() -> impl IntoView {
    let kept = Storage::lasting().ok().and_then(|storage| storage.get(THEME)).unwrap_or_default();
    // Whoever edited it may have written anything.
    let chosen = THEMES.iter().map(|(theme, _)| *theme).find(|theme| *theme == kept).unwrap_or_default();
    let themes = THEMES.map(|(theme, label)| {
        let choose = move |_| {
            page::set_theme(theme);
            // Where it can't be kept, it lasts as long as the page.
            let _ = Storage::lasting().and_then(|storage| storage.set(THEME, theme));
        };
        view! {
            <label>
                <input type="radio" name="theme" prop:checked=theme == chosen on:change=choose />
                {label}
            </label>
        }
    });
    view! {
        <fieldset class="choice">
            <legend><h2>{"Appearance"}</h2></legend>
            {themes.into_iter().collect_view()}
        </fieldset>
    }
}
