//! How the app is served, and what is missing or in the way.

use journeys::{
    Plan, Stage,
    browser::{Habits, Lack},
    page::SESSION,
    setting::{Engine, Setting},
    site::ConfigFile,
};
use serde_json::json;

const NOT_LOADED: &str = "A part of this page could not be loaded";

#[tokio::test]
async fn every_trouble_with_the_settings_has_its_own_message_and_can_be_mended() {
    let stage = Stage::open().await;
    let good = stage.config();
    let with = |name: &str, value| {
        let mut config = good.clone();
        config[name] = value;
        ConfigFile::Is(config)
    };
    let here = json!([{ "name": "Here", "looker_url": "http://looker.example" }]);
    stage.site.configure(ConfigFile::Missing);
    stage.open_page("/").await;
    for (number, (config, headline, says)) in [
        (ConfigFile::Missing, "This page has no settings yet", "config.json"),
        (ConfigFile::IndexHtml, "This page has no settings yet", "config.json"),
        (ConfigFile::Text("{\"client_id\": ".into()), "The settings of this page can't be read", "config.json"),
        (ConfigFile::Text(String::new()), "The settings of this page can't be read", "config.json"),
        (ConfigFile::Text("[]".into()), "The settings of this page don't fit", "client_id"),
        (with("client_id", json!(5)), "The settings of this page don't fit", "client_id"),
        (with("client_id", json!("..")), "The settings of this page don't fit", "and not dots alone"),
        (with("instances", json!("x")), "The settings of this page don't fit", "instances"),
        (with("instances", here), "The settings of this page don't fit", "http://looker.example"),
    ]
    .into_iter()
    .enumerate()
    {
        stage.site.configure(config);
        let before = stage.site.count("/config.json");
        stage.press("Try again").await;
        stage.waits_until("config.json to be asked for", || async { stage.site.count("/config.json") > before }).await;
        stage.sees_trouble(headline).await;
        stage.sees(says).await;
        stage.screenshot(&format!("config-{:02}", number + 1)).await;
    }
    stage.site.configure(ConfigFile::Is(good));
    stage.press("Try again").await;
    stage.sees_door().await;
    stage.end().await;
}

#[tokio::test]
async fn every_page_is_titled_by_what_the_deployment_calls_the_app() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    config["app_name"] = json!("Our figures");
    stage.site.configure(ConfigFile::Is(config));
    let is_titled = async |title: &str| {
        let script = format!("return document.title === {}", json!(title));
        stage.sees_that(&format!("the title “{title}”"), &script).await;
    };
    stage.open_page("/setup").await;
    is_titled("Set-up · Our figures").await;
    stage.open_page("/authenticated?code=abc&state=nobodys").await;
    stage.sees_trouble("This way back from Looker leads to no sign-in").await;
    is_titled("Our figures").await;
    stage.open_page("/").await;
    is_titled("Our figures").await;
    stage.returns_from_looker().await;
    stage.sees_account().await;
    is_titled("Account · Our figures").await;
    stage.press("Activity").await;
    is_titled("Activity · Our figures").await;
    stage.press("GET /api/4.0/user").await;
    is_titled("Exchange · Activity · Our figures").await;
    stage.reload().await;
    is_titled("Exchange · Activity · Our figures").await;
    stage.open_page("/nowhere").await;
    stage.sees_heading("There is no such page").await;
    is_titled("No such page · Our figures").await;
    stage.end().await;
}

#[tokio::test]
async fn where_no_looker_is_set_up_the_page_says_who_can_change_that() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    config["instances"] = json!([]);
    stage.site.configure(ConfigFile::Is(config));
    stage.open_page("/").await;
    stage.sees("No Looker is set up here yet").await;
    stage.screenshot("config-no-instance").await;
    stage.end().await;
}

#[tokio::test]
async fn a_session_needs_no_settings() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.site.configure(ConfigFile::Missing);
    stage.reload().await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn rule_24_a_browser_that_blocks_storage_is_told_from_one_that_does_not() {
    // WebKit has no such setting; a sandbox is how it comes about there.
    let sandboxed = Setting::read().engine == Engine::WebKit;
    let habits = Habits { lacks: (!sandboxed).then_some(Lack::Storage), ..Habits::default() };
    let stage = Stage::planned(Plan { habits, ..Plan::default() }).await;
    stage.site.sandbox(sandboxed);
    stage.open_page("/").await;
    stage.sees_trouble("This browser blocks storage for this page").await;
    stage.screenshot("storage-blocked").await;
    stage.open_page("/authenticated?code=abc&state=def").await;
    stage.sees_trouble("This browser blocks storage for this page").await;
    stage.has_sent_token_requests(0).await;
    stage.site.sandbox(false);
    stage.leaves_by("Try again").await;
    if sandboxed {
        stage.sees_heading("There is no sign-in to finish here").await;
    } else {
        stage.sees_trouble("This browser blocks storage for this page").await;
    }
    stage.end().await;
}

#[tokio::test]
async fn a_workbench_that_is_not_there_can_be_loaded_when_it_is() {
    // By how they end: what is named by its content is kept, so each stage has its own.
    for (ends, status) in [("_bg.wasm", Some(404)), (".js", Some(404)), (".css", Some(503)), ("_bg.wasm", Some(500))] {
        a_workbench_without_a_file_can_be_loaded_when_it_is_there(ends, status).await;
    }
}

#[tokio::test]
async fn a_workbench_that_is_cut_off_right_after_the_sign_in_can_be_loaded_again() {
    for ends in [".css", ".js", "_bg.wasm"] {
        a_workbench_without_a_file_can_be_loaded_when_it_is_there(ends, None).await;
    }
}

async fn a_workbench_without_a_file_can_be_loaded_when_it_is_there(ends: &str, status: Option<u16>) {
    let stage = Stage::open().await;
    let file = stage.site.path_of("workbench-", ends);
    match status {
        Some(status) => stage.site.refuse(&file, Some(status)),
        None => stage.site.cut_off(&file),
    }
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble(NOT_LOADED).await;
    stage.is_at("/").await;
    stage.has_stored(&SESSION).await;
    let how = status.map_or_else(|| "cut-off".to_owned(), |status| status.to_string());
    stage.screenshot(&format!("workbench-{how}{}", ends.replace(['.', '_'], "-"))).await;
    stage.site.refuse(&file, None);
    stage.press("Try again").await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

/// Lets nothing reach Looker's API until a script says `letThrough()`.
const HOLD_WHAT_IS_SENT: &str = "
    const send = fetch;
    const gate = new Promise((open) => globalThis.letThrough = open);
    globalThis.fetch = (...request) => {
        const isHere = new URL(request[0].url ?? request[0], location).origin === location.origin;
        return isHere ? send(...request) : gate.then(() => send(...request));
    };";

#[tokio::test]
async fn a_workbench_that_was_cut_off_ahead_of_time_is_loaded_when_it_is_needed() {
    for ends in [".js", "_bg.wasm"] {
        let stage = Stage::open().await;
        let file = &stage.site.path_of("workbench-", ends);
        stage.site.run_first(Some(HOLD_WHAT_IS_SENT));
        // From the start: the sign-in page loads it ahead, too, and it would be kept.
        stage.site.cut_off(file);
        stage.open_page("/").await;
        stage.begins_to_sign_in().await;
        let before = stage.site.count(file);
        stage.log_in_at_looker().await;
        stage.allow().await;
        stage.waits_until("the workbench to be asked for", || async { stage.site.count(file) > before }).await;
        // Behind that request, so it has failed as well when this has.
        let again = format!("return fetch('{file}').then(() => 'there', () => 'cut off')");
        assert_eq!(stage.evaluate(&again).await, "cut off");
        stage.site.refuse(file, None);
        stage.site.run_first(None);
        stage.evaluate("letThrough(); return null").await;
        stage.sees_account().await;
        stage.end().await;
    }
}

#[tokio::test]
async fn a_workbench_that_never_arrives_is_given_up_and_can_be_loaded_when_it_does() {
    let stage = Stage::open().await;
    stage.site.hold(&stage.site.path_of("workbench-", ".js"));
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees("Opening your workbench…").await;
    stage.sees_heading_at_last(NOT_LOADED).await;
    stage.sees_trouble(NOT_LOADED).await;
    stage.screenshot("workbench-never-arrives").await;
    stage.has_stored(&SESSION).await;
    stage.site.release();
    stage.press("Try again").await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn settings_are_asked_for_only_where_they_are_read() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    // WebKit asks twice for what it may not store.
    let asked = stage.site.count("/config.json");
    assert!(asked >= 1);
    stage.returns_from_looker().await;
    stage.sees_account().await;
    assert_eq!(stage.site.count("/config.json"), asked, "the redirect page asks for what it does not read");
    stage.reload().await;
    stage.sees_account().await;
    assert_eq!(stage.site.count("/config.json"), asked, "a page with a session asks for what it does not read");
    stage.signs_out().await;
    assert!(stage.site.count("/config.json") > asked);
    stage.end().await;
}
