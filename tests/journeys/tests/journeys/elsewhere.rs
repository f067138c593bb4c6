//! Looker's answers that send a request on to another host.

use journeys::{Stage, elsewhere::Elsewhere, page::SIGN_IN_AGAIN};
use serde_json::{Value, json};

fn to(elsewhere: &Elsewhere, path: &str) -> Value {
    json!({ "status": 307, "headers": { "location": format!("{}{path}", elsewhere.origin) } })
}

/// Waits until the page tells of whatever trouble, and makes sure that nothing got to the other host.
async fn is_in_trouble_while_nothing_came_to(stage: &Stage, elsewhere: &Elsewhere) {
    stage.sees_that("trouble", "return document.querySelector('[role=alert] h1') !== null").await;
    assert!(elsewhere.requests().is_empty(), "to another host went {:?}", elsewhere.requests());
}

#[tokio::test]
async fn rule_10_a_code_and_a_token_that_looker_sends_on_to_another_host_do_not_go_there() {
    let stage = Stage::open().await;
    let elsewhere = Elsewhere::open().await;
    let base_url = stage.config()["instances"][0]["base_url"].as_str().expect("an address").to_owned();
    // The policy lets everything through, so that it is not what keeps it.
    stage.site.let_connect(&format!("{base_url} {}", elsewhere.origin));
    stage.looker.answer_tokens(to(&elsewhere, "/api/token")).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    is_in_trouble_while_nothing_came_to(&stage, &elsewhere).await;
    stage.has_sent_token_requests(1).await;
    stage.has_stored(&[]).await;

    stage.looker.clear_faults().await;
    stage.looker.answer_user(to(&elsewhere, "/api/4.0/user")).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.waits_for_token_requests(2).await;
    is_in_trouble_while_nothing_came_to(&stage, &elsewhere).await;
    stage.sees_trouble("Looker's answer can't be read").await;
    assert_eq!(stage.looker.count("GET", "/api/4.0/user").await, 1);

    // Another page's request is let through to there, and its token may be.
    let follow = format!(
        "const done = arguments[0];
         fetch('{base_url}/api/4.0/user', {{ headers: {{ Authorization: 'Bearer nobodys' }} }})
             .then((answer) => done(answer.status), (error) => done(`${{error}}`))"
    );
    assert_eq!(stage.evaluate_async(&follow).await, json!(200));
    assert!(elsewhere.requests().iter().any(|request| request.starts_with("GET /api/4.0/user")));
    stage.looker.clear_faults().await;
    stage.press("Try again").await;
    stage.sees_account().await;
    stage.end().await;
}
