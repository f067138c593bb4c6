//! The activity page: what this tab asked of Looker, and what became of it.

use journeys::{Stage, page::SESSION};
use serde_json::json;

/// The list as it is shown: what was asked, and what became of it.
const LIST: &str = "[...document.querySelectorAll('.exchanges tbody tr')].map((row) =>
    [row.querySelector('a').innerText, row.cells[2].innerText].join(' ').replace(/\\s+/g, ' ').trim())";

const BEGINNING: [&str; 3] = ["GET /api/4.0/user 200 OK", "POST /api/token 200 OK", "GET /auth Came back"];

async fn sees_activity(stage: &Stage) {
    stage.press("Activity").await;
    stage.sees_heading("Activity").await;
}

/// Waits until the list, oldest last, ends or begins with these.
async fn sees_listed(stage: &Stage, rows: &[&str], at: &str) {
    let rows = json!(rows);
    let part = if at == "end" { "list.slice(-rows.length)" } else { "list.slice(0, rows.length)" };
    let script =
        format!("const list = {LIST}; const rows = {rows}; return JSON.stringify({part}) === JSON.stringify(rows)");
    stage.sees_that(&format!("{rows} at the {at} of the list"), &script).await;
}

async fn shows_the_list(stage: &Stage) {
    stage.evaluate("document.querySelector('.filter').scrollIntoView(); return null").await;
}

async fn fits(stage: &Stage) {
    stage.sees_that("the page to fit its width", "return document.documentElement.scrollWidth <= innerWidth").await;
}

/// Puts something in the place of the log, as somebody could who edits the tab's storage.
async fn replaces_the_log(stage: &Stage, with: &str) {
    let with = json!(with);
    stage
        .evaluate(&format!("sightline.forgetLog(); sessionStorage.setItem('sightline.exchanges', {with}); return null"))
        .await;
    stage.reload().await;
    stage.sees_heading("Activity").await;
}

#[tokio::test]
async fn a_sign_in_is_listed_and_drawn_with_its_times() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_activity(&stage).await;
    stage.is_at("/activity").await;
    sees_listed(&stage, &BEGINNING, "end").await;
    stage.has_stored(&SESSION).await;
    let said = stage
        .evaluate("return [...document.querySelectorAll('.steps .said a')].map((said) => said.innerText).join('; ')")
        .await;
    let said = said.as_str().expect("it is a text").replace(|c: char| c.is_ascii_digit(), "");
    assert_eq!(said, "GET /auth; Back with a code; POST /api/token;  OK,  ms; GET /api/./user;  OK,  ms");
    let instance = stage.config()["instances"][0].clone();
    for (party, address) in [("Looker's sign-in", &instance["looker_url"]), ("Looker's API", &instance["base_url"])] {
        let host = address.as_str().and_then(|address| address.split("//").nth(1)).expect("an address has a host");
        stage
            .sees_that(
                "the hosts",
                &format!(
                    "return [...document.querySelectorAll('.parties li')]
                        .some((li) => li.innerText.includes(\"{party}\") && li.innerText.includes('{host}'))"
                ),
            )
            .await;
    }
    // It was typed into a form there, which no machine does in no time.
    stage.sees_that("the time at Looker", "return JSON.parse(sightline.readLog())[0].duration > 50").await;
    stage.screenshot("activity").await;
    fits(&stage).await;
    if stage.browser.become_dark().await {
        stage.screenshot("dark-activity").await;
    }
    stage.browser.become_narrow().await;
    fits(&stage).await;
    stage.screenshot("narrow-activity").await;
    shows_the_list(&stage).await;
    stage.screenshot("narrow-activity-list").await;
    stage.end().await;
}

#[tokio::test]
async fn the_list_outlives_a_reload_and_follows_what_happens() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_activity(&stage).await;
    for times in 1..=2 {
        stage.reload().await;
        stage.sees_heading("Activity").await;
        sees_listed(&stage, &BEGINNING, "end").await;
        sees_listed(&stage, &vec!["GET /api/4.0/user 200 OK"; times], "beginning").await;
        stage.has_stored(&SESSION).await;
    }
    // Somewhere else and back.
    stage
        .open_address(&format!("{}/auth", stage.config()["instances"][0]["looker_url"].as_str().unwrap_or_default()))
        .await;
    stage.go_back().await;
    stage.sees_heading("Activity").await;
    sees_listed(&stage, &BEGINNING, "end").await;
    stage.has_stored(&SESSION).await;
    // Looker is asked for new tokens while one looks.
    stage
        .evaluate(
            "const now = window.Date.now; window.Date.now = () => now() + 3600000; window.dispatchEvent(new Event('focus')); return null",
        )
        .await;
    sees_listed(&stage, &["POST /api/token 200 OK"], "beginning").await;
    stage.end().await;
}

#[tokio::test]
async fn the_list_can_be_filtered() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_activity(&stage).await;
    stage.sees("exchanges").await;
    stage.types_into("filter", "post").await;
    stage.sees_that("one exchange", &format!("return {LIST}.join() === 'POST /api/token 200 OK'")).await;
    stage.sees("1 of ").await;
    stage.types_into("filter", " 500").await;
    stage.sees("No exchange matches.").await;
    stage.sees_that("no list", "return document.querySelector('.exchanges').hidden").await;
    stage.screenshot("activity-no-match").await;
    stage.end().await;
}

#[tokio::test]
async fn one_exchange_has_a_page_of_its_own() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_activity(&stage).await;
    stage.press("POST /api/token").await;
    stage.sees_heading("POST /api/token").await;
    stage.is_at("/activity/2").await;
    let base_url = stage.config()["instances"][0]["base_url"].as_str().expect("an address").to_owned();
    for fact in ["200 OK", "Looker did what it was asked.", &format!("{base_url}/api/token"), "Asked once", " bytes"] {
        stage.sees(fact).await;
    }
    stage.screenshot("activity-details").await;
    stage.reload().await;
    stage.sees_heading("POST /api/token").await;
    stage.is_at("/activity/2").await;
    stage.press("All activity").await;
    stage.sees_heading("Activity").await;
    for number in ["999", "x", "-1"] {
        stage.open_page(&format!("/activity/{number}")).await;
        stage.sees_heading("This exchange is not in the log").await;
    }
    stage.screenshot("activity-not-there").await;
    stage.press("All activity").await;
    sees_listed(&stage, &BEGINNING, "end").await;
    stage.end().await;
}

#[tokio::test]
async fn signing_out_forgets_the_list() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.reload().await;
    stage.sees_account().await;
    stage.signs_out().await;
    stage.has_stored(&[]).await;
    stage.reload().await;
    stage.sees_door().await;
    assert_eq!(stage.evaluate("return sightline.readLog()").await, json!("[]"));
    stage.press(journeys::page::SIGN_IN).await;
    stage.sees_account().await;
    sees_activity(&stage).await;
    stage
        .sees_that("one sign-in", &format!("return {LIST}.filter((row) => row.startsWith('GET /auth')).length === 1"))
        .await;
    stage.sees_that("no sign-out", &format!("return !{LIST}.join().includes('logout')")).await;
    stage.end().await;
}

/// Lets Looker end the session of this tab.
async fn sees_the_session_end(stage: &Stage) {
    stage.looker.revoke_all().await;
    stage.reload().await;
    stage.sees("Your session ended at Looker").await;
}

/// Logs in anew, on the way to the list.
async fn logs_in_anew(stage: &Stage, email: &str) {
    let instance = stage.config()["instances"][0].clone();
    stage.open_address(&format!("{}/logout", instance["looker_url"].as_str().unwrap_or_default())).await;
    stage.open_page("/activity").await;
    stage.press(journeys::page::SIGN_IN).await;
    stage.logs_in_at_looker_as(email).await;
}

async fn lists_sign_ins(stage: &Stage, count: usize) {
    stage.sees_heading("Activity").await;
    let ways = format!("return {LIST}.filter((row) => row === 'GET /auth Came back').length === {count}");
    stage.sees_that(&format!("{count} sign-ins in the list"), &ways).await;
}

#[tokio::test]
async fn what_one_person_asked_of_looker_is_not_shown_to_the_next() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_the_session_end(&stage).await;
    logs_in_anew(&stage, local_looker::EMAILS[1]).await;
    stage.allow().await;
    stage.sees("Grace Hopper").await;
    lists_sign_ins(&stage, 1).await;
    sees_listed(&stage, &BEGINNING, "end").await;
    stage.reload().await;
    lists_sign_ins(&stage, 1).await;
    sees_listed(&stage, &BEGINNING, "end").await;
    stage.end().await;
}

#[tokio::test]
async fn the_same_person_sees_why_the_session_before_ended_as_soon_as_looker_says_who_it_is() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_the_session_end(&stage).await;
    stage.looker.answer_user(json!({ "status": 503, "body": "{}" })).await;
    logs_in_anew(&stage, local_looker::EMAILS[0]).await;
    stage.sees_trouble("Local Looker has trouble of its own").await;
    stage.looker.clear_faults().await;
    stage.looker.answer_user(json!("hang")).await;
    stage.press("Try again").await;
    lists_sign_ins(&stage, 1).await;
    stage.looker.clear_faults().await;
    lists_sign_ins(&stage, 2).await;
    stage.sees_that("the refusal", &format!("return {LIST}.includes('POST /api/token 400 Bad request')")).await;
    stage.end().await;
}

#[tokio::test]
async fn what_failed_and_what_was_asked_again_is_told() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_activity(&stage).await;
    stage.looker.expire_access().await;
    stage.reload().await;
    stage.sees_heading("Activity").await;
    let replayed = ["GET /api/4.0/user 200 OK again", "POST /api/token 200 OK", "GET /api/4.0/user 401 Token refused"];
    sees_listed(&stage, &replayed, "beginning").await;
    shows_the_list(&stage).await;
    stage.screenshot("activity-again").await;

    stage.looker.answer_user(json!("drop_before")).await;
    stage.reload().await;
    stage.sees_heading("Activity").await;
    stage
        .sees_that("a call without an answer", &format!("return {LIST}[0].startsWith('GET /api/4.0/user No answer')"))
        .await;
    stage.looker.clear_faults().await;

    // A first token request that failed is in the list of the sign-in after it.
    stage.press("Account").await;
    stage.signs_out().await;
    stage.looker.answer_tokens(json!({ "status": 503, "body": "{}" })).await;
    stage.press(journeys::page::SIGN_IN).await;
    stage.sees_trouble("Local Looker has trouble of its own").await;
    stage.has_stored(&[]).await;
    stage.looker.clear_faults().await;
    stage.press(journeys::page::SIGN_IN_AGAIN).await;
    stage.sees_account().await;
    sees_activity(&stage).await;
    sees_listed(&stage, &["POST /api/token 503 Unavailable", "GET /auth Came back"], "end").await;
    shows_the_list(&stage).await;
    stage.screenshot("activity-failed").await;
    stage.end().await;
}

#[tokio::test]
async fn a_log_that_was_cut_or_edited_is_no_trouble() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    sees_activity(&stage).await;
    for nonsense in [
        "",
        "{",
        "null",
        "5",
        "\"text\"",
        "[null,1,{\"number\":3}]",
        "{\"number\":\"x\"}",
        "{\"exchanges\":[null,1,{\"number\":3}],\"owner\":5}",
    ] {
        replaces_the_log(&stage, nonsense).await;
        stage.sees("It is not in this tab's log").await;
        sees_listed(&stage, &["GET /api/4.0/user 200 OK"], "beginning").await;
        sees_listed(&stage, &["GET /api/4.0/user 200 OK"], "end").await;
        stage.has_stored(&SESSION).await;
    }
    stage.screenshot("activity-without-sign-in").await;
    let edited = json!({ "exchanges": [{
        "number": 1, "method": "GET", "url": "https://looker.example/x?code=s3cr3t", "status": 200,
        "start": 0, "duration": 1, "bytes": 1, "again": false,
    }] });
    replaces_the_log(&stage, &edited.to_string()).await;
    sees_listed(&stage, &["GET /x?code=… 200 OK"], "end").await;
    // However much is asked, the latest 200 are kept.
    stage
        .evaluate(
            "for (let i = 0; i < 300; i++) sightline.log('GET', 'https://looker.example/' + i, 200, i, 1, false);
             return null",
        )
        .await;
    stage.sees("200 exchanges").await;
    sees_listed(&stage, &["GET /299 200 OK"], "beginning").await;
    sees_listed(&stage, &["GET /100 200 OK"], "end").await;
    stage.screenshot("activity-full").await;
    stage.end().await;
}

/// A log that fails whenever it is used.
const FAILING: &str = "
    Object.defineProperty(globalThis, 'sightline', { configurable: true, set(sightline) {
        for (const name of ['begin', 'log', 'readLog', 'ownLog', 'forgetLog']) {
            sightline[name] = () => { throw new Error('the log is broken'); };
        }
        Object.defineProperty(globalThis, 'sightline', { value: sightline });
    } });
";

#[tokio::test]
async fn a_log_that_fails_is_missed_by_nobody() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(FAILING));
    stage.signs_in().await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.press("Activity").await;
    stage.sees_heading("Activity").await;
    let exchanges = stage.evaluate("return document.querySelectorAll('.exchanges tbody tr').length").await;
    assert_eq!(exchanges, json!(0));
    stage.press("Account").await;
    stage.signs_out().await;
    stage.end().await;
}
