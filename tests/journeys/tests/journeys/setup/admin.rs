//! With a session: what an admin finds of the app at Looker, and changes there.

use journeys::{
    Stage,
    page::{SIGN_IN, SIGN_IN_AGAIN},
    site::ConfigFile,
};
use serde_json::json;

use super::{WELL, runs_the_checks};

/// Presses a button, and then the one that confirms what it is going to change, when these texts are in
/// the confirmation.
async fn changes(stage: &Stage, change: &str, shown: &[&str]) {
    stage.press(change).await;
    for text in shown {
        let script =
            format!("return document.querySelector('dialog[open]')?.innerText.includes({}) ?? false", json!(text));
        stage.sees_that(&format!("“{text}” in the confirmation"), &script).await;
    }
    stage.press(&format!("Yes: {change}")).await;
    stage.sees(&format!("{change}: done.")).await;
    stage.sees_that("the focus where the change was made", "return document.activeElement.id === 'admin'").await;
}

async fn signed_in_at_setup() -> Stage {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.press("Set-up").await;
    stage.sees_heading("Set-up").await;
    stage.sees("At Local Looker").await;
    stage
}

#[tokio::test]
async fn a_redirect_uri_that_differs_by_a_slash_is_shown_and_repaired() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let other = format!("{}/authenticated/", stage.site.app);
    stage.looker.change_app(json!({ "client_guid": "sightline", "redirect_uri": other })).await;
    stage.press("Set-up").await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Trouble").await;
    stage.sees("Looker's has “/” too much").await;
    let marks = "return [...document.querySelectorAll('mark')].map((mark) => mark.innerText).join('|') === '/|'";
    stage.sees_that("the slash to be marked", marks).await;
    stage.screenshot("setup-slash").await;
    stage.press("Repair sightline").await;
    stage.sees("Repair sightline?").await;
    stage.screenshot("setup-confirmation").await;
    stage.press("Cancel").await;
    stage.no_longer_sees("Repair sightline?").await;
    let warning = format!("Whoever signs in at {other} can't any more.");
    changes(&stage, "Repair sightline", &[&other, &format!("{}/authenticated", stage.site.app), &warning]).await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    stage.sees("registered for exactly this page").await;
    stage.end().await;
}

#[tokio::test]
async fn an_app_that_looker_does_not_know_is_registered_disabled_and_enabled() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let mut config = stage.config();
    config["client_id"] = json!("another");
    stage.site.configure(ConfigFile::Is(config));
    stage.press("Set-up").await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Trouble").await;
    stage.sees("No app is registered as another").await;
    let redirect_uri = format!("{}/authenticated", stage.site.app);
    changes(&stage, "Register another", &[&redirect_uri, "Signs you in to Sightline"]).await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    changes(&stage, "Disable another", &["true", "false", "has to sign in again"]).await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Trouble").await;
    stage.sees("another is registered and disabled").await;
    changes(&stage, "Enable another", &["false", "true"]).await;
    runs_the_checks(&stage, "Good Good Good Good Good Good Good").await;
    changes(&stage, "End the tokens of another", &["has to sign in again"]).await;
    assert_eq!(stage.looker.count("DELETE", "/api/4.0/oauth_client_apps/another/tokens").await, 1);
    stage.end().await;
}

#[tokio::test]
async fn an_app_whose_name_leads_elsewhere_in_a_path_is_left_alone() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let redirect_uri = format!("{}/authenticated", stage.site.app);
    stage.looker.change_app(json!({ "client_guid": "..", "redirect_uri": redirect_uri })).await;
    stage.press("Set-up").await;
    stage.sees("It can't be changed from here: as a client_id, it has to be plain characters").await;
    stage.sees("Disable sightline").await;
    stage.no_longer_sees("Disable ..").await;
    stage.end().await;
}

#[tokio::test]
async fn the_allowlist_is_edited_and_what_somebody_else_wrote_meanwhile_is_kept() {
    let stage = signed_in_at_setup().await;
    let origin = stage.site.origin.clone();
    stage.types("#origin", "https://other.example").await;
    stage.press("Allow this origin").await;
    stage.sees("Allow https://other.example?").await;
    stage.looker.allow_origins(&[&origin, "https://third.example"]).await;
    stage.press("Yes: Allow https://other.example").await;
    stage.sees("not done; somebody else has changed it meanwhile").await;
    changes(&stage, "Remove https://third.example", &[&origin, "Pages at https://third.example can't call Looker"])
        .await;
    let removes = "return [...document.querySelectorAll('#admin ~ ul button')].map((button) => button.innerText)
        .filter((label) => label.startsWith('Remove '))";
    assert_eq!(stage.evaluate(removes).await, json!([format!("Remove {origin}")]));
    // What is no origin of one host.
    stage.types("#origin", "https://*.third.example").await;
    stage.press("Allow this origin").await;
    stage.press("Yes: Allow https://*.third.example").await;
    stage.sees("Allow https://*.third.example: done.").await;
    changes(&stage, "Remove https://*.third.example", &[&origin]).await;
    stage.types("#origin", "https://other.example").await;
    stage.press("Allow this origin").await;
    stage.press("Yes: Allow https://other.example").await;
    stage.sees("Allow https://other.example: done.").await;
    stage.sees("Remove https://other.example").await;
    stage.press(&format!("Remove {origin}")).await;
    stage.sees("This page can't call Looker any more then").await;
    stage.press("Cancel").await;
    stage.end().await;
}

#[tokio::test]
async fn a_change_whose_answer_no_page_may_read_is_not_said_to_be_undone() {
    let stage = signed_in_at_setup().await;
    let origin = stage.site.origin.clone();
    // Made, and its answer lost on the way.
    let lost = json!({ "path": "/api/4.0/setting", "host": "api", "method": "PATCH", "then": "drop_after" });
    stage.looker.add_fault(lost).await;
    stage.types("#origin", "https://other.example").await;
    stage.press("Allow this origin").await;
    stage.press("Yes: Allow https://other.example").await;
    stage.sees("Allow https://other.example: perhaps done, perhaps not;").await;
    stage.sees("Remove https://other.example").await;
    stage.screenshot("setup-perhaps-done").await;
    stage.looker.clear_faults().await;
    // The answer to the last change that this page can make is not for this page any more.
    stage.press(&format!("Remove {origin}")).await;
    stage.press(&format!("Yes: Remove {origin}")).await;
    stage.sees(&format!("Remove {origin}: perhaps done, perhaps not;")).await;
    stage.end().await;
}

#[tokio::test]
async fn an_app_that_somebody_else_changed_meanwhile_is_not_repaired() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let other = format!("{}/authenticated/", stage.site.app);
    stage.looker.change_app(json!({ "client_guid": "sightline", "redirect_uri": other })).await;
    stage.press("Set-up").await;
    stage.press("Repair sightline").await;
    stage.sees("Repair sightline?").await;
    stage.looker.change_app(json!({ "client_guid": "sightline", "display_name": "Not now" })).await;
    stage.press("Yes: Repair sightline").await;
    stage.sees("not done; somebody else has changed it meanwhile").await;
    assert_eq!(stage.looker.count("PATCH", "/api/4.0/oauth_client_apps/sightline").await, 0);
    stage.end().await;
}

#[tokio::test]
async fn an_admin_who_ends_all_tokens_ends_their_own_session_and_is_told_before() {
    let stage = signed_in_at_setup().await;
    stage.press("End the tokens of sightline").await;
    stage.sees("your own session ends, too").await;
    stage.press("Yes: End the tokens of sightline").await;
    stage.sees("End the tokens of sightline: done.").await;
    stage.sees("Your session ended at Looker").await;
    stage.sees("You were signed in to Local Looker.").await;
    stage.has_stored(&["sightline.farewell"]).await;
    stage.screenshot("setup-session-over").await;
    // And comes back to where the work was.
    stage.press(SIGN_IN_AGAIN).await;
    stage.sees_heading("Set-up").await;
    stage.is_at("/setup").await;
    stage.sees("You are signed in to Local Looker.").await;
    stage.sees("Disable sightline").await;
    stage.end().await;
}

#[tokio::test]
async fn a_session_that_ends_while_an_admin_types_leaves_what_was_typed() {
    let stage = signed_in_at_setup().await;
    stage.types("#origin", "https://other.example").await;
    // Whose it is.
    stage.waits_until("who it is", || async { stage.looker.count("GET", "/api/4.0/user").await >= 2 }).await;
    stage.looker.revoke_all().await;
    stage.press("Allow this origin").await;
    stage.press("Yes: Allow https://other.example").await;
    stage.sees("Allow https://other.example: not done;").await;
    stage.sees("Your session ended at Looker").await;
    let typed = "return document.getElementById('origin')?.value";
    assert_eq!(stage.evaluate(typed).await, "https://other.example");
    // And after a new sign-in, too.
    stage.sees("sign in again, and you are back here with the origin that you typed").await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.is_at("/setup").await;
    stage.sees("You are signed in to Local Looker.").await;
    stage.sees_that("what was typed", &format!("{typed} === 'https://other.example'")).await;
    stage.press("Allow this origin").await;
    stage.press("Yes: Allow https://other.example").await;
    stage.sees("Allow https://other.example: done.").await;
    stage.end().await;
}

#[tokio::test]
async fn who_is_no_admin_is_told_so() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.press(SIGN_IN).await;
    stage.logs_in_at_looker_as(local_looker::EMAILS[1]).await;
    stage.allow().await;
    stage.sees_heading("Account").await;
    stage.press("Set-up").await;
    stage.sees("Looker does not tell you its registrations").await;
    runs_the_checks(&stage, WELL).await;
    stage.sees("your account may not see registrations").await;
    stage.end().await;
}

#[tokio::test]
async fn what_looker_has_is_read_again_and_the_page_says_so_meanwhile() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let apps = |then| json!({ "path": "/api/4.0/oauth_client_apps", "host": "api", "method": "GET", "then": then });
    stage.looker.add_fault(apps(json!({ "status": 503, "body": "{}" }))).await;
    stage.press("Set-up").await;
    stage.sees("Looker does not tell you its registrations").await;
    stage.press("Read again").await;
    stage.sees("It could not be read this time either.").await;
    stage.looker.clear_faults().await;
    stage.looker.add_fault(apps(json!("hang"))).await;
    stage.press("Read again").await;
    stage.sees("Reading what Looker has…").await;
    let is_busy = "return [...document.querySelectorAll('button')]
        .some((button) => button.innerText === 'Reading…' && button.getAttribute('aria-disabled') === 'true')";
    stage.sees_that("a button that is busy", is_busy).await;
    stage.screenshot("setup-reading").await;
    stage.looker.clear_faults().await;
    stage.sees("What Looker has stands below.").await;
    stage.sees("Disable sightline").await;
    stage.sees_that("the focus where it stands", "return document.activeElement.id === 'admin'").await;
    stage.end().await;
}

#[tokio::test]
async fn a_list_of_registrations_that_is_empty_is_told_as_what_it_may_mean() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let then = json!({ "status": 200, "body": "[]" });
    stage
        .looker
        .add_fault(json!({ "path": "/api/4.0/oauth_client_apps", "host": "api", "method": "GET", "then": then }))
        .await;
    stage.press("Set-up").await;
    stage.sees("either no app is registered, or your account may not see them").await;
    stage.no_longer_sees("No app is registered as").await;
    stage.screenshot("setup-empty-list").await;
    stage.press("Register sightline").await;
    stage.press("Yes: Register sightline").await;
    stage.sees("Register sightline: not done;").await;
    stage.end().await;
}
