//! How a run of the checks goes, in words for everybody who waits for it.

use super::checks::{Check, State, Verdict};

/// How the checks stand, each with its state, in their order.
pub type States = [State; Check::ALL.len()];

/// No check has begun.
pub fn none() -> States {
    Check::ALL.map(|_| State::Waiting)
}

/// Puts a check into a state.
pub fn set(states: &mut States, check: Check, state: State) {
    if let Some((_, slot)) = Check::ALL.iter().zip(states).find(|(other, _)| **other == check) {
        *slot = state;
    }
}

/// Lets what goes on wait again: it was stopped.
pub fn stop(states: &mut States) {
    states.iter_mut().filter(|state| **state == State::Running).for_each(|state| *state = State::Waiting);
}

/// One sentence about all of them: which is under way, or what came of it.
pub fn told(states: &States, is_checking: bool) -> String {
    let done = states.iter().filter(|state| matches!(state, State::Done(_))).count();
    if is_checking {
        let under_way = Check::ALL.iter().zip(states).find(|(_, state)| **state == State::Running);
        let name = under_way.map_or("", |(check, _)| check.name());
        return format!("Check {} of {}: {name}…", (done + 1).min(Check::ALL.len()), Check::ALL.len());
    }
    let names = |wanted: Verdict| {
        let has = |state: &State| matches!(state, State::Done(finding) if finding.verdict == wanted);
        let names: Vec<_> =
            Check::ALL.iter().zip(states).filter(|(_, state)| has(state)).map(|(c, _)| c.name()).collect();
        (names.len(), names.join("; "))
    };
    match (done, names(Verdict::Trouble)) {
        (0, _) => String::new(),
        _ if states.contains(&State::Waiting) => format!("Stopped after {done} of {} checks.", Check::ALL.len()),
        (_, (0, _)) => match names(Verdict::Attention) {
            (0, _) => "Checked: all is well.".into(),
            (count, names) => format!("Checked: no trouble, {count} to look at ({names})."),
        },
        (_, (count, names)) => format!("Checked: {count} in trouble ({names})."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::checks::Finding;

    fn states(text: &str) -> States {
        let mut states = none();
        for (check, c) in Check::ALL.into_iter().zip(text.chars()) {
            let done = |verdict| State::Done(Finding { verdict, ..Finding::good("") });
            let state = match c {
                'g' => done(Verdict::Good),
                'a' => done(Verdict::Attention),
                't' => done(Verdict::Trouble),
                'r' => State::Running,
                _ => State::Waiting,
            };
            set(&mut states, check, state);
        }
        states
    }

    #[test]
    fn whoever_listens_hears_which_check_is_under_way_and_what_came_of_all() {
        for (letters, is_checking, sentence) in [
            ("-------", false, ""),
            ("ggr----", true, "Check 3 of 7: The API host can be reached…"),
            ("ggggggr", true, "Check 7 of 7: The app is registered…"),
            ("gg-----", false, "Stopped after 2 of 7 checks."),
            ("ggt----", false, "Stopped after 3 of 7 checks."),
            ("ggggggg", false, "Checked: all is well."),
            ("gggggga", false, "Checked: no trouble, 1 to look at (The app is registered)."),
            ("ggtaaaa", false, "Checked: 1 in trouble (The API host can be reached)."),
            ("gggtaat", false, "Checked: 2 in trouble (This page's origin is allowed; The app is registered)."),
        ] {
            assert_eq!(told(&states(letters), is_checking), sentence, "{letters}");
        }
    }

    #[test]
    fn what_was_stopped_waits_again_and_what_was_found_stays() {
        let mut stopped = states("gtr----");
        stop(&mut stopped);
        assert!(stopped == states("gt-----"));
    }
}
