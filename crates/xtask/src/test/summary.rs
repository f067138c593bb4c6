//! What the steps came to.

use std::fmt;
use std::time::Duration;

use super::plan::Step;
use crate::say;

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well; with what was counted, if anything.
    Passed(String),
    /// Something is wrong, in one line.
    Failed(String),
    /// It was not tried, and why.
    Skipped(String),
    /// It was not tried, and why; nobody has to be able to.
    LeftOut(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(what) if what.is_empty() => write!(f, "passed"),
            Self::Passed(what) => write!(f, "passed ({what})"),
            Self::Failed(_) => write!(f, "failed"),
            Self::Skipped(why) => write!(f, "skipped: {why}"),
            Self::LeftOut(why) => write!(f, "left out: {why}"),
        }
    }
}

/// A step that is over.
#[derive(Debug)]
pub struct Done {
    /// Which.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// One line for each step.
pub fn table(done: &[Done]) -> String {
    let line = |done: &Done| {
        let (word, detail) = match &done.outcome {
            Outcome::Passed(what) => ("passed", what),
            Outcome::Failed(what) => ("failed", what),
            Outcome::Skipped(why) => ("skipped", why),
            Outcome::LeftOut(why) => ("left out", why),
        };
        let (name, took) = (done.step.name(), say::duration(done.took));
        let line = format!("{word:<8} {name:<22} {took:>12}  {detail}");
        line.trim_end().to_owned()
    };
    done.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The end of the matter.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The closing line.
    pub line: String,
    /// Why it is bad although nothing failed.
    pub reason: Option<&'static str>,
    /// Whether all is well.
    pub well: bool,
}

/// Adds the steps up. Where it must be strict, a step that could not be tried is as bad as a failed one.
pub fn verdict(done: &[Done], strict: bool) -> Verdict {
    let count = |wanted: fn(&Outcome) -> bool| done.iter().filter(|d| wanted(&d.outcome)).count();
    let passed = count(|o| matches!(o, Outcome::Passed(_)));
    let failed = count(|o| matches!(o, Outcome::Failed(_)));
    let skipped = count(|o| matches!(o, Outcome::Skipped(_)));
    let left_out = count(|o| matches!(o, Outcome::LeftOut(_)));
    let too_little = strict && skipped > 0;
    let more = if left_out == 0 { String::new() } else { format!(", {left_out} left out") };
    Verdict {
        line: format!("{passed} passed, {failed} failed, {skipped} skipped{more}"),
        reason: (too_little && failed == 0).then_some("With CI=true nothing may be skipped: this counts as a failure."),
        well: failed == 0 && !too_little,
    }
}

/// What the variable CI says.
pub fn is_strict(ci: &str) -> bool {
    !matches!(ci, "" | "0" | "false")
}

/// How a test says what it does without.
const SKIPPED: &str = "skipped: ";

/// The numbers of `test result:` lines, added up, and what was done without.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tests {
    /// That passed.
    pub passed: u64,
    /// That were left out.
    pub ignored: u64,
    /// That were not asked for, as those that do not [tell engines apart](super::telling).
    pub unasked: u64,
    /// What tests said that they did without.
    pub skipped: Vec<String>,
}

impl Tests {
    /// Out of what `cargo test` printed.
    pub fn counted(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            // A line of the test's name may not have ended yet.
            if let Some((_, what)) = line.split_once(SKIPPED) {
                sum.skipped.push(what.to_owned());
            }
            let Some((_, result)) = line.split_once("test result: ") else {
                continue;
            };
            let number = |what: &str| -> u64 {
                let words: Vec<&str> = result.split([' ', ';', '.']).filter(|w| !w.is_empty()).collect();
                let pair = words.windows(2).find(|pair| pair[1] == what);
                pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
            };
            sum.passed += number("passed");
            sum.ignored += number("ignored");
            sum.unasked += number("filtered");
        }
        sum
    }
}

impl fmt::Display for Tests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.passed == 1 { "" } else { "s" };
        write!(f, "{} test{plural}", self.passed)?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        for what in &self.skipped {
            write!(f, ", skipped: {what}")?;
        }
        if self.unasked > 0 {
            write!(f, "; {} more with --whole", self.unasked)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::StepKind;
    use super::*;

    fn done(outcome: Outcome) -> Done {
        Done { step: Step { kind: StepKind::Format, browser: None }, outcome, took: Duration::from_millis(1_500) }
    }

    fn passed() -> Done {
        done(Outcome::Passed("3 tests".into()))
    }

    fn failed() -> Done {
        done(Outcome::Failed("It broke.".into()))
    }

    fn skipped() -> Done {
        done(Outcome::Skipped("no browser".into()))
    }

    fn left_out() -> Done {
        done(Outcome::LeftOut("no cargo-deny".into()))
    }

    #[test]
    fn a_skipped_step_is_a_failure_only_where_it_must_be() {
        for (done, strict, line, well) in [
            (vec![passed()], true, "1 passed, 0 failed, 0 skipped", true),
            (vec![passed(), skipped()], false, "1 passed, 0 failed, 1 skipped", true),
            (vec![passed(), skipped()], true, "1 passed, 0 failed, 1 skipped", false),
            (vec![failed(), skipped()], false, "0 passed, 1 failed, 1 skipped", false),
            (vec![passed(), left_out()], true, "1 passed, 0 failed, 0 skipped, 1 left out", true),
            (vec![], true, "0 passed, 0 failed, 0 skipped", true),
        ] {
            let verdict = verdict(&done, strict);
            assert_eq!((verdict.line.as_str(), verdict.well), (line, well));
        }
    }

    #[test]
    fn the_table_has_a_line_for_each_step() {
        assert_eq!(
            table(&[passed(), failed()]),
            "passed   format                        1.5 s  3 tests\n\
             failed   format                        1.5 s  It broke."
        );
    }

    #[test]
    fn ci_is_strict_when_it_says_so() {
        for (ci, expected) in [("true", true), ("1", true), ("false", false), ("0", false), ("", false)] {
            assert_eq!(is_strict(ci), expected, "{ci:?}");
        }
    }

    #[test]
    fn test_results_are_added_up() {
        for (output, passed, ignored, unasked, skipped) in [
            ("", 0, 0, 0, vec![]),
            ("running 0 tests\n", 0, 0, 0, vec![]),
            (
                "test a ... skipped: no file\nok\ntest result: ok. 1 passed; 0 failed",
                1,
                0,
                0,
                vec!["no file".to_owned()],
            ),
            (
                "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
              test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured",
                12,
                1,
                3,
                vec![],
            ),
            ("test result: FAILED. 2 passed; 3 failed; 0 ignored", 2, 0, 0, vec![]),
        ] {
            assert_eq!(Tests::counted(output), Tests { passed, ignored, unasked, skipped }, "{output:?}");
        }
    }

    #[test]
    fn what_did_not_run_is_told_beside_what_passed() {
        for (passed, ignored, unasked, skipped, expected) in [
            (1, 0, 0, vec![], "1 test"),
            (3, 2, 0, vec![], "3 tests, 2 ignored"),
            (3, 0, 180, vec!["no file".to_owned()], "3 tests, skipped: no file; 180 more with --whole"),
        ] {
            assert_eq!(Tests { passed, ignored, unasked, skipped }.to_string(), expected);
        }
    }
}
