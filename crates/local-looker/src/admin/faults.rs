//! Faults, and the requests so far.

use super::Outcome;
use super::parts::{choice, chosen, form, gone, line, lines, nonsense, number, press, submit, typed};
use super::section::Section;
use crate::exchange::Host;
use crate::state::Looker;
use crate::steering::commands::CommandError;
use crate::steering::faults::append;
use crate::ui::Form;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

const AT: Section = Section::Faults;
/// As many as one wants to read.
const LATEST: usize = 30;

/// What can go wrong in one word, as `/_local/faults` names it, and in many.
const CUTS: [(&str, &str); 9] = [
    ("", "Nothing beside what is below"),
    ("hold", "It waits until faults are cleared, and is carried out and answered then"),
    ("hang", "No answer until faults are cleared"),
    ("hang_after", "It is carried out, then no answer until faults are cleared"),
    ("drop_before", "The connection is closed, nothing is done"),
    ("drop_after", "It is carried out, then the connection is closed"),
    ("truncate", "Half of the body, as if that were all"),
    ("break_off", "Half of the body, then the connection is closed"),
    ("no_cors", "No CORS headers"),
];

const HOSTS: [(&str, &str); 3] = [("", "Both"), ("api", "API"), ("ui", "UI")];
const METHODS: [(&str, &str); 7] = [
    ("", "All but OPTIONS"),
    ("*", "All"),
    ("GET", "GET"),
    ("POST", "POST"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
    ("OPTIONS", "OPTIONS"),
];

pub(super) fn view(looker: &Looker, form_sent: &Form) -> Markup {
    let rules: Vec<String> = looker.faults().rules().filter_map(|rule| serde_json::to_string(rule).ok()).collect();
    let new = |name| typed(form_sent, "add", name);
    let path = if new("path").is_empty() { "/api/" } else { new("path") };
    let add = html! {
        (choice("fault", "cut", "What goes wrong", &CUTS, new("cut")))
        div.pair {
            (line("fault", "path", "Paths that begin with", "text", path, true))
            (line("fault", "times", "How many times, or for ever", "number", new("times"), false))
            (choice("fault", "host", "Host", &HOSTS, new("host")))
            (choice("fault", "method", "Method", &METHODS, new("method")))
            (line("fault", "delay_ms", "Milliseconds that the answer is late", "number", new("delay_ms"), false))
            (line("fault", "status", "Answer with this status instead", "number", new("status"), false))
        }
        (line("fault", "content_type", "… of this type", "text", new("content_type"), false))
        (lines("fault", "headers", "… with these headers, one on each line (Retry-After: 3)", new("headers")))
        (lines("fault", "body", "… and this body", new("body")))
        (submit("Add fault"))
    };
    html! {
        p { "A request meets the first fault that fits it. This page and " code { "/_local" } " meet none." }
        @if rules.is_empty() {
            p.quiet { "Nothing goes wrong at present." }
        } @else {
            ul.rows { @for rule in &rules { li { code { (rule) } } } }
            div.buttons { (press(AT, "clear", &[], "Clear faults", "all")) }
        }
        h2 { "Add a fault" }
        (form(AT, "add", &add))
        h2 { "Requests" }
        (requests(looker))
    }
}

fn requests(looker: &Looker) -> Markup {
    let log = looker.log();
    let (lines, all) = (log.lines().iter().rev().take(LATEST), log.lines().len());
    html! {
        @if all == 0 {
            p.quiet { "There were none." }
        } @else {
            p { "The latest of " (all) ", the last first." }
            ol.rows reversed start=(all) {
                @for line in lines {
                    li {
                        code {
                            (match line.host { Host::Ui => "UI", Host::Api => "API" }) " " (line.method) " " (line.path) " "
                            @if let Some(status) = line.status { (status) } @else { "no answer" }
                            @if let Some(origin) = &line.origin { " from " (origin) }
                        }
                    }
                }
            }
            div.buttons { (press(AT, "forget", &[], "Forget requests", "all")) }
        }
    }
}

pub(super) async fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    match form.get("do") {
        "add" => {
            let rule = serde_json::from_value(rule(form)?).map_err(|error| nonsense(error.to_string()))?;
            append(looker, vec![rule]).await?;
        }
        "clear" => looker.clear_faults(),
        "forget" => looker.log().clear(),
        _ => return Err(gone()),
    }
    Ok(Outcome::Done)
}

/// The fault as `/_local/faults` takes it.
fn rule(form: &Form) -> Result<Value, CommandError> {
    let mut headers = Map::new();
    for line in form.get("headers").lines().filter(|line| !line.trim().is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            return Err(nonsense(format!("“{line}” is no header: a name, a colon and a value.")));
        };
        headers.insert(name.trim().to_owned(), value.trim().into());
    }
    for (name, options) in [("cut", &CUTS[..]), ("host", &HOSTS), ("method", &METHODS)] {
        chosen(form, name, options)?;
    }
    let path = form.get("path").trim();
    if !path.starts_with('/') {
        return Err(nonsense(format!("path: “{path}” begins no path: every path begins with /.")));
    }
    let times = number::<u32>(form, "times")?;
    if times == Some(0) {
        return Err(nonsense("times: 0 times is never."));
    }
    let cut = form.given("cut");
    let (delay, status) = (number::<u64>(form, "delay_ms")?, number::<u16>(form, "status")?);
    let then = match (cut, delay, status) {
        (Some(cut), None, None) => json!(cut),
        (None, None, None) => {
            return Err(nonsense("Nothing would go wrong: choose what, or give a delay or a status."));
        }
        _ => json!({
            "also": cut,
            "delay_ms": delay,
            "status": status,
            "body": form.given("body"),
            "content_type": form.given("content_type"),
            "headers": headers,
        }),
    };
    Ok(json!({
        "path": path,
        "host": form.given("host"),
        "method": form.given("method"),
        "times": times,
        "then": then,
    }))
}

pub(super) fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "add" => "The fault is added.",
        "clear" => "The faults are cleared: what was held goes on, and what hung has ended.",
        "forget" => "The requests are forgotten.",
        _ => return None,
    })
}
