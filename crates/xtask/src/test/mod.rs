//! The checks, in order, with a summary at the end.

mod checks;
mod display;
mod first_minute;
mod plan;
mod summary;
mod telling;

use std::process::ExitCode;
use std::time::Instant;

use crate::setup;
use crate::trouble::Trouble;
use crate::{place, process, say};
pub use plan::{Selection, StepKind};
use summary::{Done, Outcome};

/// Runs what was selected. The code says whether all is well.
pub fn test(selection: &Selection) -> Result<ExitCode, Trouble> {
    let began = Instant::now();
    let steps = plan::steps(selection, place::dist().join("index.html").is_file());
    let tools = setup::set_up(&plan::needs(&steps))?;
    let mut checks = checks::Checks::new(tools, selection.is_whole);
    let mut done: Vec<Done> = Vec::new();
    let count = steps.len();
    for (i, step) in steps.iter().enumerate() {
        process::go_on()?;
        say::headline(&format!("[{}/{count}] {}", i + 1, step.name()));
        let step_began = Instant::now();
        let outcome = match plan::obstacle(*step, &done) {
            Some(why) => Outcome::Skipped(why),
            None => match checks.run(*step) {
                Ok(outcome) => outcome,
                Err(Trouble::Interrupted) => return Err(Trouble::Interrupted),
                Err(trouble) => {
                    say::trouble(&trouble);
                    let what = trouble.to_string();
                    Outcome::Failed(what.lines().next().unwrap_or_default().to_owned())
                }
            },
        };
        let took = step_began.elapsed();
        say::line(&format!("      {outcome} in {}", say::duration(took)));
        done.push(Done { step: *step, outcome, took });
    }
    drop(checks);
    say::line("");
    say::line(&summary::table(&done));
    say::line(&format!("\nAll of it took {}.", say::duration(began.elapsed())));
    let strict = std::env::var("CI").is_ok_and(|ci| summary::is_strict(&ci));
    let verdict = summary::verdict(&done, strict);
    if let Some(reason) = verdict.reason {
        say::line(reason);
    }
    say::line(&verdict.line);
    Ok(if verdict.well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
