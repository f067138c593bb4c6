//! A text to be pasted somewhere else, with a button that copies it.

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::prelude::*;

use crate::page;

#[wasm_bindgen]
extern "C" {
    /// Missing on pages that are neither https nor of this machine, and refused by some browsers.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    async fn write_text(text: &str) -> Result<JsValue, JsValue>;
}

/// Shows a text with a button that copies it; where the browser does not let a page do that, the text
/// is selected, so that a keyboard can.
#[component]
pub fn Paste(
    /// What the button says: “Copy origin”.
    label: &'static str,
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let shown = NodeRef::<html::Pre>::new();
    let said = RwSignal::new("");
    let copy = move |_| {
        said.set("");
        spawn_local(async move {
            let copied = write_text(&text.get_untracked()).await.is_ok();
            if !copied
                && let Some(shown) = shown.get_untracked()
                && let Ok(Some(selection)) = page::window().get_selection()
            {
                // Fails only where the element is gone again.
                let _ = selection.select_all_children(&shown);
            }
            said.set(if copied { "Copied" } else { "Selected: copy it with your keyboard" });
        });
    };
    view! {
        <div class="paste">
            <pre node_ref=shown tabindex="0" role="region" aria-label=label.trim_start_matches("Copy ")>{text}</pre>
            <p class="actions">
                <button type="button" on:click=copy>{label}</button>
                <span role="status">{said}</span>
            </p>
        </div>
    }
}
