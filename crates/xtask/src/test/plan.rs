//! Which steps there are, what they need, and what keeps one from being worth a try.

use super::summary::{Done, Outcome};
use crate::setup::Need;
use crate::setup::browsers::Browser;

/// What the command line asks for; nothing means every step.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// These steps only.
    pub only: Vec<StepKind>,
    /// These browsers only.
    pub browsers: Vec<Browser>,
    /// Every journey and host in every browser, not [those that tell them apart](super::telling) alone.
    pub is_whole: bool,
}

/// A kind of check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The code is formatted.
    Format,
    /// No warnings, natively and for wasm32.
    Clippy,
    /// The documentation of the code, without warnings.
    Docs,
    /// Licences and advisories of all crates, by cargo-deny, which nobody has to have.
    Deny,
    /// The tests that need no browser.
    Native,
    /// Other people's OAuth clients against the local Looker.
    Clients,
    /// The app's tests inside a browser.
    Browser,
    /// The release build.
    Build,
    /// The app and a local Looker, served as a newcomer does.
    Serve,
    /// Whole sign-ins in a browser, with the release build.
    Journeys,
    /// The release build behind nginx and Caddy, in a browser.
    Hosts,
    /// The release build keeps to its budget.
    Sizes,
}

impl StepKind {
    /// In the order in which they run.
    pub const ALL: [Self; 12] = [
        Self::Format,
        Self::Clippy,
        Self::Docs,
        Self::Deny,
        Self::Native,
        Self::Clients,
        Self::Browser,
        Self::Build,
        Self::Serve,
        Self::Journeys,
        Self::Hosts,
        Self::Sizes,
    ];

    /// As on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Clippy => "clippy",
            Self::Docs => "docs",
            Self::Deny => "deny",
            Self::Native => "native",
            Self::Clients => "clients",
            Self::Browser => "browser",
            Self::Build => "build",
            Self::Serve => "serve",
            Self::Journeys => "journeys",
            Self::Hosts => "hosts",
            Self::Sizes => "sizes",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One step: a check, in one browser where it is about browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What is checked.
    pub kind: StepKind,
    /// Where.
    pub browser: Option<Browser>,
}

impl Step {
    /// `browser in firefox`.
    pub fn name(self) -> String {
        match self.browser {
            Some(browser) => format!("{} in {}", self.kind.name(), browser.name()),
            None => self.kind.name().into(),
        }
    }
}

/// What is to be run. Without a release build, what uses one brings `build` along.
pub fn steps(selection: &Selection, is_built: bool) -> Vec<Step> {
    let asked = |kind| selection.only.is_empty() || selection.only.contains(&kind);
    let uses_build = [StepKind::Journeys, StepKind::Hosts, StepKind::Sizes].into_iter().any(asked);
    let mut steps = Vec::new();
    for kind in StepKind::ALL {
        let brought_along = kind == StepKind::Build && uses_build && !is_built;
        if !asked(kind) && !brought_along {
            continue;
        }
        if matches!(kind, StepKind::Browser | StepKind::Journeys | StepKind::Hosts) {
            let browsers =
                Browser::ALL.into_iter().filter(|b| selection.browsers.is_empty() || selection.browsers.contains(b));
            steps.extend(browsers.map(|browser| Step { kind, browser: Some(browser) }));
        } else {
            steps.push(Step { kind, browser: None });
        }
    }
    steps
}

/// Everything that the steps need, once.
pub fn needs(steps: &[Step]) -> Vec<Need> {
    let mut needs = Vec::new();
    for step in steps {
        // The compiler for wasm32 compiles the native part too: what is shared is then compiled once.
        let own: &[Need] = match step.kind {
            StepKind::Format | StepKind::Deny => &[],
            StepKind::Clippy | StepKind::Docs | StepKind::Native => &[Need::WasmTarget],
            StepKind::Clients => &[Need::WasmTarget, Need::Node],
            StepKind::Browser => &[Need::WasmTarget, Need::WasmBindgen],
            StepKind::Build => &Need::BUILD,
            StepKind::Hosts => &[Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::Node, Need::Servers],
            StepKind::Serve | StepKind::Journeys => &Need::SERVE,
            StepKind::Sizes => &[Need::Node],
        };
        needs.extend_from_slice(own);
        if let Some(browser) = step.browser {
            needs.push(Need::Browser(browser));
            if browser == Browser::WebKit {
                needs.push(Need::Display);
            }
        }
    }
    let order = |need: &Need| Need::ALL.iter().position(|n| n == need);
    needs.sort_by_key(order);
    needs.dedup();
    needs
}

/// Why a step is not worth a try, seeing what the earlier ones came to.
pub fn obstacle(step: Step, done: &[Done]) -> Option<String> {
    let uses_build = matches!(step.kind, StepKind::Journeys | StepKind::Hosts | StepKind::Sizes);
    let build_failed = done.iter().any(|d| d.step.kind == StepKind::Build && matches!(d.outcome, Outcome::Failed(_)));
    (uses_build && build_failed).then(|| "the build failed".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn names(selection: &Selection, is_built: bool) -> Vec<String> {
        steps(selection, is_built).into_iter().map(Step::name).collect()
    }

    fn only(kinds: &[StepKind]) -> Selection {
        Selection { only: kinds.to_vec(), ..Selection::default() }
    }

    #[test]
    fn by_default_every_step_runs_in_every_browser() {
        let expected = [
            "format",
            "clippy",
            "docs",
            "deny",
            "native",
            "clients",
            "browser in chromium",
            "browser in firefox",
            "browser in webkit",
            "build",
            "serve",
            "journeys in chromium",
            "journeys in firefox",
            "journeys in webkit",
            "hosts in chromium",
            "hosts in firefox",
            "hosts in webkit",
            "sizes",
        ];
        assert_eq!(names(&Selection::default(), true), expected);
        assert_eq!(names(&Selection::default(), false), expected);
    }

    #[test]
    fn a_build_is_brought_along_when_there_is_none() {
        use StepKind::{Build, Format, Sizes};
        for (asked, is_built, expected) in [
            (vec![Sizes], false, vec!["build", "sizes"]),
            (vec![Sizes], true, vec!["sizes"]),
            (vec![Format], false, vec!["format"]),
            (vec![Sizes, Build], true, vec!["build", "sizes"]),
        ] {
            assert_eq!(names(&only(&asked), is_built), expected, "{asked:?}");
        }
    }

    #[test]
    fn browsers_can_be_chosen() {
        let selection = Selection {
            only: vec![StepKind::Browser],
            browsers: vec![Browser::WebKit, Browser::Chromium],
            ..Selection::default()
        };
        assert_eq!(names(&selection, true), ["browser in chromium", "browser in webkit"]);
    }

    #[test]
    fn only_what_the_steps_use_is_set_up() {
        for (asked, expected) in [
            (vec![StepKind::Format], vec![]),
            (vec![StepKind::Clippy, StepKind::Native], vec![Need::WasmTarget]),
            (vec![StepKind::Sizes], vec![Need::Node]),
        ] {
            assert_eq!(needs(&steps(&only(&asked), true)), expected, "{asked:?}");
        }
        assert_eq!(needs(&steps(&Selection::default(), true)), Need::ALL);
    }

    #[test]
    fn what_uses_the_build_is_skipped_when_it_failed() {
        let step = |kind| Step { kind, browser: None };
        let build = |outcome| [Done { step: step(StepKind::Build), outcome, took: Duration::ZERO }];
        let failed = build(Outcome::Failed("no".into()));
        let passed = build(Outcome::Passed(String::new()));
        for (kind, before, expected) in [
            (StepKind::Journeys, &failed, true),
            (StepKind::Sizes, &failed, true),
            (StepKind::Browser, &failed, false),
            (StepKind::Journeys, &passed, false),
        ] {
            assert_eq!(obstacle(step(kind), before).is_some(), expected, "{kind:?}");
        }
    }
}
