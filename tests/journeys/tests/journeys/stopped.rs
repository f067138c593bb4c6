//! The way back from Looker, which a person can stop when it takes long.

use journeys::{
    Stage,
    page::{SESSION, SIGN_IN_AGAIN},
};
use serde_json::json;

const STOPPED: &str = "You stopped waiting for Local Looker";

/// Keeps what requests to Looker are ended by.
const KEEP_SIGNALS: &str = "
    const send = fetch;
    globalThis.signals = [];
    globalThis.fetch = (...request) => {
        if (request[1]?.signal) signals.push(request[1].signal);
        return send(...request);
    };";

/// Presses Stop, which nobody sees who does not wait long, and makes sure that the request is ended by it.
async fn stops(stage: &Stage) {
    let delay = stage.evaluate("return getComputedStyle(document.querySelector('#door li')).animationDelay").await;
    assert_eq!(delay, json!("4s"));
    stage.sees("Stop").await;
    stage.screenshot("redirect-slow").await;
    stage.press("Stop").await;
    stage.sees_trouble(STOPPED).await;
    stage.sees_that("the request to be ended", "return signals[signals.length - 1].aborted").await;
}

/// The exchanges in the log, each as its method and status.
async fn logged(stage: &Stage) -> serde_json::Value {
    stage.evaluate("return JSON.parse(sightline.readLog()).map(({ method, status }) => `${method} ${status}`)").await
}

#[tokio::test]
async fn rule_13_a_code_that_was_sent_when_the_person_stops_is_not_sent_again() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(KEEP_SIGNALS));
    stage.looker.answer_tokens(json!("hang")).await;
    stage.open_page("/account?x=1#y").await;
    stage.passes_looker().await;
    stage.waits_for_token_requests(1).await;
    stops(&stage).await;
    stage.sees("A code works once, so it is not sent again.").await;
    stage.screenshot("redirect-stopped").await;
    assert_eq!(logged(&stage).await, json!(["navigate 0", "POST 0"]));
    stage.has_stored(&[]).await;
    stage.reload().await;
    stage.sees_trouble("There is no sign-in to finish here").await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn whoever_stops_a_sign_in_signs_in_again_from_there() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(KEEP_SIGNALS));
    stage.looker.answer_tokens(json!("hang")).await;
    stage.open_page("/account?x=1#y").await;
    stage.passes_looker().await;
    stage.waits_for_token_requests(1).await;
    stops(&stage).await;
    stage.looker.clear_faults().await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn whoever_stops_the_first_call_is_signed_in_and_goes_on() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(KEEP_SIGNALS));
    stage.looker.answer_user(json!("hang")).await;
    stage.open_page("/account?x=1#y").await;
    stage.passes_looker().await;
    stage.waits_until("the first call", || async { stage.looker.count("GET", "/api/4.0/user").await == 1 }).await;
    stops(&stage).await;
    stage.sees("You are signed in, but Looker has not said yet who you are.").await;
    assert_eq!(logged(&stage).await, json!(["navigate 0", "POST 200", "GET 0"]));
    stage.has_stored(&SESSION).await;
    stage.looker.clear_faults().await;
    stage.press("Try again").await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}
