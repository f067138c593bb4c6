//! What the host sends is what was built, or is not used; and is sent once.

use journeys::{Stage, page::SIGN_IN, setting::Engine};

const NOT_LOADED: &str = "A part of this page could not be loaded";
const SLOW: &str = "This takes long. Check the connection, then load the page again.";

#[tokio::test]
async fn a_script_that_is_not_what_was_built_does_not_start_the_page() {
    let stage = Stage::open().await;
    let script = stage.site.path_of("sightline-", ".js");
    stage.site.change(&script);
    stage.open_page("/").await;
    stage.sees_at_last(SLOW).await;
    assert_eq!(stage.evaluate("return typeof sightline").await, "undefined", "the changed script ran");
    stage.screenshot("integrity-start").await;
    stage.end().await;
}

/// By `Integrity-Policy`, which browsers of before 2025 do not know.
#[tokio::test]
async fn a_script_that_the_page_has_no_hash_of_does_not_start_the_page() {
    let stage = Stage::open().await;
    stage.site.lose_hashes();
    stage.open_page("/").await;
    stage.sees_at_last(SLOW).await;
    assert_eq!(stage.evaluate("return typeof sightline").await, "undefined", "the script ran");
    stage.end().await;
}

#[tokio::test]
async fn a_door_that_is_not_what_was_built_does_not_open() {
    let stage = Stage::open().await;
    stage.site.change(&stage.site.path_of("sightline-", "_bg.wasm"));
    stage.open_page("/").await;
    stage.sees(NOT_LOADED).await;
    stage.no_longer_sees(SIGN_IN).await;
    stage.screenshot("integrity-door").await;
    stage.end().await;
}

#[tokio::test]
async fn a_workbench_that_is_not_what_was_built_is_not_opened() {
    for ends in [".js", "_bg.wasm", ".css"] {
        let stage = Stage::open().await;
        stage.site.change(&stage.site.path_of("workbench-", ends));
        stage.open_page("/").await;
        stage.returns_from_looker().await;
        stage.sees_trouble(NOT_LOADED).await;
        stage.screenshot(&format!("integrity-workbench{}", ends.replace(['.', '_'], "-"))).await;
        // Nor is it when it is tried again.
        stage.leaves_by("Try again").await;
        stage.sees_trouble(NOT_LOADED).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_set_up_page_that_is_not_what_was_built_is_not_opened() {
    for ends in [".js", "_bg.wasm", ".css"] {
        let stage = Stage::open().await;
        stage.site.change(&stage.site.path_of("setup-", ends));
        stage.open_page("/setup").await;
        stage.sees(NOT_LOADED).await;
        stage.screenshot(&format!("integrity-setup{}", ends.replace(['.', '_'], "-"))).await;
        stage.end().await;
    }
}

#[tokio::test]
async fn each_script_and_module_is_sent_once_however_often_the_app_is_opened() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    // What a page that is left was loading is asked for again.
    let is_loaded_ahead = "return ['.js', '_bg.wasm'].every((ends) => performance.getEntriesByType('resource')
        .some(({ name }) => name.includes('/workbench-') && name.endsWith(ends)))";
    stage.sees_that("a workbench that is loaded ahead", is_loaded_ahead).await;
    stage.returns_from_looker().await;
    stage.sees_account().await;
    stage.open_page("/account").await;
    stage.sees_account().await;
    stage.open_page("/setup").await;
    stage.sees_heading("Set-up").await;
    stage.open_page("/setup").await;
    stage.sees_heading("Set-up").await;
    // WebKit asks anew for what a script asks for, even where it was loaded ahead.
    let most = if stage.browser.engine == Engine::WebKit { 2 * stage.site.pages() } else { 1 };
    let files = ["sightline-", "workbench-", "setup-"].map(|begins| [".js", "_bg.wasm"].map(|ends| (begins, ends)));
    for (begins, ends) in files.concat() {
        let sent = stage.site.count(&stage.site.path_of(begins, ends));
        assert!((1..=most).contains(&sent), "{begins}…{ends} was sent {sent} times");
    }
    stage.end().await;
}
