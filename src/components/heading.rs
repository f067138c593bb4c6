//! The heading of a page.

use leptos::prelude::*;

/// A page's heading. It takes the focus when the page is shown, so that a keyboard or a screen
/// reader is on the page that it went to.
#[component]
pub fn Heading(children: Children) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            // Fails only where the element is gone again.
            let _ = heading.focus();
        }
    });
    view! { <h1 node_ref=heading tabindex="-1">{children()}</h1> }
}
