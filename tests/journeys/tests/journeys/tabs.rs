//! Copies of a tab, which have the same session.

use fantoccini::wd::WindowHandle;
use journeys::{Stage, page::SIGN_IN};
use serde_json::{Value, json};

const COPY: &str = "1 other tab, a copy of this one.";
const ENDED: &str = "Your session ended at Looker";
const LOST: &str = "Your session could not be renewed";

/// Duplicates the tab, and sees the session there.
async fn duplicates_the_tab(stage: &Stage) -> (WindowHandle, WindowHandle) {
    let (first, second) = stage.duplicates_the_tab().await;
    stage.turns_to(second.clone()).await;
    stage.sees_account().await;
    (first, second)
}

async fn tokens(stage: &Stage) -> (Value, Value) {
    let info = stage.access_info().await;
    (info["access_token"].clone(), info["refresh_token"].clone())
}

#[tokio::test]
async fn both_copies_notice_each_other() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.no_longer_sees("Also open in").await;
    let (first, _) = duplicates_the_tab(&stage).await;
    stage.sees(COPY).await;
    stage.screenshot("tabs-copy").await;
    stage.close_tab().await;
    stage.turns_to(first).await;
    // The browser lets go of what the closed one held when it likes.
    let is_alone = "window.dispatchEvent(new Event('focus'));
        return !document.body.innerText.includes('Also open in')";
    stage.sees_that("no copy any more", is_alone).await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn one_copy_renews_and_the_other_receives_the_tokens() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let (first, second) = duplicates_the_tab(&stage).await;
    let before = tokens(&stage).await;
    // Rotating refresh tokens: whoever used an old one would end the session.
    for round in 0..3 {
        stage.press("Renew now").await;
        stage.waits_for_token_requests(2 + round).await;
        stage.sees("Renewed. The access token is good for").await;
        let after = tokens(&stage).await;
        assert_ne!(after, before);
        let other = if round % 2 == 0 { &first } else { &second };
        stage.turns_to(other.clone()).await;
        stage
            .sees_that(
                "the other tab's tokens",
                &format!("return JSON.parse(sessionStorage['sightline.access_info']).access_token === {}", after.0),
            )
            .await;
        assert_eq!(tokens(&stage).await, after);
    }
    // And they work.
    stage.reload().await;
    stage.sees_account().await;
    stage.has_sent_token_requests(4).await;
    stage.end().await;
}

#[tokio::test]
async fn copies_that_renew_at_the_same_moment_send_one_request_and_both_go_on() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let (first, second) = duplicates_the_tab(&stage).await;
    stage.looker.answer_tokens(json!("hold")).await;
    let renew = "const renew = [...document.querySelectorAll('button')].find((b) => b.innerText === 'Renew now');
        renew.click(); return null";
    stage.evaluate(renew).await;
    stage.waits_for_token_requests(2).await;
    stage.turns_to(first.clone()).await;
    stage.evaluate(renew).await;
    stage.sees_standing("Renewing…").await;
    stage.looker.clear_faults().await;
    stage.sees("Renewed. The access token is good for").await;
    stage.turns_to(second).await;
    stage.sees("Renewed. The access token is good for").await;
    let here = tokens(&stage).await;
    stage.turns_to(first).await;
    assert_eq!(tokens(&stage).await, here);
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_copy_that_missed_the_news_asks_for_it_before_it_renews() {
    let stage = Stage::open().await;
    // As if the news came too late.
    stage.site.run_first(Some(
        "const post = BroadcastChannel.prototype.postMessage;
         BroadcastChannel.prototype.postMessage = function (message) {
             if (!message.includes('renewed')) post.call(this, message);
         };
         // As long as it takes to be answered by a copy in the background.
         const later = setTimeout;
         globalThis.setTimeout = (what, after, ...rest) => {
             globalThis.isPatient ||= after === 1_000;
             return later(what, after === 1_000 ? 60_000 : after, ...rest);
         };",
    ));
    stage.signs_in().await;
    let (first, second) = duplicates_the_tab(&stage).await;
    stage.turns_to(first).await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    let newest = tokens(&stage).await;
    stage.turns_to(second).await;
    assert_ne!(tokens(&stage).await, newest);
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    assert_eq!(tokens(&stage).await, newest);
    assert_eq!(stage.evaluate("return !!globalThis.isPatient").await, true, "nobody waits for a copy for a second");
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_copy_that_never_comes_to_an_end_with_a_renewal_is_told_of_and_waited_for() {
    let stage = Stage::open().await;
    // Who waits for more than a minute waits for a second.
    stage.site.run_first(Some(
        "const timeout = AbortSignal.timeout.bind(AbortSignal);
         AbortSignal.timeout = (milliseconds) => timeout(milliseconds > 60_000 ? 1_000 : milliseconds);",
    ));
    stage.signs_in().await;
    let (first, _) = duplicates_the_tab(&stage).await;
    let stored = stage.stored().await;
    let instance: Value = serde_json::from_str(&stored["sightline.instance"]).expect("JSON");
    let turn = json!(["sightline.", instance["session_id"].as_str().expect("an id")].concat());
    stage
        .evaluate(&format!(
            "return new Promise((held) => navigator.locks.request({turn}, () => {{
                 held(null);
                 return new Promise(() => {{}});
             }}))"
        ))
        .await;
    let second = stage.tab().await;
    stage.turns_to(first.clone()).await;
    stage.press("Renew now").await;
    stage.sees("Another tab of this session is renewing it and does not come to an end.").await;
    stage.sees_standing("Waiting for another tab").await;
    stage.sees("Nothing is lost; if it stays so, close that tab.").await;
    stage.screenshot("tabs-crowded").await;
    stage.has_sent_token_requests(1).await;
    // What the message advises helps.
    stage.turns_to(second).await;
    stage.close_tab().await;
    stage.turns_to(first).await;
    stage.sees_standing("Signed in").await;
    stage.waits_for_token_requests(2).await;
    stage.no_longer_sees("Nothing is lost").await;
    stage.end().await;
}

#[tokio::test]
async fn signing_out_in_one_tab_signs_out_its_copies() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let (first, second) = duplicates_the_tab(&stage).await;
    stage.signs_out().await;
    stage.acts("is signed out in the copy, too");
    stage.turns_to(first).await;
    stage.sees_door().await;
    stage.sees("You signed out in another tab.").await;
    stage.has_stored(&[]).await;
    stage.turns_to(second).await;
    stage.has_stored(&[]).await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_copy_whose_new_tokens_may_have_got_lost_does_not_say_that_the_sign_out_was_confirmed() {
    let fault =
        |then: Value| json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": then });
    let pause = json!({ "status": 429, "body": "{}", "headers": { "Retry-After": "600" } });
    for (faults, seen) in [
        (vec![fault(json!("drop_after")), fault(pause)], "Local Looker asks for a pause."),
        (vec![fault(json!("hang_after"))], "Renewing…"),
    ] {
        let stage = Stage::open().await;
        stage.looker.answer_with(json!({ "expose_headers": true })).await;
        stage.signs_in().await;
        let (first, second) = duplicates_the_tab(&stage).await;
        for fault in faults {
            stage.looker.add_fault(fault).await;
        }
        stage.press("Renew now").await;
        stage.sees(seen).await;
        stage.turns_to(first).await;
        stage.signs_out().await;
        stage.acts("is signed out in the copy, too");
        stage.turns_to(second).await;
        stage.sees_door().await;
        stage.sees("Looker did not confirm it").await;
        stage.has_stored(&[]).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_session_that_looker_ends_is_over_in_all_copies() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let (first, _) = duplicates_the_tab(&stage).await;
    stage.looker.revoke_all().await;
    stage.press("Renew now").await;
    stage.sees(ENDED).await;
    stage.turns_to(first).await;
    stage.sees(ENDED).await;
    stage.has_stored(&["sightline.farewell"]).await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

/// Waits until the session has ended here, with this headline, and returns all that is said of it.
async fn sees_how_it_ended(stage: &Stage, headline: &str) -> Value {
    stage.sees(headline).await;
    stage.sees_standing("Session ended").await;
    stage.has_stored(&["sightline.farewell"]).await;
    stage.evaluate("return document.querySelector('.news').innerText").await
}

#[tokio::test]
async fn copies_of_a_tab_say_the_same_of_why_their_session_ended() {
    for (why, headline) in [
        ("revoked", ENDED),
        ("disabled", ENDED),
        ("a month later", ENDED),
        ("the new tokens got lost", LOST),
        ("no refresh token", "Your session has ended"),
    ] {
        let stage = Stage::open().await;
        stage.signs_in().await;
        if why == "no refresh token" {
            let forget = "const info = JSON.parse(sessionStorage.getItem('sightline.access_info'));
                delete info.refresh_token;
                sessionStorage.setItem('sightline.access_info', JSON.stringify(info));
                return null";
            stage.evaluate(forget).await;
            stage.reload().await;
            stage.sees_account().await;
        }
        let (first, _) = duplicates_the_tab(&stage).await;
        match why {
            "revoked" => stage.looker.revoke_all().await,
            "disabled" => {
                stage.looker.change_app(json!({ "client_guid": "sightline", "enabled": false })).await;
            }
            "a month later" => stage.looker.advance_clock(31 * 24 * 3_600).await,
            "no refresh token" => stage.looker.expire_access().await,
            _ => {
                let fault =
                    json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": "drop_after" });
                stage.looker.add_fault(fault).await;
            }
        }
        stage.press("Renew now").await;
        let here = sees_how_it_ended(&stage, headline).await;
        stage.screenshot(&format!("tabs-ended-{}", why.replace(' ', "-"))).await;
        stage.turns_to(first).await;
        assert_eq!(sees_how_it_ended(&stage, headline).await, here, "{why}");
        stage.end().await;
    }
}

#[tokio::test]
async fn copies_keep_a_pause_that_looker_asks_of_one_and_know_that_new_tokens_may_have_got_lost_there() {
    let stage = Stage::open().await;
    stage.has_clocks_that_move();
    stage.looker.answer_with(json!({ "expose_headers": true })).await;
    stage.signs_in().await;
    let (first, _) = duplicates_the_tab(&stage).await;
    let fault =
        |then: Value| json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": then });
    // The answer with the new tokens is lost, and then Looker wants to be left alone for a while.
    stage.looker.add_fault(fault(json!("drop_after"))).await;
    let pause = json!({ "status": 429, "body": "{}", "headers": { "Retry-After": "600" } });
    stage.looker.add_fault(fault(pause)).await;
    stage.press("Renew now").await;
    stage.sees("Local Looker asks for a pause.").await;
    let second = stage.tab().await;
    stage.turns_to(first).await;
    stage.press("Renew now").await;
    stage.sees("Local Looker asks for a pause.").await;
    stage.has_sent_token_requests(3).await;
    stage.time_passes(600).await;
    stage.wakes("focus").await;
    // Not that somebody revoked it.
    let here = sees_how_it_ended(&stage, LOST).await;
    stage.turns_to(second).await;
    assert_eq!(sees_how_it_ended(&stage, LOST).await, here);
    stage.has_sent_token_requests(4).await;
    stage.end().await;
}

#[tokio::test]
async fn rule_16_messages_that_make_no_sense_change_nothing() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let before = tokens(&stage).await;
    stage.turns_to_a_new_tab().await;
    stage.open_page("/config.json").await;
    // As a page of this origin could, if it knew the session's name.
    let id = {
        let there = stage.tab().await;
        let tabs = stage.tabs().await;
        let first = tabs.into_iter().find(|tab| *tab != there).expect("the first tab");
        stage.turns_to(first.clone()).await;
        let stored = stage.stored().await;
        let instance: Value = serde_json::from_str(&stored["sightline.instance"]).expect("JSON");
        stage.turns_to(there).await;
        (instance["session_id"].as_str().expect("an id").to_owned(), first)
    };
    let messages = json!([
        "hello",
        7,
        null,
        {},
        "{\"say\":\"renewed\",\"generation\":99}",
        "{\"say\":\"renewed\",\"generation\":99,\"access_info\":{\"access_token\":\"x\"}}",
        "{\"say\":\"answer\",\"ask\":1}",
        "{\"say\":\"ended\"}",
        "{\"say\":\"ended\",\"generation\":99}",
        "{\"say\":\"ended\",\"generation\":99,\"ending\":\"hello\"}",
    ]);
    stage
        .evaluate(&format!(
            "const channel = new BroadcastChannel('sightline.{}');
             for (const message of {messages}) channel.postMessage(message);
             return null",
            id.0
        ))
        .await;
    stage.turns_to(id.1).await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    assert_ne!(tokens(&stage).await, before);
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn where_a_session_can_not_be_shared_a_copy_signs_in_by_itself() {
    for missing in [
        "delete Navigator.prototype.locks",
        "delete globalThis.BroadcastChannel",
        // Then the session has no name that copies could know it by.
        "delete Crypto.prototype.randomUUID",
    ] {
        let stage = Stage::open().await;
        stage.site.run_first(Some(missing));
        stage.signs_in().await;
        let before = tokens(&stage).await;
        // A reload is no copy.
        stage.reload().await;
        stage.sees_account().await;
        let (first, second) = stage.duplicates_the_tab().await;
        stage.turns_to(second).await;
        stage.sees_door().await;
        stage.sees("Your session is in another tab, and this browser can't share it.").await;
        stage.screenshot("tabs-not-shared").await;
        stage.has_stored(&[]).await;
        stage.press(SIGN_IN).await;
        stage.sees_account().await;
        assert_ne!(tokens(&stage).await, before);
        stage.turns_to(first).await;
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage.has_sent_token_requests(3).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_page_that_gives_its_session_up_by_either_event_leaves_it_to_the_next_one() {
    // Where the next page is another process's, Firefox may open it before the one before hides; and not every
    // browser tells before it leaves a page.
    for unheard in ["pagehide", "beforeunload"] {
        let stage = Stage::open().await;
        stage.site.run_first(Some(&format!(
            "delete Navigator.prototype.locks;
                 const listen = EventTarget.prototype.addEventListener;
                 EventTarget.prototype.addEventListener = function (kind, ...listener) {{
                     if (kind !== '{unheard}') listen.call(this, kind, ...listener);
                 }};"
        )));
        stage.signs_in().await;
        let before = stage.access_info().await;
        for _ in 0..2 {
            stage.reload().await;
            stage.sees_account().await;
        }
        assert_eq!(stage.access_info().await, before);
        stage.has_sent_token_requests(1).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_page_that_was_about_to_go_and_stays_has_its_session_for_itself_again() {
    let stage = Stage::open().await;
    stage.site.run_first(Some("delete Navigator.prototype.locks"));
    stage.signs_in().await;
    let claim = "return sessionStorage.getItem('sightline.open')";
    assert_eq!(stage.evaluate(claim).await, json!("1"));
    stage.wakes("beforeunload").await;
    assert_eq!(stage.evaluate(claim).await, json!(null));
    stage.sees_that("the claim again", &format!("{claim} === '1'")).await;
    let (_, second) = stage.duplicates_the_tab().await;
    stage.acts("is led from the copy to its door");
    stage.turns_to(second).await;
    stage.sees_door().await;
    stage.sees("Your session is in another tab, and this browser can't share it.").await;
    stage.end().await;
}

#[tokio::test]
async fn signing_out_of_a_session_that_is_over_leaves_nothing_and_signs_out_its_copies() {
    for (place, field) in [("/activity", "#filter"), ("/setup", "#origin")] {
        let stage = Stage::open().await;
        stage.signs_in().await;
        let asked = stage.looker.count("GET", "/api/4.0/user").await;
        stage.open_page(place).await;
        // Whose is what is typed.
        stage.waits_until("who it is", || async { stage.looker.count("GET", "/api/4.0/user").await > asked }).await;
        let (first, second) = stage.duplicates_the_tab().await;
        stage.turns_to(second.clone()).await;
        stage.open_page("/account").await;
        stage.sees_account().await;
        stage.looker.revoke_all().await;
        stage.press("Renew now").await;
        stage.sees(ENDED).await;
        stage.turns_to(first.clone()).await;
        stage.sees(ENDED).await;
        stage.types(field, "something typed").await;
        stage.turns_to(second).await;
        stage.signs_out().await;
        stage.has_stored(&[]).await;
        stage.turns_to(first).await;
        stage.sees_door().await;
        stage.sees("You signed out in another tab.").await;
        stage.has_stored(&[]).await;
        stage.end().await;
    }
}
