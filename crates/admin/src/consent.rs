//! Asking before something ends.

use std::io::{Write as _, stderr, stdin};

use crate::{arguments::GoAhead, trouble::Trouble};

/// How to find out whether to go ahead.
#[derive(Debug, Clone, Copy)]
pub struct Consent {
    /// What the command line says.
    pub go_ahead: GoAhead,
    /// Whether there is somebody to ask.
    pub has_terminal: bool,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    OnlySay,
    GoAhead,
    Ask,
    Refuse,
}

impl Consent {
    /// Whether to do what was asked; false to only say it. What ends something for others is warned of and asked for.
    pub async fn given(&self, warning: Option<&str>) -> Result<bool, Trouble> {
        match (self.way(warning.is_some()), warning) {
            (Way::OnlySay, _) => Ok(false),
            (Way::Ask, Some(warning)) => {
                if is_yes(&answer(warning).await) {
                    Ok(true)
                } else {
                    Err(Trouble::NotConfirmed)
                }
            }
            (Way::Refuse, Some(warning)) => Err(Trouble::NobodyToAsk { warning: warning.into() }),
            _ => Ok(true),
        }
    }

    const fn way(&self, ends_something: bool) -> Way {
        match (self.go_ahead.dry_run, ends_something && !self.go_ahead.yes, self.has_terminal) {
            (true, ..) => Way::OnlySay,
            (false, false, _) => Way::GoAhead,
            (false, true, true) => Way::Ask,
            (false, true, false) => Way::Refuse,
        }
    }
}

/// What somebody types; nothing where nothing can be read.
async fn answer(warning: &str) -> String {
    let _ = write!(stderr(), "{warning}\nGo ahead? [y/N] ").and_then(|()| stderr().flush());
    // On a thread of its own, so that Ctrl-C is heard meanwhile.
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        let _ = stdin().read_line(&mut line);
        line
    });
    line.await.unwrap_or_default()
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_something_is_done_only_when_somebody_said_so() {
        for (ends, yes, dry_run, has_terminal, way) in [
            (true, false, false, true, Way::Ask),
            (true, false, false, false, Way::Refuse),
            (true, true, false, false, Way::GoAhead),
            (true, true, true, true, Way::OnlySay),
            (true, false, true, false, Way::OnlySay),
            (false, false, false, false, Way::GoAhead),
            (false, false, true, true, Way::OnlySay),
        ] {
            let consent = Consent { go_ahead: GoAhead { yes, dry_run }, has_terminal };
            assert_eq!(consent.way(ends), way, "{ends} {consent:?}");
        }
    }

    #[test]
    fn only_yes_is_yes() {
        for (line, yes) in
            [("y\n", true), ("Yes\r\n", true), ("\n", false), ("", false), ("n\n", false), ("yep\n", false)]
        {
            assert_eq!(is_yes(line), yes, "{line:?}");
        }
    }
}
