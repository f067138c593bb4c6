//! The instances, those of the deployment and those that were added.

use leptos::prelude::*;
use looker::Instance;

use super::desk::Desk;
use crate::{components::Explained, door::Attempt, explain::Explanation, instances::Change, page, session::ReturnTo};

/// Every instance, with what can be done with it.
#[component]
pub fn Instances(desk: Desk) -> impl IntoView {
    let failed = RwSignal::new(None);
    let rows = move || {
        desk.added.track();
        let configured = desk.config.with_value(|config| config.instances.len());
        let all = desk.all().into_iter().enumerate();
        all.map(|(index, instance)| row(desk, instance, index >= configured, failed)).collect_view()
    };
    view! {
        <ul class="instances">{rows}</ul>
        {move || failed.get().map(|explanation| view! { <Explained explanation>""</Explained> })}
    }
}

/// One instance. Somebody who is signed in signs out before they sign in elsewhere.
fn row(desk: Desk, instance: Instance, is_added: bool, failed: RwSignal<Option<Explanation>>) -> impl IntoView {
    let Instance { name, looker_url, base_url } = instance.clone();
    let host = looker_url.as_str().to_owned();
    let choose = {
        let name = name.clone();
        move || {
            desk.take(&looker_url, &base_url);
            desk.said.set(format!("{name} stands in the fields below."));
        }
    };
    let sign_in = {
        let instance = instance.clone();
        move || {
            let attempt = Attempt {
                instance: instance.clone(),
                client_id: desk.config.with_value(|config| config.client_id.clone()),
                return_to: ReturnTo::parse(&page::base_path()),
            };
            failed.set(attempt.begin().err().map(|trouble| trouble.explain(&page::origin())));
        }
    };
    let remove = move || {
        let done = format!("{} is removed.", instance.name);
        if desk.keep(Change::Remove(instance.clone()), done) {
            // The button that was pressed is gone, or that of the next one by now.
            page::focus("instances");
        }
    };
    let button = |does: &str, act: Box<dyn Fn() + Send>| {
        let label = [does, &name].concat();
        view! { <button type="button" on:click=move |_| act()>{label}</button> }
    };
    let mut buttons = vec![button("Choose ", Box::new(choose))];
    if desk.session.with_value(Option::is_none) {
        buttons.push(button("Sign in to ", Box::new(sign_in)));
    }
    if is_added {
        buttons.push(button("Remove ", Box::new(remove)));
    }
    view! {
        <li>
            <span><strong>{name}</strong><span class="host">{host}</span></span>
            <span class="actions">{buttons}</span>
        </li>
    }
}
