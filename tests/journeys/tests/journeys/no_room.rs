//! A tab whose `sessionStorage` is full.

use journeys::{
    Stage,
    page::{SIGN_IN, SIGN_IN_AGAIN},
};
use serde_json::json;

const NO_ROOM: &str = "There is no room to keep the sign-in";

/// Fills what is left, to the last character.
const FILL: &str = "
    const fill = () => {
        let number = 0;
        for (let text = 'x'.repeat(1 << 20); text; ) {
            try { sessionStorage.setItem(`filler-${number++}`, text); }
            catch { text = text.slice(0, text.length / 2); }
        }
    };";

/// Does so as soon as something is sent to Looker's API.
const WHEN_SOMETHING_IS_SENT: &str = "
    const send = fetch;
    globalThis.fetch = (...request) => {
        if (new URL(request[0].url ?? request[0], location).origin !== location.origin) fill();
        return send(...request);
    };";

fn fills_when_something_is_sent(stage: &Stage) {
    stage.site.run_first(Some(&[FILL, WHEN_SOMETHING_IS_SENT].concat()));
}

/// Types into the field at this selector what is longer than what is free, where a sign-in and its tokens find room.
async fn types_more_than_there_is_room_for(stage: &Stage, field: &str) {
    let types = format!(
        "const field = document.querySelector('{field}');
        field.value = 'x'.repeat(4000);
        field.dispatchEvent(new Event('input', {{ bubbles: true }}));
        sessionStorage.setItem('spare', 'x'.repeat(3000));
        fill();
        sessionStorage.removeItem('spare');
        return null"
    );
    stage.evaluate(&[FILL, &types].concat()).await;
}

async fn keeps_nothing_of_the_app(stage: &Stage) {
    let stored = stage.stored_keys().await;
    assert!(stored.iter().any(|key| key.starts_with("filler-")), "nothing fills the storage: {stored:?}");
    assert!(stored.iter().all(|key| key.starts_with("filler-")), "{stored:?}");
}

/// Follows the link that leads to where there is room, and signs in there.
async fn opens_a_new_tab_with_room(stage: &Stage) {
    let full = stage.tab().await;
    stage.press("Open in a new tab").await;
    let new = stage.waits_for_another_tab(&full).await;
    stage.turns_to(new).await;
    stage.sees_door().await;
    stage.has_stored(&[]).await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
}

#[tokio::test]
async fn tokens_that_there_is_no_room_for_lead_to_a_tab_that_has_room() {
    let stage = Stage::open().await;
    fills_when_something_is_sent(&stage);
    stage.open_page("/account?x=1#y").await;
    stage.returns_from_looker().await;
    stage.sees_trouble(NO_ROOM).await;
    stage.site.run_first(None);
    opens_a_new_tab_with_room(&stage).await;
    stage.is_at("/account?x=1#y").await;
    stage.end().await;
}

#[tokio::test]
async fn tokens_that_there_is_no_room_for_are_given_back() {
    let stage = Stage::open().await;
    fills_when_something_is_sent(&stage);
    stage.open_page("/account?x=1#y").await;
    stage.returns_from_looker().await;
    stage.sees_trouble(NO_ROOM).await;
    stage.screenshot("no-room-to-keep").await;
    stage.has_sent_token_requests(1).await;
    keeps_nothing_of_the_app(&stage).await;
    let asked = stage.looker.requests().await;
    let given_back: Vec<_> = asked.iter().filter(|x| x.path == "/api/4.0/logout" && x.method == "DELETE").collect();
    assert_eq!(given_back.len(), 1);
    assert_eq!(given_back[0].status, Some(204), "Looker did not take the tokens back");

    // As long as it is full no sign-in begins here.
    stage.site.run_first(None);
    stage.open_page("/account?x=1#y").await;
    stage.press(SIGN_IN).await;
    stage.sees_trouble(NO_ROOM).await;
    keeps_nothing_of_the_app(&stage).await;
    opens_a_new_tab_with_room(&stage).await;
    stage.is_at("/account?x=1#y").await;
    stage.has_sent_token_requests(2).await;
    stage.end().await;
}

#[tokio::test]
async fn tokens_that_there_is_no_room_for_leave_the_session_that_there_is() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.lets_the_sign_in_end_soon().await;
    stage.reload().await;
    stage.sees_account().await;
    let before = stage.access_info().await;
    // Longer ones than those whose place they would take.
    let tokens = json!({ "access_token": "a".repeat(10_000), "token_type": "Bearer", "expires_in": 3600 });
    stage.looker.answer_tokens(json!({ "status": 200, "body": tokens.to_string() })).await;
    fills_when_something_is_sent(&stage);
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_trouble(NO_ROOM).await;
    stage.site.run_first(None);
    stage.press("Go on with your session").await;
    stage.sees_account().await;
    assert_eq!(stage.access_info().await, before);
    stage.end().await;
}

#[tokio::test]
async fn what_was_typed_and_finds_no_room_is_not_lost_without_a_word() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.revoke_all().await;
    stage.press("Renew now").await;
    stage.sees("Your session ended at Looker").await;
    stage.press("Activity").await;
    stage.sees_heading("Activity").await;
    types_more_than_there_is_room_for(&stage, "input[name=filter]").await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees("This tab has no room for what you typed").await;
    stage.screenshot("no-room-for-what-was-typed").await;
    stage.is_at("/activity").await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_standing("Signed in").await;
    stage.is_at("/activity").await;
    assert_eq!(stage.evaluate("return document.querySelector('input[name=filter]').value").await, "");
    stage.end().await;
}

#[tokio::test]
async fn what_an_admin_typed_and_finds_no_room_is_not_lost_without_a_word() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.press("Set-up").await;
    stage.sees("Disable sightline").await;
    // Whose it is.
    stage.waits_until("who it is", || async { stage.looker.count("GET", "/api/4.0/user").await >= 2 }).await;
    stage.looker.revoke_all().await;
    stage.press("Disable sightline").await;
    stage.press("Yes: Disable sightline").await;
    stage.sees("Your session ended at Looker").await;
    types_more_than_there_is_room_for(&stage, "#origin").await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees("This tab has no room for what you typed").await;
    stage.is_at("/setup").await;
    let typed = "return document.getElementById('origin').value.length";
    assert_eq!(stage.evaluate(typed).await, 4_000);
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees("You are signed in to Local Looker.").await;
    stage.is_at("/setup").await;
    stage.sees_that("an empty field", &format!("{typed} === 0")).await;
    stage.end().await;
}
