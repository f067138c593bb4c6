//! The sign-in page, and the beginning of a sign-in.

use leptos::{ev, prelude::*, task::spawn_local};
use looker::{ClientId, Config, Instance, oauth::AuthorizationRequest};

use super::{Trouble, Troubled, Workbench};
use crate::{
    components::Mark,
    config, page,
    session::{Farewell, Pending, ReturnTo, Storage},
};

/// A sign-in that can be begun: where, as which app, and where to go afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The instance to sign in to.
    pub instance: Instance,
    /// The app's name there.
    pub client_id: ClientId,
    /// Where the person goes afterwards.
    pub return_to: ReturnTo,
}

impl Attempt {
    /// Makes a fresh state and verifier, remembers them in this tab, and sends the browser to
    /// Looker's `/auth`.
    pub fn begin(self) -> Result<(), Trouble> {
        let storage = Storage::open().map_err(Trouble::Storage)?;
        let redirect_uri = page::redirect_uri().map_err(Trouble::Address)?;
        let request = AuthorizationRequest::new(self.instance, self.client_id, redirect_uri)?;
        let url = request.url();
        let pending = Pending { request, return_to: self.return_to, started_at: page::now() };
        pending.store(&storage).map_err(Trouble::Storage)?;
        page::go(&url);
        Ok(())
    }
}

/// The sign-in page: the instances as buttons.
#[component]
pub fn SignIn(workbench: Workbench) -> impl IntoView {
    let storage = Storage::open();
    let trouble = RwSignal::new(storage.as_ref().err().map(|error| Trouble::Storage(*error)));
    let farewell = storage.ok().and_then(|storage| Farewell::take(&storage));
    let config = RwSignal::new(None::<Config>);
    let workbench = StoredValue::new_local(workbench);
    spawn_local(async move {
        match config::load().await {
            Ok(loaded) => {
                page::set_title(&loaded.app_name);
                config.set(Some(loaded));
                page::when_idle(move || workbench.with_value(Workbench::preload));
            }
            Err(error) => trouble.set(Some(Trouble::Config(error))),
        }
    });
    move || match (trouble.get(), config.get()) {
        (Some(trouble), _) => view! { <Troubled trouble workbench=workbench.get_value() /> }.into_any(),
        (None, None) => view! {
            <Mark />
            <h1>"Sightline"</h1>
            <p role="status">"Reading the settings…"</p>
        }
        .into_any(),
        (None, Some(config)) => view! { <Instances config farewell trouble /> }.into_any(),
    }
}

/// The instances of a configuration as buttons.
#[component]
fn Instances(
    config: Config,
    farewell: Option<Farewell>,
    /// Where to say what went wrong.
    trouble: RwSignal<Option<Trouble>>,
) -> impl IntoView {
    let Config { app_name, client_id, instances, .. } = config;
    // The button that was pressed; the browser is on its way then.
    let leaving_for = RwSignal::new(None::<usize>);
    // Back from Looker may show this very page again, as it was left.
    let shown_again = window_event_listener(ev::pageshow, move |_| leaving_for.set(None));
    on_cleanup(move || shown_again.remove());

    let empty = instances.is_empty();
    let buttons = instances
        .into_iter()
        .enumerate()
        .map(|(index, instance)| {
            let name = instance.name.clone();
            let label = move || match leaving_for.get() {
                Some(left) if left == index => format!("Going to {name}…"),
                _ => format!("Sign in to {name}"),
            };
            let client_id = client_id.clone();
            let begin = move |_| {
                if leaving_for.get_untracked().is_some() {
                    return;
                }
                leaving_for.set(Some(index));
                let attempt =
                    Attempt { instance: instance.clone(), client_id: client_id.clone(), return_to: page::here() };
                if let Err(error) = attempt.begin() {
                    trouble.set(Some(error));
                }
            };
            view! {
                <li>
                    <button class="primary" aria-disabled=move || leaving_for.get().is_some().then_some("true") on:click=begin>
                        {label}
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <Mark />
        <h1>{app_name}</h1>
        {farewell.map(|farewell| view! { <p class="notice" role="status">{farewell_text(farewell)}</p> })}
        {if empty {
            view! { <p>"No Looker is set up here yet. Whoever runs this page names one in config.json, under “instances”."</p> }.into_any()
        } else {
            view! {
                <p>"Sign in with your Looker account. Your password stays with Looker."</p>
                <ul class="instances">{buttons}</ul>
            }
            .into_any()
        }}
    }
}

const fn farewell_text(farewell: Farewell) -> &'static str {
    match farewell {
        Farewell::SignedOut => "You are signed out.",
        Farewell::SignedOutHereOnly => {
            "You are signed out on this page. Looker could not be told, so its tokens end by themselves."
        }
        Farewell::Ended => "Your session ended at Looker. Sign in again to go on where you were.",
    }
}
