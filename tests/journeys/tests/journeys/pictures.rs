//! Pages as they look on a phone, on a desk and on a very large screen, in light and in the dark, to be
//! looked at; and what can be told of it without eyes.

use journeys::{Stage, page::SIGN_IN, setting::Engine};

/// The narrowest phone, a window on a desk, and a screen of 4K.
const WIDTHS: [u32; 3] = [320, 1_280, 3_840];
/// A window of 1,280 px at 200 %.
const ENLARGED: u32 = 640;

/// How many elements of the page would move when something about them changes.
const MOVING: &str = "return [...document.querySelectorAll('*')]
    .filter((element) => getComputedStyle(element).transitionDuration !== '0s').length";

async fn fits(stage: &Stage) {
    let fits = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth <= clientWidth";
    stage.sees_that("the page to fit its width", fits).await;
}

/// Looks at the page that is open in every way that people have it, where the engine can (Chromium); in others
/// as narrow as a window can be.
async fn is_looked_at(stage: &Stage, name: &str) {
    let browser = &stage.browser;
    if browser.engine != Engine::Chromium {
        browser.become_narrow().await;
        fits(stage).await;
        return stage.screenshot(&format!("{name}-narrow")).await;
    }
    for theme in ["light", "dark"] {
        browser.prefers("prefers-color-scheme", theme).await;
        for width in WIDTHS {
            browser.become_wide(width).await;
            fits(stage).await;
            let name = format!("{name}-{theme}-{width}");
            // Other journeys look at all of this in the light.
            match (theme, width) {
                ("dark", 1_280) => stage.screenshot(&name).await,
                _ => stage.picture(&name).await,
            }
        }
    }
    browser.become_wide(ENLARGED).await;
    fits(stage).await;
    assert_ne!(stage.evaluate(MOVING).await, 0, "nothing would move anyway");
    browser.prefers("prefers-reduced-motion", "reduce").await;
    assert_eq!(stage.evaluate(MOVING).await, 0, "this would move although the person does not want it to");
    browser.prefers("prefers-color-scheme", "light").await;
}

#[tokio::test]
async fn what_is_seen_before_there_is_a_session_fits_every_width_in_light_and_dark() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    is_looked_at(&stage, "all-door").await;
    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    is_looked_at(&stage, "all-trouble").await;
    stage.open_page("/setup").await;
    stage.press("Run the checks").await;
    stage.sees("Checked:").await;
    is_looked_at(&stage, "all-setup").await;
    stage.end().await;
}

#[tokio::test]
async fn every_page_of_the_workbench_fits_every_width_in_light_and_dark() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    is_looked_at(&stage, "all-account").await;
    stage.press("Activity").await;
    stage.sees_heading("Activity").await;
    is_looked_at(&stage, "all-activity").await;
    stage.press("POST /api/token").await;
    stage.sees_heading("POST /api/token").await;
    is_looked_at(&stage, "all-exchange").await;
    stage.open_page("/no/such/page").await;
    stage.sees_heading("There is no such page").await;
    is_looked_at(&stage, "all-not-found").await;
    stage.press("Set-up").await;
    stage.sees("At Local Looker").await;
    is_looked_at(&stage, "all-setup-admin").await;
    stage.press("Disable sightline").await;
    stage.sees("Disable sightline?").await;
    is_looked_at(&stage, "all-confirmation").await;
    stage.end().await;
}
