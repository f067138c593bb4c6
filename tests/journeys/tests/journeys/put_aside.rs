//! Pages that were hidden, or left and shown again as they were.

use journeys::{Stage, page::SIGN_IN, setting::Engine};
use serde_json::json;

const HOUR: i64 = 3_600;

async fn open() -> Stage {
    let stage = Stage::open().await;
    stage.has_clocks_that_move();
    stage
}

/// Leaves a mark on the page, to tell it from one that is loaded anew.
async fn marks(stage: &Stage) {
    stage.evaluate("globalThis.mark = true; return null").await;
}

#[tokio::test]
async fn a_tab_that_was_hidden_for_an_hour_renews_once_and_is_still_signed_in() {
    let stage = open().await;
    stage.signs_in().await;
    let before = stage.site.pages();
    for round in 0..2 {
        stage.hides().await;
        if round == 0 {
            stage.time_passes(HOUR).await;
        } else {
            // The computer slept, and the page's own clock stood still.
            stage.looker.advance_clock(HOUR).await;
            stage.moves_clock(HOUR).await;
        }
        stage.comes_back().await;
        stage.waits_for_token_requests(round + 2).await;
        stage.sees_standing("Signed in").await;
    }
    // Whatever was to come has come before this has.
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.has_sent_token_requests(4).await;
    assert_eq!(stage.site.pages(), before);
    let asked = stage.looker.requests().await;
    assert!(asked.iter().all(|exchange| exchange.status != Some(401)), "{asked:#?}");
    stage.end().await;
}

#[tokio::test]
async fn a_page_shown_again_after_an_hour_renews_once_and_is_still_signed_in() {
    let stage = open().await;
    stage.site.let_pages_be_kept();
    stage.signs_in().await;
    marks(&stage).await;
    let before = stage.site.pages();
    stage.time_will_pass_while_put_aside(HOUR).await;
    stage.opens_looker().await;
    stage.go_back().await;
    stage.sees_account().await;
    // Whether it is the page as it was left is the browser's choice. WebKit always keeps it; Chromium
    // nearly always; Firefox never, since it has a BroadcastChannel. The rest holds either way.
    let was_kept = stage.evaluate("return globalThis.mark === true").await == json!(true);
    assert!(was_kept || stage.browser.engine != Engine::WebKit);
    stage.waits_for_token_requests(2).await;
    stage.sees_standing("Signed in").await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.has_sent_token_requests(3).await;
    assert_eq!(stage.site.pages(), before + usize::from(!was_kept));
    stage.end().await;
}

#[tokio::test]
async fn a_page_shown_again_after_another_page_of_the_tab_renewed_goes_on_with_the_new_tokens() {
    let stage = open().await;
    stage.site.let_pages_be_kept();
    stage.signs_in().await;
    marks(&stage).await;
    stage.open_page("/account?another").await;
    stage.sees_account().await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    let renewed = stage.access_info().await;
    // One press, and where the page was kept it loads itself anew.
    stage.go_back().await;
    stage.is_at("/account").await;
    stage.sees_that("a page that is loaded anew", "return globalThis.mark === undefined").await;
    stage.sees_account().await;
    assert_eq!(stage.access_info().await, renewed);
    // The refresh token that it began with is dead: with that one the session would end.
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.has_sent_token_requests(3).await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_shown_again_after_the_sign_out_shows_nothing_of_the_session() {
    let stage = open().await;
    stage.site.let_pages_be_kept();
    stage.signs_in().await;
    stage.open_page("/account?another").await;
    stage.sees_account().await;
    stage.signs_out().await;
    // To the page before the one that signed out, which the door has taken the place of.
    stage.go_back().await;
    stage.is_at("/account").await;
    stage.sees_door().await;
    let everything = stage.evaluate("return document.documentElement.outerHTML").await.to_string();
    assert!(!everything.contains("ada@example.com"), "{everything}");
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.end().await;
}
