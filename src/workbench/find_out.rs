//! The way from a trouble to the page that finds out what is behind it.

use leptos::prelude::*;
use looker::Instance;

use crate::page;

/// Leads to the set-up page, which checks this Looker at once.
pub fn find_out(instance: &Instance) -> impl IntoView + use<> {
    // Another module's page: the router must not take it for one of its own.
    view! { <a class="button" href=page::address(&page::checks_of("check", instance)) rel="external">{"Find out why"}</a> }
}
