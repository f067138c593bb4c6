//! The clocks of the computer, as far as pages can see: they can be moved. And its timers, which
//! can stand still.

use serde_json::json;

use crate::stage::Stage;

/// Before a page looks at a clock for the first time.
const CLOCKS: &str = "
    const now = Date.now;
    const uptime = performance.now.bind(performance);
    let off = 0, passed = 0, meanwhile = 0;
    Date.now = () => now() + (off + passed) * 1000;
    performance.now = () => uptime() + passed * 1000;
    addEventListener('clock-moves', (event) => { off += event.detail; });
    addEventListener('clock-is-right', () => { off = passed = 0; });
    addEventListener('time-passes', (event) => { passed += event.detail; });
    addEventListener('time-passes-while-put-aside', (event) => { meanwhile = event.detail; });
    addEventListener('pageshow', (event) => { if (event.persisted) passed += meanwhile; });
";

/// Before a page sets its first timer. Counts them.
const NO_TIMERS: &str = "
    globalThis.timersSet = 0;
    globalThis.firing = { setTimeout, setInterval };
    globalThis.setTimeout = globalThis.setInterval = () => ++timersSet;
";

impl Stage {
    /// Lets the clocks of pages be moved, from the next page on.
    pub fn has_clocks_that_move(&self) {
        self.site.run_first(Some(CLOCKS));
    }

    /// Lets no timer of pages fire, from the next page on; their clocks can be moved.
    pub fn has_timers_that_never_fire(&self) {
        self.site.run_first(Some(&[CLOCKS, NO_TIMERS].concat()));
    }

    /// Lets the page wake by this event.
    pub async fn wakes(&self, event: &str) {
        let target = if event == "visibilitychange" { "document" } else { "window" };
        let script = format!("{target}.dispatchEvent(new Event('{event}', {{ bubbles: true }})); return null");
        self.evaluate(&script).await;
    }

    /// Moves the clock of the computer, as people and time servers do; the page's own goes on as it
    /// was.
    pub async fn moves_clock(&self, seconds: i64) {
        self.tells_clocks("clock-moves", seconds).await;
    }

    /// Puts the clocks right again, before another page begins with the true ones.
    pub async fn puts_the_clock_right(&self) {
        self.tells_clocks("clock-is-right", 0).await;
    }

    /// Time passes for the page, on all clocks, and for Looker.
    pub async fn time_passes(&self, seconds: i64) {
        self.looker.advance_clock(seconds).await;
        self.tells_clocks("time-passes", seconds).await;
    }

    /// Time passes for Looker, and for the page while the browser has put it aside; it has when the
    /// page is shown again.
    pub async fn time_will_pass_while_put_aside(&self, seconds: i64) {
        self.looker.advance_clock(seconds).await;
        self.tells_clocks("time-passes-while-put-aside", seconds).await;
    }

    /// Lets the sign-in that is under way in this tab have begun ten minutes ago.
    pub async fn lets_the_sign_in_under_way_take_too_long(&self) {
        let script = "const key = Object.keys(sessionStorage).find((key) => key.startsWith('sightline.pending.'));
            const pending = JSON.parse(sessionStorage.getItem(key));
            pending.started_at -= 10 * 60 * 1000;
            sessionStorage.setItem(key, JSON.stringify(pending));
            return null";
        self.evaluate(script).await;
    }

    async fn tells_clocks(&self, event: &str, seconds: i64) {
        self.acts(format!("{event}: {seconds} s"));
        let script = format!("dispatchEvent(new CustomEvent({}, {{ detail: {seconds} }})); return null", json!(event));
        self.evaluate(&script).await;
    }
}
