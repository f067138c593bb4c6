//! What a person does who has a keyboard and no mouse.

use crate::stage::Stage;
use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
};

/// More stops than any page has.
const STOPS: usize = 60;

/// Where the focus is before a key is pressed.
const BEFORE: &str = "globalThis.passed = document.activeElement; return null";

/// How that is called which has got the focus since; nothing while it has not, or while one does not see that
/// it has it. The page itself is between its last stop and its first.
const AFTER: &str = "
    const focused = document.activeElement;
    if (focused === globalThis.passed) return null;
    if (focused === document.body) return '';
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const isRinged = focused.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    const { top, bottom, left, right, width, height } = focused.getBoundingClientRect();
    const isInView = width * height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    const name = focused.labels?.[0]?.innerText ?? focused.getAttribute('aria-label') ?? focused.innerText;
    return isRinged && isInView ? name.trim() : null";

/// Which way the focus goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As one reads: Tab.
    On,
    /// Against it: Shift and Tab.
    Back,
}

impl Stage {
    /// Presses a key.
    pub async fn presses_key(&self, key: Key) {
        self.presses_keys(&[key.into()]).await;
    }

    /// Types where the focus is.
    pub async fn types_by_keyboard(&self, text: &str) {
        self.trail.note(format!("types “{text}” by keyboard"));
        for letter in text.chars() {
            self.presses_keys(&[letter]).await;
        }
    }

    /// Goes from stop to stop until what is called so has the focus. At each stop one must see where it is.
    pub async fn tabs_to(&self, way: Way, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            self.evaluate(BEFORE).await;
            match way {
                Way::On => self.presses_key(Key::Tab).await,
                Way::Back => self.presses_keys(&[Key::Shift.into(), Key::Tab.into()]).await,
            }
            let stop = self.sees_that("the focus somewhere else, where one sees it", AFTER).await;
            if stop == name {
                return;
            }
            passed.push(stop);
        }
        self.fail(&format!("a keyboard does not come to “{name}”, only to {passed:?}")).await
    }

    /// Goes to a button or a link, and presses Enter there.
    pub async fn presses_by_keyboard(&self, way: Way, name: &str) {
        self.tabs_to(way, name).await;
        self.acts(format!("presses “{name}” by keyboard"));
        self.presses_key(Key::Enter).await;
    }

    /// Waits until the page's heading is this, and has the focus.
    pub async fn comes_to_heading(&self, heading: &str) {
        self.sees_heading(heading).await;
        self.sees_that("the heading to have the focus", "return document.activeElement.matches('h1')").await;
    }

    /// Presses keys, and lets them go in the opposite order.
    async fn presses_keys(&self, keys: &[char]) {
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        let pressed = down.chain(up).fold(KeyActions::new("keyboard".into()), InputSource::then);
        let pressed = self.browser.client.perform_actions(pressed).await;
        self.must(pressed, "keys can be pressed").await;
    }
}
