//! Many calls at once, at the moment when the access token ends.

use journeys::{App, Plan, Stage};
use serde_json::{Value, json};

const CALLS: usize = 50;
const HOUR: i64 = 3_600;
const USER: &str = "/api/4.0/user";
const NAME: &str = "Ada Lovelace";

/// Signs in to the page that makes calls.
async fn signs_in() -> Stage {
    let stage = Stage::planned(Plan { app: App::Page("calls"), ..Plan::default() }).await;
    stage.has_clocks_that_move();
    stage.looker.answer_with(json!({ "expose_headers": true })).await;
    stage.open_page("/").await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_heading("Calls").await;
    stage.looker.forget_requests().await;
    stage
}

async fn makes_calls(stage: &Stage) {
    stage.press("Make 50 calls").await;
}

/// What became of the calls so far: how often each thing.
async fn told(stage: &Stage) -> Vec<String> {
    let told = stage.evaluate("return [...document.querySelectorAll('li')].map((li) => li.innerText.trim())").await;
    let told = told.as_array().cloned().unwrap_or_default();
    told.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
}

/// Waits until so many calls have come to something, and tells to what.
async fn are_told(stage: &Stage, calls: usize) -> Vec<String> {
    let all = "const told = [...document.querySelectorAll('li')].map((li) => parseInt(li.innerText, 10));
        return told.reduce((sum, times) => sum + times, 0)";
    stage.sees_at_last_that("word of all calls", &format!("{all} === {calls}")).await;
    told(stage).await
}

/// Waits until so many calls have come to something, and makes sure that it is one of these.
async fn all_are_told(stage: &Stage, calls: usize, says: &[&str]) {
    let told = are_told(stage, calls).await;
    assert!(told.iter().all(|line| says.iter().any(|says| line.ends_with(&format!(" × {says}")))), "{told:?}");
}

/// The statuses of all answers to requests for this path, and how often each came.
async fn answers(stage: &Stage, method: &str, path: &str) -> Vec<(u16, usize)> {
    let asked = stage.looker.requests().await;
    let mut statuses = std::collections::BTreeMap::new();
    for exchange in asked.iter().filter(|exchange| exchange.method == method && exchange.path == path) {
        *statuses.entry(exchange.status.unwrap_or(0)).or_insert(0) += 1;
    }
    statuses.into_iter().collect()
}

async fn answers_refreshes(stage: &Stage, times: u32, then: Value) {
    let fault = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": times, "then": then });
    stage.looker.add_fault(fault).await;
}

#[tokio::test]
async fn a_token_that_ends_while_fifty_calls_are_in_flight_is_renewed_once_and_all_are_answered() {
    for rotates in [true, false] {
        let stage = signs_in().await;
        stage.looker.answer_with(json!({ "rotate_refresh": rotates })).await;
        // Browsers ask a host six things at once; the others wait for these.
        stage.looker.add_fault(json!({ "path": USER, "method": "GET", "then": "hold" })).await;
        makes_calls(&stage).await;
        stage.waits_until("calls in flight", || async { stage.looker.count("GET", USER).await > 0 }).await;
        stage.looker.expire_access().await;
        stage.looker.clear_faults().await;
        assert_eq!(are_told(&stage, CALLS).await, [format!("50 × {NAME}")]);
        stage.screenshot("calls-answered").await;
        assert_eq!(answers(&stage, "GET", USER).await, [(200, CALLS), (401, CALLS)]);
        assert_eq!(answers(&stage, "POST", "/api/token").await, [(200, 1)]);
        stage.end().await;
    }
}

#[tokio::test]
async fn a_hundred_calls_after_the_tokens_end_wait_for_one_slow_refresh_and_are_answered() {
    let stage = signs_in().await;
    answers_refreshes(&stage, 1, json!("hold")).await;
    stage.time_passes(HOUR).await;
    makes_calls(&stage).await;
    stage.waits_for_token_requests(1).await;
    makes_calls(&stage).await;
    assert_eq!(told(&stage).await, [""; 0], "calls were made with a token that has ended");
    stage.looker.clear_faults().await;
    assert_eq!(are_told(&stage, 2 * CALLS).await, [format!("100 × {NAME}")]);
    assert_eq!(answers(&stage, "GET", USER).await, [(200, 2 * CALLS)]);
    assert_eq!(answers(&stage, "POST", "/api/token").await, [(200, 1)]);
    stage.end().await;
}

#[tokio::test]
async fn calls_whose_refresh_is_refused_for_now_are_all_told_and_the_session_goes_on_after_the_pause() {
    // Whoever is refused only after the refresh has failed hears of it.
    for (status, says) in [
        (429, ["Looker asks for fewer requests (status 429)", "Looker asked for a pause"]),
        (503, ["Looker has trouble of its own (status 503)", "Looker had trouble of its own a moment ago"]),
    ] {
        let stage = signs_in().await;
        let no = json!({ "status": status, "body": "{}", "headers": { "Retry-After": "600" } });
        answers_refreshes(&stage, 1, no).await;
        stage.looker.expire_access().await;
        makes_calls(&stage).await;
        all_are_told(&stage, CALLS, &says).await;
        assert_eq!(answers(&stage, "GET", USER).await, [(401, CALLS)]);
        stage.has_sent_token_requests(1).await;
        // The pause is kept, and what waits for it is not lost: it renews by itself.
        stage.time_passes(601).await;
        stage.wakes("focus").await;
        stage.waits_for_token_requests(2).await;
        makes_calls(&stage).await;
        assert!(are_told(&stage, 2 * CALLS).await.contains(&format!("50 × {NAME}")));
        assert_eq!(answers(&stage, "POST", "/api/token").await, [(200, 1), (status, 1)]);
        stage.end().await;
    }
}

#[tokio::test]
async fn calls_made_while_a_refresh_hangs_are_all_told_when_its_time_is_up() {
    let stage = signs_in().await;
    answers_refreshes(&stage, 1, json!("hang")).await;
    stage.looker.expire_access().await;
    makes_calls(&stage).await;
    stage.waits_for_token_requests(1).await;
    makes_calls(&stage).await;
    assert_eq!(are_told(&stage, 2 * CALLS).await, ["100 × no answer within 30 seconds"]);
    // It is tried again by itself, and then everything works.
    stage.waits_for_token_requests(2).await;
    makes_calls(&stage).await;
    assert!(are_told(&stage, 3 * CALLS).await.contains(&format!("50 × {NAME}")));
    assert_eq!(answers(&stage, "POST", "/api/token").await, [(0, 1), (200, 1)]);
    stage.end().await;
}

#[tokio::test]
async fn calls_of_a_session_that_looker_ended_all_fail_after_one_refresh() {
    let stage = signs_in().await;
    stage.looker.revoke_all().await;
    makes_calls(&stage).await;
    let says = ["invalid_grant: The refresh_token is unknown, expired or revoked.", "the session is over"];
    all_are_told(&stage, CALLS, &says).await;
    assert_eq!(answers(&stage, "GET", USER).await, [(401, CALLS)]);
    assert_eq!(answers(&stage, "POST", "/api/token").await, [(400, 1)]);
    // Nothing is sent any more.
    makes_calls(&stage).await;
    all_are_told(&stage, 2 * CALLS, &says).await;
    assert_eq!(answers(&stage, "GET", USER).await, [(401, CALLS)]);
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn calls_of_two_copies_of_a_tab_wait_for_one_refresh_and_are_all_answered() {
    for rotates in [true, false] {
        let stage = signs_in().await;
        stage.looker.answer_with(json!({ "rotate_refresh": rotates })).await;
        let (first, second) = stage.duplicates_the_tab().await;
        stage.turns_to(second.clone()).await;
        stage.sees_heading("Calls").await;
        answers_refreshes(&stage, 1, json!("hold")).await;
        stage.looker.expire_access().await;
        makes_calls(&stage).await;
        stage.waits_for_token_requests(1).await;
        stage.turns_to(first).await;
        makes_calls(&stage).await;
        stage
            .waits_until("the first tab's calls to be refused", || async {
                answers(&stage, "GET", USER).await == [(401, 2 * CALLS)]
            })
            .await;
        stage.looker.clear_faults().await;
        for tab in [stage.tab().await, second] {
            stage.turns_to(tab).await;
            assert_eq!(are_told(&stage, CALLS).await, [format!("50 × {NAME}")]);
        }
        assert_eq!(answers(&stage, "GET", USER).await, [(200, 2 * CALLS), (401, 2 * CALLS)]);
        assert_eq!(answers(&stage, "POST", "/api/token").await, [(200, 1)]);
        stage.end().await;
    }
}
