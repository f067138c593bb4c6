//! What Looker may answer to a token request and to the first call, and what the page makes of it.

use journeys::{
    Stage,
    page::{SESSION, SIGN_IN, SIGN_IN_AGAIN},
};
use serde_json::{Value, json};

const NOT_LET_IN: &str = "Local Looker does not let this page in";
const NOT_READ: &str = "Looker's answer can't be read";
const PAGE: &str = "<!doctype html><title>Hello</title><p>Hello";

#[tokio::test]
async fn rule_13_every_answer_without_tokens_has_its_own_message() {
    let stage = Stage::open().await;
    let ok = |body: Value| json!({ "status": 200, "body": body.to_string() });
    let no = |status: u16, body: Value| json!({ "status": status, "body": body.to_string() });
    let page = |status: u16| json!({ "status": status, "body": PAGE });
    stage.looker.answer_tokens(json!("drop_before")).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble(NOT_LET_IN).await;
    for (number, (answer, headline)) in [
        (no(400, json!({ "error": "invalid_grant" })), "Looker did not accept the sign-in's code"),
        (no(401, json!({ "error": "invalid_client" })), "Looker refused this app"),
        (no(400, json!({ "message": "Bad", "documentation_url": "https://docs.looker.com/" })), "Looker said no"),
        (page(200), "That is not Looker's API"),
        (page(404), "That is not Looker's API"),
        (json!("truncate"), "Looker's answer makes no sense"),
        (json!("break_off"), "The connection broke off"),
        (ok(json!({})), "Looker's answer makes no sense"),
        (ok(json!({ "access_token": "a", "token_type": "Bearer" })), "Looker's answer makes no sense"),
        (
            ok(json!({ "access_token": "a", "token_type": "mac", "expires_in": 60 })),
            "Looker sent tokens that can't be used",
        ),
        (no(429, json!({ "message": "Too many" })), "Looker asks for a pause"),
        (no(503, json!({})), "Local Looker has trouble of its own"),
        (page(502), "Local Looker has trouble of its own"),
        (json!("no_cors"), NOT_LET_IN),
        (json!("drop_after"), NOT_LET_IN),
    ]
    .into_iter()
    .enumerate()
    {
        stage.looker.clear_faults().await;
        stage.looker.answer_tokens(answer).await;
        stage.looker.forget_requests().await;
        stage.press(SIGN_IN_AGAIN).await;
        stage.waits_for_token_requests(1).await;
        stage.sees_trouble(headline).await;
        stage.is_at("/authenticated").await;
        stage.has_stored(&[]).await;
        // Never repeated: a code is sent once.
        stage.has_sent_token_requests(1).await;
        stage.screenshot(&format!("token-answer-{:02}", number + 1)).await;
    }
    stage.looker.clear_faults().await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_is_told_what_to_allow() {
    let stage = Stage::open().await;
    stage.looker.allow_origins(&[]).await;
    stage.open_page("/account?x=1").await;
    stage.returns_from_looker().await;
    stage.sees_trouble(NOT_LET_IN).await;
    stage.sees(&stage.site.origin).await;
    stage.sees("Embedded Domain Allowlist").await;
    stage.screenshot("answer-not-allowed").await;
    stage.has_stored(&[]).await;
    stage.looker.allow_origins(&[&stage.site.origin]).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1").await;
    stage.end().await;
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_told_from_one_that_does_not_let_in() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    let nowhere = format!("http://localhost:{}", journeys::free_port());
    config["instances"][0]["base_url"] = json!(nowhere);
    stage.site.configure(journeys::site::ConfigFile::Is(config));
    stage.site.let_connect(&nowhere);
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Local Looker can't be reached").await;
    stage.sees(&nowhere).await;
    stage.screenshot("answer-nobody").await;
    stage.has_stored(&[]).await;
    stage.has_sent_token_requests(0).await;
    stage.leaves_by(SIGN_IN_AGAIN).await;
    stage.waits_until("Looker to be asked again", || async { stage.looker.count("GET", "/auth").await == 2 }).await;
    stage.sees_trouble("Local Looker can't be reached").await;
    stage.end().await;
}

#[tokio::test]
async fn a_host_that_never_answers_is_given_up() {
    let stage = Stage::open().await;
    stage.looker.answer_tokens(json!("hang")).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_heading_at_last("Local Looker takes too long").await;
    stage.sees_trouble("Local Looker takes too long").await;
    stage.has_sent_token_requests(1).await;
    stage.looker.clear_faults().await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn every_first_call_that_fails_has_its_own_message_and_a_way_on() {
    let stage = Stage::open().await;
    let first = json!({ "status": 404, "body": json!({ "message": "Not found" }).to_string() });
    stage.looker.answer_user(first).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Your account may not use Looker's API").await;
    stage.looker.clear_faults().await;
    stage.press("Try again").await;
    stage.sees_account().await;
    stage.signs_out().await;

    let no = |status: u16| json!({ "status": status, "body": json!({ "message": "No" }).to_string() });
    for (number, (answer, headline, button)) in [
        (no(401), "Looker does not accept its own new token", SIGN_IN_AGAIN),
        (no(403), "Your account may not use Looker's API", "Try again"),
        (no(429), "Looker asks for a pause", "Try again"),
        (no(503), "Local Looker has trouble of its own", "Try again"),
        (json!({ "status": 200, "body": PAGE }), "That is not Looker's API", "Try again"),
        (json!({ "status": 404, "body": PAGE }), "That is not Looker's API", "Try again"),
        (json!({ "status": 200, "body": "{}" }), "Looker's answer makes no sense", "Try again"),
        (json!("break_off"), "The connection broke off", "Try again"),
        (json!({ "status": 401, "body": "{}", "also": "no_cors" }), NOT_READ, "Try again"),
        (json!("drop_after"), NOT_READ, "Try again"),
    ]
    .into_iter()
    .enumerate()
    {
        stage.looker.answer_user(answer).await;
        stage.looker.forget_requests().await;
        stage.press(SIGN_IN).await;
        stage.sees_trouble(headline).await;
        stage.is_at("/").await;
        stage.has_stored(&SESSION).await;
        stage.has_sent_token_requests(1).await;
        stage.screenshot(&format!("first-call-{:02}", number + 1)).await;
        stage.looker.clear_faults().await;
        stage.press(button).await;
        stage.sees_account().await;
        stage.has_sent_token_requests(if button == SIGN_IN_AGAIN { 2 } else { 1 }).await;
        stage.signs_out().await;
    }
    stage.end().await;
}

#[tokio::test]
async fn trouble_that_goes_on_after_try_again_is_said_in_the_workbench_and_can_be_asked_again() {
    let stage = Stage::open().await;
    stage.looker.answer_user(json!({ "status": 503, "body": "{}" })).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Local Looker has trouble of its own").await;
    stage.press("Try again").await;
    stage.sees_heading("Account").await;
    stage.sees("Local Looker has trouble of its own").await;
    stage.press_summary("Technical details").await;
    let shown = stage.evaluate("return document.querySelector('.paste pre').innerText").await;
    assert_eq!(stage.copies("Copy technical details").await, shown.as_str().unwrap_or_default().trim());
    stage.screenshot("first-call-in-the-workbench").await;
    stage.looker.clear_faults().await;
    stage.press("Ask again").await;
    stage.sees_account().await;
    stage.no_longer_sees("Local Looker has trouble of its own").await;
    // The button is gone, and a keyboard is still where it was.
    let focus = "return document.activeElement.closest('main') !== null && document.activeElement.innerText";
    let focus = stage.sees_that("the focus on the page", focus).await;
    assert!(focus.as_str().is_some_and(|text| text.contains(journeys::page::NAME)), "{focus}");
    stage.end().await;
}
