//! The mark: a horizon through a circle.

use leptos::prelude::*;

/// The mark, as decoration beside the name.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <circle cx=16 cy=16 r=12 />
            <path d={"M1 16h30"} />
        </svg>
    }
}
