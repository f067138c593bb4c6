//! Time as people read it.

use std::time::Duration;

use leptos::prelude::*;
use looker::Timestamp;

use crate::page;

/// The present, every second anew, for as long as the view that asks lives.
pub fn ticking() -> ReadSignal<Timestamp> {
    let (now, set_now) = signal(page::now());
    let ticks = set_interval_with_handle(move || set_now.set(page::now()), Duration::from_secs(1));
    if let Ok(ticks) = ticks {
        on_cleanup(move || ticks.clear());
    }
    now
}

/// A duration in its two largest units: `29 d 4 h`, `1 h 5 min`, `58 min 12 s`, `9 s`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let two = |large: u64, large_unit, small: u64, small_unit| match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        // The seconds stay when they are none, so that a countdown does not jump.
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => two(hours, "h", minutes, "min"),
        _ => two(days, "d", hours, "h"),
    }
}

/// The instant as this machine's people write it: date and time.
pub fn exact(instant: Timestamp) -> String {
    // Milliseconds in this range are whole numbers to JavaScript.
    let date = js_sys::Date::new(&(instant.as_millis() as f64).into());
    date.to_locale_string("default", &js_sys::Object::new()).into()
}

/// How long it is until `deadline`, counting down, with the exact time for whoever wants it.
#[component]
pub fn Countdown(
    /// Until when.
    #[prop(into)]
    deadline: Signal<Timestamp>,
    /// What to say when it has passed.
    passed: &'static str,
) -> impl IntoView {
    let now = ticking();
    let left = move || deadline.get().after(now.get()).map_or_else(|| passed.to_owned(), duration);
    let exactly = move || exact(deadline.get());
    view! {
        <span class="countdown" role="timer" title=exactly>{left}</span>
        <span class="exact">{exactly}</span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_their_two_largest_units() {
        for (seconds, said) in [
            (0, "0 s"),
            (9, "9 s"),
            (60, "1 min 0 s"),
            (3_492, "58 min 12 s"),
            (3_600, "1 h"),
            (3_900, "1 h 5 min"),
            (86_400, "1 d"),
            (2_520_000, "29 d 4 h"),
        ] {
            assert_eq!(duration(Duration::from_secs(seconds)), said);
        }
    }
}
