//! What a Looker admin who is signed in can change at Looker, from here.

use std::fmt;

use leptos::{html, prelude::*, task::spawn_local};
use looker::{
    AllowlistEntry, AnswerError, ClientId,
    api::{self, ApiError, App},
    registration::Registration,
};

use super::{
    desk::Desk,
    plan::{Deed, Line, Plan},
};
use crate::{
    components::{Explained, SignInAgain},
    explain, page,
    session::{CallError, Draft, Ending, Phase, Session, Storage, StorageError},
};

const READING: &str = "Reading what Looker has…";

/// What Looker has.
#[derive(Clone)]
enum Held {
    /// It is being asked.
    Reading,
    /// It said; or of the allowlist only why not.
    Is { apps: Vec<App>, allowlist: Result<Vec<String>, String> },
    /// It did not say.
    Failed(CallError),
}

impl Held {
    /// Whether there is a field to type an origin into.
    const fn has_field(&self) -> bool {
        matches!(self, Self::Is { allowlist: Ok(_), .. })
    }

    async fn read(session: &Session) -> Self {
        let apps = match session.call(&api::apps()).await {
            Ok(apps) => apps,
            Err(error) => return Self::Failed(error),
        };
        Self::Is { apps, allowlist: session.call(&api::allowlist()).await.map_err(|error| error.to_string()) }
    }
}

/// Why something was not done, or was not seen to be.
enum DeedError {
    /// It was not done.
    Undone(CallError),
    /// Looker was asked, and no answer says what came of it.
    Unknown(CallError),
    /// It was not done: somebody else has changed it meanwhile.
    Changed,
}

impl DeedError {
    /// Of the request that was to change something.
    fn of_change(error: CallError) -> Self {
        match error {
            // Something answered: whether for Looker, before it or after it, is not said.
            CallError::Transport(_)
            | CallError::Api(ApiError::Answer(
                AnswerError::Page { .. }
                | AnswerError::NotJson { .. }
                | AnswerError::Field(_)
                | AnswerError::Server { .. },
            )) => Self::Unknown(error),
            CallError::Api(_) | CallError::Renew(_) => Self::Undone(error),
        }
    }
}

impl fmt::Display for DeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undone(error) => write!(f, "not done; {}.", told(error)),
            Self::Unknown(error) => {
                let error = told(error);
                write!(
                    f,
                    "perhaps done, perhaps not; {error}. What Looker has by now stands below, where it can be read."
                )
            }
            Self::Changed => f.write_str("not done; somebody else has changed it meanwhile. Look at it again."),
        }
    }
}

/// In the middle of a sentence. What Looker says may end one.
fn told(error: &CallError) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

async fn carry_out(session: &Session, deed: Deed) -> Result<(), DeedError> {
    let done = match deed {
        Deed::Register(client_id, app) => session.call(&api::register_app(&client_id, &app)).await.map(drop),
        Deed::Change { client_id, from, changes } => {
            let apps = session.call(&api::apps()).await.map_err(DeedError::Undone)?;
            if !apps.contains(&from) {
                return Err(DeedError::Changed);
            }
            session.call(&api::update_app(&client_id, &changes)).await.map(drop)
        }
        Deed::EndTokens(client_id) => session.call(&api::invalidate_tokens(&client_id)).await,
        Deed::Allowlist { from, to } => {
            // Looker takes the whole list, so what was added meanwhile would be lost.
            if session.call(&api::allowlist()).await.map_err(DeedError::Undone)? != from {
                return Err(DeedError::Changed);
            }
            session.call(&api::set_allowlist(&to)).await.map(drop)
        }
    };
    done.map_err(DeedError::of_change)
}

/// What an admin can change, and the confirmation of it.
#[derive(Clone, Copy)]
struct Bench {
    desk: Desk,
    session: StoredValue<Session>,
    registration: StoredValue<Registration>,
    held: RwSignal<Held>,
    plan: RwSignal<Option<Plan>>,
    is_busy: RwSignal<bool>,
    said: RwSignal<String>,
    /// [Whose](Session::owner) is what is typed here, once it is known.
    owner: RwSignal<Option<String>>,
}

impl Bench {
    fn read(self) {
        let session = self.session.get_value();
        spawn_local(async move { self.held.set(Held::read(&session).await) });
        self.ask_who();
    }

    /// Asks Looker who it is, if that is not known. Of somebody whom it does not name nothing is kept.
    fn ask_who(self) {
        let session = self.session.get_value();
        if self.owner.read_untracked().is_none() {
            spawn_local(async move {
                match session.call(&api::user()).await {
                    Ok(user) => self.owner.set(Some(session.owner(&user))),
                    Err(CallError::Api(ApiError::NotFoundOrForbidden { .. })) => {
                        if let Ok(storage) = Storage::open() {
                            Draft::forget(&storage);
                        }
                    }
                    Err(_) => {}
                }
            });
        }
    }

    /// Puts back what was typed before a session ended here, as soon as there is a field for it.
    fn restore_draft(self) {
        self.held.track();
        let Some(owner) = self.owner.get() else { return };
        spawn_local(async move {
            leptos::task::tick().await;
            if let Ok(storage) = Storage::open() {
                Draft::restore(&storage, &owner);
            }
        });
    }

    /// Keeps what was typed here, for when the person comes back.
    fn keep_draft(self) -> Result<(), StorageError> {
        self.session.with_value(|session| session.keep_draft(self.owner.read_untracked().as_deref()))
    }

    /// Reads once more what could not be read.
    fn read_again(self) {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.said.set(READING.into());
        self.ask_who();
        let session = self.session.get_value();
        spawn_local(async move {
            let held = Held::read(&session).await;
            let is_read = matches!(held, Held::Is { .. });
            self.held.set(held);
            self.is_busy.set(false);
            self.said.set(
                if is_read { "What Looker has stands below." } else { "It could not be read this time either." }.into(),
            );
            self.keep_focus().await;
        });
    }

    /// Puts the focus where it is of use: the button that was pressed may be gone.
    async fn keep_focus(self) {
        leptos::task::tick().await;
        page::focus("admin");
    }

    /// Does what was confirmed.
    fn confirm(self, Plan { title, deed, .. }: Plan) {
        self.plan.set(None);
        self.is_busy.set(true);
        // What was checked before is no longer so.
        self.desk.forget_findings();
        self.said.set(format!("{title}: under way…"));
        self.ask_who();
        let session = self.session.get_value();
        spawn_local(async move {
            let done = carry_out(&session, deed).await;
            let held = Held::read(&session).await;
            // Of a session that is over nothing is read any more; what stands there, and what was typed, stays.
            if !matches!(session.phase(), Phase::Over(_)) {
                self.held.set(held);
            }
            self.is_busy.set(false);
            self.said.set(match done {
                Ok(()) => format!("{title}: done."),
                Err(error) => format!("{title}: {error}"),
            });
            self.keep_focus().await;
        });
    }

    /// A button that shows what would change.
    fn button(self, label: String, plan: impl Fn() -> Option<Plan> + 'static) -> AnyView {
        let press = move |_| {
            if !self.is_busy.get_untracked() {
                self.said.set(String::new());
                self.plan.set(plan());
            }
        };
        view! { <button type="button" aria-disabled=move || self.is_busy.get().then_some("true") on:click=press>{label}</button> }
            .into_any()
    }
}

/// What an admin can change at the instance of the session.
#[component]
pub fn Admin(desk: Desk, session: Session, registration: Registration) -> impl IntoView {
    let name = session.instance().name.clone();
    let bench = Bench {
        desk,
        session: StoredValue::new(session),
        registration: StoredValue::new(registration),
        held: RwSignal::new(Held::Reading),
        plan: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        said: RwSignal::default(),
        owner: RwSignal::new(None),
    };
    bench.read();
    Effect::new(move |_| bench.restore_draft());
    let over = Memo::new(move |_| match bench.session.with_value(Session::phase) {
        Phase::Over(ending) => Some(ending),
        _ => None,
    });
    view! {
        <h2 id="admin" tabindex="-1">{format!("At {name}")}</h2>
        <p>{move || if over.get().is_some() { format!("You were signed in to {name}.") } else {
            format!("You are signed in to {name}. What its admins may change can be changed here; you see each change before it is made.")
        }}</p>
        <p role="status">{bench.said}</p>
        {move || over.get().map(|ending| view! { <Over bench ending /> })}
        {move || match bench.held.get() {
            Held::Reading | Held::Failed(_) if over.get().is_some() => ().into_any(),
            Held::Reading => view! { <p role="status">{READING}</p> }.into_any(),
            Held::Failed(error) => view! {
                <p>{format!("Looker does not tell you its registrations: {error}. A Looker admin can use what stands below.")}</p>
                <p class="actions">
                    <button type="button" aria-disabled=move || bench.is_busy.get().then_some("true") on:click=move |_| bench.read_again()>
                        {move || if bench.is_busy.get() { "Reading…" } else { "Read again" }}
                    </button>
                </p>
            }
            .into_any(),
            Held::Is { apps, allowlist } => view! {
                {registrations(bench, apps)}
                {origins(bench, allowlist)}
            }
            .into_any(),
        }}
        <Confirmation bench />
    }
}

/// Says why the session is over, and leads to a new one that comes back here.
#[component]
fn Over(bench: Bench, ending: Ending) -> impl IntoView {
    let session = bench.session.get_value();
    let is_kept = bench.owner.read_untracked().is_some() && bench.held.with_untracked(Held::has_field);
    let kept = if is_kept { " with the origin that you typed" } else { "" };
    let again = SignInAgain::of(session, Callback::new(move |()| bench.keep_draft()));
    let explanation = move || again.failed().unwrap_or_else(|| explain::ended(ending, kept));
    move || {
        view! { <Explained explanation=explanation() takes_focus=false>{again.button("primary")}</Explained> }
    }
}

fn registrations(bench: Bench, apps: Vec<App>) -> AnyView {
    let registration = bench.registration.get_value();
    let client_id = registration.client_id.as_str().to_owned();
    let missing = missing(&apps, &client_id);
    let own = bench.session.with_value(|session| session.client_id().clone());
    let row = |app: App| {
        let guid = app.client_guid.clone();
        let mut buttons = Vec::new();
        if guid == client_id
            && let Some(repair) = Plan::repair(&app, &registration)
        {
            buttons.push(bench.button(repair.title.clone(), move || Some(repair.clone())));
        }
        for plan in [Plan::enable(&app, !app.enabled, &own), Plan::end_tokens(&app, &own)].into_iter().flatten() {
            buttons.push(bench.button(plan.title.clone(), move || Some(plan.clone())));
        }
        let App { display_name, redirect_uri, enabled, .. } = app;
        let state = if enabled { "enabled" } else { "disabled" };
        let cant = ClientId::parse(&guid)
            .err()
            .map(|error| view! { <p>{format!("It can't be changed from here: as a client_id, {error}.")}</p> });
        view! {
            <li>
                <span><strong>{display_name}</strong><span class="host">{format!("{guid}, {state}, {redirect_uri}")}</span></span>
                <span class="actions">{buttons}</span>
                {cant}
            </li>
        }
    };
    let rows = apps.into_iter().map(row).collect_view();
    let register = missing.map(|told| {
        let plan = Plan::register(&registration);
        view! {
            <p>{told}</p>
            <p class="actions">{bench.button(plan.title.clone(), move || Some(plan.clone()))}</p>
        }
    });
    view! {
        <h3>{"Apps"}</h3>
        {register}
        <ul class="instances">{rows}</ul>
    }
    .into_any()
}

/// What to say where the list of apps, as this account sees it, has none of this name.
fn missing(apps: &[App], client_id: &str) -> Option<String> {
    if apps.is_empty() {
        return Some(format!(
            "The list that Looker shows your account is empty: either no app is registered, or your account may not see \
             them. You can try to register {client_id}, which is what config.json calls this page: Looker refuses where \
             it is registered already, or your account may not, and nothing is changed then."
        ));
    }
    apps.iter()
        .all(|app| app.client_guid != client_id)
        .then(|| format!("No app is registered as {client_id}, which is what config.json calls this page."))
}

fn origins(bench: Bench, allowlist: Result<Vec<String>, String>) -> AnyView {
    let list = match allowlist {
        Ok(list) => list,
        Err(error) => {
            return view! { <h3>{"Embedded Domain Allowlist"}</h3><p>{format!("It can't be read: {error}.")}</p> }
                .into_any();
        }
    };
    let origin = page::origin();
    let row = |entry: &String| {
        let plan = Plan::deny(&list, entry, &origin);
        let remove = bench.button(plan.title.clone(), move || Some(plan.clone()));
        view! { <li><span>{entry.clone()}</span><span class="actions">{remove}</span></li> }
    };
    let rows = list.iter().map(row).collect_view();
    let typed = RwSignal::new(if list.contains(&origin) { String::new() } else { origin });
    let error = RwSignal::new(String::new());
    let allow = move || match AllowlistEntry::parse(typed.read_untracked().trim()) {
        Ok(entry) if list.iter().any(|other| other == entry.as_str()) => {
            error.set("It stands there already.".into());
            None
        }
        Ok(entry) => {
            error.set(String::new());
            Some(Plan::allow(&list, entry.as_str()))
        }
        Err(wrong) => {
            error.set(format!("It can't be used: {wrong}."));
            page::focus("origin");
            None
        }
    };
    view! {
        <h3>{"Embedded Domain Allowlist"}</h3>
        <ul class="instances">{rows}</ul>
        <div class="fields">
            <label for="origin">{"Another origin"}</label>
            <input id="origin" name="origin" inputmode="url" autocomplete="off" spellcheck="false" prop:value=typed
                aria-describedby="origin-error" aria-invalid=move || (!error.read().is_empty()).then_some("true")
                on:input:target=move |event| typed.set(event.target().value()) />
            <p id="origin-error" class="error" role="alert">{error}</p>
            <p class="actions">{bench.button("Allow this origin".into(), allow)}</p>
        </div>
    }
    .into_any()
}

/// Shows what would change, and does it when that is what the person wants.
#[component]
fn Confirmation(bench: Bench) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let is_wanted = bench.plan.read().is_some();
        let Some(dialog) = dialog.get() else { return };
        match (is_wanted, dialog.open()) {
            // Fails only where it is open, or not in the page any more.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let change = |Line { what, from, to }: Line| {
        view! {
            <div>
                <dt>{what}</dt>
                <dd>
                    <span class="unseen">{"Now: "}</span><del>{from}</del>
                    <span class="unseen">{"Then: "}</span><ins>{to}</ins>
                </dd>
            </div>
        }
    };
    let content = move || {
        let plan = bench.plan.get()?;
        let Plan { title, lines, warning, .. } = plan.clone();
        Some(view! {
            <h2 id="change">{format!("{title}?")}</h2>
            <dl class="facts">{lines.into_iter().map(change).collect_view()}</dl>
            {warning.map(|warning| view! { <p>{warning}</p> })}
            <p class="actions">
                <button type="button" class="primary" on:click=move |_| bench.confirm(plan.clone())>{format!("Yes: {title}")}</button>
                <button type="button" autofocus=true on:click=move |_| bench.plan.set(None)>{"Cancel"}</button>
            </p>
        })
    };
    view! { <dialog node_ref=dialog class="confirmation" aria-labelledby="change" on:close=move |_| bench.plan.set(None)>{content}</dialog> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{net::TransportError, session::RenewError};

    #[test]
    fn a_change_whose_answer_got_lost_is_not_said_to_be_undone() {
        let server = AnswerError::Server { status: 502, retry_after: None };
        let conflict = AnswerError::Status { status: 409, message: None };
        for (error, is_known) in [
            (CallError::Transport(TransportError::TimedOut), false),
            (CallError::Transport(TransportError::NoAnswer { evidence: String::new() }), false),
            (CallError::Api(ApiError::Answer(server)), false),
            (CallError::Api(ApiError::Answer(conflict)), true),
            (CallError::Api(ApiError::NotFoundOrForbidden { status: 404, message: None }), true),
            (CallError::Api(ApiError::Unauthenticated), true),
            (CallError::Renew(RenewError::SignedOut), true),
        ] {
            let said = DeedError::of_change(error).to_string();
            assert_eq!(said.starts_with("not done; "), is_known, "{said}");
            assert_eq!(said.starts_with("perhaps done, perhaps not; "), !is_known, "{said}");
        }
    }

    #[test]
    fn a_list_that_is_empty_says_less_than_one_without_this_app() {
        let app = |client_guid: &str| App {
            client_guid: client_guid.into(),
            redirect_uri: String::new(),
            display_name: String::new(),
            description: String::new(),
            enabled: true,
            group_id: None,
        };
        let may_not_see = "or your account may not see them";
        for (apps, said, unsaid) in [
            (vec![], Some(may_not_see), "No app is registered as"),
            (vec![app("other")], Some("No app is registered as sightline"), may_not_see),
            (vec![app("other"), app("sightline")], None, ""),
        ] {
            let told = missing(&apps, "sightline");
            assert_eq!(told.is_some(), said.is_some(), "{told:?}");
            if let (Some(told), Some(said)) = (told, said) {
                assert!(told.contains(said) && !told.contains(unsaid), "{told}");
            }
        }
    }
}
