//! When to renew the access token: decided here by the time and by what came of it, and carried
//! out by [`keep`](super::keep) and [`Session`](super::Session).
//!
//! Nothing but Looker's own word ends a session: whatever else goes wrong is waited out, and no
//! clock of this machine is believed so far. Timers are not trusted to fire either: whoever wakes
//! asks [`Renewal::step`] and is told what is due by now.

use std::time::Duration;

use looker::{AnswerError, Timestamp, oauth::TokenError};

use super::{Deadlines, RenewError};
use crate::net::TransportError;

/// How long before its end an access token is renewed, in milliseconds.
const MARGIN: u64 = 60_000;

/// At most this much earlier, at random, so that many tabs do not ask at the same moment; in
/// milliseconds.
const JITTER: u64 = 30_000;

/// The least time between two renewals that nobody asked for, in milliseconds: tokens that are
/// born expired must not make a loop.
const LEAST_GAP: u64 = 10_000;

/// The longest that the first wait after a failure may be, in milliseconds; that of each further
/// one is twice as long.
const FIRST_WAIT: u64 = 2_000;

/// No wait is shorter, in milliseconds.
const SHORTEST_WAIT: u64 = 500;

/// The longest wait between two tries, in milliseconds.
const LONGEST_WAIT: u64 = 5 * 60_000;

/// The longest that is left of a pause that Looker asked for, when the clock was moved during it;
/// in milliseconds.
const FAIR_PAUSE: u64 = 60_000;

/// The longest that Looker may ask to wait, in seconds: past it, it is asked again all the same.
const LONGEST_RETRY_AFTER: u64 = 3_600;

/// What hinders a renewal without ending the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Nothing was sent: the device is offline.
    Offline,
    /// No answer came: nobody is there, or it got lost.
    NoAnswer,
    /// Looker asks for fewer requests.
    TooManyRequests,
    /// Looker has trouble of its own, or answers what makes no sense.
    Trouble,
    /// Another tab of the session has been renewing it for too long.
    Crowded,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Looker said that the refresh token, the app or the person is no longer good.
    Refused,
    /// Looker gave new tokens, and refuses them.
    Rejected,
    /// Looker no longer takes the refresh token, most likely because it gave a new one in an answer that did
    /// not get here.
    Lost,
    /// The access token is no longer good, and Looker gave no refresh token.
    NoRefreshToken,
}

impl Ending {
    /// As copies of a tab tell each other.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Rejected => "rejected",
            Self::Lost => "lost",
            Self::NoRefreshToken => "no_refresh_token",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Refused, Self::Rejected, Self::Lost, Self::NoRefreshToken]
            .into_iter()
            .find(|ending| ending.name() == name)
    }
}

/// What came of a renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new access token.
    Renewed(Deadlines),
    /// Not now.
    Hindered {
        /// By what.
        by: Hindrance,
        /// Seconds to wait, where Looker said.
        retry_after: Option<u64>,
    },
    /// Looker was not asked, since it wants to be left alone until then.
    Paused(Timestamp),
    /// Never again.
    Over(Ending),
}

impl Outcome {
    /// What an error means for the session. `was_online` is what the browser said before anything was sent: where
    /// it was offline and then no answer came, nothing was.
    pub fn of(error: &RenewError, was_online: bool) -> Self {
        let hindered = |by, retry_after| Self::Hindered { by, retry_after };
        match error {
            RenewError::NoRefreshToken => Self::Over(Ending::NoRefreshToken),
            RenewError::Over(ending) => Self::Over(*ending),
            // The grant is dead (invalid_grant), or the app is disabled or gone (invalid_client):
            // to ask again changes neither.
            RenewError::Token(TokenError::Refused(refusal)) if refusal.is_temporary() => {
                hindered(Hindrance::Trouble, None)
            }
            RenewError::Token(TokenError::Refused(_)) => Self::Over(Ending::Refused),
            // The same in the shape of Looker's API, which says 404 where others say 403.
            RenewError::Token(TokenError::Answer(AnswerError::Status { status: 400 | 401 | 403 | 404, .. })) => {
                Self::Over(Ending::Refused)
            }
            RenewError::Token(TokenError::Answer(AnswerError::TooManyRequests { retry_after })) => {
                hindered(Hindrance::TooManyRequests, *retry_after)
            }
            RenewError::Token(TokenError::Answer(AnswerError::Server { retry_after, .. })) => {
                hindered(Hindrance::Trouble, *retry_after)
            }
            RenewError::Token(TokenError::Answer(_) | TokenError::Token(_)) => hindered(Hindrance::Trouble, None),
            RenewError::Waiting(by) => hindered(*by, None),
            RenewError::Paused(until) => Self::Paused(*until),
            RenewError::SignedOut => Self::Over(Ending::Refused),
            RenewError::Crowded => hindered(Hindrance::Crowded, None),
            RenewError::Transport(TransportError::NoAnswer { .. }) if !was_online => hindered(Hindrance::Offline, None),
            RenewError::Transport(_) => hindered(Hindrance::NoAnswer, None),
        }
    }
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask Looker for a new access token, now.
    Renew,
    /// Nothing, for this long.
    Sleep(Duration),
    /// Nothing, until something else happens.
    Rest,
}

/// Who wants a new access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The page itself, or a call whose token Looker no longer takes.
    Page,
    /// The person, by a button.
    Person,
}

/// What whoever wants a new access token does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Ask Looker.
    Begin,
    /// Wait for the renewal that is under way.
    Join,
    /// Come back later: what failed a moment ago is not tried again yet.
    Wait(Hindrance),
    /// Give up: the session is over.
    Over(Ending),
}

/// What a renewal is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The access token is good, as far as is known.
    Resting {
        /// No renewal that nobody asked for begins before.
        not_before: Timestamp,
    },
    /// Looker is being asked.
    Underway {
        /// How often that failed before.
        tries: u32,
        /// By what it was hindered the last time, if it was.
        by: Option<Hindrance>,
    },
    /// The last try failed, and the next one has to wait.
    Waiting {
        /// Until when.
        until: Timestamp,
        /// How often it failed.
        tries: u32,
        /// What is waited out.
        by: Hindrance,
        /// Until when Looker itself asked to wait, if it did: nobody asks it sooner.
        asked: Option<Timestamp>,
    },
    /// The session is over.
    Over(Ending),
}

/// The renewal of one session's access token.
///
/// ```
/// # use looker::Timestamp;
/// # use sightline::session::{Asker, Deadlines, Renewal, Step, Turn};
/// let now = Timestamp::from_millis(0);
/// let deadlines = Deadlines { access: now.plus_seconds(3600), refresh: Some(now.plus_seconds(86_400)) };
/// let mut renewal = Renewal::new(deadlines, now, 7);
/// assert!(matches!(renewal.step(now), Step::Sleep(_)));
/// assert_eq!(renewal.step(now.plus_seconds(3600)), Step::Renew);
/// assert_eq!(renewal.ask(Asker::Page, now), Turn::Begin);
/// assert_eq!(renewal.ask(Asker::Person, now), Turn::Join);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// When to renew; never, where there is no refresh token.
    due: Option<Timestamp>,
    phase: Phase,
    /// Whether Looker may have replaced the refresh token in an answer that did not get here.
    is_in_doubt: bool,
}

impl Renewal {
    /// Begins with tokens that end at `deadlines`. `random` is any number; it spreads the load.
    pub fn new(deadlines: Deadlines, now: Timestamp, random: u64) -> Self {
        Self { due: due(deadlines, now, random), phase: Phase::Resting { not_before: now }, is_in_doubt: false }
    }

    /// The page before went while it was renewing: what came of that is not known, and only another renewal
    /// tells, best before anything else is begun.
    pub fn was_interrupted(&mut self, now: Timestamp) {
        self.due = self.due.map(|_| now);
        self.doubt();
    }

    /// Looker may have replaced the refresh token in an answer that did not get here, as a copy of this tab knows.
    pub fn doubt(&mut self) {
        self.is_in_doubt = true;
    }

    /// Whether Looker may have replaced the refresh token in an answer that did not get here.
    pub const fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// Until when Looker asked to wait, if that is not over.
    pub fn pause(&self, now: Timestamp) -> Option<Timestamp> {
        match self.phase {
            Phase::Waiting { asked, .. } => asked.filter(|asked| *asked > now),
            _ => None,
        }
    }

    /// What to do at `now`.
    pub fn step(&self, now: Timestamp) -> Step {
        let sleep_until = |then: Timestamp| then.after(now).map_or(Step::Renew, Step::Sleep);
        match (self.phase, self.due) {
            (Phase::Over(_) | Phase::Underway { .. }, _) | (Phase::Resting { .. }, None) => Step::Rest,
            (Phase::Resting { not_before }, Some(due)) => sleep_until(due.max(not_before)),
            (Phase::Waiting { until, .. }, _) => sleep_until(until),
        }
    }

    /// What it is at.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Somebody wants a new access token at `now`; if they are told to begin, it is under way.
    pub fn ask(&mut self, asker: Asker, now: Timestamp) -> Turn {
        self.phase = match self.phase {
            Phase::Over(ending) => return Turn::Over(ending),
            Phase::Underway { .. } => return Turn::Join,
            Phase::Waiting { until, by, asked, .. }
                if until > now && (asker == Asker::Page || asked.is_some_and(|asked| asked > now)) =>
            {
                return Turn::Wait(by);
            }
            Phase::Waiting { tries, by, .. } => Phase::Underway { tries, by: Some(by) },
            Phase::Resting { .. } => Phase::Underway { tries: 0, by: None },
        };
        Turn::Begin
    }

    /// It came to this.
    pub fn conclude(&mut self, outcome: Outcome, now: Timestamp, random: u64) {
        let tries = match self.phase {
            Phase::Over(_) => return,
            Phase::Underway { tries, .. } | Phase::Waiting { tries, .. } => tries,
            Phase::Resting { .. } => 0,
        };
        self.phase = match outcome {
            Outcome::Renewed(deadlines) => {
                self.due = due(deadlines, now, random);
                self.is_in_doubt = false;
                Phase::Resting { not_before: later(now, LEAST_GAP) }
            }
            Outcome::Hindered { by, retry_after } => {
                let asked = retry_after.map(|seconds| now.plus_seconds(seconds.min(LONGEST_RETRY_AFTER)));
                let until = later(now, back_off(tries, random)).max(asked.unwrap_or(now));
                // Trouble, too: a proxy says so where the answer got lost behind it.
                self.is_in_doubt |= matches!(by, Hindrance::NoAnswer | Hindrance::Trouble);
                // Who had no turn has asked nobody.
                let tries = if by == Hindrance::Crowded { tries } else { tries.saturating_add(1) };
                Phase::Waiting { until, tries, by, asked }
            }
            Outcome::Paused(until) => {
                let until = until.min(now.plus_seconds(LONGEST_RETRY_AFTER));
                Phase::Waiting { until, tries, by: Hindrance::TooManyRequests, asked: Some(until) }
            }
            Outcome::Over(Ending::Refused) if self.is_in_doubt => Phase::Over(Ending::Lost),
            Outcome::Over(ending) => Phase::Over(ending),
        };
    }

    /// Whether the last new tokens have been there for a while, or never came.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        !matches!(self.phase, Phase::Resting { not_before } if not_before > now)
    }

    /// The page wakes, or the network is back: a wait that was for that is over. Where Looker
    /// itself has to be waited for, the wait stays.
    pub fn wake(&mut self, now: Timestamp) {
        if let Phase::Waiting { until, by, asked: None, .. } = &mut self.phase
            && matches!(by, Hindrance::Offline | Hindrance::NoAnswer | Hindrance::Crowded)
        {
            *until = now;
        }
    }

    /// The clock was moved, so no deadline can be trusted: new tokens bring new ones.
    pub fn distrust_clock(&mut self, now: Timestamp) {
        self.due = self.due.map(|_| now);
        self.phase = match self.phase {
            Phase::Resting { .. } => Phase::Resting { not_before: now },
            Phase::Waiting { tries, by, asked, .. } => {
                // What Looker asked for was meant by a clock that is no longer there.
                let asked = asked.map(|asked| asked.min(later(now, FAIR_PAUSE)));
                Phase::Waiting { until: asked.unwrap_or(now).max(now), tries, by, asked }
            }
            phase @ (Phase::Underway { .. } | Phase::Over(_)) => phase,
        };
    }
}

fn later(now: Timestamp, milliseconds: u64) -> Timestamp {
    Timestamp::from_millis(now.as_millis().saturating_add(milliseconds))
}

/// When the access token is to be renewed: a little before its end, but never in the first half of
/// the life that it has left.
fn due(deadlines: Deadlines, now: Timestamp, random: u64) -> Option<Timestamp> {
    deadlines.refresh?;
    let end = deadlines.access.as_millis();
    let left = end.saturating_sub(now.as_millis());
    let early = (MARGIN + random % JITTER).min(left / 2);
    Some(Timestamp::from_millis(end.saturating_sub(early)))
}

/// Exponential, with full jitter; in milliseconds.
fn back_off(tries: u32, random: u64) -> u64 {
    let longest = FIRST_WAIT.saturating_mul(1 << tries.min(16)).min(LONGEST_WAIT);
    SHORTEST_WAIT + random % (longest - SHORTEST_WAIT)
}

#[cfg(test)]
mod tests {
    use looker::oauth::TokenRefusal;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn deadlines(now: Timestamp, access_seconds: u64) -> Deadlines {
        Deadlines { access: now.plus_seconds(access_seconds), refresh: Some(now.plus_seconds(30 * 86_400)) }
    }

    fn hindered(by: Hindrance, retry_after: Option<u64>) -> Outcome {
        Outcome::Hindered { by, retry_after }
    }

    /// A renewal that just failed so.
    fn failed(outcome: Outcome, random: u64) -> Renewal {
        let mut renewal = Renewal::new(deadlines(NOW, 0), NOW, 0);
        assert_eq!(renewal.ask(Asker::Page, NOW), Turn::Begin);
        renewal.conclude(outcome, NOW, random);
        renewal
    }

    #[test]
    fn a_token_is_renewed_a_minute_or_a_bit_more_before_its_end() {
        for random in [0, 1, 29_999, 30_000, u64::MAX] {
            let renewal = Renewal::new(deadlines(NOW, 3_600), NOW, random);
            let Step::Sleep(wait) = renewal.step(NOW) else { panic!("not asleep") };
            assert!((3_510..=3_540).contains(&wait.as_secs()), "{wait:?}");
            assert_eq!(renewal.step(NOW.plus_seconds(3_541)), Step::Renew);
        }
    }

    #[test]
    fn a_timer_that_never_fired_does_no_harm() {
        let renewal = Renewal::new(deadlines(NOW, 3_600), NOW, 0);
        assert_eq!(renewal.step(NOW.plus_seconds(86_400)), Step::Renew);
    }

    #[test]
    fn however_many_ask_one_begins_and_all_others_join() {
        let mut renewal = Renewal::new(deadlines(NOW, 0), NOW, 0);
        let turns: Vec<_> = (0..1_000).map(|_| renewal.ask(Asker::Page, NOW)).collect();
        assert_eq!(turns[0], Turn::Begin);
        assert!(turns[1..].iter().all(|turn| *turn == Turn::Join));
        assert_eq!(renewal.step(NOW.plus_seconds(999_999)), Step::Rest);
    }

    #[test]
    fn a_token_that_is_born_expired_makes_no_loop() {
        for lifetime in [0, 1, 5] {
            let mut renewal = Renewal::new(deadlines(NOW, 3_600), NOW, 7);
            renewal.ask(Asker::Page, NOW);
            renewal.conclude(Outcome::Renewed(deadlines(NOW, lifetime)), NOW, 7);
            assert!(!renewal.is_settled(NOW) && renewal.is_settled(NOW.plus_seconds(10)));
            assert!(matches!(renewal.step(NOW), Step::Sleep(wait) if wait >= Duration::from_secs(10)));
        }
    }

    #[test]
    fn nothing_but_lookers_word_ends_a_session() {
        let mut renewal = Renewal::new(deadlines(NOW, 60), NOW, 0);
        let mut now = NOW.plus_seconds(60);
        let hindrances = [Hindrance::Offline, Hindrance::NoAnswer, Hindrance::Trouble, Hindrance::TooManyRequests];
        for (index, by) in hindrances.iter().cycle().take(500).enumerate() {
            assert_eq!(renewal.ask(Asker::Page, now), Turn::Begin);
            renewal.conclude(hindered(*by, None), now, index as u64 * 7_919);
            let Step::Sleep(wait) = renewal.step(now) else { panic!("no wait after {by:?}") };
            assert!(wait >= Duration::from_millis(500) && wait <= Duration::from_secs(300), "{wait:?}");
            assert_eq!(renewal.ask(Asker::Page, now), Turn::Wait(*by));
            now = later(now, wait.as_millis() as u64);
            assert_eq!(renewal.step(now), Step::Renew);
        }
        renewal.ask(Asker::Page, now);
        renewal.conclude(Outcome::Over(Ending::Refused), now, 0);
        for outcome in [Outcome::Renewed(deadlines(now, 3_600)), hindered(Hindrance::NoAnswer, None)] {
            renewal.conclude(outcome, now, 0);
            assert_eq!(renewal.step(now), Step::Rest);
            // An answer may have got lost before.
            assert_eq!(renewal.ask(Asker::Person, now), Turn::Over(Ending::Lost));
        }
    }

    #[test]
    fn a_refusal_after_an_answer_that_did_not_get_here_is_told_from_any_other() {
        let refused = Outcome::Over(Ending::Refused);
        for (outcomes, is_in_doubt, ending) in [
            (vec![], false, Ending::Refused),
            (vec![hindered(Hindrance::NoAnswer, None)], true, Ending::Lost),
            (vec![hindered(Hindrance::Trouble, None)], true, Ending::Lost),
            (vec![hindered(Hindrance::NoAnswer, None), hindered(Hindrance::TooManyRequests, None)], true, Ending::Lost),
            (vec![hindered(Hindrance::TooManyRequests, None)], false, Ending::Refused),
            (vec![hindered(Hindrance::Offline, None)], false, Ending::Refused),
            (vec![hindered(Hindrance::NoAnswer, None), hindered(Hindrance::Offline, None)], true, Ending::Lost),
            (vec![hindered(Hindrance::Crowded, None)], false, Ending::Refused),
            (
                vec![hindered(Hindrance::NoAnswer, None), Outcome::Renewed(deadlines(NOW, 3_600))],
                false,
                Ending::Refused,
            ),
        ] {
            let mut renewal = Renewal::new(deadlines(NOW, 0), NOW, 0);
            for outcome in outcomes {
                renewal.conclude(outcome, NOW, 0);
            }
            assert_eq!(renewal.is_in_doubt(), is_in_doubt);
            renewal.conclude(refused, NOW, 0);
            assert_eq!(renewal.phase(), Phase::Over(ending));
        }
        let mut renewal = Renewal::new(Deadlines { access: NOW, refresh: None }, NOW, 0);
        renewal.conclude(hindered(Hindrance::NoAnswer, None), NOW, 0);
        renewal.conclude(Outcome::Over(Ending::NoRefreshToken), NOW, 0);
        assert_eq!(renewal.phase(), Phase::Over(Ending::NoRefreshToken));
    }

    #[test]
    fn a_renewal_that_the_page_before_did_not_end_is_made_at_once() {
        let mut renewal = Renewal::new(deadlines(NOW, 3_600), NOW, 0);
        assert!(matches!(renewal.step(NOW), Step::Sleep(_)));
        renewal.was_interrupted(NOW);
        assert_eq!(renewal.step(NOW), Step::Renew);
        renewal.ask(Asker::Page, NOW);
        renewal.conclude(Outcome::Over(Ending::Refused), NOW, 0);
        assert_eq!(renewal.phase(), Phase::Over(Ending::Lost));
        // What a copy of the tab knows counts as much.
        let mut renewal = Renewal::new(deadlines(NOW, 3_600), NOW, 0);
        renewal.doubt();
        assert!(matches!(renewal.step(NOW), Step::Sleep(_)));
        renewal.conclude(Outcome::Over(Ending::Refused), NOW, 0);
        assert_eq!(renewal.phase(), Phase::Over(Ending::Lost));
        // Without a refresh token there is nothing to be in doubt of.
        let mut renewal = Renewal::new(Deadlines { access: NOW, refresh: None }, NOW, 0);
        renewal.was_interrupted(NOW);
        assert_eq!(renewal.step(NOW), Step::Rest);
    }

    #[test]
    fn a_person_may_hurry_everything_but_lookers_own_wish() {
        for by in [Hindrance::NoAnswer, Hindrance::Trouble, Hindrance::TooManyRequests, Hindrance::Crowded] {
            for (asked, turn) in [(None, Turn::Begin), (Some(60), Turn::Wait(by))] {
                let mut renewal = failed(hindered(by, asked), 0);
                assert_eq!(renewal.ask(Asker::Page, NOW), Turn::Wait(by));
                assert_eq!(renewal.ask(Asker::Person, NOW), turn);
            }
        }
    }

    #[test]
    fn a_pause_that_looker_asks_for_is_its_wish_and_the_rest_of_the_wait_is_not() {
        let mut renewal = failed(hindered(Hindrance::Trouble, Some(1)), 0);
        let mut now = NOW;
        for _ in 0..12 {
            now = later(now, LONGEST_WAIT);
            assert_eq!(renewal.ask(Asker::Page, now), Turn::Begin);
            renewal.conclude(hindered(Hindrance::Trouble, Some(1)), now, u64::MAX);
        }
        assert!(matches!(renewal.step(now), Step::Sleep(wait) if wait.as_secs() > 60), "{:?}", renewal.step(now));
        assert_eq!(renewal.ask(Asker::Person, now), Turn::Wait(Hindrance::Trouble));
        let then = now.plus_seconds(1);
        assert_eq!(renewal.ask(Asker::Page, then), Turn::Wait(Hindrance::Trouble));
        assert_eq!(renewal.ask(Asker::Person, then), Turn::Begin);
    }

    #[test]
    fn what_looker_asks_to_wait_is_waited_even_when_the_page_wakes() {
        for (asked, waited) in [(120, 120), (u64::MAX, 3_600)] {
            let mut renewal = failed(hindered(Hindrance::TooManyRequests, Some(asked)), 0);
            renewal.wake(NOW);
            assert_eq!(renewal.step(NOW), Step::Sleep(Duration::from_secs(waited)));
        }
    }

    #[test]
    fn what_looker_asks_one_copy_to_wait_the_others_wait_too_and_no_longer() {
        let now = NOW;
        let first = failed(hindered(Hindrance::TooManyRequests, Some(120)), 0);
        let until = first.pause(now).unwrap();
        assert_eq!(until, now.plus_seconds(120));
        assert_eq!(first.pause(until), None);
        let mut other = Renewal::new(deadlines(now, 1), now, 0);
        assert_eq!(other.ask(Asker::Page, now), Turn::Begin);
        other.conclude(Outcome::of(&RenewError::Paused(until), true), now, 0);
        assert_eq!(other.step(now), Step::Sleep(Duration::from_secs(120)));
        assert_eq!(other.ask(Asker::Person, now), Turn::Wait(Hindrance::TooManyRequests));
        assert_eq!(other.pause(now), Some(until));
        assert!(!other.is_in_doubt());
        assert_eq!(other.step(until), Step::Renew);
        // And it is no failure, after which the next wait would be longer.
        assert_eq!(other.ask(Asker::Page, until), Turn::Begin);
        assert!(matches!(other.phase(), Phase::Underway { tries: 0, .. }));
        // Whatever another page says.
        other.conclude(Outcome::Paused(now.plus_seconds(1 << 40)), now, 0);
        assert_eq!(other.pause(now), Some(now.plus_seconds(LONGEST_RETRY_AFTER)));
    }

    #[test]
    fn who_had_no_turn_has_not_tried() {
        for (by, expected) in [(Hindrance::Crowded, 0), (Hindrance::NoAnswer, 1)] {
            let renewal = failed(hindered(by, None), 0);
            assert!(matches!(renewal.phase(), Phase::Waiting { tries, .. } if tries == expected), "{by:?}");
        }
    }

    #[test]
    fn a_clock_that_is_moved_during_a_pause_leaves_a_fair_rest_of_it() {
        for (moved, left) in [(-3_600_000_i64, 60), (5_000, 7)] {
            let mut renewal = failed(hindered(Hindrance::TooManyRequests, Some(12)), 0);
            let now = Timestamp::from_millis(NOW.as_millis().saturating_add_signed(moved));
            renewal.distrust_clock(now);
            assert_eq!(renewal.step(now), Step::Sleep(Duration::from_secs(left)));
            assert_eq!(renewal.ask(Asker::Person, now), Turn::Wait(Hindrance::TooManyRequests));
        }
    }

    #[test]
    fn when_the_network_is_back_the_wait_is_over() {
        for by in [Hindrance::Offline, Hindrance::NoAnswer] {
            let mut renewal = failed(hindered(by, None), 1_999);
            assert!(matches!(renewal.step(NOW), Step::Sleep(_)));
            renewal.wake(NOW);
            assert_eq!(renewal.step(NOW), Step::Renew);
        }
    }

    #[test]
    fn the_wait_grows_from_try_to_try_and_has_an_end() {
        let longest = |tries| (0..5_000).map(|random| back_off(tries, random * 7_919)).max().unwrap_or_default();
        assert!(longest(0) <= FIRST_WAIT && longest(3) > 10_000);
        assert!((0..100).all(|tries| longest(tries) <= LONGEST_WAIT));
    }

    #[test]
    fn without_a_refresh_token_nothing_is_renewed_and_no_clock_ends_the_session() {
        let mut renewal = Renewal::new(Deadlines { access: NOW, refresh: None }, NOW, 0);
        assert_eq!(renewal.step(NOW.plus_seconds(86_400)), Step::Rest);
        assert_eq!(renewal.phase(), Phase::Resting { not_before: NOW });
        // Asked by a call that got 401.
        assert_eq!(renewal.ask(Asker::Page, NOW), Turn::Begin);
        renewal.conclude(Outcome::of(&RenewError::NoRefreshToken, true), NOW, 0);
        assert_eq!(renewal.phase(), Phase::Over(Ending::NoRefreshToken));
    }

    #[test]
    fn a_month_that_is_over_by_this_clock_is_lookers_to_judge() {
        let renewal = Renewal::new(Deadlines { access: NOW, refresh: Some(NOW) }, NOW.plus_seconds(1), 0);
        assert_eq!(renewal.step(NOW.plus_seconds(1)), Step::Renew);
    }

    #[test]
    fn a_moved_clock_leads_to_one_renewal() {
        let mut renewal = Renewal::new(deadlines(NOW, 3_600), NOW, 0);
        let moved = Timestamp::from_millis(NOW.as_millis() - 3_600_000);
        renewal.distrust_clock(moved);
        assert_eq!(renewal.step(moved), Step::Renew);
        renewal.ask(Asker::Page, moved);
        renewal.conclude(Outcome::Renewed(deadlines(moved, 3_600)), moved, 0);
        assert!(matches!(renewal.step(moved), Step::Sleep(wait) if wait.as_secs() > 3_000));
    }

    #[test]
    fn what_an_error_means_for_the_session() {
        let status = |status| RenewError::Token(TokenError::Answer(AnswerError::Status { status, message: None }));
        let refused = |error: &str| {
            RenewError::Token(TokenError::Refused(TokenRefusal { error: error.into(), description: None }))
        };
        let answer = |error| RenewError::Token(TokenError::Answer(error));
        for (error, outcome) in [
            (RenewError::NoRefreshToken, Outcome::Over(Ending::NoRefreshToken)),
            (RenewError::Transport(TransportError::TimedOut), hindered(Hindrance::NoAnswer, None)),
            (
                RenewError::Transport(TransportError::NoAnswer { evidence: String::new() }),
                hindered(Hindrance::NoAnswer, None),
            ),
            (
                RenewError::Transport(TransportError::BrokenOff { evidence: String::new() }),
                hindered(Hindrance::NoAnswer, None),
            ),
            (refused("invalid_grant"), Outcome::Over(Ending::Refused)),
            (refused("invalid_client"), Outcome::Over(Ending::Refused)),
            (refused("temporarily_unavailable"), hindered(Hindrance::Trouble, None)),
            (RenewError::Over(Ending::NoRefreshToken), Outcome::Over(Ending::NoRefreshToken)),
            (RenewError::Waiting(Hindrance::Trouble), hindered(Hindrance::Trouble, None)),
            (RenewError::Crowded, hindered(Hindrance::Crowded, None)),
            (status(400), Outcome::Over(Ending::Refused)),
            (status(401), Outcome::Over(Ending::Refused)),
            (status(404), Outcome::Over(Ending::Refused)),
            (status(418), hindered(Hindrance::Trouble, None)),
            (
                answer(AnswerError::TooManyRequests { retry_after: Some(9) }),
                hindered(Hindrance::TooManyRequests, Some(9)),
            ),
            (answer(AnswerError::Server { status: 503, retry_after: None }), hindered(Hindrance::Trouble, None)),
            (answer(AnswerError::Page { status: 200 }), hindered(Hindrance::Trouble, None)),
            (answer(AnswerError::NotJson { status: 200 }), hindered(Hindrance::Trouble, None)),
        ] {
            assert_eq!(Outcome::of(&error, true), outcome, "{error:?}");
        }
        let no_answer = TransportError::NoAnswer { evidence: "Failed to fetch".into() };
        for (error, by) in [
            (RenewError::Transport(no_answer), Hindrance::Offline),
            // What has begun to answer was sent, and what took its time may have been.
            (RenewError::Transport(TransportError::BrokenOff { evidence: "reset".into() }), Hindrance::NoAnswer),
            (RenewError::Transport(TransportError::TimedOut), Hindrance::NoAnswer),
        ] {
            assert_eq!(Outcome::of(&error, false), hindered(by, None), "{error:?}");
        }
    }
}
