//! How the session is, in words.

use looker::Timestamp;

use crate::session::{Deadlines, Ending, Hindrance, Phase};

/// How long before the sign-in's end the page speaks of it, in milliseconds.
const SOON: u64 = 24 * 60 * 60 * 1000;

/// How the session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All is well.
    Good,
    /// A new access token is being asked for.
    Renewing,
    /// All is well, but the refresh token's month ends soon.
    EndsSoon(Timestamp),
    /// The access token has ended, and there is no refresh token to renew it with.
    Expired,
    /// There is no new access token yet.
    Waiting {
        /// Why.
        why: Why,
        /// When the next try is; nothing while it is under way.
        until: Option<Timestamp>,
        /// Whether a person may try at once: not where Looker itself asked to wait.
        may_hurry: bool,
    },
    /// Looker ended the session.
    Over(Ending),
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The connection of this device.
    Offline,
    /// An answer of Looker.
    NoAnswer,
    /// The end of the pause that Looker asked for.
    Pause,
    /// The end of Looker's trouble.
    Trouble,
    /// Another tab of this session.
    Crowded,
}

impl Standing {
    /// Decides it.
    pub fn decide(phase: Phase, deadlines: Deadlines, is_online: bool, now: Timestamp) -> Self {
        let why = |by| match by {
            Hindrance::Offline | Hindrance::NoAnswer if !is_online => Why::Offline,
            Hindrance::Offline | Hindrance::NoAnswer => Why::NoAnswer,
            Hindrance::TooManyRequests => Why::Pause,
            Hindrance::Trouble => Why::Trouble,
            Hindrance::Crowded => Why::Crowded,
        };
        match phase {
            Phase::Over(ending) => Self::Over(ending),
            Phase::Waiting { by, until, asked, .. } => {
                let may_hurry = asked.is_none_or(|asked| asked <= now);
                Self::Waiting { why: why(by), until: Some(until), may_hurry }
            }
            Phase::Underway { by: Some(by), .. } => Self::Waiting { why: why(by), until: None, may_hurry: true },
            Phase::Underway { by: None, .. } => Self::Renewing,
            Phase::Resting { .. } => match deadlines.refresh {
                Some(end) if end.as_millis() < now.as_millis().saturating_add(SOON) => Self::EndsSoon(end),
                None if deadlines.access <= now => Self::Expired,
                Some(_) | None => Self::Good,
            },
        }
    }

    /// In a few words, for the header.
    pub const fn in_brief(self) -> &'static str {
        match self {
            Self::Good => "Signed in",
            Self::Renewing => "Renewing…",
            Self::EndsSoon(_) => "Sign-in ends soon",
            Self::Expired => "Access token expired",
            Self::Waiting { why: Why::Offline, .. } => "Offline, waiting",
            Self::Waiting { why: Why::Crowded, .. } => "Waiting for another tab",
            Self::Waiting { .. } => "Waiting for Looker",
            Self::Over(_) => "Session ended",
        }
    }

    /// Whether the dot beside it is calm.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Good | Self::Renewing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    #[test]
    fn every_state_of_a_session_has_its_words() {
        let resting = Phase::Resting { not_before: NOW };
        let waiting = |by| Phase::Waiting { until: NOW, tries: 1, by, asked: None };
        let waits = |why| Standing::Waiting { why, until: Some(NOW), may_hurry: true };
        let trying = Standing::Waiting { why: Why::Trouble, until: None, may_hurry: true };
        let paused = Standing::Waiting { why: Why::Pause, until: Some(NOW), may_hurry: false };
        let month = Deadlines { access: NOW.plus_seconds(3_600), refresh: Some(NOW.plus_seconds(30 * 86_400)) };
        let day = Deadlines { refresh: Some(NOW.plus_seconds(86_399)), ..month };
        let none = Deadlines { refresh: None, ..month };
        for (phase, deadlines, is_online, standing) in [
            (resting, month, true, Standing::Good),
            (resting, month, false, Standing::Good),
            (resting, Deadlines { refresh: Some(NOW.plus_seconds(86_400)), ..month }, true, Standing::Good),
            (resting, day, true, Standing::EndsSoon(NOW.plus_seconds(86_399))),
            (resting, none, true, Standing::Good),
            (resting, Deadlines { access: NOW, ..none }, true, Standing::Expired),
            (Phase::Underway { tries: 0, by: None }, day, true, Standing::Renewing),
            (Phase::Underway { tries: 1, by: Some(Hindrance::Trouble) }, day, true, trying),
            (
                Phase::Waiting {
                    until: NOW,
                    tries: 1,
                    by: Hindrance::TooManyRequests,
                    asked: Some(NOW.plus_seconds(1)),
                },
                month,
                true,
                paused,
            ),
            (
                Phase::Waiting { until: NOW, tries: 1, by: Hindrance::Trouble, asked: Some(NOW) },
                month,
                true,
                waits(Why::Trouble),
            ),
            (waiting(Hindrance::Crowded), month, true, waits(Why::Crowded)),
            (waiting(Hindrance::Offline), month, false, waits(Why::Offline)),
            (waiting(Hindrance::Offline), month, true, waits(Why::NoAnswer)),
            (waiting(Hindrance::NoAnswer), month, false, waits(Why::Offline)),
            (waiting(Hindrance::NoAnswer), month, true, waits(Why::NoAnswer)),
            (waiting(Hindrance::TooManyRequests), month, true, waits(Why::Pause)),
            (waiting(Hindrance::Trouble), month, true, waits(Why::Trouble)),
            (Phase::Over(Ending::Refused), month, true, Standing::Over(Ending::Refused)),
        ] {
            assert_eq!(Standing::decide(phase, deadlines, is_online, NOW), standing);
        }
    }
}
