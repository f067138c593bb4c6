//! Several sign-ins under way at the same time, in one tab and in many, and one redirect that is
//! opened in two tabs.

use fantoccini::wd::WindowHandle;
use journeys::{
    Plan, Stage,
    browser::Habits,
    page::{SESSION, SIGN_IN, SIGN_IN_AGAIN},
};
use serde_json::json;

const NO_SIGN_IN: &str = "This way back from Looker leads to no sign-in";
const PENDING: &str = "sightline.pending.*";

async fn makes_sure_that_the_session_is_good(stage: &Stage) {
    stage.has_stored(&SESSION).await;
    renews_and_reloads(stage).await;
}

async fn renews_and_reloads(stage: &Stage) {
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.reload().await;
    stage.sees_account().await;
}

#[tokio::test]
async fn each_of_three_sign_ins_under_way_in_one_tab_can_be_finished_in_any_order() {
    let stage = Stage::open().await;
    let mut logins = Vec::new();
    for place in ["/account?first", "/account?second", "/account?third"] {
        stage.open_page(place).await;
        logins.push((place, stage.begins_to_sign_in().await));
    }
    let (third, second) = (logins.pop().expect("three"), logins.pop().expect("three"));
    stage.open_address(&second.1).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.is_at(second.0).await;
    stage.has_stored(&[SESSION[0], SESSION[1], PENDING, PENDING]).await;
    let before = stage.access_info().await;
    // Looker knows her by now, and sends her back at once.
    for ((place, login), left) in [third, logins.remove(0)].into_iter().zip([1, 0]) {
        stage.open_address(&login).await;
        stage.sees_account().await;
        stage.is_at(place).await;
        let stored = [SESSION[0], SESSION[1], PENDING];
        stage.has_stored(&stored[..2 + left]).await;
    }
    assert_ne!(stage.access_info().await, before);
    makes_sure_that_the_session_is_good(&stage).await;
    stage.has_sent_token_requests(4).await;
    stage.end().await;
}

#[tokio::test]
async fn sign_ins_under_way_in_two_tabs_do_not_disturb_each_other() {
    let stage = Stage::open().await;
    let first = stage.tab().await;
    stage.open_page("/account?first").await;
    stage.begins_to_sign_in().await;
    stage.turns_to_a_new_tab().await;
    let second = stage.tab().await;
    stage.open_page("/account?second").await;
    let login = stage.begins_to_sign_in().await;

    // The first is denied while the second waits at Looker.
    stage.turns_to(first.clone()).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    stage.has_stored(&[]).await;

    stage.turns_to(second.clone()).await;
    stage.open_address(&login).await;
    stage.allow().await;
    stage.sees_account().await;
    stage.is_at("/account?second").await;
    let seconds = stage.access_info().await;

    stage.turns_to(first).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.is_at("/account?first").await;
    assert_ne!(stage.access_info().await, seconds);
    makes_sure_that_the_session_is_good(&stage).await;
    stage.turns_to(second).await;
    assert_eq!(stage.access_info().await, seconds);
    makes_sure_that_the_session_is_good(&stage).await;
    stage.has_sent_token_requests(4).await;
    stage.end().await;
}

#[tokio::test]
async fn a_stale_sign_in_is_swept_and_a_fresh_one_stays() {
    let stage = Stage::open().await;
    stage.open_page("/account?stale").await;
    let stale = stage.begins_to_sign_in().await;
    stage.open_page("/account?fresh").await;
    stage.sees_door().await;
    stage.lets_the_sign_in_under_way_take_too_long().await;
    let fresh = stage.begins_to_sign_in().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    let keys: Vec<_> = stage.stored().await.into_keys().collect();
    assert_eq!(keys, [format!("sightline.pending.{}", stage.looker_state(&fresh))]);
    stage.open_address(&stale).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.has_sent_token_requests(0).await;
    stage.open_address(&fresh).await;
    stage.sees_account().await;
    stage.is_at("/account?fresh").await;
    stage.has_stored(&SESSION).await;
    stage.end().await;
}

#[tokio::test]
async fn a_redirect_opened_in_another_tab_while_its_code_is_redeemed_sends_nothing_from_there() {
    let stage = Stage::open().await;
    stage.looker.answer_tokens(json!("hold")).await;
    stage.open_page("/account?x=1").await;
    let first = stage.tab().await;
    stage.returns_from_looker().await;
    stage.waits_for_token_requests(1).await;
    stage.turns_to_a_new_tab().await;
    stage.open_page(&stage.site.last_redirect()).await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.has_stored(&[]).await;
    stage.turns_to(first).await;
    stage.looker.clear_faults().await;
    stage.sees_account().await;
    stage.is_at("/account?x=1").await;
    stage.has_sent_token_requests(1).await;
    makes_sure_that_the_session_is_good(&stage).await;
    stage.end().await;
}

/// Begins a sign-in and leaves it for a copy of the tab, too: state and verifier are copied with the rest of
/// its storage. Returns the address of Looker's login page, and both tabs.
async fn begins_to_sign_in_in_two_copies(stage: &Stage) -> (String, WindowHandle, WindowHandle) {
    stage.open_page("/account?x=1").await;
    stage.sees_door().await;
    let login = stage.begins_to_sign_in().await;
    stage.open_page("/account?x=1").await;
    stage.sees_door().await;
    let (first, copy) = stage.duplicates_the_tab().await;
    stage.turns_to(copy.clone()).await;
    stage.sees_door().await;
    stage.has_stored(&[PENDING]).await;
    stage.turns_to(first.clone()).await;
    stage.open_address(&login).await;
    stage.log_in_at_looker().await;
    (login, first, copy)
}

#[tokio::test]
async fn a_redirect_opened_in_a_copy_of_its_tab_sends_nothing_from_there() {
    for missing in ["", "delete Navigator.prototype.locks"] {
        let stage = Stage::open().await;
        stage.site.run_first(Some(missing));
        let (_, first, copy) = begins_to_sign_in_in_two_copies(&stage).await;
        stage.allow().await;
        stage.sees_account().await;
        stage.turns_to(copy.clone()).await;
        stage.open_page(&stage.site.last_redirect()).await;
        stage.sees_trouble(NO_SIGN_IN).await;
        stage.has_sent_token_requests(1).await;
        stage.turns_to(first).await;
        // The page that took the redirect is gone after this.
        renews_and_reloads(&stage).await;
        stage.turns_to(copy).await;
        stage.open_page(&stage.site.last_redirect()).await;
        stage.sees_trouble(NO_SIGN_IN).await;
        stage.has_sent_token_requests(2).await;
        stage.press("Go to the sign-in page").await;
        stage.press(SIGN_IN).await;
        stage.sees_account().await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_redirect_that_another_tab_opens_first_is_still_its_own_tabs() {
    let stage = Stage::open().await;
    stage.open_page("/account?x=1").await;
    stage.sees_door().await;
    let own = stage.tab().await;
    // It does not get to the app where it belongs.
    stage.site.refuse("/authenticated", Some(503));
    stage.returns_from_looker().await;
    stage.waits_until("the redirect", || async { stage.site.count("/authenticated") > 0 }).await;
    let redirect = stage.site.last_redirect();
    stage.site.refuse("/authenticated", None);
    stage.turns_to_a_new_tab().await;
    stage.open_page(&redirect).await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.has_sent_token_requests(0).await;
    stage.turns_to(own).await;
    stage.open_page(&redirect).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1").await;
    makes_sure_that_the_session_is_good(&stage).await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_redirect_that_a_copy_of_its_tab_used_sends_nothing_after_others_were_opened() {
    let stage = Stage::open().await;
    let (_, first, copy) = begins_to_sign_in_in_two_copies(&stage).await;
    stage.allow().await;
    stage.sees_account().await;
    let used = stage.site.last_redirect();
    stage.turns_to(copy).await;
    let nine_others = "localStorage['sightline.taken'] = [1, 2, 3, 4, 5, 6, 7, 8, 9, localStorage['sightline.taken']];";
    stage.evaluate(&format!("{nine_others} return null")).await;
    stage.open_page(&used).await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.has_stored(&[PENDING]).await;
    stage.has_sent_token_requests(1).await;
    // Not without end.
    stage.evaluate("localStorage['sightline.taken'] = [...Array(10).keys()]; return null").await;
    stage.open_page(&format!("/authenticated?code=e&state={}", stage.looker_state(&used))).await;
    stage.sees_trouble("Looker did not accept the sign-in's code").await;
    let marks = stage.evaluate("return localStorage['sightline.taken'].split(',').slice(1)").await;
    assert_eq!(marks, json!(["0", "1", "2", "3", "4", "5", "6", "7", "8"]));
    stage.turns_to(first).await;
    renews_and_reloads(&stage).await;
    stage.end().await;
}

/// Lets the door of each page wait until all are told.
const HOLD_THE_DOOR: &str = "
    const told = new Promise((tell) => { new BroadcastChannel('doors').onmessage = tell; });
    const send = fetch;
    globalThis.fetch = async (...request) => {
        if (/sightline-.*_bg.wasm/.test(request[0].url ?? request[0])) await told;
        return send(...request);
    };";

#[tokio::test]
async fn copies_of_a_tab_that_open_a_redirect_at_the_same_moment_send_its_code_once() {
    let habits = Habits { looks_at_once: true, ..Habits::default() };
    let stage = Stage::planned(Plan { habits, ..Plan::default() }).await;
    let (_, first, copy) = begins_to_sign_in_in_two_copies(&stage).await;
    stage.site.run_first(Some(HOLD_THE_DOOR));
    stage.allow().await;
    let is_waiting = || async {
        stage.is_at("/authenticated").await;
        stage.sees("Sign in to Looker. Loading…").await;
        stage.has_stored(&[PENDING]).await;
    };
    is_waiting().await;
    stage.turns_to(copy).await;
    stage.open_page(&stage.site.last_redirect()).await;
    is_waiting().await;
    stage.evaluate("new BroadcastChannel('doors').postMessage('open'); return null").await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.turns_to(first).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1").await;
    stage.has_sent_token_requests(1).await;
    stage.site.run_first(None);
    makes_sure_that_the_session_is_good(&stage).await;
    stage.end().await;
}

#[tokio::test]
async fn copies_of_a_tab_that_each_have_a_code_of_their_own_each_have_a_session() {
    let stage = Stage::open().await;
    let (login, first, copy) = begins_to_sign_in_in_two_copies(&stage).await;
    stage.allow().await;
    stage.sees_account().await;
    stage.turns_to(copy).await;
    // The same state, and another code.
    stage.open_address(&login).await;
    stage.sees_account().await;
    makes_sure_that_the_session_is_good(&stage).await;
    stage.turns_to(first).await;
    makes_sure_that_the_session_is_good(&stage).await;
    stage.has_sent_token_requests(4).await;
    stage.end().await;
}
