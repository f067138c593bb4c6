//! The clock, and the way back to the start.

use super::Outcome;
use super::parts::{form, gone, line, needed, press, press_twice, span, submit, typed};
use super::section::Section;
use crate::clock::rfc3339;
use crate::state::Looker;
use crate::steering::commands::CommandError;
use crate::ui::Form;
use maud::{Markup, html};

const AT: Section = Section::Time;
const SECONDS: &str = "advance_seconds";

pub(super) fn view(looker: &Looker, form_sent: &Form) -> Markup {
    let ahead = looker.clock.ahead();
    let kept = typed(form_sent, "move", SECONDS);
    let seconds = if kept.is_empty() { "60" } else { kept };
    let by_hand = html! {
        (line("clock", SECONDS, "Seconds to go forward; back, when negative", "number", seconds, true))
        (submit("Move the clock"))
    };
    html! {
        p {
            "Here it is " time datetime=(rfc3339(looker.now())) { (rfc3339(looker.now())) } ", "
            @match ahead {
                0 => "as on this computer.",
                1.. => { (span(ahead)) " ahead of this computer." },
                _ => { (span(-ahead)) " behind this computer." },
            }
        }
        div.presets {
            (press(AT, "move", &[(SECONDS, "3600")], "Forward an hour", "the clock"))
            (press(AT, "move", &[(SECONDS, "2592000")], "Forward 30 days", "the clock"))
            (press(AT, "right", &[], "As on this computer", "the clock"))
        }
        (form(AT, "move", &by_hand))
        h2 { "Reset" }
        p { "Everything goes back to the start: people, apps, tokens, allowlist, answers, faults, requests and the clock." }
        (press_twice(AT, "reset", &[], "Reset", "everything"))
    }
}

pub(super) fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    match form.get("do") {
        "move" => looker.clock.advance(needed(form, SECONDS)?),
        "right" => looker.clock.reset(),
        "reset" => looker.reset()?,
        _ => return Err(gone()),
    }
    Ok(Outcome::Done)
}

pub(super) fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "move" => "The clock is moved.",
        "right" => "The clock is right.",
        "reset" => "Everything is as it was at the start.",
        _ => return None,
    })
}
