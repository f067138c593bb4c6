//! A session's life: kept, renewed, ended.

use journeys::{
    Stage,
    page::{SESSION, SIGN_IN},
    setting::Engine,
};
use serde_json::json;

#[tokio::test]
async fn a_reload_keeps_the_session_without_a_token_request() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let before = stage.access_info().await;
    stage.reload().await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    stage.has_sent_token_requests(1).await;
    assert_eq!(stage.access_info().await, before);
    stage.end().await;
}

/// When a request of the page comes to nothing, asks its host for a few things, one after the other.
const THEN_ASK: &str = "
    const send = fetch;
    globalThis.fetch = (...request) => {
        const answer = send(...request);
        answer.catch(async () => {
            for (const name of ['one', 'two', 'three', 'four', 'last']) await send(`/${name}.json`);
        });
        return answer;
    };";

#[tokio::test]
async fn a_reload_while_a_call_is_in_flight_renews_nothing() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(THEN_ASK));
    let versions = "/api/4.0/versions";
    stage.looker.add_fault(json!({ "path": versions, "method": "GET", "times": 1, "then": "hang" })).await;
    stage.signs_in().await;
    stage.waits_until("a call in flight", || async { stage.looker.count("GET", versions).await == 1 }).await;
    stage.site.hold("/account");
    tokio::join!(stage.reload(), async {
        stage.waits_until("the next page", || async { stage.site.count("/account") == 1 }).await;
        // It ends the calls of a page before the next one is there; by this time that page would have renewed.
        if stage.browser.engine == Engine::Firefox {
            stage.waits_until("the end of the call", || async { stage.site.count("/last.json") == 1 }).await;
        }
        stage.site.release();
    });
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.end().await;
}

#[tokio::test]
async fn a_second_tab_has_a_session_of_its_own() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let (first_tab, first) = (stage.tab().await, stage.access_info().await);

    stage.turns_to_a_new_tab().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.has_stored(&[]).await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    let second = stage.access_info().await;
    assert_ne!(first["access_token"], second["access_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);

    stage.signs_out().await;
    stage.turns_to(first_tab).await;
    stage.reload().await;
    stage.sees_account().await;
    assert_eq!(stage.access_info().await, first);
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_here_and_at_looker() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let before = stage.access_info().await;
    stage.signs_out().await;
    stage.sees("You are signed out.").await;
    stage.screenshot("session-signed-out").await;
    stage.is_at("/").await;
    stage.has_stored(&[]).await;
    let asked = stage.looker.requests().await;
    let told: Vec<_> = asked.iter().filter(|x| x.path == "/api/4.0/logout" && x.method == "DELETE").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].status, Some(204));

    // Said once.
    stage.reload().await;
    stage.sees_door().await;
    stage.no_longer_sees("You are signed out.").await;
    // Back leads to no page of the session, not even to a picture of it.
    stage.go_back().await;
    stage.no_longer_sees("ada@example.com").await;
    assert!(!stage.evaluate("return document.documentElement.outerHTML").await.to_string().contains("ada@example.com"));
    // And the token is dead.
    let token = before["access_token"].as_str().expect("a token");
    let base_url = stage.config()["instances"][0]["base_url"].as_str().expect("an address").to_owned();
    let call = reqwest::Client::new().get(format!("{base_url}/api/4.0/user")).bearer_auth(token).send().await;
    assert_eq!(call.expect("the local Looker answers").status(), 401);
    stage.end().await;
}

#[tokio::test]
async fn rule_15_signing_out_forgets_the_session_even_when_looker_can_not_be_reached() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.add_fault(json!({ "path": "/api/4.0/logout", "method": "*", "then": "drop_before" })).await;
    stage.signs_out().await;
    stage.sees("You are signed out on this page. Looker did not confirm it").await;
    stage.screenshot("session-signed-out-here-only").await;
    stage.has_stored(&[]).await;
    stage.reload().await;
    stage.sees_door().await;
    stage.end().await;
}

#[tokio::test]
async fn signing_out_does_not_wait_long_for_a_looker_that_does_not_answer() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.add_fault(json!({ "path": "/api/4.0/logout", "method": "*", "then": "hang" })).await;
    // The door is seen before any request would be given up.
    stage.signs_out().await;
    stage.sees("You are signed out on this page. Looker did not confirm it").await;
    stage.has_stored(&[]).await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_in_place_of_looker_does_not_confirm_a_sign_out() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let page = json!({ "status": 200, "body": "<!doctype html><p>Hello", "content_type": "text/html" });
    stage.looker.add_fault(json!({ "path": "/api/4.0/logout", "method": "DELETE", "then": page })).await;
    stage.signs_out().await;
    stage.sees("You are signed out on this page. Looker did not confirm it").await;
    stage.has_stored(&[]).await;
    stage.end().await;
}

#[tokio::test]
async fn signing_out_with_an_expired_access_token_still_ends_the_session_at_looker() {
    let stage = Stage::open().await;
    // So that the refresh token is one and the same throughout, and only the end of the session ends it.
    stage.looker.answer_with(json!({ "rotate_refresh": false })).await;
    stage.signs_in().await;
    let refresh_token = stage.access_info().await["refresh_token"].clone();
    let refreshed = || async {
        let base_url = stage.config()["instances"][0]["base_url"].as_str().expect("an address").to_owned();
        let request =
            json!({ "grant_type": "refresh_token", "client_id": "sightline", "refresh_token": refresh_token });
        stage.acts("refreshes without the app");
        let answer = reqwest::Client::new().post(format!("{base_url}/api/token")).json(&request).send().await;
        answer.expect("the local Looker answers").status().as_u16()
    };
    assert_eq!(refreshed().await, 200, "the refresh token does not even live before");
    stage.looker.expire_access().await;
    stage.looker.forget_requests().await;
    stage.signs_out().await;
    stage.sees("You are signed out.").await;
    stage.has_stored(&[]).await;
    let asked = stage.looker.requests().await;
    let logout = "/api/4.0/logout";
    // The account page asked for more, at its own pace.
    let asked = asked.iter().filter(|x| [logout, "/api/token"].contains(&&*x.path) && x.method != "OPTIONS");
    let asked: Vec<_> = asked.map(|x| (&*x.method, &*x.path, x.status)).collect();
    assert_eq!(
        asked,
        [("DELETE", logout, Some(401)), ("POST", "/api/token", Some(200)), ("DELETE", logout, Some(204))]
    );
    assert_eq!(refreshed().await, 400, "the refresh token lives on");
    stage.end().await;
}

#[tokio::test]
async fn renewing_takes_one_request_and_resets_the_countdown() {
    for rotates in [true, false] {
        let stage = Stage::open().await;
        stage.looker.answer_with(json!({ "rotate_refresh": rotates, "expires_in": 300 })).await;
        stage.signs_in().await;
        let timer = "return document.querySelector('[role=timer]').innerText";
        stage.sees_that("five minutes on the countdown", &format!("{timer}.startsWith('4 min')")).await;
        let before = stage.access_info().await;

        stage.looker.answer_with(json!({ "expires_in": 1800 })).await;
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage.screenshot("session-renewed").await;
        stage.sees_that("half an hour on the countdown", &format!("{timer}.match(/^(30|29) min/) !== null")).await;
        stage.has_sent_token_requests(2).await;
        let after = stage.access_info().await;
        assert_ne!(after["access_token"], before["access_token"]);
        assert_eq!(after["refresh_token"] != before["refresh_token"], rotates);
        assert!(after["expires_at"].as_f64() > before["expires_at"].as_f64());
        assert_eq!(after["expires_in"], json!(1800));

        // What was stored is what works from now on.
        stage.reload().await;
        stage.sees_account().await;
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage.has_sent_token_requests(3).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn two_presses_renew_once() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let slow = json!({ "path": "/api/token", "host": "api", "method": "POST", "then": { "delay_ms": 500 } });
    stage.looker.add_fault(slow).await;
    stage
        .evaluate(
            "const renew = [...document.querySelectorAll('button')].find((b) => b.innerText === 'Renew now');
             renew.click(); renew.click(); return null",
        )
        .await;
    stage.sees("Renewed. The access token is good for").await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_renewal_after_the_tokens_were_revoked_keeps_the_page_and_leads_to_a_new_sign_in() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.revoke_all().await;
    stage.press("Renew now").await;
    stage.sees("Your session ended at Looker").await;
    stage.screenshot("session-ended").await;
    stage.has_sent_token_requests(2).await;
    stage.has_stored(&["sightline.farewell"]).await;
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.has_stored(&SESSION).await;
    stage.end().await;
}

#[tokio::test]
async fn a_renewal_that_looker_does_not_hear_can_be_tried_again() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let before = stage.access_info().await;
    stage.looker.answer_one_token_request(json!({ "status": 503 })).await;
    stage.press("Renew now").await;
    stage.sees("could not be renewed").await;
    assert_eq!(stage.access_info().await, before);
    stage.looker.clear_faults().await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.has_stored(&SESSION).await;
    stage.end().await;
}

#[tokio::test]
async fn rule_21_an_edited_session_is_no_session() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let edited = ["", "{", "[]", "{\"access_token\":5}"];
    // The door takes what is stored for a session. The workbench finds that it is none, and loads the
    // door anew: one load more in each round.
    stage.bounds_page_loads(2 + edited.len() * 3);
    for broken in edited {
        let set = format!("sessionStorage.setItem('sightline.access_info', {}); return null", json!(broken));
        stage.evaluate(&set).await;
        stage.reload().await;
        stage.sees_door().await;
        stage.has_stored(&[]).await;
        stage.press(SIGN_IN).await;
        stage.sees_account().await;
    }
    stage.end().await;
}

#[tokio::test]
async fn a_session_that_looker_ended_says_so_after_a_reload_and_can_be_begun_anew() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.revoke_all().await;
    stage.reload().await;
    // Whatever the page is: it has the news, and a button for it.
    let told = "const news = document.querySelectorAll('[role=alert], .notice');
        return [...news].find((news) => news.offsetParent !== null && news.innerText)?.innerText ?? null";
    let told = stage.sees_that("word of the session's end", told).await;
    stage.screenshot("session-ended-after-reload").await;
    assert!(!told.to_string().contains("new token"), "the token is not new, but the page says: {told}");
    // It says so once, and nothing else that would not help.
    stage.sees("Not known: the session is over.").await;
    let alerts = "return [...document.querySelectorAll('[role=alert]')].filter((alert) => alert.innerText).length";
    assert_eq!(stage.evaluate(alerts).await, json!(1));
    stage.no_longer_sees("Ask again").await;
    // What was typed can't be kept for somebody whom Looker did not name.
    stage.no_longer_sees("with what you typed").await;
    let way = "return [...document.querySelectorAll('button, a')].some((way) => way.innerText.startsWith('Sign in'))";
    stage.sees_that("a way to sign in", way).await;
    stage.end().await;
}

#[tokio::test]
async fn whom_looker_does_not_name_is_not_told_that_anything_is_kept() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let unknown = json!({ "message": "Not found", "documentation_url": "https://cloud.google.com/looker/docs/" });
    stage.looker.answer_user(json!({ "status": 404, "body": unknown.to_string() })).await;
    stage.reload().await;
    stage.sees("Your account may not use Looker's API").await;
    stage.looker.revoke_all().await;
    stage.press("Renew now").await;
    stage.sees("sign in again, and you are back here.").await;
    stage.end().await;
}

#[tokio::test]
async fn whom_looker_does_not_name_is_told_that_what_was_typed_is_not_kept() {
    let stage = Stage::open().await;
    stage.has_clocks_that_move();
    stage.signs_in().await;
    stage.looker.answer_user(json!({ "status": 404 })).await;
    stage.open_page("/activity").await;
    stage.types("#filter", "user").await;
    stage.looker.revoke_all().await;
    stage.time_passes(3_600).await;
    stage.wakes("focus").await;
    stage.sees("sign in again, and you are back here. What you typed is not kept").await;
    stage.screenshot("session-ended-not-kept").await;
    stage.end().await;
}
