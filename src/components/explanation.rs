//! A failure, shown so that a person can use it.

use leptos::prelude::*;

use super::Paste;
use crate::explain::Explanation;

/// Shows an explanation as an alert, with the action that mends it as its children.
#[component]
pub fn Explained(
    /// What to show.
    explanation: Explanation,
    /// Whether the headline gets the focus, so that a keyboard or a screen reader is where the news
    /// is. Not for what comes by itself: somebody may be typing.
    #[prop(default = true)]
    takes_focus: bool,
    /// What mends it.
    children: Children,
) -> impl IntoView {
    let Explanation { headline, meaning, evidence } = explanation;
    let heading = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && takes_focus
        {
            // Fails only where the element is gone again.
            let _ = heading.focus();
        }
    });
    view! {
        <div class="trouble" role="alert">
            <h2 node_ref=heading tabindex="-1">{headline}</h2>
            <p>{meaning}</p>
            <p class="actions">{children()}</p>
            {evidence.map(|evidence| view! {
                <details>
                    <summary>{"Technical details"}</summary>
                    <Paste label="Copy technical details" text=evidence />
                </details>
            })}
        </div>
    }
}
