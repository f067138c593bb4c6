//! One check: what it found, what that means, and what to do.

use serde_json::{Value, json};

use crate::{shown::shown, trouble::Message};

/// What is checked, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// What is set, and the files that are named, can be used.
    Settings,
    /// `base_url` can be an address.
    Address,
    /// It is https, or on this machine.
    Https,
    /// Something answers there.
    Host,
    /// It is who it says it is.
    Certificate,
    /// It is Looker's API.
    Api,
    /// Which Looker it is.
    Version,
    /// Looker knows the API3 credentials.
    Credentials,
    /// They may look after apps and the allowlist.
    Permission,
    /// The app is registered.
    App,
    /// It is enabled.
    Enabled,
    /// Looker sends people back to where the page is.
    RedirectUri,
    /// The page may call the API.
    Origin,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Settings,
        Self::Address,
        Self::Https,
        Self::Host,
        Self::Certificate,
        Self::Api,
        Self::Version,
        Self::Credentials,
        Self::Permission,
        Self::App,
        Self::Enabled,
        Self::RedirectUri,
        Self::Origin,
    ];

    /// For people and for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Address => "address",
            Self::Https => "https",
            Self::Host => "host",
            Self::Certificate => "certificate",
            Self::Api => "api",
            Self::Version => "version",
            Self::Credentials => "credentials",
            Self::Permission => "permission",
            Self::App => "app",
            Self::Enabled => "enabled",
            Self::RedirectUri => "redirect_uri",
            Self::Origin => "origin",
        }
    }
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Worth a look.
    Look,
    /// To be mended.
    Bad,
    /// Not checked.
    Skipped,
}

impl Verdict {
    const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Bad => "bad",
            Self::Skipped => "skipped",
        }
    }

    /// In a column of its own, to be found by the eye.
    const fn mark(self) -> &'static str {
        match self {
            Self::Good => "ok  ",
            Self::Look => "LOOK",
            Self::Bad => "BAD ",
            Self::Skipped => "-   ",
        }
    }
}

/// A check that was made, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub subject: Subject,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What that means, and what to do; nothing where all is well.
    pub advice: Option<(String, String)>,
}

impl Check {
    /// As it should be.
    pub fn good(subject: Subject, found: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Good, found: found.into(), advice: None }
    }

    /// To be mended.
    pub fn bad(subject: Subject, message: Message) -> Self {
        Self::advised(subject, Verdict::Bad, message)
    }

    /// Worth a look.
    pub fn look(subject: Subject, message: Message) -> Self {
        Self::advised(subject, Verdict::Look, message)
    }

    /// Not made.
    pub fn skipped(subject: Subject, why: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Skipped, found: why.into(), advice: None }
    }

    fn advised(subject: Subject, verdict: Verdict, message: Message) -> Self {
        let Message { headline, meaning, next_step } = message;
        Self { subject, verdict, found: headline, advice: Some((meaning, next_step)) }
    }

    /// For people: a line, and below it the advice.
    pub fn lines(&self) -> String {
        let mut text = format!("{}  {:<13}", self.verdict.mark(), self.subject.name());
        let mut paragraph = |begins: &str, lines: &str| {
            for (index, line) in lines.lines().enumerate() {
                let begins = if index == 0 { begins } else { "                   " };
                text.push_str(&format!("{begins}{}\n", shown(line)));
            }
        };
        paragraph("", &self.found);
        if let Some((meaning, next_step)) = &self.advice {
            paragraph("                   ", meaning);
            paragraph("             Next: ", next_step);
        }
        text
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let (meaning, next_step) = self.advice.as_ref().map_or((None, None), |(a, b)| (Some(a), Some(b)));
        json!({
            "name": self.subject.name(),
            "verdict": self.verdict.name(),
            "found": self.found,
            "meaning": meaning,
            "next_step": next_step,
        })
    }
}

/// Every check, in order: those that were not made because of another are said to be so.
pub fn complete(made: Vec<Check>) -> Vec<Check> {
    let bad = made.iter().find(|check| check.verdict == Verdict::Bad).map(|check| check.subject.name());
    let why = bad.map_or_else(|| "not checked".into(), |bad| format!("not checked, because of: {bad}"));
    let of = |subject| made.iter().find(|check| check.subject == subject).cloned();
    Subject::ALL.map(|subject| of(subject).unwrap_or_else(|| Check::skipped(subject, why.as_str()))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_a_line_with_its_advice_below() {
        let bad = Check::bad(Subject::Origin, Message::new("found\u{7}", "means\nmore", "do"));
        let lines = "BAD   origin       found\u{fffd}\n                   means\n                   more\n             \
                     Next: do\n";
        assert_eq!(bad.lines(), lines);
        assert_eq!(Check::good(Subject::RedirectUri, "x").lines(), "ok    redirect_uri x\n");
        assert_eq!(bad.to_json()["next_step"], "do");
        assert_eq!(Check::good(Subject::Host, "x").to_json()["meaning"], Value::Null);
    }

    #[test]
    fn what_was_not_checked_is_said_with_what_is_in_its_way() {
        let made = vec![
            Check::good(Subject::Settings, "x"),
            Check::good(Subject::Address, "x"),
            Check::look(Subject::Https, Message::new("a", "b", "c")),
            Check::bad(Subject::Host, Message::new("a", "b", "c")),
        ];
        let all = complete(made);
        assert_eq!(all.iter().map(|check| check.subject).collect::<Vec<_>>(), Subject::ALL);
        assert_eq!(all[3].verdict, Verdict::Bad);
        assert!(
            all[4..]
                .iter()
                .all(|check| { check.verdict == Verdict::Skipped && check.found == "not checked, because of: host" })
        );
    }
}
