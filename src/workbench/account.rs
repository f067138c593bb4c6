//! The account page: who one is, where, and how long.

use leptos::{prelude::*, task::spawn_local};
use looker::api::{self, Versions};

use super::{
    appearance::Appearance,
    clock::{Countdown, duration, exact},
    find_out::find_out,
    person::{Known, Person},
};
use crate::{
    components::{Explained, Heading},
    explain, page,
    session::{CallError, Deadlines, Phase, Session},
    title,
};

/// The account page.
#[component]
pub fn Account(
    /// The session that all pages share.
    session: Session,
    /// Who is signed in.
    person: Person,
) -> impl IntoView {
    title::set("Account");
    view! {
        <Heading>"Account"</Heading>
        <Who session=session.clone() person />
        <Where session=session.clone() />
        <Tokens session />
        <Appearance />
        <About />
    }
}

/// Who is signed in.
#[component]
fn Who(session: Session, person: Person) -> impl IntoView {
    // The button that asks again goes with what it stands in; the focus stays here then.
    let place = NodeRef::<leptos::html::Div>::new();
    let ask_again = move |_| {
        if let Some(place) = place.get_untracked() {
            // Fails only where the element is gone again.
            let _ = place.focus();
        }
        person.ask();
    };
    let is_over = Memo::new({
        let session = session.clone();
        move |_| matches!(session.phase(), Phase::Over(_))
    });
    let told = move || match person.get() {
        // The notice above says why, and what to do.
        Known::Failed(CallError::Renew(_)) if is_over.get() => {
            view! { <p>{"Not known: the session is over."}</p> }.into_any()
        }
        Known::Asking => view! { <p role="status">{"Asking Looker who you are…"}</p> }.into_any(),
        Known::Is(user) => view! {
            <dl class="facts">
                <div><dt>{"Name"}</dt><dd>{user.display_name}</dd></div>
                <div><dt>{"E-mail"}</dt><dd>{user.email.unwrap_or_else(|| "none on record".into())}</dd></div>
                <div><dt>{"User ID"}</dt><dd>{user.id}</dd></div>
            </dl>
        }
        .into_any(),
        Known::Failed(error) => {
            let explanation = explain::call(&error, session.instance(), None, &page::origin());
            let find_out = find_out(session.instance());
            view! {
                <Explained explanation>
                    <button class="primary" on:click=ask_again>{"Ask again"}</button>
                    {find_out}
                </Explained>
            }
            .into_any()
        }
    };
    view! { <div node_ref=place tabindex="-1">{told}</div> }
}

/// Which Looker it is.
#[component]
fn Where(session: Session) -> impl IntoView {
    let version = RwSignal::new(None::<Result<Versions, CallError>>);
    let instance = session.instance().clone();
    let ask = {
        let session = session.clone();
        move || {
            let session = session.clone();
            spawn_local(async move {
                let answer = session.call(&api::versions()).await;
                // The person may be at another page by now.
                let _ = version.try_set(Some(answer));
            });
        }
    };
    ask();
    // What failed for want of a token is asked again when there is a new one.
    Effect::new(move |before: Option<Deadlines>| {
        let deadlines = session.deadlines();
        if before.is_some_and(|before| before != deadlines)
            && matches!(&*version.read_untracked(), Some(Err(CallError::Renew(_))))
        {
            ask();
        }
        deadlines
    });
    let looker_url = instance.looker_url.as_str().to_owned();
    view! {
        <h2>{"Looker"}</h2>
        <dl class="facts">
            <div><dt>{"Instance"}</dt><dd>{instance.name}</dd></div>
            <div>
                <dt>{"Address"}</dt>
                <dd><a href=looker_url.clone() target="_blank" rel="noopener noreferrer">{looker_url.clone()}</a></dd>
            </div>
            <div><dt>{"API"}</dt><dd>{instance.base_url.as_str().to_owned()}</dd></div>
            <div>
                <dt>{"Version"}</dt>
                <dd>
                    {move || match version.get() {
                        None => "asking…".to_owned(),
                        Some(Ok(versions)) => versions.looker_release_version,
                        Some(Err(error)) => format!("not known: {error}"),
                    }}
                </dd>
            </div>
        </dl>
    }
}

/// What a button of this page is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Renewing,
    Renewed,
    NotRenewed,
    SigningOut,
}

/// How long the session lasts, and how to renew or end it.
#[component]
fn Tokens(session: Session) -> impl IntoView {
    let doing = RwSignal::new(Doing::Nothing);
    let deadlines = Memo::new({
        let session = session.clone();
        move |_| session.deadlines()
    });
    let copies = Memo::new({
        let session = session.clone();
        move |_| session.copies()
    });
    let is_over = Memo::new({
        let session = session.clone();
        move |_| matches!(session.phase(), Phase::Over(_))
    });
    let is_waiting = Memo::new({
        let session = session.clone();
        move |_| matches!(session.phase(), Phase::Waiting { .. })
    });
    let busy = move || matches!(doing.get(), Doing::Renewing | Doing::SigningOut);
    let renew = {
        let session = session.clone();
        move |_| {
            if busy() {
                return;
            }
            let session = session.clone();
            doing.set(Doing::Renewing);
            spawn_local(async move {
                let renewed = session.renew_now().await;
                doing.set(if renewed.is_ok() { Doing::Renewed } else { Doing::NotRenewed });
            });
        }
    };
    let sign_out = move |_| {
        if busy() {
            return;
        }
        let session = session.clone();
        doing.set(Doing::SigningOut);
        spawn_local(async move {
            session.sign_out().await;
            // A page load, so that nothing of the session stays in memory.
            page::go_instead(&page::base_path());
        });
    };
    let said = move || match doing.get() {
        Doing::Nothing | Doing::Renewing | Doing::SigningOut => String::new(),
        Doing::Renewed => {
            let left = deadlines.get().access.after(page::now()).unwrap_or_default();
            format!("Renewed. The access token is good for {}.", duration(left))
        }
        // That the session is over stands above the page already, and that it goes on is to be seen.
        Doing::NotRenewed if !is_waiting.get() => String::new(),
        Doing::NotRenewed => {
            "The access token could not be renewed. Above the page stands why, and when the next try is.".to_owned()
        }
    };
    view! {
        <h2>{"Session"}</h2>
        <dl class="facts">
            <div>
                <dt>{"Access token ends in"}</dt>
                <dd><Countdown deadline=Signal::derive(move || deadlines.get().access) passed="it has expired" /></dd>
            </div>
            <div>
                <dt>{"A new sign-in is needed by"}</dt>
                <dd>
                    {move || match deadlines.get().refresh {
                        Some(refresh) => exact(refresh),
                        None => "the end of the access token: Looker gave no refresh token".to_owned(),
                    }}
                </dd>
            </div>
            <div hidden=move || copies.get() == 0>
                <dt>{"Also open in"}</dt>
                <dd>
                    {move || match copies.get() {
                        1 => "1 other tab, a copy of this one. To sign out here signs out there.".to_owned(),
                        copies => format!("{copies} other tabs, copies of this one. To sign out here signs out there."),
                    }}
                </dd>
            </div>
        </dl>
        <p role="status">{said}</p>
        <p class="actions">
            <button hidden=is_over aria-disabled=move || busy().then_some("true") on:click=renew>
                {move || if doing.get() == Doing::Renewing { "Renewing…" } else { "Renew now" }}
            </button>
            <button aria-disabled=move || busy().then_some("true") on:click=sign_out>
                {move || if doing.get() == Doing::SigningOut { "Signing out…" } else { "Sign out" }}
            </button>
        </p>
    }
}

/// What the app is made of.
#[component]
fn About() -> impl IntoView {
    view! {
        <h2>{"About"}</h2>
        <p>
            {"Sightline is free software. Here are "}
            <a href=page::address("licences.txt") target="_blank" rel="noopener">{"the licences of all it is made of"}</a>
            {"."}
        </p>
    }
}
