//! The checks as a list, each with its state, and the button that runs them.

use leptos::prelude::*;

use super::{
    checks::{self, Check, Finding, State, Verdict},
    desk::Desk,
    probe,
    work::Doing,
};
use crate::page;

/// The checks, and a button that runs them, or stops them while they run.
#[component]
pub fn Checks(desk: Desk) -> impl IntoView {
    let states = desk.states;
    let is_checking = move || desk.work.doing() == Doing::Checking;
    let run = move |_| {
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
        desk.work.begin(Doing::Checking, check(desk));
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
        view! {
            <li class=move || word().to_lowercase()>
                <span class="word">{word}</span>
                <div><strong>{check.name()}</strong><p>{text}</p></div>
            </li>
        }
    };
    view! {
        <p class="actions">
            <button class="primary" on:click=run>
                {move || if is_checking() { "Stop the checks" } else { "Run the checks" }}
            </button>
            <span role="status">{summary}</span>
        </p>
        <ol class="checks">{Check::ALL.into_iter().enumerate().map(row).collect_view()}</ol>
    }
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
    let (Ok(_), Ok(base_url)) = (looker_url, base_url) else { return };
    let origin = page::origin();
    done(Check::Browser, checks::browser(&origin, &base_url));
    set(Check::Reachable, State::Running);
    let seen = probe::ask(&base_url).await;
    done(Check::Reachable, checks::reachable(&base_url, &seen));
    done(Check::Allowed, checks::allowed(&origin, &seen));
    done(Check::Api, checks::api(&seen));
    done(Check::Version, checks::version(&seen));
    let redirect_uri = page::redirect_uri().map(|uri| uri.as_str().to_owned()).unwrap_or(origin);
    let client_id = desk.config.with_value(|config| config.client_id.clone());
    done(Check::Registration, checks::registration(client_id.as_str(), &redirect_uri));
}
