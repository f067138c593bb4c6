//! The page when the settings are there.

use leptos::prelude::*;
use looker::{BaseUrl, Config, Instance, LookerUrl, UrlError, registration::Registration};

use super::{
    add::{Add, Addresses},
    admin::Admin,
    arrival::Arrival,
    instances::Instances,
    list::{self, Checks},
    paste::ToPaste,
    progress::{self, States},
    work::Work,
};
use crate::{
    instances::{self, Change},
    page,
    session::Session,
};

/// What all parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What the deployment sets.
    pub config: StoredValue<Config>,
    /// The session of this tab, if it has one.
    pub session: StoredValue<Option<Session>>,
    /// Whether Looker refused the app at a sign-in that led here.
    pub was_refused: RwSignal<bool>,
    /// The instances that the person added.
    pub added: RwSignal<Vec<Instance>>,
    /// The address of Looker's pages, as it stands in its field.
    pub looker: RwSignal<String>,
    /// The address of Looker's API, as it stands in its field.
    pub base: RwSignal<String>,
    /// How the checks stand.
    pub states: RwSignal<States>,
    /// What the page is doing.
    pub work: Work,
    /// What became of what the person did.
    pub said: RwSignal<String>,
}

impl Desk {
    /// Also whether a sign-in that failed led here; the checks run then.
    fn new(config: Config, session: Option<Session>) -> (Self, bool) {
        let added = if config.allow_other_instances { instances::read() } else { Vec::new() };
        let desk = Self {
            config: StoredValue::new(config),
            session: StoredValue::new(session),
            was_refused: RwSignal::new(false),
            added: RwSignal::new(added),
            looker: RwSignal::default(),
            base: RwSignal::default(),
            states: RwSignal::new(progress::none()),
            work: Work::new(),
            said: RwSignal::default(),
        };
        let all = desk.all();
        let hash = page::window().location().hash().unwrap_or_default();
        let arrival = Arrival::parse(&hash, &all);
        if let Some(Arrival { instance, was_refused }) = arrival {
            desk.take(&instance.looker_url, &instance.base_url);
            desk.was_refused.set(was_refused);
            list::run(desk);
        } else if let Some(first) = all.first() {
            desk.take(&first.looker_url, &first.base_url);
        }
        (desk, arrival.is_some())
    }

    /// Every instance: those of the deployment, then those that were added.
    pub fn all(self) -> Vec<Instance> {
        let mut all = self.config.with_value(|config| config.instances.clone());
        all.extend(self.added.get_untracked());
        all
    }

    /// Puts these addresses into the fields.
    pub fn take(self, looker_url: &LookerUrl, base_url: &BaseUrl) {
        self.looker.set(looker_url.as_str().to_owned());
        self.base.set(base_url.as_str().to_owned());
        self.forget_findings();
    }

    /// What was found was found elsewhere, and what is looked for is, too.
    pub fn forget_findings(self) {
        self.work.stop();
        self.said.set(String::new());
        self.was_refused.set(false);
        self.states.set(progress::none());
    }

    /// What this page wants to be at Looker; nothing where its own address can't be registered.
    pub fn registration(self) -> Option<Registration> {
        let redirect_uri = page::redirect_uri().ok()?;
        Some(self.config.with_value(|config| Registration {
            client_id: config.client_id.clone(),
            redirect_uri,
            display_name: config.app_name.clone(),
        }))
    }

    /// The address of Looker's pages, where it is one.
    pub fn looker_url(self) -> Result<LookerUrl, UrlError> {
        LookerUrl::parse(self.looker.read().trim())
    }

    /// The address of Looker's API, where it is one.
    pub fn base_url(self) -> Result<BaseUrl, UrlError> {
        BaseUrl::parse(self.base.read().trim())
    }

    /// Keeps a change of the instances that were added, and says `done`; false where that can't be.
    pub fn keep(self, change: Change, done: String) -> bool {
        let kept = change.keep();
        let is_kept = kept.is_ok();
        if let Ok(kept) = kept {
            self.added.set(kept);
        }
        self.said.set(if is_kept { done } else { "This browser does not let the page keep it.".into() });
        is_kept
    }
}

/// The page when the settings are there.
#[component]
pub fn AtDesk(config: Config, session: Option<Session>) -> impl IntoView {
    let may_add = config.allow_other_instances;
    let (desk, was_led_here) = Desk::new(config, session.clone());
    // They stand below what most people come for.
    Effect::new(move |_| {
        if was_led_here {
            page::focus("checks");
        }
    });
    let admin = session.zip(desk.registration());
    view! {
        <h2 id={"instances"} tabindex={"-1"}>{"Instances"}</h2>
        <Instances desk />
        {may_add.then(|| view! { <Add desk /> })}
        <p role="status">{desk.said}</p>
        <h2>{"Addresses"}</h2>
        <Addresses desk may_add />
        <h2 id={"checks"} tabindex={"-1"}>{"Checks"}</h2>
        <Checks desk />
        {admin.map(|(session, registration)| view! { <Admin desk session registration /> })}
        <h2>{"What to paste"}</h2>
        <ToPaste desk />
    }
}
