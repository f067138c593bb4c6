//! Pages that go in the middle of a renewal.

use journeys::{Stage, page::SESSION};
use serde_json::json;

const LOST: &str = "Your session could not be renewed";
const RENEWING: [&str; 3] = [SESSION[0], SESSION[1], "sightline.renewing"];

/// Begins a renewal that has no answer.
async fn renews_without_end(stage: &Stage, then: &str) {
    let fault = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": then });
    stage.looker.add_fault(fault).await;
    let before = stage.looker.token_requests().await;
    stage.press("Renew now").await;
    stage.waits_for_token_requests(before + 1).await;
    stage.has_stored(&RENEWING).await;
}

#[tokio::test]
async fn a_reload_in_the_middle_of_a_renewal_loses_nothing_where_the_refresh_token_is_still_good() {
    // Not carried out; and carried out by a Looker that keeps refresh tokens.
    for (rotates, then) in [(true, "hang"), (false, "hang_after")] {
        let stage = Stage::open().await;
        stage.looker.answer_with(json!({ "rotate_refresh": rotates })).await;
        stage.signs_in().await;
        let before = stage.access_info().await;
        renews_without_end(&stage, then).await;
        stage.reload().await;
        stage.sees_account().await;
        // At once, though the access token has most of its hour left.
        stage.waits_for_token_requests(3).await;
        stage.sees_standing("Signed in").await;
        stage.has_stored(&SESSION).await;
        assert_ne!(stage.access_info().await, before);
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        // And once.
        stage.reload().await;
        stage.sees_account().await;
        stage.has_sent_token_requests(4).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_reload_that_loses_the_new_tokens_is_told_at_once_and_a_sign_in_returns_there() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.open_page("/account?a=1#b").await;
    stage.sees_account().await;
    renews_without_end(&stage, "hang_after").await;
    stage.reload().await;
    stage.sees(LOST).await;
    stage.sees("Most likely its answer with the new tokens did not get here").await;
    stage.sees_standing("Session ended").await;
    stage.has_sent_token_requests(3).await;
    stage.has_stored(&["sightline.farewell"]).await;
    stage.screenshot("interrupted-lost").await;
    // The log tells it, too: what the page before did not wait for stands there without an answer.
    let statuses = "return JSON.parse(sightline.readLog())
        .filter(({ url }) => url.endsWith('/api/token')).map(({ status }) => status)";
    assert_eq!(stage.evaluate(statuses).await, json!([200, 0, 400]));
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.is_at("/account?a=1#b").await;
    stage.has_stored(&SESSION).await;
    stage.has_sent_token_requests(4).await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_left_in_the_middle_of_a_renewal_tells_when_one_comes_back() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    renews_without_end(&stage, "hang_after").await;
    stage.opens_looker().await;
    stage.go_back().await;
    // WebKit shows the page as it was left, which still waits for the answer.
    stage.sees_at_last(LOST).await;
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    stage.end().await;
}

#[tokio::test]
async fn a_copy_made_in_the_middle_of_a_renewal_waits_for_it() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.answer_tokens(json!("hold")).await;
    stage.press("Renew now").await;
    stage.waits_for_token_requests(2).await;
    stage.has_stored(&RENEWING).await;
    let (first, copy) = stage.duplicates_the_tab().await;
    stage.turns_to(copy).await;
    stage.sees_standing("Renewing…").await;
    stage.looker.clear_faults().await;
    stage.sees_account().await;
    stage.sees_standing("Signed in").await;
    stage.turns_to(first).await;
    stage.sees("Renewed. The access token is good for").await;
    stage.has_sent_token_requests(2).await;
    stage.has_stored(&SESSION).await;
    stage.end().await;
}

/// When the page is about to go, its token has ended, and it is seen. When whatever that leads to has begun, it
/// tells whether that is a renewal.
const WAKE_AT_LAST: &str = "
    const now = Date.now;
    addEventListener('beforeunload', () => setTimeout(async () => {
        Date.now = () => now() + 3_600_000;
        dispatchEvent(new Event('focus'));
        // Before a renewal others are asked, by locks and messages.
        for (let turn = 0; turn < 20; turn++) {
            await navigator.locks.request('at last', () => {});
            await new Promise((done) => setTimeout(done));
        }
        const word = sessionStorage.getItem('sightline.renewing') ? 'renews' : 'rests';
        new BroadcastChannel('at last').postMessage(word);
    }));";

/// Passes on what the page tells: WebKit lets a page on its way out ask for nothing.
const PASS_ON: &str = "
    globalThis.channel = new BroadcastChannel('at last');
    channel.onmessage = ({ data }) => fetch(`/${data}.json`);
    return null";

#[tokio::test]
async fn a_page_on_its_way_out_begins_no_renewal() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(WAKE_AT_LAST));
    stage.signs_in().await;
    let first = stage.tab().await;
    stage.turns_to_a_new_tab().await;
    stage.open_page("/setup").await;
    stage.evaluate(PASS_ON).await;
    stage.turns_to(first).await;
    stage.site.hold("/account");
    let told = |word: &str| stage.site.count(&format!("/{word}.json"));
    tokio::join!(stage.reload(), async {
        stage.waits_until("the next page", || async { stage.site.count("/account") == 1 }).await;
        stage.waits_until("the page before", || async { told("rests") + told("renews") == 1 }).await;
        stage.site.release();
    });
    assert_eq!(told("renews"), 0, "the page on its way out renews");
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.end().await;
}
