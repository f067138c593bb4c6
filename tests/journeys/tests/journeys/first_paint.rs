//! What is seen before the door runs, and where it never does.

use fantoccini::Locator;
use journeys::{
    Plan, Stage,
    browser::{Habits, Lack},
    page::{SESSION, SIGN_IN},
};

const NO_WEBASSEMBLY: &str = "This browser can't run WebAssembly";
const NO_JAVASCRIPT: &str = "Sightline Sightline runs in your browser, and JavaScript is switched off here. \
    Allow it for this page, then load it again.";
const NOT_LOADED: &str = "A part of this page could not be loaded. Check the connection, then load it again.";
const SLOW: &str = "This takes long. Check the connection, then load the page again.";
const LOADING: &str = "Sign in to Looker. Loading…";
/// As it comes from Looker.
const REDIRECT: &str = "/authenticated?code=abc&state=0123456789012345678901234567890123456789abc";

async fn without(lack: Lack) -> Stage {
    let habits = Habits { lacks: Some(lack), ..Habits::default() };
    Stage::planned(Plan { habits, ..Plan::default() }).await
}

async fn looking_at_once() -> Stage {
    let habits = Habits { looks_at_once: true, ..Habits::default() };
    Stage::planned(Plan { habits, ..Plan::default() }).await
}

#[tokio::test]
async fn a_browser_without_webassembly_is_told_so_and_keeps_no_code_in_the_address() {
    let stage = without(Lack::WebAssembly).await;
    for path in ["/", REDIRECT] {
        stage.open_page(path).await;
        stage.sees(NO_WEBASSEMBLY).await;
        stage.no_longer_sees(LOADING).await;
        stage.sees_no_secret_in_the_address().await;
        let kind = stage.evaluate("return typeof WebAssembly").await;
        assert_eq!(kind, "undefined", "this browser has WebAssembly");
    }
    stage.is_at("/authenticated").await;
    stage.screenshot("first-paint-no-webassembly").await;
    stage.end().await;
}

#[tokio::test]
async fn a_browser_without_javascript_is_told_so() {
    let stage = without(Lack::JavaScript).await;
    stage.open_page("/").await;
    // And nothing of a page that loads.
    stage.sees_all_of(Locator::Css("#shell"), NO_JAVASCRIPT).await;
    stage.screenshot("first-paint-no-javascript").await;
    // Nothing ran: the settings are what the first script asks for.
    assert_eq!(stage.site.count("/config.json"), 0);
    stage.end().await;
}

#[tokio::test]
async fn a_door_that_does_not_arrive_says_so_and_can_be_loaded_when_it_does() {
    let stage = Stage::open().await;
    let wasm = stage.site.path_of("sightline-", "_bg.wasm");
    stage.site.refuse(&wasm, Some(404));
    stage.open_page("/account?x=1#y").await;
    stage.sees(NOT_LOADED).await;
    stage.no_longer_sees(LOADING).await;
    stage.screenshot("first-paint-no-door").await;
    for status in [Some(503), None] {
        match status {
            Some(status) => stage.site.refuse(&wasm, Some(status)),
            None => stage.site.cut_off(&wasm),
        }
        let before = stage.site.count(&wasm);
        stage.press("Load again").await;
        stage.waits_until("the door to be asked for", || async { stage.site.count(&wasm) > before }).await;
        stage.sees(NOT_LOADED).await;
    }
    stage.site.refuse(&wasm, None);
    stage.press("Load again").await;
    stage.sees_door().await;
    stage.is_at("/account?x=1#y").await;
    stage.end().await;
}

#[tokio::test]
async fn a_redirect_whose_door_does_not_arrive_keeps_no_code_in_the_address() {
    let stage = Stage::open().await;
    let wasm = stage.site.path_of("sightline-", "_bg.wasm");
    stage.site.refuse(&wasm, Some(404));
    stage.open_page(REDIRECT).await;
    stage.sees(NOT_LOADED).await;
    stage.is_at("/authenticated").await;
    stage.site.cut_off(&wasm);
    stage.open_page(REDIRECT).await;
    stage.sees(NOT_LOADED).await;
    stage.is_at("/authenticated").await;
    stage.screenshot("first-paint-no-door-after-looker").await;
    stage.site.refuse(&wasm, None);
    stage.press("Load again").await;
    // What it had is read then, and is of no sign-in of this tab.
    stage.sees_trouble("This way back from Looker leads to no sign-in").await;
    stage.has_stored(&[]).await;
    stage.press("Go to the sign-in page").await;
    stage.sees_door().await;
    stage.has_sent_token_requests(0).await;
    stage.end().await;
}

/// Lets the door not arrive, though the browser may have kept it.
const CUT_OFF_THE_DOOR: &str = "
    const send = fetch;
    globalThis.fetch = (...request) =>
        /sightline-.*_bg.wasm/.test(request[0].url ?? request[0]) ? Promise.reject(new TypeError('cut off')) : send(...request)";

#[tokio::test]
async fn a_sign_in_whose_door_does_not_arrive_goes_on_when_it_does() {
    for loads_again_by_the_page in [true, false] {
        let stage = Stage::open().await;
        let load_again = || async {
            if loads_again_by_the_page { stage.leaves_by("Load again").await } else { stage.reload().await }
        };
        stage.open_page("/account?x=1#y").await;
        stage.press(SIGN_IN).await;
        stage.log_in_at_looker().await;
        stage.site.run_first(Some(CUT_OFF_THE_DOOR));
        stage.allow().await;
        stage.sees(NOT_LOADED).await;
        stage.is_at("/authenticated").await;
        stage.has_stored(&["sightline.pending.*"]).await;
        let before = stage.site.count("/authenticated");
        load_again().await;
        stage.waits_until("the page to be loaded", || async { stage.site.count("/authenticated") > before }).await;
        stage.sees(NOT_LOADED).await;
        stage.is_at("/authenticated").await;
        stage.has_sent_token_requests(0).await;
        stage.site.run_first(None);
        load_again().await;
        stage.sees_account().await;
        stage.is_at("/account?x=1#y").await;
        stage.has_sent_token_requests(1).await;
        stage.has_stored(&SESSION).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn what_looker_sent_does_not_wait_for_another_page_than_the_one_it_was_sent_to() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(CUT_OFF_THE_DOOR));
    stage.open_page(REDIRECT).await;
    stage.sees(NOT_LOADED).await;
    stage.site.run_first(None);
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.has_stored(&[]).await;
    stage.open_page("/authenticated").await;
    stage.sees_trouble("There is no sign-in to finish here").await;
    stage.has_sent_token_requests(0).await;
    stage.end().await;
}

#[tokio::test]
async fn rule_17_a_redirect_is_without_its_code_while_the_door_is_still_loading() {
    let stage = looking_at_once().await;
    stage.site.hold(&stage.site.path_of("sightline-", "_bg.wasm"));
    stage.open_page(REDIRECT).await;
    stage.sees(LOADING).await;
    stage.is_at("/authenticated").await;
    stage.site.release();
    // What was taken out of the address is still what the door finds.
    stage.sees_trouble("This way back from Looker leads to no sign-in").await;
    stage.has_sent_token_requests(0).await;
    stage.end().await;
}

#[tokio::test]
async fn a_door_that_takes_long_says_so_after_a_while_and_still_opens() {
    let stage = looking_at_once().await;
    stage.site.hold(&stage.site.path_of("sightline-", "_bg.wasm"));
    stage.open_page("/").await;
    stage.sees(LOADING).await;
    // Once the styles are there, which this looks too early for: it is not said from the start.
    let is_hidden = "return getComputedStyle(document.getElementById('slow')).visibility === 'hidden'";
    stage.sees_that("nothing of that yet", is_hidden).await;
    stage.sees_at_last(SLOW).await;
    stage.screenshot("first-paint-slow").await;
    stage.site.release();
    stage.sees_door().await;
    stage.no_longer_sees(SLOW).await;
    stage.end().await;
}

#[tokio::test]
async fn where_not_even_the_script_arrives_the_page_says_what_to_do() {
    let stage = Stage::open().await;
    let script = stage.site.path_of("sightline-", ".js");
    stage.site.cut_off(&script);
    stage.open_page("/").await;
    stage.sees(LOADING).await;
    stage.sees_at_last(SLOW).await;
    stage.screenshot("first-paint-no-script").await;
    stage.site.refuse(&script, None);
    stage.reload().await;
    stage.sees_door().await;
    stage.end().await;
}

#[tokio::test]
async fn something_is_painted_before_the_settings_are_read() {
    let stage = Stage::open().await;
    stage.site.hold("/config.json");
    stage.open_page("/").await;
    stage.sees("Reading the settings").await;
    stage.screenshot("door-reading-settings").await;
    stage.site.release();
    stage.sees_door().await;
    stage.press(SIGN_IN).await;
    stage.sees_heading("Sign in to Looker").await;
    stage.end().await;
}
