//! The checks as a list, each with its state, and the button that runs them.

use leptos::prelude::*;
use looker::api;

use super::{
    checks::{self, Check, Finding, State, Touch},
    desk::Desk,
    difference::Difference,
    hindrance::Hindrance,
    permission::Permission,
    probe, progress,
    work::Doing,
};
use crate::page;

/// The checks, and a button that runs them, or stops them while they run.
#[component]
pub fn Checks(desk: Desk) -> impl IntoView {
    let states = desk.states;
    let is_checking = move || desk.work.doing() == Doing::Checking;
    let press = move |_| {
        if is_checking() {
            desk.work.stop();
            states.update(progress::stop);
            return;
        }
        desk.forget_findings();
        run(desk);
    };
    let summary = Memo::new(move |_| progress::told(&states.read(), is_checking()));
    let row = move |(index, check): (usize, Check)| {
        let word = move || states.read().get(index).map(State::word).unwrap_or_default();
        let found = move || match states.read().get(index) {
            Some(State::Done(finding)) => Some(told(finding)),
            _ => None,
        };
        let is_under_way = move || (states.read().get(index) == Some(&State::Running)).then_some("step");
        // By ASCII alone: Unicode's tables for it are 6,000 bytes (brotli).
        view! {
            <li class=move || word().to_ascii_lowercase() aria-current=is_under_way>
                <span class="word">{word}</span>
                <div><strong>{check.name()}</strong>{found}</div>
            </li>
        }
    };
    view! {
        <p class="actions">
            <button class="primary" on:click=press>
                {move || if is_checking() { "Stop the checks" } else { "Run the checks" }}
            </button>
            <span role="status">{summary}</span>
        </p>
        <ol class="checks">{Check::ALL.into_iter().enumerate().map(row).collect_view()}</ol>
    }
}

/// What was found, with where more of it is to be seen.
fn told(Finding { text, see, difference, .. }: &Finding) -> impl IntoView + use<> {
    view! { <p>{text.clone()}</p>{see.clone().map(link)}{difference.as_deref().map(marked)} }
}

/// Where more of a finding is to be seen.
fn link(address: String) -> impl IntoView {
    let label = ["Open ", &address, " in a new tab"].concat();
    view! { <p><a href=address target="_blank" rel="noopener noreferrer">{label}</a></p> }
}

/// What Looker has and what this page has, with what differs marked.
fn marked(Difference { begins, at_looker, here, ends }: &Difference) -> impl IntoView + use<> {
    let line = |whose: &'static str, differs: &String| {
        let (begins, differs, ends) = (begins.clone(), differs.clone(), ends.clone());
        view! { <div><dt>{whose}</dt><dd><code>{begins}<mark>{differs}</mark>{ends}</code></dd></div> }
    };
    let lines = [line("Looker has", at_looker), line("This page has", here)];
    view! { <dl class="facts">{lines}</dl> }
}

/// Runs the checks on what stands in the fields.
pub fn run(desk: Desk) {
    desk.work.begin(Doing::Checking, check(desk));
}

/// Each check is under way until it has found something, and only then the next one begins; what reaching the host
/// tells of the browser is added to what was found of it.
async fn check(desk: Desk) {
    let set = |check, state| desk.states.update(|states| progress::set(states, check, state));
    let begin = |check| set(check, State::Running);
    let done = |check, finding| set(check, State::Done(finding));

    let (looker_url, base_url) = untrack(|| (desk.looker_url(), desk.base_url()));
    done(Check::Addresses, checks::addresses(looker_url.as_ref(), base_url.as_ref()));
    let (Ok(looker_url), Ok(base_url)) = (looker_url, base_url) else {
        for check in Check::ALL.into_iter().skip(1) {
            done(check, checks::unseen("the addresses can be used"));
        }
        return;
    };

    let origin = page::origin();
    let hindrance = Hindrance::of(&origin, &base_url);
    begin(Check::Browser);
    let permission = Permission::of(&origin, &base_url).await;
    done(Check::Browser, checks::browser(&base_url, hindrance, permission, None));

    begin(Check::Reachable);
    let touch = probe::touch(&base_url).await;
    // The person may have been asked meanwhile.
    let permission = Permission::of(&origin, &base_url).await;
    done(Check::Reachable, checks::reachable(&base_url, touch, hindrance, permission));
    done(Check::Browser, checks::browser(&base_url, hindrance, permission, Some(touch)));

    let mut versions = None;
    if touch == Touch::Answers {
        begin(Check::Allowed);
        versions = Some(probe::versions(&base_url).await);
    }
    done(Check::Allowed, checks::allowed(&origin, versions.as_ref()));

    let versions = versions.and_then(Result::ok);
    let mut alive = None;
    if versions.is_some() {
        begin(Check::Api);
        alive = Some(probe::alive(&base_url).await);
    }
    done(Check::Api, checks::api(&looker_url, versions.as_ref(), alive.as_ref()));
    done(Check::Version, checks::version(versions.as_ref()));

    let Some(registration) = desk.registration() else {
        done(Check::Registration, checks::not_registrable(&origin));
        return;
    };
    let session = desk.session.get_value().filter(|session| session.instance().base_url == base_url);
    let finding = match session {
        Some(_) if versions.is_none() => checks::unseen("this page may read answers"),
        None => checks::unseen_registration(&registration, desk.was_refused.get_untracked()),
        Some(session) => {
            begin(Check::Registration);
            checks::registration(&registration, &session.call(&api::apps()).await)
        }
    };
    done(Check::Registration, finding);
}
