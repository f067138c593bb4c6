//! Points in time.

use std::time::Duration;

/// Milliseconds since the Unix epoch, by the clock of whoever asks.
///
/// ```
/// # use looker::Timestamp;
/// # use std::time::Duration;
/// let now = Timestamp::from_millis(1_000);
/// assert_eq!(now.plus_seconds(2).after(now), Some(Duration::from_secs(2)));
/// assert_eq!(now.after(now.plus_seconds(2)), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The instant `milliseconds` after the Unix epoch.
    pub const fn from_millis(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The instant `seconds` later.
    pub const fn plus_seconds(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// How long it is from `now` until this instant; nothing when it has passed.
    pub const fn after(self, now: Self) -> Option<Duration> {
        match self.0.checked_sub(now.0) {
            None | Some(0) => None,
            Some(milliseconds) => Some(Duration::from_millis(milliseconds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_passed_leaves_no_time() {
        let noon = Timestamp::from_millis(1_000_000);
        assert_eq!(noon.plus_seconds(2).after(noon), Some(Duration::from_secs(2)));
        assert_eq!(noon.after(noon), None);
        assert_eq!(noon.after(noon.plus_seconds(1)), None);
    }

    #[test]
    fn a_deadline_beyond_all_time_does_not_wrap() {
        assert_eq!(Timestamp::from_millis(5).plus_seconds(u64::MAX).as_millis(), u64::MAX);
    }
}
