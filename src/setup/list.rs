//! The checks as a list, each with its state, and the button that runs them.

use leptos::prelude::*;
use looker::api;

use super::{
    checks::{self, Check, Finding, State, Verdict},
    desk::Desk,
    difference::Difference,
    probe,
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
            states.update(|states| {
                for state in states.iter_mut().filter(|state| **state == State::Running) {
                    *state = State::Waiting;
                }
            });
            return;
        }
        desk.forget_findings();
        run(desk);
    };
    let summary = move || {
        let count = |verdict| {
            let has = |state: &&State| matches!(state, State::Done(finding) if finding.verdict == verdict);
            states.read().iter().filter(has).count()
        };
        let done = states.read().iter().filter(|state| matches!(state, State::Done(_))).count();
        match (is_checking(), done) {
            (true, done) => format!("Check {} of {}…", (done + 1).min(Check::ALL.len()), Check::ALL.len()),
            (false, 0) => String::new(),
            (false, _) if states.read().contains(&State::Waiting) && count(Verdict::Trouble) == 0 => "Stopped.".into(),
            (false, _) => match count(Verdict::Trouble) {
                0 => format!("Checked: no trouble, {} to look at.", count(Verdict::Attention)),
                troubles => format!("Checked: {troubles} in trouble."),
            },
        }
    };
    let row = move |(index, check): (usize, Check)| {
        let word = move || states.read().get(index).map(State::word).unwrap_or_default();
        let text = move || match states.read().get(index) {
            Some(State::Done(finding)) => finding.text.clone(),
            _ => String::new(),
        };
        let difference = move || match states.read().get(index) {
            Some(State::Done(finding)) => finding.difference.as_deref().map(marked),
            _ => None,
        };
        view! {
            <li class=move || word().to_lowercase()>
                <span class="word">{word}</span>
                <div><strong>{check.name()}</strong><p>{text}</p>{difference}</div>
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

async fn check(desk: Desk) {
    let states = desk.states;
    let set = |check: Check, state: State| {
        states.update(|states| {
            if let Some(slot) = Check::ALL.iter().position(|other| *other == check).and_then(|at| states.get_mut(at)) {
                *slot = state;
            }
        });
    };
    let done = |check, finding: Finding| set(check, State::Done(finding));
    let (looker_url, base_url) = untrack(|| (desk.looker_url(), desk.base_url()));
    done(Check::Addresses, checks::addresses(looker_url.as_ref(), base_url.as_ref()));
    let (Ok(looker_url), Ok(base_url)) = (looker_url, base_url) else { return };
    let origin = page::origin();
    done(Check::Browser, checks::browser(&origin, &base_url));
    set(Check::Reachable, State::Running);
    let seen = probe::ask(&base_url).await;
    done(Check::Reachable, checks::reachable(&base_url, &seen));
    done(Check::Allowed, checks::allowed(&origin, &seen));
    done(Check::Api, checks::api(&looker_url, &seen));
    done(Check::Version, checks::version(&seen));
    let Some(registration) = desk.registration() else {
        done(Check::Registration, checks::not_registrable(&origin));
        return;
    };
    let session = desk.session.get_value().filter(|session| session.instance().base_url == base_url);
    let finding = match session {
        None => checks::unseen_registration(&registration, desk.was_refused.get_untracked()),
        Some(session) => {
            set(Check::Registration, State::Running);
            checks::registration(&registration, &session.call(&api::apps()).await)
        }
    };
    done(Check::Registration, finding);
}
