//! The page when the settings are there.

use leptos::prelude::*;
use looker::{BaseUrl, Config, Instance, LookerUrl, UrlError};

use super::{
    add::{Add, Addresses},
    checks::{Check, State},
    instances::Instances,
    list::Checks,
    paste::ToPaste,
    work::Work,
};
use crate::instances;

/// What all parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What the deployment sets.
    pub config: StoredValue<Config>,
    /// Whether somebody is signed in in this tab.
    pub has_session: bool,
    /// The instances that the person added.
    pub added: RwSignal<Vec<Instance>>,
    /// The address of Looker's pages, as it stands in its field.
    pub looker: RwSignal<String>,
    /// The address of Looker's API, as it stands in its field.
    pub base: RwSignal<String>,
    /// How the checks stand.
    pub states: RwSignal<[State; Check::ALL.len()]>,
    /// What the page is doing.
    pub work: Work,
    /// What became of what the person did.
    pub said: RwSignal<String>,
}

impl Desk {
    fn new(config: Config, has_session: bool) -> Self {
        let added = if config.allow_other_instances { instances::read() } else { Vec::new() };
        let desk = Self {
            config: StoredValue::new(config),
            has_session,
            added: RwSignal::new(added),
            looker: RwSignal::default(),
            base: RwSignal::default(),
            states: RwSignal::new(Check::ALL.map(|_| State::Waiting)),
            work: Work::new(),
            said: RwSignal::default(),
        };
        if let Some(first) = desk.all().first() {
            desk.take(&first.looker_url, &first.base_url);
        }
        desk
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
        self.states.set(Check::ALL.map(|_| State::Waiting));
    }

    /// The address of Looker's pages, where it is one.
    pub fn looker_url(self) -> Result<LookerUrl, UrlError> {
        LookerUrl::parse(&self.looker.read())
    }

    /// The address of Looker's API, where it is one.
    pub fn base_url(self) -> Result<BaseUrl, UrlError> {
        BaseUrl::parse(&self.base.read())
    }

    /// Keeps these as the instances that were added, and says `done`.
    pub fn keep(self, list: Vec<Instance>, done: String) {
        match instances::write(&list) {
            Ok(()) => {
                self.added.set(list);
                self.said.set(done);
            }
            Err(instances::NotKept) => self.said.set("This browser does not let the page keep it.".into()),
        }
    }
}

/// The page when the settings are there.
#[component]
pub fn AtDesk(config: Config, has_session: bool) -> impl IntoView {
    let may_add = config.allow_other_instances;
    let desk = Desk::new(config, has_session);
    view! {
        <h2>{"Instances"}</h2>
        <Instances desk />
        {may_add.then(|| view! { <Add desk /> })}
        <p role="status">{desk.said}</p>
        <h2>{"Addresses"}</h2>
        <Addresses desk may_add />
        <h2>{"Checks"}</h2>
        <Checks desk />
        <h2>{"What to paste"}</h2>
        <ToPaste desk />
    }
}
