//! Keeps a session alive: carries out what [`Renewal`](super::Renewal) decides.

use std::time::Duration;

use leptos::{
    ev,
    leptos_dom::helpers::TimeoutHandle,
    prelude::{
        Effect, GetValue, Notify, SetValue, StoredValue, Track, Trigger, UpdateValue, on_cleanup,
        set_timeout_with_handle, window_event_listener, window_event_listener_untyped,
    },
    task::spawn_local,
};
use looker::Timestamp;

use super::{Session, Step};
use crate::page;

/// No timer is set for longer: whatever the browser does to timers, the clock is looked at this
/// often while the page runs.
const GLANCE: Duration = Duration::from_secs(30);

/// After these the clock may be anywhere, and the network back. Those of the document reach the
/// window.
const WAKING: [&str; 4] = ["visibilitychange", "focus", "online", "pageshow"];

/// Of these, what counts while the page is hidden, too.
const ONLINE: &str = "online";

/// Keeps a session alive for as long as the reactive owner lives.
pub fn keep(session: &Session) {
    let glance = Trigger::new();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let glance_in = move |duration| timer.set_value(set_timeout_with_handle(move || glance.notify(), duration).ok());
    Effect::new({
        let session = session.clone();
        move |_| {
            glance.track();
            stop(timer);
            match session.step(page::now()) {
                // New tokens would come too late to be stored.
                Step::Renew if page::is_going() => glance_in(GLANCE),
                Step::Renew => {
                    let session = session.clone();
                    // What came of it stands in the session.
                    spawn_local(async move { drop(session.renew().await) });
                }
                Step::Sleep(duration) => glance_in(duration.min(GLANCE)),
                Step::Rest => {}
            }
        }
    });
    let clocks = StoredValue::new(Clocks::now());
    let clock_was_moved = move || {
        let now = Clocks::now();
        let was_moved = now.disagree_with(clocks.get_value());
        clocks.set_value(now);
        was_moved
    };
    Effect::new({
        let session = session.clone();
        move |_| {
            glance.track();
            if clock_was_moved() {
                session.wake(true);
            }
        }
    });
    let shown = session.clone();
    // First of all: what is shown again may be over.
    let listener = window_event_listener(ev::pageshow, move |event| {
        page::note_staying();
        if event.persisted() && !shown.is_back() {
            page::reload();
        }
    });
    on_cleanup(move || listener.remove());
    let listener = window_event_listener_untyped("beforeunload", |_| page::note_going());
    on_cleanup(move || listener.remove());
    for event in WAKING {
        let session = session.clone();
        let listener = window_event_listener_untyped(event, move |_| {
            if event == ONLINE || !page::document().hidden() {
                session.wake(clock_was_moved());
                session.count_copies();
                glance.notify();
            }
        });
        on_cleanup(move || listener.remove());
    }
    on_cleanup(move || stop(timer));
}

fn stop(timer: StoredValue<Option<TimeoutHandle>>) {
    timer.update_value(|timer| {
        if let Some(timer) = timer.take() {
            timer.clear();
        }
    });
}

/// The two clocks of a page: that of the machine, which people and time servers set, and one that
/// only ever goes on.
#[derive(Debug, Clone, Copy)]
struct Clocks {
    wall: Timestamp,
    /// In milliseconds.
    monotonic: u64,
}

impl Clocks {
    /// By how much they may go apart between two glances, in milliseconds.
    const TOLERANCE: u64 = 5_000;

    fn now() -> Self {
        Self { wall: page::now(), monotonic: page::uptime() }
    }

    /// Whether the machine's clock was moved since, or the machine slept, during which the other
    /// one may stand still.
    fn disagree_with(self, before: Self) -> bool {
        let expected = before.wall.as_millis() + self.monotonic.saturating_sub(before.monotonic);
        self.wall.as_millis().abs_diff(expected) > Self::TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_is_noticed_and_a_slow_timer_is_not() {
        let at = |wall, monotonic| Clocks { wall: Timestamp::from_millis(wall), monotonic };
        let before = at(1_700_000_000_000, 1_000);
        for (now, moved) in [
            (at(1_700_000_030_000, 31_000), false),
            // The timer came an hour late.
            (at(1_700_003_600_000, 3_601_000), false),
            (at(1_700_000_033_000, 31_000), false),
            // Forward, back, and asleep.
            (at(1_700_003_630_000, 31_000), true),
            (at(1_699_996_430_000, 31_000), true),
            (at(1_700_003_600_000, 1_100), true),
        ] {
            assert_eq!(now.disagree_with(before), moved, "{now:?}");
        }
    }
}
