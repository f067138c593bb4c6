//! The page of a tab that has a session: the workbench opens at once.

use leptos::{prelude::*, task::spawn_local};

use super::{Trouble, Troubled, Workbench};
use crate::components::Mark;

/// Opens the workbench, and says so where that takes a moment.
#[component]
pub fn Resumed(workbench: Workbench) -> impl IntoView {
    let trouble = RwSignal::new(None::<Trouble>);
    spawn_local({
        let workbench = workbench.clone();
        async move {
            if let Err(evidence) = workbench.open(None).await {
                trouble.set(Some(Trouble::Workbench(evidence)));
            }
        }
    });
    let workbench = StoredValue::new_local(workbench);
    move || match trouble.get() {
        Some(trouble) => view! { <Troubled trouble workbench=workbench.get_value() /> }.into_any(),
        None => view! {
            <Mark />
            <p role="status">"Opening your workbench…"</p>
        }
        .into_any(),
    }
}
