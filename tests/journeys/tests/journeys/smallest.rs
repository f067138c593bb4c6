//! `examples/smallest`, the smallest app on the crate.

use journeys::{App, Plan, Stage, page::SESSION, site::ConfigFile};
use serde_json::json;

const GREETING: &str = "Hello Ada Lovelace";

async fn open() -> Stage {
    let stage = Stage::planned(Plan { app: App::Page("smallest"), ..Plan::default() }).await;
    stage.open_page("/").await;
    stage
}

#[tokio::test]
async fn the_smallest_app_signs_in_makes_a_call_and_signs_out() {
    let stage = open().await;
    stage.press("Sign in").await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees(GREETING).await;
    stage.screenshot("smallest").await;
    stage.is_at("/").await;
    stage.has_stored(&SESSION).await;
    // It is resumed, and renewed when its time has come.
    stage.looker.expire_access().await;
    stage.reload().await;
    stage.sees(GREETING).await;
    stage.has_sent_token_requests(2).await;
    let asked = stage.looker.requests().await;
    let of_user = asked.iter().filter(|exchange| exchange.path == "/api/4.0/user" && exchange.method == "GET");
    assert_eq!(of_user.filter_map(|exchange| exchange.status).collect::<Vec<_>>(), [200, 401, 200]);

    let refresh_token = stage.access_info().await["refresh_token"].clone();
    stage.press("Sign out").await;
    stage.sees_that("a way in again", "return document.querySelector('button')?.innerText === 'Sign in'").await;
    stage.no_longer_sees(GREETING).await;
    // What is left is how it ended.
    stage.has_stored(&["sightline.farewell"]).await;
    assert_eq!(stage.looker.count("DELETE", "/api/4.0/logout").await, 1);
    assert!(refresh_token.is_string());
    stage.end().await;
}

#[tokio::test]
async fn the_smallest_app_says_what_went_wrong_and_goes_on() {
    let stage = open().await;
    stage.press("Sign in").await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees("The sign-in was declined").await;
    stage.has_stored(&[]).await;
    stage.press("Sign in").await;
    stage.allow().await;
    stage.sees(GREETING).await;
    stage.end().await;
}

#[tokio::test]
async fn the_smallest_app_goes_on_with_its_session_after_a_redirect_that_fails() {
    let stage = open().await;
    stage.press("Sign in").await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees(GREETING).await;
    stage.open_page("/authenticated?code=abc&state=forged").await;
    stage.sees("This way back from Looker leads to no sign-in").await;
    stage.sees(GREETING).await;
    stage.has_stored(&SESSION).await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn the_smallest_app_says_that_no_instance_is_set_up() {
    let stage = Stage::planned(Plan { app: App::Page("smallest"), ..Plan::default() }).await;
    let mut config = stage.config();
    config["instances"] = json!([]);
    stage.site.configure(ConfigFile::Is(config));
    stage.open_page("/").await;
    stage.press("Sign in").await;
    stage.sees("config.json names no Looker to sign in to. Name one there.").await;
    stage.end().await;
}
