//! What an admin does at the local Looker's admin page, and what the app makes of it.

use journeys::{Stage, page::SIGN_IN};
use serde_json::json;

/// The sections of the admin page, by their links and their headings.
const SECTIONS: [&str; 7] = ["People", "Apps", "Tokens", "Sign-in", "Answers", "Faults", "Time and reset"];

#[tokio::test]
async fn a_sign_in_that_is_revoked_on_lookers_admin_page_ends_in_the_app_which_says_why() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.opens_the_admin_page().await;
    stage.press("Tokens").await;
    stage.sees("app sightline").await;
    stage.screenshot("admin-tokens").await;
    stage.press("Revoke").await;
    stage.hears_from_the_admin_page("The sign-in is revoked").await;
    stage.no_longer_sees("app sightline").await;
    stage.screenshot("admin-revoked").await;
    sees_that_the_session_ended(&stage).await;
    stage.end().await;
}

#[tokio::test]
async fn somebody_who_is_disabled_in_mid_work_is_told_that_the_session_ended() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.opens_the_admin_page().await;
    stage.press("Disable").await;
    stage.hears_from_the_admin_page("The person is disabled").await;
    sees_that_the_session_ended(&stage).await;
    stage.end().await;
}

async fn sees_that_the_session_ended(stage: &Stage) {
    stage.looker.forget_requests().await;
    stage.open_page("/account").await;
    stage.sees("Your session ended at Looker").await;
    stage.screenshot("admin-session-ended").await;
    stage.has_sent_token_requests(1).await;
}

#[tokio::test]
async fn no_page_reads_the_token_that_api3_credentials_log_in_for() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    // A browser sends such a form without asking, and the answer has a token: the page must not see it.
    let login = format!(
        "const done = arguments[0];
         const body = new URLSearchParams({{ client_id: 'local-client-id', client_secret: 'local-client-secret' }});
         fetch('{}/api/4.0/login', {{ method: 'POST', body }}).then(() => done('read'), () => done('refused'))",
        stage.config()["instances"][0]["base_url"].as_str().expect("an address")
    );
    let read = stage.browser.client.execute_async(&login, vec![]).await.expect("the script runs");
    assert_eq!(read, json!("refused"));
    stage
        .waits_until("the login at Looker", || async { stage.looker.count("POST", "/api/4.0/login").await == 1 })
        .await;
    stage.end().await;
}

#[tokio::test]
async fn an_app_that_is_switched_off_and_on_by_hand_refuses_and_takes_people() {
    let stage = Stage::open().await;
    stage.opens_the_admin_page().await;
    stage.press("Apps").await;
    stage.press("Disable").await;
    stage.hears_from_the_admin_page("The app is disabled").await;
    stage.open_page("/").await;
    stage.press(SIGN_IN).await;
    stage.sees_heading("This app cannot sign you in").await;
    stage.opens_the_admin_page().await;
    stage.press("Apps").await;
    stage.press("Enable").await;
    stage.hears_from_the_admin_page("The app is enabled").await;
    stage.signs_in().await;
    stage.end().await;
}

#[tokio::test]
async fn every_section_of_the_admin_page_fits_a_phone_and_can_be_dark() {
    let stage = Stage::open().await;
    stage.browser.become_narrow().await;
    stage
        .looker
        .add_fault(json!({ "path": "/none", "then": { "status": 503, "body": "<p>a_long_body".repeat(9) } }))
        .await;
    stage.opens_the_admin_page().await;
    for dark in [false, true] {
        if dark && !stage.browser.become_dark().await {
            break;
        }
        for section in SECTIONS {
            stage.press(section).await;
            stage.sees_heading(section).await;
            stage
                .evaluate("document.querySelectorAll('details').forEach((folded) => folded.open = true); return null")
                .await;
            stage
                .sees_that("the page to fit its width", "return document.documentElement.scrollWidth <= innerWidth")
                .await;
            let unnamed = "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                .filter((field) => field.labels.length !== 1).map((field) => field.outerHTML)";
            assert_eq!(stage.evaluate(unnamed).await, json!([]), "fields without a label");
            let theme = if dark { "dark" } else { "light" };
            stage.screenshot(&format!("admin-narrow-{theme}-{}", section.to_lowercase().replace(' ', "-"))).await;
        }
    }
    stage.end().await;
}
