//! Light or dark, as the person chose.

use journeys::{Stage, page::SESSION};
use serde_json::{Value, json};

async fn chooses(stage: &Stage, label: &str) {
    let choose = format!(
        "const list = document.querySelector('.choice');
         list.value = [...list.options].find((option) => option.label === '{label}').value;
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));
         return null"
    );
    stage.evaluate(&choose).await;
}

/// What the list says that it is.
const CHOSEN: &str = "return document.querySelector('.choice').selectedOptions[0].label";

async fn ground(stage: &Stage) -> Value {
    stage.evaluate("return getComputedStyle(document.documentElement).backgroundColor").await
}

#[tokio::test]
async fn what_was_chosen_is_how_every_page_looks_from_then_on() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let at_first = ground(&stage).await;
    chooses(&stage, "Light").await;
    let light = ground(&stage).await;
    chooses(&stage, "Dark").await;
    let dark = ground(&stage).await;
    assert_ne!(light, dark);
    stage.screenshot("appearance-dark").await;
    stage.reload().await;
    stage.sees_account().await;
    assert_eq!(ground(&stage).await, dark);
    assert_eq!(stage.evaluate(CHOSEN).await, json!("Dark"));
    // It is nothing of the session's.
    stage.has_stored(&SESSION).await;
    stage.open_page("/setup").await;
    stage.sees_heading("Set-up").await;
    assert_eq!(ground(&stage).await, dark);
    stage.open_page("/account").await;
    stage.sees_account().await;
    stage.signs_out().await;
    assert_eq!(ground(&stage).await, dark);
    stage.screenshot("appearance-dark-door").await;
    stage.signs_in().await;
    chooses(&stage, "As this device").await;
    assert_eq!(ground(&stage).await, at_first);
    stage.end().await;
}

#[tokio::test]
async fn a_theme_that_is_none_is_the_devices() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let at_first = ground(&stage).await;
    stage.evaluate("localStorage['sightline.theme'] = '<b>'; return null").await;
    stage.reload().await;
    stage.sees_account().await;
    assert_eq!(ground(&stage).await, at_first);
    assert_eq!(stage.evaluate(CHOSEN).await, json!("As this device"));
    stage.end().await;
}
