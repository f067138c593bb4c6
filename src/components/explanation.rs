//! A failure, shown so that a person can use it.

use leptos::prelude::*;

use crate::explain::Explanation;

/// Shows an explanation as an alert, with the action that mends it as its children. The headline
/// gets the focus, so that a keyboard or a screen reader is where the news is.
#[component]
pub fn Explained(explanation: Explanation, children: Children) -> impl IntoView {
    let Explanation { headline, meaning, evidence } = explanation;
    let heading = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
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
                    <summary>"Technical details"</summary>
                    <pre>{evidence}</pre>
                </details>
            })}
        </div>
    }
}
