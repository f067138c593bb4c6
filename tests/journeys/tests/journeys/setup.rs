//! The set-up page: without a session, it finds out what is wrong and hands out what mends it.

use journeys::{Stage, site::ConfigFile};
use serde_json::json;

/// Runs the checks, and waits until they have ended and found this, in the words of the list.
async fn runs_the_checks(stage: &Stage, found: &str) {
    stage.press("Run the checks").await;
    let script = format!(
        "const words = [...document.querySelectorAll('.checks .word')].map((word) => word.innerText.trim());
         return document.body.innerText.includes('Checked:') && words.join(' ') === '{found}'"
    );
    stage.sees_that(&format!("the checks to find {found}"), &script).await;
}

async fn opens_setup(stage: &Stage) {
    stage.open_page("/setup").await;
    stage.sees_heading("Set-up").await;
    stage.sees("Run the checks").await;
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    stage.looker.allow_origins(&[]).await;
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Good Trouble Attention Attention Attention").await;
    stage.sees(&format!("{} is not in Looker's Embedded Domain Allowlist", stage.site.origin)).await;
    stage.screenshot("setup-not-allowed").await;
    stage.looker.allow_origins(&[&stage.site.origin]).await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Attention").await;
    stage.sees("Looker tells only at the sign-in").await;
    stage.has_stored(&[]).await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_where_the_api_should_be_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    let page = json!({ "status": 200, "body": "<!doctype html><title>Looker</title>" });
    stage.looker.add_fault(json!({ "path": "/versions", "host": "api", "method": "GET", "then": page })).await;
    runs_the_checks(&stage, "Good Good Good Good Trouble Attention Attention").await;
    stage.sees("A web page came where the API should be").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Attention").await;
    stage.end().await;
}

#[tokio::test]
async fn a_release_without_the_api_is_found() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    let old = json!({ "looker_release_version": "7.20.1", "supported_versions": [{ "version": "3.1" }] });
    let then = json!({ "status": 200, "body": old.to_string() });
    stage.looker.add_fault(json!({ "path": "/versions", "host": "api", "method": "GET", "then": then })).await;
    runs_the_checks(&stage, "Good Good Good Good Good Trouble Attention").await;
    stage.sees("Looker 7.20.1 does not serve API 4.0").await;
    stage.end().await;
}

#[tokio::test]
async fn a_host_that_nobody_answers_at_is_found() {
    let stage = Stage::open().await;
    let dead = format!("http://localhost:{}", journeys::free_port());
    stage.site.let_connect(&dead);
    let mut config = stage.config();
    config["instances"][0]["base_url"] = json!(dead);
    stage.site.configure(ConfigFile::Is(config));
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees(&format!("Nobody answers at {dead}")).await;
    stage.end().await;
}

#[tokio::test]
async fn checks_and_searches_that_take_long_are_stopped() {
    let stage = Stage::open().await;
    stage.site.let_connect("http://localhost:*");
    opens_setup(&stage).await;
    stage.looker.add_fault(json!({ "path": "/versions", "host": "api", "then": "hang" })).await;
    stage.press("Run the checks").await;
    stage.sees("Check 3 of 7…").await;
    stage.press("Stop the checks").await;
    stage.sees("Stopped.").await;
    let words = "return [...document.querySelectorAll('.checks .word')].map((word) => word.innerText.trim()).join(' ')";
    assert_eq!(stage.evaluate(words).await, "Good Good Waiting Waiting Waiting Waiting Waiting");

    let looker_url = stage.config()["instances"][0]["looker_url"].as_str().expect("it has one").to_owned();
    let hang = json!({ "path": "/.well-known", "host": "ui", "then": "hang" });
    stage.looker.add_fault(hang).await;
    stage.types("#pasted", &looker_url).await;
    stage.press("Find its hosts").await;
    stage.sees("Looking for Looker's hosts…").await;
    stage.press("Stop the search").await;
    stage.sees("The search was stopped").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Attention").await;
    stage.end().await;
}

#[tokio::test]
async fn an_address_that_can_not_be_used_is_said_beside_its_field() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    stage.types("#pasted", "ftp://my.looker.com").await;
    stage.press("Find its hosts").await;
    let beside = "const field = document.activeElement;
        return field.id === 'pasted' && field.getAttribute('aria-invalid') === 'true'
            && document.getElementById(field.getAttribute('aria-describedby')).innerText.includes('https://')";
    stage.sees_that("the error beside the field, which has the focus", beside).await;
    stage.types("#base_url", "/explore").await;
    stage.sees("It can't be used: what follows the host does not belong there.").await;
    runs_the_checks(&stage, "Trouble Waiting Waiting Waiting Waiting Waiting Waiting").await;
    stage.end().await;
}

#[tokio::test]
async fn a_pasted_address_becomes_an_instance_that_one_can_sign_in_to() {
    let stage = Stage::open().await;
    let looker_url = stage.config()["instances"][0]["looker_url"].as_str().expect("it has one").to_owned();
    let base_url = stage.config()["instances"][0]["base_url"].as_str().expect("it has one").to_owned();
    stage.site.let_connect("http://localhost:*");
    let mut config = stage.config();
    config["instances"] = json!([]);
    stage.site.configure(ConfigFile::Is(config));
    stage.looker.answer_with(json!({ "metadata_has_cors": true })).await;
    opens_setup(&stage).await;
    stage.types("#pasted", &format!("{looker_url}/explore/thelook/orders?fields=orders.id")).await;
    stage.press("Find its hosts").await;
    stage.sees("These hosts were found").await;
    let fields = "return [looker_url.value, base_url.value].join(' ')";
    assert_eq!(stage.evaluate(fields).await, format!("{looker_url} {base_url}"));
    stage.press("Add this instance").await;
    stage.reload().await;
    let host = looker_url.trim_start_matches("http://").to_owned();
    stage.press(&format!("Sign in to {host}")).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.press("Set-up").await;
    stage.sees_heading("Set-up").await;
    stage.is_at("/setup").await;
    stage.press(&format!("Remove {host}")).await;
    stage.sees(&format!("{host} is removed.")).await;
    assert_eq!(stage.evaluate("return localStorage.getItem('sightline.instances')").await, "[]");
    stage.end().await;
}

#[tokio::test]
async fn what_to_paste_has_this_pages_values_and_is_copied_or_selected() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    stage.sees(&format!("\"redirect_uri\":\"{}/authenticated\"", stage.site.app)).await;
    stage.press("Copy origin").await;
    let told = "const told = document.querySelector('.paste [role=status]').innerText;
        return told === 'Copied' || (told.startsWith('Selected') && getSelection().toString().trim() === location.origin)";
    stage.sees_that("the origin to be copied or selected", told).await;
    stage.screenshot("setup").await;
    stage.browser.become_narrow().await;
    stage.sees_that("the page to fit its width", "return document.documentElement.scrollWidth <= innerWidth").await;
    stage.screenshot("setup-narrow").await;
    stage.end().await;
}
