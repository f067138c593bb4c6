//! Without a connection.

use journeys::{
    Plan, Stage,
    browser::Habits,
    page::{NAME, SESSION, SIGN_IN_AGAIN},
};
use serde_json::json;

const NO_SETTINGS: &str = "The settings of this page could not be read";

async fn that_may_lose_its_connection() -> Stage {
    let habits = Habits { loses_connection: true, ..Habits::default() };
    Stage::planned(Plan { habits, ..Plan::default() }).await
}

#[tokio::test]
async fn settings_that_are_cut_off_can_be_read_when_they_arrive() {
    let stage = Stage::open().await;
    stage.site.cut_off("/config.json");
    stage.open_page("/account?x=1#y").await;
    stage.sees_trouble(NO_SETTINGS).await;
    stage.sees("Check the connection and try again.").await;
    stage.screenshot("offline-settings-cut-off").await;
    let before = stage.site.count("/config.json");
    stage.press("Try again").await;
    stage.waits_until("config.json to be asked for", || async { stage.site.count("/config.json") > before }).await;
    stage.sees_trouble(NO_SETTINGS).await;
    stage.site.refuse("/config.json", None);
    stage.press("Try again").await;
    stage.sees_door().await;
    stage.is_at("/account?x=1#y").await;
    stage.end().await;
}

#[tokio::test]
async fn a_looker_that_is_cut_off_at_the_button_leaves_a_door_to_come_back_to() {
    let stage = Stage::open().await;
    stage.looker.add_fault(json!({ "path": "/auth", "host": "ui", "method": "*", "then": "drop_before" })).await;
    stage.open_page("/").await;
    stage.sees_door().await;
    // By a script: to Firefox's driver a press has failed when what it leads to fails.
    stage.evaluate("document.querySelector('button').click(); return null").await;
    stage.waits_until("Looker to be asked", || async { stage.looker.count("GET", "/auth").await > 0 }).await;
    // The browser says it, in its own words, on a page of its own.
    stage.no_longer_sees("Local Looker").await;
    stage.looker.clear_faults().await;
    stage.go_back().await;
    stage.sees_door().await;
    stage.returns_from_looker().await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_connection_lost_while_the_settings_are_read_is_said_and_they_can_be_read_again() {
    let stage = that_may_lose_its_connection().await;
    stage.site.hold("/config.json");
    stage.open_page("/").await;
    stage.sees("Reading the settings").await;
    stage.loses_its_connection().await;
    // What is under way goes on in Chromium.
    stage.site.release();
    stage.sees_trouble(NO_SETTINGS).await;
    stage.has_its_connection_back().await;
    stage.press("Try again").await;
    stage.sees_door().await;
    stage.end().await;
}

#[tokio::test]
async fn a_connection_lost_while_the_code_is_redeemed_is_told_from_a_looker_that_is_silent() {
    let stage = that_may_lose_its_connection().await;
    stage.looker.answer_tokens(json!("hang")).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.waits_for_token_requests(1).await;
    stage.loses_its_connection().await;
    stage.sees_trouble("You are offline").await;
    stage.screenshot("offline-redeeming").await;
    stage.is_at("/authenticated").await;
    stage.has_stored(&[]).await;
    stage.has_its_connection_back().await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_session_that_is_offline_when_its_token_ends_waits_and_goes_on_when_the_connection_is_back() {
    let stage = that_may_lose_its_connection().await;
    stage.has_clocks_that_move();
    stage.signs_in().await;
    let before = stage.site.pages();
    let tokens = stage.access_info().await;
    stage.loses_its_connection().await;
    stage.time_passes(3_600).await;
    stage.wakes("focus").await;
    stage.sees_standing("Offline, waiting").await;
    stage.sees("This device is offline. Nothing is lost").await;
    stage.sees(NAME).await;
    stage.screenshot("offline-waiting").await;
    let tried = "sightline.readLog().split('/api/token').length";
    let before_that = stage.evaluate(&format!("return {tried}")).await;
    stage.press("Try now").await;
    stage.sees_that("another try", &format!("return {tried} > {before_that}")).await;
    stage.sees_standing("Offline, waiting").await;
    assert_eq!(stage.access_info().await, tokens);
    stage.looker.forget_requests().await;
    // Nobody presses anything.
    stage.has_its_connection_back().await;
    stage.sees_standing("Signed in").await;
    stage.no_longer_sees("Nothing is lost").await;
    stage.has_sent_token_requests(1).await;
    assert_ne!(stage.access_info().await, tokens);
    assert_eq!(stage.site.pages(), before);
    stage.end().await;
}

#[tokio::test]
async fn a_session_that_ends_while_the_device_is_offline_is_told_without_a_doubt() {
    let stage = that_may_lose_its_connection().await;
    stage.has_clocks_that_move();
    stage.signs_in().await;
    stage.loses_its_connection().await;
    stage.time_passes(3_600).await;
    stage.wakes("focus").await;
    stage.sees_standing("Offline, waiting").await;
    // Nothing was sent, so there is nothing that a page in this one's place has to find out.
    stage.has_stored(&SESSION).await;
    stage.looker.revoke_all().await;
    stage.has_its_connection_back().await;
    stage.sees("Your session ended at Looker").await;
    stage.end().await;
}

#[tokio::test]
async fn a_renewal_that_is_cut_off_says_so_and_can_be_tried_again() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let before = stage.access_info().await;
    stage.looker.answer_one_token_request(json!("drop_before")).await;
    stage.press("Renew now").await;
    stage.sees("could not be renewed").await;
    stage.screenshot("offline-renewing").await;
    assert_eq!(stage.access_info().await, before);
    stage.looker.clear_faults().await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    assert_ne!(stage.access_info().await, before);
    stage.end().await;
}
