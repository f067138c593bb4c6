//! From the sign-in button to the workbench.

use journeys::{
    Stage,
    page::{NAME, SESSION, SIGN_IN},
};
use serde_json::json;

#[tokio::test]
async fn from_the_button_over_login_and_disclosure_to_the_name() {
    let stage = Stage::open().await;
    // So that the greeting, which stands until the workbench is there, can be looked at.
    stage.site.hold(&stage.site.path_of("workbench-", "_bg.wasm"));
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.screenshot("sign-in-1-door").await;

    stage.press(SIGN_IN).await;
    stage.sees_heading("Sign in to Looker").await;
    stage.screenshot("sign-in-2-login").await;
    stage.log_in_at_looker().await;
    stage.sees_heading("Allow Sightline to use your Looker account?").await;
    stage.screenshot("sign-in-3-disclosure").await;
    stage.allow().await;

    stage.sees_heading(&format!("Hello {NAME}")).await;
    stage.sees_no_secret_in_the_address().await;
    stage.screenshot("sign-in-4-greeting").await;
    stage.site.release();
    stage.sees_account().await;
    stage.screenshot("sign-in-5-account").await;

    stage.is_at("/account").await;
    stage.has_stored(&SESSION).await;
    stage.has_sent_token_requests(1).await;
    // The door's first answer goes to the workbench: nobody is asked twice.
    assert_eq!(stage.looker.count("GET", "/api/4.0/user").await, 1);
    stage.end().await;
}

/// Notes the page's heading in each frame.
const HEADINGS: &str = "
    globalThis.headings = [];
    const look = () => {
        headings.push(document.querySelector('h1')?.textContent);
        requestAnimationFrame(look);
    };
    look();";

#[tokio::test]
async fn the_greeting_is_painted_before_a_workbench_that_is_there_already_opens() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(HEADINGS));
    // Longer than the workbench takes.
    stage.looker.answer_user(json!({ "delay_ms": 2_000 })).await;
    stage.signs_in().await;
    let greeted = format!("return headings.includes('Hello {NAME}')");
    assert_eq!(stage.evaluate(&greeted).await, true);
    stage.end().await;
}

#[tokio::test]
async fn the_account_page_tells_who_where_and_how_long() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let base_url = stage.config()["instances"][0]["base_url"].as_str().unwrap_or_default().to_owned();
    for fact in [NAME, "ada@example.com", "Local Looker", &base_url] {
        stage.sees(fact).await;
    }
    stage
        .sees_that(
            "Looker's version",
            "return [...document.querySelectorAll('dt')].some(
                (dt) => dt.innerText === 'Version' && /^\\d+\\.\\d+/.test(dt.nextElementSibling.innerText))",
        )
        .await;
    let timer = "return document.querySelector('[role=timer]').innerText";
    let before =
        stage.sees_that("a countdown in minutes", &format!("{timer}.match(/^59 min \\d+ s$/)?.[0] ?? null")).await;
    let changed = format!("const now = (() => {{ {timer} }})(); return now !== {before}");
    stage.sees_that("the countdown to count", &changed).await;
    stage.end().await;
}

#[tokio::test]
async fn what_is_stored_has_the_fields_that_looker_users_know() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let info = stage.access_info().await;
    let fields: Vec<&str> = info.as_object().expect("it is an object").keys().map(String::as_str).collect();
    let mut known =
        ["access_token", "expires_at", "expires_in", "refresh_expires_at", "refresh_token", "token_type"].to_vec();
    known.sort_unstable();
    assert_eq!(fields, known);
    assert_eq!((&info["token_type"], &info["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let now = stage.evaluate("return Date.now()").await.as_f64().expect("a time");
    let left = (info["expires_at"].as_f64().expect("a time") - now) / 1000.0;
    assert!((3540.0..=3600.0).contains(&left), "the token is stored as good for {left} s");
    stage.end().await;
}

#[tokio::test]
async fn going_back_after_a_sign_in_brings_no_code_back() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    // Through Looker's pages to the door and what was before it, whatever each engine skips. Each
    // press may lead on at once: Looker redirects who is signed in.
    for _ in 0..5 {
        stage.go_back().await;
        // Not settled while the door is at work.
        let settled = "return document.readyState === 'complete' && !document.querySelector('[role=status] h1')";
        stage.sees_that("the page to settle", settled).await;
        if stage.address().await.starts_with(&stage.site.origin) {
            stage.sees_no_secret_in_the_address().await;
        }
    }
    stage.has_sent_token_requests(1).await;
    stage.open_page("/").await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn a_second_sign_in_shows_no_page_of_looker() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.signs_out().await;
    stage.looker.forget_requests().await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    let asked = stage.looker.requests().await;
    let ui: Vec<_> = asked.iter().filter(|x| x.host == "ui").map(|x| (&*x.method, &*x.path)).collect();
    assert_eq!(ui, [("GET", "/auth")]);
    stage.has_sent_token_requests(1).await;
    stage.end().await;
}

#[tokio::test]
async fn without_random_numbers_there_is_no_sign_in() {
    for broken in [
        // But for the 16 bytes that axe-core takes when it looks at the page.
        "const given = crypto.getRandomValues.bind(crypto);
         Crypto.prototype.getRandomValues = (bytes) => {
             if (bytes.length === 16) return given(bytes);
             throw new Error('broken');
         }",
        "delete Crypto.prototype.getRandomValues",
        "Object.defineProperty(globalThis, 'crypto', { value: undefined })",
    ] {
        let stage = Stage::open().await;
        stage.site.run_first(Some(broken));
        stage.open_page("/").await;
        stage.press(SIGN_IN).await;
        stage.sees_trouble("This browser has no secure random numbers").await;
        stage.screenshot("sign-in-no-random-numbers").await;
        stage.has_stored(&[]).await;
        assert_eq!(stage.looker.count("GET", "/auth").await, 0);
        stage.end().await;
    }
}

#[tokio::test]
async fn a_deep_link_is_where_one_is_after_the_sign_in() {
    let stage = Stage::open().await;
    stage.open_page("/account?x=1#y").await;
    stage.sees_door().await;
    stage.is_at("/account?x=1#y").await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.end().await;
}

#[tokio::test]
async fn an_unknown_address_says_so_after_the_sign_in_and_leads_on() {
    let stage = Stage::open().await;
    stage.open_page("/no/such/page?x=1#y").await;
    stage.passes_looker().await;
    stage.sees_heading("There is no such page").await;
    stage.is_at("/no/such/page?x=1#y").await;
    stage.screenshot("sign-in-not-found").await;
    stage.press("Go to your account").await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    stage.end().await;
}

#[tokio::test]
async fn back_from_the_login_page_the_button_can_be_used_again() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    stage.begins_to_sign_in().await;
    stage.go_back().await;
    stage.sees_door().await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    // The sign-in that was left at the login page could still be finished: its address may be open
    // somewhere.
    stage.has_stored(&[SESSION[0], SESSION[1], "sightline.pending.*"]).await;
    stage.end().await;
}

#[tokio::test]
async fn a_way_to_looker_that_comes_to_nothing_can_be_gone_again() {
    let stage = Stage::open().await;
    // To the page it is as if the person had stopped it; chromedriver answers nothing as long as a page
    // may come.
    stage.looker.add_fault(json!({ "path": "/auth", "host": "ui", "then": { "status": 204 } })).await;
    stage.open_page("/").await;
    stage.press(SIGN_IN).await;
    stage.waits_until("Looker to be asked", || async { stage.looker.count("GET", "/auth").await == 1 }).await;
    stage.sees("Going to Local Looker…").await;
    stage.looker.clear_faults().await;
    stage.sees_door().await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_that_is_opened_by_the_name_of_its_file_leads_to_the_account() {
    let stage = Stage::open().await;
    stage.open_page("/index.html").await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    stage.end().await;
}

#[tokio::test]
async fn an_app_that_looker_does_not_know_ends_at_looker_and_back_leads_to_the_door() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    config["client_id"] = json!("nobody");
    stage.site.configure(journeys::site::ConfigFile::Is(config));
    stage.open_page("/").await;
    stage.press(SIGN_IN).await;
    stage.sees_heading("This app cannot sign you in").await;
    stage.go_back().await;
    stage.sees_door().await;
    stage.sees("You came back without an answer of Looker's.").await;
    stage.screenshot("sign-in-unanswered").await;
    // Not only on a page that was kept as it was left.
    stage.reload().await;
    stage.sees("If you saw an error page there, find out why.").await;
    stage.press("Find out why").await;
    stage.sees_heading("Set-up").await;
    stage.sees("Where it ends on an error page of Looker's, one of these differs.").await;
    stage.has_sent_token_requests(0).await;
    stage.end().await;
}

#[tokio::test]
async fn every_instance_has_its_button_and_the_one_pressed_is_the_one_signed_in_to() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    let mut other = config["instances"][0].clone();
    other["name"] = json!("The other Looker, which has a name so long that it takes more than one line");
    config["instances"].as_array_mut().expect("a list").push(other.clone());
    stage.site.configure(journeys::site::ConfigFile::Is(config));
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.screenshot("sign-in-two-instances").await;
    stage.sees(SIGN_IN).await;
    let name = other["name"].as_str().expect("a name");
    stage.press(&format!("Sign in to {name}")).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.sees(name).await;
    stage.screenshot("sign-in-account-with-a-long-name").await;
    stage.end().await;
}

#[tokio::test]
async fn rule_18_the_redirect_page_loads_nothing_from_elsewhere_and_sends_no_referrer() {
    let stage = Stage::open().await;
    stage.looker.answer_tokens(json!("hang")).await;
    stage.open_page("/").await;
    stage.begins_to_sign_in().await;
    // Looker's page is the first that could have been told.
    assert_eq!(stage.evaluate("return document.referrer").await, "");
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.waits_for_token_requests(1).await;
    stage.is_at("/authenticated").await;
    let elsewhere = "return performance.getEntriesByType('resource').map((entry) => entry.name)
        .filter((name) => new URL(name).origin !== location.origin)";
    assert_eq!(stage.evaluate(elsewhere).await, json!([]));
    stage.end().await;
}

#[tokio::test]
async fn rule_19_the_app_runs_under_a_policy_that_runs_no_script_put_into_the_page() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    assert_eq!(stage.broken_directives().await, [""; 0]);
    // Not by an element: Trusted Types refuse that before this policy is asked.
    let ran = "return import('data:text/javascript,window.ran = true').then(() => true, () => window.ran === true)";
    assert_eq!(stage.evaluate(ran).await, false);
    stage.waits_until("the report", || async { !stage.broken_directives().await.is_empty() }).await;
    // Every journey's end would fail by it; so this one can't end like the others.
    let broken = stage.broken_directives().await;
    assert!(matches!(&*broken, [directive] if directive.starts_with("script-src")), "{broken:?}");
}
