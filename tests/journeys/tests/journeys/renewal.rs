//! Access tokens that are renewed by themselves, and what may hinder that.

use journeys::{
    Stage,
    page::{NAME, SESSION, SIGN_IN},
};
use serde_json::json;

const ENDED: &str = "Your session ended at Looker";
const HOUR: i64 = 3_600;

/// Opens a stage with a clock that can be moved.
async fn open() -> Stage {
    let stage = Stage::open().await;
    stage.has_clocks_that_move();
    stage
}

/// An hour goes by, for Looker and for the page, which was hidden meanwhile.
async fn an_hour_passes(stage: &Stage) {
    stage.looker.advance_clock(HOUR).await;
    stage.moves_clock(HOUR).await;
    stage.wakes("visibilitychange").await;
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_without_anybody_asking() {
    for rotates in [true, false] {
        let stage = open().await;
        stage.looker.answer_with(json!({ "rotate_refresh": rotates, "expires_in": 20 })).await;
        stage.open_page("/").await;
        stage.passes_looker().await;
        stage.waits_until("a token request", || async { stage.looker.token_requests().await >= 1 }).await;
        stage.looker.answer_with(json!({ "expires_in": 3600 })).await;
        stage.sees_account().await;
        let before = stage.site.pages();
        stage.waits_until("a renewal", || async { stage.looker.token_requests().await >= 2 }).await;
        stage.sees_standing("Signed in").await;
        stage
            .sees_that(
                "an hour on the countdown",
                "return /^(59|60) min|^1 h/.test(document.querySelector('[role=timer]').innerText)",
            )
            .await;
        // It works, and no call was refused on the way.
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage.has_sent_token_requests(3).await;
        assert_eq!(stage.site.pages(), before);
        let asked = stage.looker.requests().await;
        assert!(asked.iter().all(|exchange| exchange.status != Some(401)), "{asked:#?}");
        stage.end().await;
    }
}

#[tokio::test]
async fn a_page_that_wakes_after_an_hour_renews_once_whatever_woke_it() {
    let stage = open().await;
    stage.signs_in().await;
    let before = stage.site.pages();
    for (round, event) in ["visibilitychange", "focus", "online", "pageshow"].into_iter().enumerate() {
        stage.looker.advance_clock(HOUR).await;
        stage.moves_clock(HOUR).await;
        for _ in 0..5 {
            stage.wakes(event).await;
        }
        stage.waits_for_token_requests(2 * round + 2).await;
        stage.sees_standing("Signed in").await;
        stage.press("Renew now").await;
        stage.waits_for_token_requests(2 * round + 3).await;
        stage.sees_standing("Signed in").await;
    }
    assert_eq!(stage.site.pages(), before);
    stage.end().await;
}

#[tokio::test]
async fn a_clock_that_is_moved_leads_to_one_renewal_and_nothing_else() {
    let stage = open().await;
    stage.signs_in().await;
    let before = stage.site.pages();
    for (round, seconds) in [HOUR, -HOUR, -30 * 24 * HOUR, 61 * 24 * HOUR].into_iter().enumerate() {
        stage.moves_clock(seconds).await;
        stage.wakes("focus").await;
        stage.wakes("focus").await;
        stage.waits_for_token_requests(round + 2).await;
        stage.sees_standing("Signed in").await;
        stage.has_stored(&SESSION).await;
    }
    stage.press("Renew now").await;
    stage.waits_for_token_requests(6).await;
    stage.sees("Renewed. The access token is good for").await;
    assert_eq!(stage.site.pages(), before);
    stage.end().await;
}

#[tokio::test]
async fn a_clock_that_is_moved_is_noticed_without_any_event() {
    let stage = open().await;
    stage.signs_in().await;
    let token = "JSON.parse(sessionStorage.getItem('sightline.access_info')).access_token";
    let before = stage.access_info().await["access_token"].take();
    // Back, so that no deadline is nearer than before.
    stage.moves_clock(-HOUR).await;
    stage.sees_at_last_that("a new access token", &format!("return {token} !== {before}")).await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_clock_that_is_an_hour_off_from_the_start_hinders_nothing() {
    for off in [HOUR, -HOUR] {
        let stage = Stage::open().await;
        stage.site.run_first(Some(&format!("const now = Date.now; Date.now = () => now() + {off}000;")));
        stage.signs_in().await;
        stage
            .sees_that(
                "an hour on the countdown",
                "return /^(59|60) min|^1 h/.test(document.querySelector('[role=timer]').innerText)",
            )
            .await;
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage.reload().await;
        stage.sees_account().await;
        stage.has_sent_token_requests(2).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_clock_that_was_an_hour_off_when_the_session_was_stored_makes_no_loop() {
    let stage = open().await;
    stage.signs_in().await;
    for (off, renewals) in [(-HOUR, 1), (HOUR, 0)] {
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage
            .evaluate(&format!(
                "const info = JSON.parse(sessionStorage.getItem('sightline.access_info'));
                 info.expires_at += {off}000;
                 sessionStorage.setItem('sightline.access_info', JSON.stringify(info));
                 return null"
            ))
            .await;
        stage.looker.forget_requests().await;
        let before = stage.site.pages();
        stage.reload().await;
        stage.sees_account().await;
        stage.waits_for_token_requests(renewals).await;
        stage.sees_standing("Signed in").await;
        assert_eq!(stage.site.pages(), before + 1);
        // Whatever was to come has come before this has.
        stage.press("Renew now").await;
        stage.sees("Renewed. The access token is good for").await;
        stage.has_sent_token_requests(renewals + 1).await;
    }
    // The token that seems to have an hour left is refused, and that is all it takes.
    stage.looker.expire_access().await;
    stage.looker.forget_requests().await;
    stage.reload().await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn what_hinders_a_renewal_is_waited_out() {
    let stage = open().await;
    stage.looker.answer_with(json!({ "rotate_refresh": false })).await;
    // More where the machine is busy: each round goes on trying until it is looked at.
    stage.bounds_token_requests(2 + 9 * 20);
    stage.signs_in().await;
    let before = stage.site.pages();
    let no = |status: u16| json!({ "status": status, "body": "{}" });
    for (number, (answer, says)) in [
        (json!("drop_before"), "Local Looker does not answer."),
        (json!("drop_after"), "Local Looker does not answer."),
        (json!("no_cors"), "Local Looker does not answer."),
        (json!("break_off"), "Local Looker does not answer."),
        (json!("truncate"), "Local Looker has trouble of its own."),
        (json!({ "status": 200, "body": "<!doctype html><p>Hello" }), "Local Looker has trouble of its own."),
        (json!({ "status": 200, "body": "{\"token_type\":\"Bearer\"}" }), "Local Looker has trouble of its own."),
        (no(503), "Local Looker has trouble of its own."),
        (no(500), "Local Looker has trouble of its own."),
    ]
    .into_iter()
    .enumerate()
    {
        stage.looker.answer_tokens(answer).await;
        stage.looker.forget_requests().await;
        an_hour_passes(&stage).await;
        stage.sees_standing("Waiting for Looker").await;
        stage.sees(says).await;
        stage.sees("Nothing is lost").await;
        stage.sees(NAME).await;
        stage.screenshot(&format!("renewal-waiting-{:02}", number + 1)).await;
        // A page in this one's place would ask at once.
        stage.has_stored(&[SESSION[0], SESSION[1], "sightline.renewing"]).await;
        // It tries again by itself.
        stage.waits_until("another try", || async { stage.looker.token_requests().await >= 2 }).await;
        stage.looker.clear_faults().await;
        stage.press_if_there("Try now").await;
        stage.sees_standing("Signed in").await;
        stage.no_longer_sees("Nothing is lost").await;
    }
    assert_eq!(stage.site.pages(), before);
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.end().await;
}

#[tokio::test]
async fn a_pause_that_looker_asks_for_is_kept() {
    let stage = open().await;
    stage.looker.answer_with(json!({ "expose_headers": true })).await;
    stage.signs_in().await;
    let pause = json!({ "status": 429, "body": "{}", "headers": { "Retry-After": "600" } });
    let fault = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": pause });
    stage.looker.add_fault(fault).await;
    stage.looker.forget_requests().await;
    an_hour_passes(&stage).await;
    stage.sees("Local Looker asks for a pause.").await;
    stage.screenshot("renewal-pause").await;
    // Neither waking nor the person hurries it.
    for event in ["focus", "online", "visibilitychange"] {
        stage.wakes(event).await;
    }
    stage.press("Renew now").await;
    stage.sees("The access token could not be renewed.").await;
    stage.has_sent_token_requests(1).await;
    stage.time_passes(601).await;
    stage.wakes("focus").await;
    stage.sees_standing("Signed in").await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn a_renewal_that_never_answers_is_given_up_and_tried_again() {
    let stage = open().await;
    stage.signs_in().await;
    stage.looker.answer_tokens(json!("hang")).await;
    // The second try may hang, too, before it is looked at.
    stage.bounds_token_requests(5);
    stage.looker.forget_requests().await;
    an_hour_passes(&stage).await;
    stage.sees_standing("Renewing…").await;
    stage.sees_at_last("Local Looker does not answer.").await;
    stage.looker.clear_faults().await;
    stage.wakes("online").await;
    stage.sees_standing("Signed in").await;
    stage.has_stored(&SESSION).await;
    stage.end().await;
}

#[tokio::test]
async fn a_refresh_token_whose_successor_got_lost_leads_to_a_sign_in_that_returns_here() {
    let stage = open().await;
    stage.signs_in().await;
    stage.open_page("/account?a=1#b").await;
    stage.sees_account().await;
    let lost = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": "drop_after" });
    stage.looker.add_fault(lost).await;
    stage.looker.forget_requests().await;
    an_hour_passes(&stage).await;
    // The second try tells that Looker has replaced the token.
    stage.sees("Your session could not be renewed").await;
    stage.has_sent_token_requests(2).await;
    stage.puts_the_clock_right().await;
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.is_at("/account?a=1#b").await;
    stage.end().await;
}

/// Ends the session by this, and sees that the page stays and that a new sign-in returns to it.
async fn ends_and_returns(stage: &Stage, name: &str, ends: impl AsyncFnOnce()) {
    stage.open_page("/account?page=2#here").await;
    stage.sees_account().await;
    stage.looker.forget_requests().await;
    let before = stage.site.pages();
    ends().await;
    an_hour_passes(stage).await;
    stage.sees(ENDED).await;
    stage.sees_standing("Session ended").await;
    stage.sees(NAME).await;
    stage.is_at("/account?page=2#here").await;
    stage.has_stored(&["sightline.farewell"]).await;
    stage.screenshot(&format!("renewal-ended-{name}")).await;
    stage.has_sent_token_requests(1).await;
    assert_eq!(stage.site.pages(), before);
    stage.puts_the_clock_right().await;
}

#[tokio::test]
async fn rule_14_a_session_that_looker_ends_keeps_the_page_and_returns_to_it() {
    let stage = open().await;
    stage.signs_in().await;
    let grant = json!({ "status": 400, "body": json!({ "error": "invalid_grant" }).to_string() });
    let message = json!({ "status": 400, "body": json!({ "message": "Bad", "documentation_url": "x" }).to_string() });
    for (name, answer) in [("oauth", grant), ("looker", message)] {
        ends_and_returns(&stage, name, async || stage.looker.answer_tokens(answer).await).await;
        stage.looker.clear_faults().await;
        stage.signs_in_again().await;
        stage.sees_account().await;
        stage.is_at("/account?page=2#here").await;
        stage.has_stored(&SESSION).await;
    }
    ends_and_returns(&stage, "revoked", async || stage.looker.revoke_all().await).await;
    // A reload instead leads to the door, which tells it too.
    stage.reload().await;
    stage.sees_door().await;
    stage.sees("Your session has ended.").await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.is_at("/account?page=2#here").await;

    ends_and_returns(&stage, "disabled", async || {
        stage.looker.change_app(json!({ "client_guid": "sightline", "enabled": false })).await;
    })
    .await;
    stage.looker.change_app(json!({ "client_guid": "sightline", "enabled": true })).await;
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.is_at("/account?page=2#here").await;

    ends_and_returns(&stage, "not-in-the-group", async || {
        stage.looker.change_app(json!({ "client_guid": "sightline", "group_id": "7" })).await;
    })
    .await;
    stage.looker.change_app(json!({ "client_guid": "sightline", "group_id": "" })).await;
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.is_at("/account?page=2#here").await;
    stage.end().await;
}

#[tokio::test]
async fn what_somebody_typed_is_still_there_after_the_new_sign_in() {
    let stage = open().await;
    stage.signs_in().await;
    stage.open_page("/activity").await;
    stage.types("#filter", "user").await;
    stage.sees(" of ").await;
    stage.looker.revoke_all().await;
    an_hour_passes(&stage).await;
    stage.sees(ENDED).await;
    let value = "return document.querySelector('#filter')?.value";
    assert_eq!(stage.evaluate(value).await, json!("user"));
    stage.screenshot("renewal-ended-typed").await;
    stage.puts_the_clock_right().await;
    stage.signs_in_again().await;
    stage.sees_heading("Activity").await;
    stage.is_at("/activity").await;
    stage.sees_that("what was typed", &format!("{value} === 'user'")).await;
    stage.sees(" of ").await;
    stage.has_stored(&SESSION).await;

    // Also for who leaves the page by another way than its button.
    stage.looker.revoke_all().await;
    an_hour_passes(&stage).await;
    stage.sees(ENDED).await;
    stage.reload().await;
    stage.sees_door().await;
    stage.press(SIGN_IN).await;
    stage.sees_heading("Activity").await;
    stage.sees_that("what was typed", &format!("{value} === 'user'")).await;
    stage.has_stored(&SESSION).await;
    stage.end().await;
}

#[tokio::test]
async fn a_refusal_that_no_page_may_read_leaves_a_new_sign_in_as_the_way_on() {
    let stage = open().await;
    stage.looker.answer_with(json!({ "errors_have_cors": false })).await;
    stage.signs_in().await;
    stage.open_page("/activity").await;
    stage.types("#filter", "user").await;
    stage.sees(" of ").await;
    stage.looker.revoke_all().await;
    an_hour_passes(&stage).await;
    stage.sees("Local Looker does not answer.").await;
    stage.sees("sign in again then").await;
    stage.screenshot("renewal-unreadable").await;
    stage.puts_the_clock_right().await;
    stage.signs_in_again().await;
    stage.sees_heading("Activity").await;
    let value = "return document.querySelector('#filter')?.value === 'user'";
    stage.sees_that("what was typed", value).await;
    stage.sees_standing("Signed in").await;
    stage.end().await;
}

#[tokio::test]
async fn what_could_not_be_asked_without_tokens_is_asked_when_there_are_new_ones() {
    let stage = open().await;
    stage.signs_in().await;
    stage.looker.expire_access().await;
    stage.looker.answer_one_token_request(json!({ "status": 503 })).await;
    stage.reload().await;
    stage.sees_heading("Account").await;
    stage.sees("The access token could not be renewed").await;
    stage.looker.clear_faults().await;
    // Nobody presses anything.
    stage.sees(NAME).await;
    stage.no_longer_sees("The access token could not be renewed").await;
    stage.no_longer_sees("not known").await;
    stage.end().await;
}

#[tokio::test]
async fn a_call_that_is_refused_is_made_once_more_after_one_renewal() {
    for (has_cors, renewals) in [(true, 1), (false, 1)] {
        let stage = open().await;
        stage.looker.answer_with(json!({ "errors_have_cors": has_cors })).await;
        stage.signs_in().await;
        stage.looker.expire_access().await;
        stage.looker.forget_requests().await;
        stage.reload().await;
        stage.sees_account().await;
        stage.has_sent_token_requests(renewals).await;
        let asked = stage.looker.requests().await;
        let of_user: Vec<Option<u16>> = asked.iter().filter(|x| is_user(x)).map(|x| x.status).collect();
        assert_eq!(of_user, [Some(401), Some(200)]);
        stage.end().await;
    }
}

fn is_user(exchange: &journeys::steer::Exchange) -> bool {
    exchange.method == "GET" && exchange.path == "/api/4.0/user"
}

#[tokio::test]
async fn rule_22_a_call_that_is_refused_again_after_a_renewal_ends_the_session() {
    let stage = open().await;
    stage.signs_in().await;
    stage.looker.answer_user(json!({ "status": 401, "body": "{}" })).await;
    stage.looker.forget_requests().await;
    let before = stage.site.pages();
    stage.reload().await;
    stage.sees_heading("Account").await;
    stage.sees(ENDED).await;
    stage.sees("refuses it all the same").await;
    stage.has_sent_token_requests(1).await;
    assert_eq!(stage.looker.requests().await.iter().filter(|x| is_user(x)).count(), 2);
    assert_eq!(stage.site.pages(), before + 1);
    stage.end().await;
}

#[tokio::test]
async fn a_sign_in_that_ends_within_a_day_is_told() {
    let stage = open().await;
    stage.signs_in().await;
    stage.lets_the_sign_in_end_soon().await;
    stage.reload().await;
    stage.sees_account().await;
    stage.sees("You will have to sign in again by").await;
    stage.sees_standing("Sign-in ends soon").await;
    stage.screenshot("renewal-ends-soon").await;
    stage.signs_in_again().await;
    stage.sees_account().await;
    stage.sees_standing("Signed in").await;
    stage.no_longer_sees("You will have to sign in again by").await;
    stage.end().await;
}

#[tokio::test]
async fn a_month_that_goes_by_while_the_page_is_open_is_told_of_a_day_before_its_end() {
    const DAY: i64 = 24 * HOUR;
    let stage = open().await;
    // A new refresh token would have another month.
    stage.looker.answer_with(json!({ "rotate_refresh": false })).await;
    stage.signs_in().await;
    let before = stage.site.pages();
    stage.time_passes(28 * DAY).await;
    stage.wakes("focus").await;
    stage.waits_for_token_requests(2).await;
    stage.sees_standing("Signed in").await;
    stage.no_longer_sees("You will have to sign in again by").await;
    stage.time_passes(DAY + HOUR).await;
    stage.wakes("focus").await;
    stage.waits_for_token_requests(3).await;
    stage.sees_standing("Sign-in ends soon").await;
    stage.sees("You will have to sign in again by").await;
    assert_eq!(stage.site.pages(), before);
    stage.end().await;
}
