//! From a trouble, at the door or in the workbench, to the set-up page, where the check that fails has already
//! run.

use journeys::{
    Stage,
    page::{SESSION, SIGN_IN},
    site::ConfigFile,
};
use serde_json::{Value, json};

use super::{WELL, runs_the_checks, sees_found};

const NOT_ALLOWED: &str = "Good Good Good Trouble Attention Attention Attention";
const NOT_THE_API: &str = "Good Good Good Good Trouble Attention Attention";

/// Follows the link of a trouble, and waits until the checks have run by themselves and found this.
async fn finds_out(stage: &Stage, found: &str) {
    stage.press("Find out why").await;
    stage.sees_heading("Set-up").await;
    stage.sees_that("the focus at the checks", "return document.activeElement.id === 'checks'").await;
    sees_found(stage, found).await;
}

#[tokio::test]
async fn each_sign_in_that_fails_for_a_cause_that_a_check_finds_leads_to_that_check() {
    let stage = Stage::open().await;
    let page = |status: u16| json!({ "status": status, "body": "<!doctype html><title>Hello</title><p>Hello" });
    let no = |status: u16| json!({ "status": status, "body": "{}" });
    let fault = |path: &str, then: Value| json!({ "path": path, "host": "api", "then": then });
    stage.looker.allow_origins(&[]).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Local Looker does not let this page in").await;
    stage.screenshot("door-find-out-why").await;
    stage
        .sees_that(
            "a link, for another tab too",
            "return document.querySelector('#door a').href.includes('/setup#check=')",
        )
        .await;
    finds_out(&stage, NOT_ALLOWED).await;
    stage.looker.allow_origins(&[&stage.site.origin]).await;
    runs_the_checks(&stage, WELL).await;
    let refused = json!({ "status": 401, "body": json!({ "error": "invalid_client" }).to_string() });
    for (name, fault, headline, found, said) in [
        ("a page", fault("/", page(200)), "That is not Looker's API", NOT_THE_API, "A web page came"),
        ("trouble", fault("/", no(503)), "Local Looker has trouble of its own", NOT_THE_API, "with status 503"),
        ("busy", fault("/", no(429)), "Looker asks for a pause", NOT_THE_API, "it is busy"),
        (
            "no CORS",
            fault("/", json!("no_cors")),
            "Local Looker does not let this page in",
            NOT_ALLOWED,
            "is not in Looker's Embedded Domain",
        ),
        (
            "refused",
            fault("/api/token", refused),
            "Looker refused this app",
            "Good Good Good Good Good Good Trouble",
            "Looker refused this app at the last sign-in",
        ),
    ] {
        stage.looker.add_fault(fault).await;
        stage.press(SIGN_IN).await;
        stage.sees_trouble(headline).await;
        stage.has_stored(&[]).await;
        finds_out(&stage, found).await;
        stage.sees(said).await;
        stage.screenshot(&format!("setup-arrived-{}", name.replace(' ', "-"))).await;
        stage.looker.clear_faults().await;
        runs_the_checks(&stage, WELL).await;
    }
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn of_two_instances_that_people_see_at_one_place_the_one_that_failed_is_checked() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    let instance = config["instances"][0].clone();
    let other = json!({ "name": "Other", "looker_url": instance["looker_url"], "base_url": "https://other.example" });
    config["instances"] = json!([other, instance]);
    stage.site.configure(ConfigFile::Is(config));
    stage.looker.allow_origins(&[]).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Local Looker does not let this page in").await;
    finds_out(&stage, NOT_ALLOWED).await;
    assert_eq!(stage.evaluate("return base_url.value").await, instance["base_url"]);
    stage.end().await;
}

#[tokio::test]
async fn a_refusal_that_comes_in_the_redirect_leads_to_the_registration() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    let login = stage.begins_to_sign_in().await;
    let state = stage.looker_state(&login);
    stage.open_page(&format!("/authenticated?error=unauthorized_client&state={state}")).await;
    stage.sees_trouble("Looker refused the way this page asks").await;
    finds_out(&stage, "Good Good Good Good Good Good Trouble").await;
    stage.sees("Looker refused this app at the last sign-in").await;
    stage.press("Sign in to Local Looker").await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_sign_in_to_a_host_that_nobody_answers_at_leads_to_that_check() {
    let stage = Stage::open().await;
    stage.site.let_connect("http://localhost:*");
    let mut config = stage.config();
    config["instances"][0]["base_url"] = json!(format!("http://localhost:{}", journeys::free_port()));
    stage.site.configure(ConfigFile::Is(config));
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Local Looker can't be reached").await;
    finds_out(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees("Nobody answers at").await;
    stage.site.configure(ConfigFile::Is(stage.config()));
    stage.reload().await;
    sees_found(&stage, WELL).await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_sign_in_to_a_host_that_never_answers_leads_to_that_check() {
    let stage = Stage::open().await;
    stage.looker.add_fault(json!({ "path": "/", "host": "api", "method": "*", "then": "hang" })).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_heading_at_last("Local Looker takes too long").await;
    finds_out(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees("did not answer within 5 seconds").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn a_first_call_that_fails_leads_to_the_checks_with_the_session_that_there_is() {
    let stage = Stage::open().await;
    let no = json!({ "status": 404, "body": json!({ "message": "Not found" }).to_string() });
    stage.looker.add_fault(json!({ "path": "/api/4.0/", "host": "api", "then": no })).await;
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("Your account may not use Looker's API").await;
    stage.has_stored(&SESSION).await;
    finds_out(&stage, WELL).await;
    stage.sees("your account may not see registrations").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    stage.press("Your workbench").await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn an_old_release_that_breaks_the_first_call_is_found_by_its_check() {
    let stage = Stage::open().await;
    let old = json!({ "looker_release_version": "7.20.1", "supported_versions": [{ "version": "3.1" }] });
    let page = json!({ "status": 404, "body": "<!doctype html><title>Not found</title>" });
    for (path, then) in [("/versions", json!({ "status": 200, "body": old.to_string() })), ("/api/4.0/", page)] {
        stage.looker.add_fault(json!({ "path": path, "host": "api", "then": then })).await;
    }
    stage.open_page("/").await;
    stage.returns_from_looker().await;
    stage.sees_trouble("That is not Looker's API").await;
    finds_out(&stage, "Good Good Good Good Good Trouble Attention").await;
    stage.sees("Looker 7.20.1 does not serve API 4.0").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    stage.end().await;
}

#[tokio::test]
async fn trouble_in_the_workbench_leads_to_the_check_that_fails() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    // For a few seconds a browser remembers that it may ask for tokens, and then the answer can't be read.
    stage.looker.answer_with(json!({ "rotate_refresh": false })).await;
    stage.looker.allow_origins(&[]).await;
    stage.reload().await;
    stage.sees("No answer from Local Looker").await;
    stage.screenshot("workbench-find-out-why").await;
    finds_out(&stage, NOT_ALLOWED).await;
    stage.looker.allow_origins(&[&stage.site.origin]).await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    stage.press("Your workbench").await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_session_that_waits_for_looker_leads_to_the_check_that_fails() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.looker.add_fault(json!({ "path": "/", "host": "api", "then": { "status": 503, "body": "{}" } })).await;
    stage.press("Renew now").await;
    stage.sees("Local Looker has trouble of its own.").await;
    finds_out(&stage, NOT_THE_API).await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    stage.press("Your workbench").await;
    stage.sees_account().await;
    stage.end().await;
}
