//! The only clock of this server: the computer's, moved by tests.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment, in whole seconds since 1970.
pub(crate) type Seconds = i64;

/// The computer's clock plus an offset that `POST /_local/clock` moves.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: AtomicI64,
}

impl Clock {
    /// What time it is for everything this server decides.
    pub(crate) fn now(&self) -> Seconds {
        let real = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        };
        real.saturating_add(self.offset.load(Ordering::SeqCst))
    }

    /// Moves the clock; a negative number moves it back.
    pub(crate) fn advance(&self, seconds: i64) {
        let moved = self.offset.load(Ordering::SeqCst).saturating_add(seconds).clamp(-FARTHEST, FARTHEST);
        self.offset.store(moved, Ordering::SeqCst);
    }

    /// How far this clock is ahead of the computer's.
    pub(crate) fn ahead(&self) -> Seconds {
        self.offset.load(Ordering::SeqCst)
    }

    /// Back to the computer's own time.
    pub(crate) fn reset(&self) {
        self.offset.store(0, Ordering::SeqCst);
    }
}

/// A thousand years: far enough for every test, near enough never to overflow.
const FARTHEST: i64 = 1_000 * 366 * 86_400;

/// The moment as RFC 3339 in UTC, as Looker writes its date-times.
pub(crate) fn rfc3339(moment: Seconds) -> String {
    let (days, of_day) = (moment.div_euclid(86_400), moment.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
}

/// Year, month and day of the Gregorian calendar, from days since 1970; the year is taken to
/// begin in March, so that the leap day is its last.
pub(crate) fn civil(days: i64) -> (i32, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Within a thousand years of now they fit, and the clock goes no farther.
    (i32::try_from(year).unwrap_or(i32::MAX), u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rfc_3339() {
        for (moment, written) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"),
            (1_709_251_200, "2024-03-01T00:00:00.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(rfc3339(moment), written, "{moment}");
        }
    }

    #[test]
    fn the_clock_moves_forward_and_back_and_never_overflows() {
        let clock = Clock::default();
        let start = clock.now();
        clock.advance(3_600);
        assert!(clock.now() >= start + 3_600);
        clock.advance(-7_200);
        assert!(clock.now() < start);
        clock.advance(i64::MAX);
        clock.advance(i64::MAX);
        assert!(clock.now() < start + 2 * FARTHEST);
        clock.reset();
        assert!(clock.now() - start < 60);
    }
}
