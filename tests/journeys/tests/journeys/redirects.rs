//! The page that Looker sends people back to, with all that may come there.

use journeys::{
    Stage,
    page::{SESSION, SIGN_IN, SIGN_IN_AGAIN},
};
use serde_json::json;

const NOT_FROM_HERE: &str = "That was not an answer to a sign-in from here";
const NO_SIGN_IN: &str = "This way back from Looker leads to no sign-in";
const NOTHING_TO_FINISH: &str = "There is no sign-in to finish here";
const TO_THE_DOOR: &str = "Go to the sign-in page";
const GO_ON: &str = "Go on with your session";
const PENDING: &str = "sightline.pending.*";
/// As long as a state of this app is.
const FOREIGN_STATE: &str = "0123456789012345678901234567890123456789abc";

#[tokio::test]
async fn a_sign_in_that_is_denied_can_be_begun_again() {
    let stage = Stage::open().await;
    stage.open_page("/account?x=1#y").await;
    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    stage.screenshot("redirect-denied").await;
    stage.is_at("/authenticated").await;
    stage.has_sent_token_requests(0).await;
    stage.has_stored(&[]).await;

    stage.press(SIGN_IN_AGAIN).await;
    stage.allow().await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

/// The page of a Looker's that keeps whoever comes to sign in.
const LOOKER: &str = "<!doctype html><title>Looker</title><h1>Looker</h1>";

#[tokio::test]
async fn a_sign_in_that_fails_while_there_is_a_session_leads_back_to_it() {
    let stage = Stage::open().await;
    stage.open_page("/account?x=1#y").await;
    stage.returns_from_looker().await;
    stage.sees_account().await;
    stage.lets_the_sign_in_end_soon().await;
    stage.reload().await;
    stage.sees_account().await;
    let before = stage.access_info().await;

    let keep = json!({ "path": "/auth", "host": "ui", "then": { "status": 200, "body": LOOKER } });
    stage.looker.add_fault(keep).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_heading("Looker").await;
    let state = stage.looker_state(&stage.address().await);
    stage.looker.clear_faults().await;
    stage.open_page(&format!("/authenticated?error=access_denied&state={state}")).await;
    stage.sees_trouble("The sign-in was declined").await;
    stage.screenshot("redirect-denied-with-a-session").await;
    stage.press(GO_ON).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;

    let no = json!({ "status": 400, "body": json!({ "error": "invalid_grant" }).to_string() });
    stage.looker.answer_tokens(no).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_trouble("Looker did not accept the sign-in's code").await;
    stage.press(GO_ON).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    assert_eq!(stage.access_info().await, before);
    stage.end().await;
}

#[tokio::test]
async fn a_redirect_with_a_foreign_state_sends_no_token_request() {
    let stage = Stage::open().await;
    stage.open_page(&format!("/authenticated?code=abc&state={FOREIGN_STATE}")).await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.screenshot("redirect-foreign-state").await;
    stage.is_at("/authenticated").await;
    stage.press(TO_THE_DOOR).await;
    stage.sees_door().await;
    stage.is_at("/").await;
    stage.has_sent_token_requests(0).await;
    stage.end().await;
}

#[tokio::test]
async fn rule_3_forged_redirects_leave_a_sign_in_under_way_untouched() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    let login = stage.begins_to_sign_in().await;
    let state = stage.looker_state(&login);
    for (forged, headline) in [
        ("error=access_denied".to_owned(), NOT_FROM_HERE),
        ("code=abc".to_owned(), NOT_FROM_HERE),
        (format!("code=abc&state={FOREIGN_STATE}"), NO_SIGN_IN),
        (format!("error=access_denied&state={FOREIGN_STATE}"), NO_SIGN_IN),
        ("code=abc&state=".to_owned(), NO_SIGN_IN),
        (format!("code=abc&code=def&state={state}"), NOT_FROM_HERE),
        (format!("code=abc&state={state}&state={state}"), NOT_FROM_HERE),
        (format!("code=abc&state={state}&iss=a&iss=b"), NOT_FROM_HERE),
        (String::new(), NOTHING_TO_FINISH),
    ] {
        stage.open_page(&format!("/authenticated?{forged}")).await;
        stage.sees_trouble(headline).await;
        stage.is_at("/authenticated").await;
        stage.has_stored(&[PENDING]).await;
    }
    stage.screenshot("redirect-forged").await;
    stage.has_sent_token_requests(0).await;
    stage.press(TO_THE_DOOR).await;
    stage.sees_door().await;

    stage.open_address(&login).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.has_stored(&SESSION).await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn a_redirect_without_an_answer_says_so() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    let login = stage.begins_to_sign_in().await;
    stage.open_page(&format!("/authenticated?state={}", stage.looker_state(&login))).await;
    stage.sees_trouble("Looker sent you back without an answer").await;
    stage.has_stored(&[]).await;
    stage.has_sent_token_requests(0).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_heading("Sign in to Looker").await;
    stage.end().await;
}

#[tokio::test]
async fn rule_23_what_an_error_says_is_shown_as_text() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    for (error, headline) in [
        ("temporarily_unavailable", "Looker can't sign anybody in right now"),
        ("unauthorized_client", "Looker refused the way this page asks"),
    ] {
        let login = stage.begins_to_sign_in().await;
        let state = stage.looker_state(&login);
        let description = "%3Cimg%20src%3Dx%20id%3Dforged%3E";
        stage.open_page(&format!("/authenticated?error={error}&error_description={description}&state={state}")).await;
        stage.sees_trouble(headline).await;
        stage.press_summary("Technical details").await;
        stage.sees("<img src=x id=forged>").await;
        stage.sees(error).await;
        assert_eq!(stage.evaluate("return document.getElementById('forged')").await, json!(null));
        stage.screenshot("redirect-error-as-text").await;
        stage.has_sent_token_requests(0).await;
        stage.open_page("/").await;
    }
    stage.end().await;
}

#[tokio::test]
async fn a_redirect_page_opened_by_itself_leads_to_the_door() {
    let stage = Stage::open().await;
    stage.open_page("/authenticated").await;
    stage.sees_trouble(NOTHING_TO_FINISH).await;
    stage.screenshot("redirect-by-itself").await;
    let before = stage.evaluate("return history.length").await;
    stage.press(TO_THE_DOOR).await;
    stage.sees_door().await;
    stage.is_at("/").await;
    // Nothing is left that Back could lead to.
    assert_eq!(stage.evaluate("return history.length").await, before);
    stage.end().await;
}

#[tokio::test]
async fn rule_4_a_redirect_reloaded_while_its_code_is_redeemed_sends_nothing_again() {
    let stage = Stage::open().await;
    stage.looker.answer_tokens(json!("hang")).await;
    stage.open_page("/").await;
    stage.passes_looker().await;
    stage.waits_for_token_requests(1).await;
    stage.is_at("/authenticated").await;
    stage.screenshot("redirect-redeeming").await;
    stage.has_stored(&[]).await;
    stage.reload().await;
    stage.sees_trouble(NOTHING_TO_FINISH).await;
    stage.has_sent_token_requests(1).await;

    stage.looker.clear_faults().await;
    stage.press(TO_THE_DOOR).await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_used_redirect_opened_again_sends_nothing_and_leads_back_to_the_session() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let used = stage.site.last_redirect();
    assert!(used.contains("code=") && used.contains("state="), "{used}");
    stage.open_page(&used).await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.screenshot("redirect-used").await;
    stage.has_stored(&SESSION).await;
    stage.press(GO_ON).await;
    stage.sees_account().await;

    // From a bookmark in another tab, which has no session.
    stage.turns_to_a_new_tab().await;
    stage.open_page(&used).await;
    stage.sees_trouble(NO_SIGN_IN).await;
    stage.press(TO_THE_DOOR).await;
    stage.sees_door().await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn rule_5_a_sign_in_that_took_too_long_is_not_finished() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    let login = stage.begins_to_sign_in().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.lets_the_sign_in_under_way_take_too_long().await;
    stage.open_address(&login).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_trouble("That sign-in took too long").await;
    stage.screenshot("redirect-took-too-long").await;
    stage.has_sent_token_requests(0).await;
    stage.has_stored(&[]).await;
    stage.press(TO_THE_DOOR).await;
    stage.sees_door().await;
    stage.end().await;
}

#[tokio::test]
async fn a_code_that_expired_at_looker_leads_to_a_new_sign_in() {
    let stage = Stage::open().await;
    stage.site.hold("/authenticated");
    stage.open_page("/account?x=1#y").await;
    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    // A driver may wait for the page that the last button leads to.
    tokio::join!(stage.allow(), async {
        stage.waits_until("Looker to send her back", || async { stage.site.count("/authenticated") == 1 }).await;
        stage.looker.advance_clock(120).await;
        stage.site.release();
    });
    stage.sees_trouble("Looker did not accept the sign-in's code").await;
    stage.screenshot("redirect-code-expired").await;
    stage.is_at("/authenticated").await;
    stage.has_stored(&[]).await;
    stage.has_sent_token_requests(1).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn rule_8_an_answer_from_another_issuer_is_not_used() {
    let stage = Stage::open().await;
    stage.looker.answer_with(json!({ "wrong_issuer": true })).await;
    stage.open_page("/").await;
    stage.passes_looker().await;
    stage.sees_trouble("Another server answered than the one you asked").await;
    stage.screenshot("redirect-wrong-issuer").await;
    stage.has_sent_token_requests(0).await;
    stage.has_stored(&[]).await;

    // The right one is fine.
    stage.looker.answer_with(json!({ "wrong_issuer": false, "issuer_in_redirect": true })).await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}
