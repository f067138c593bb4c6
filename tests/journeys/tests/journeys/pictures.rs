//! Pages as they look in the dark and on a phone, to be looked at; and what can be told of it
//! without eyes.

use journeys::{Stage, page::SIGN_IN};

async fn fits(stage: &Stage) {
    stage.sees_that("the page to fit its width", "return document.documentElement.scrollWidth <= innerWidth").await;
}

#[tokio::test]
async fn pages_fit_a_phone() {
    let stage = Stage::open().await;
    stage.browser.become_narrow().await;
    stage.open_page("/no/such/page").await;
    stage.sees_door().await;
    fits(&stage).await;
    stage.screenshot("narrow-door").await;
    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    fits(&stage).await;
    stage.screenshot("narrow-trouble").await;
    stage.press("Sign in to Local Looker again").await;
    stage.allow().await;
    stage.sees_heading("There is no such page").await;
    fits(&stage).await;
    stage.screenshot("narrow-not-found").await;
    stage.press("Go to your account").await;
    stage.sees_account().await;
    fits(&stage).await;
    stage.screenshot("narrow-account").await;
    stage.end().await;
}

#[tokio::test]
async fn pages_can_be_dark() {
    let stage = Stage::open().await;
    if !stage.browser.become_dark().await {
        return stage.end().await;
    }
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.screenshot("dark-door").await;
    stage.open_page("/setup").await;
    stage.press("Run the checks").await;
    stage.sees("Checked:").await;
    stage.screenshot("dark-setup").await;
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    stage.screenshot("dark-trouble").await;
    stage.press("Sign in to Local Looker again").await;
    stage.allow().await;
    stage.sees_account().await;
    stage.screenshot("dark-account").await;
    stage.end().await;
}
