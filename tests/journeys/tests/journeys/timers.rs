//! Pages whose timers never fire: browsers slow down and freeze what nobody looks at.

use journeys::Stage;
use serde_json::json;

const HOUR: i64 = 3_600;

/// Signs in to a page whose timers never fire.
async fn signs_in() -> Stage {
    let stage = Stage::open().await;
    stage.has_timers_that_never_fire();
    stage.signs_in().await;
    assert_ne!(stage.evaluate("return timersSet").await, json!(0), "the page sets no timer to do without");
    stage
}

#[tokio::test]
async fn a_page_whose_timers_never_fire_renews_when_it_is_seen_again() {
    let stage = signs_in().await;
    let before = stage.site.pages();
    for round in 0..2 {
        stage.hides().await;
        stage.time_passes(HOUR).await;
        stage.has_sent_token_requests(round + 1).await;
        stage.comes_back().await;
        stage.waits_for_token_requests(round + 2).await;
        stage.sees_standing("Signed in").await;
    }
    assert_eq!(stage.site.pages(), before);
    let asked = stage.looker.requests().await;
    assert!(asked.iter().all(|exchange| exchange.status != Some(401)), "{asked:#?}");
    stage.end().await;
}

#[tokio::test]
async fn a_page_whose_timers_never_fire_tries_again_when_it_wakes_and_the_pause_is_over() {
    let stage = signs_in().await;
    stage.looker.answer_with(json!({ "expose_headers": true })).await;
    let pause = json!({ "status": 429, "body": "{}", "headers": { "Retry-After": "60" } });
    let fault = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": pause });
    stage.looker.add_fault(fault).await;
    stage.time_passes(HOUR).await;
    stage.wakes("focus").await;
    stage.waits_for_token_requests(2).await;
    stage.sees_standing("Waiting for Looker").await;
    // Longer than any wait that is not Looker's.
    stage.time_passes(30).await;
    stage.wakes("focus").await;
    stage.wakes("online").await;
    // What began by that would be waited for.
    stage.press("Renew now").await;
    stage.sees("The access token could not be renewed.").await;
    stage.has_sent_token_requests(2).await;
    stage.time_passes(31).await;
    stage.wakes("focus").await;
    stage.waits_for_token_requests(3).await;
    stage.sees_standing("Signed in").await;
    stage.end().await;
}
