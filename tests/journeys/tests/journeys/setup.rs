//! The set-up page: without a session, it finds out what is wrong and hands out what mends it.
//!
//! Each check fails and is mended in
//!
//! | check | journey |
//! | --- | --- |
//! | addresses | `an_address_that_can_not_be_used_is_said_beside_its_field` |
//! | browser | `a_page_by_https_that_asks_this_machine_by_http_is_told_whether_the_browser_lets_it`, `a_host_that_the_pages_own_policy_does_not_name_is_found_and_its_repair_seen`, `a_page_of_a_public_address_that_asks_this_machine_is_told_what_the_browser_says_of_it` |
//! | reachable | `without_a_connection_the_checks_say_so_and_go_on_when_it_is_back`, `a_host_that_nobody_answers_at_is_found_and_its_repair_seen`, `a_sign_in_to_a_host_that_never_answers_leads_to_that_check`, `a_certificate_that_the_browser_does_not_trust_is_found_and_one_that_it_trusts_is_good`, `a_host_that_sends_the_page_on_to_where_its_policy_ends_is_told_from_one_that_the_policy_does_not_name` |
//! | allowed | `an_origin_that_is_not_allowed_is_found_and_its_repair_seen`, `an_api_on_another_port_is_found_and_its_repair_seen` |
//! | API | `a_page_where_the_api_should_be_is_found_and_its_repair_seen`, `an_api_that_is_going_down_is_found_and_its_repair_seen`, `pages_of_another_looker_are_found_and_corrected_by_the_address_of_the_api` |
//! | version | `a_release_without_the_api_is_found_and_its_repair_seen` |
//! | registration | `a_redirect_uri_that_differs_by_a_slash_is_shown_and_repaired`, `an_app_that_looker_does_not_know_is_registered_disabled_and_enabled` |

mod added;
mod admin;
mod arrivals;
mod certificates;
mod paste;

use journeys::{Plan, Stage, browser::Habits, site::ConfigFile};
use serde_json::json;

/// What the checks find where all is well and nobody is signed in.
const WELL: &str = "Good Good Good Good Good Good Attention";

/// Runs the checks, and waits until they have ended and found this, in the words of the list.
async fn runs_the_checks(stage: &Stage, found: &str) {
    stage.press("Run the checks").await;
    sees_found(stage, found).await;
}

/// Waits until the checks have ended and found this, in the words of the list.
async fn sees_found(stage: &Stage, found: &str) {
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
    runs_the_checks(&stage, WELL).await;
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
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn a_release_without_the_api_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    let old = json!({ "looker_release_version": "7.20.1", "supported_versions": [{ "version": "3.1" }] });
    let then = json!({ "status": 200, "body": old.to_string() });
    stage.looker.add_fault(json!({ "path": "/versions", "host": "api", "method": "GET", "then": then })).await;
    runs_the_checks(&stage, "Good Good Good Good Good Trouble Attention").await;
    stage.sees("Looker 7.20.1 does not serve API 4.0").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn an_api_that_is_going_down_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    let down = json!({ "status": 503, "body": "" });
    stage.looker.add_fault(json!({ "path": "/alive", "host": "api", "method": "GET", "then": down })).await;
    runs_the_checks(&stage, "Good Good Good Good Trouble Good Attention").await;
    stage.sees("starting, or going down").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn a_host_that_nobody_answers_at_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    let dead = format!("http://localhost:{}", journeys::free_port());
    stage.site.let_connect("http://localhost:*");
    let mut config = stage.config();
    config["instances"][0]["base_url"] = json!(dead);
    stage.site.configure(ConfigFile::Is(config));
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees(&format!("Nobody answers at {dead}")).await;
    stage.sees(&format!("Open {dead}/alive in a new tab")).await;
    stage.site.configure(ConfigFile::Is(stage.config()));
    stage.reload().await;
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn a_host_that_the_pages_own_policy_does_not_name_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    let instance = stage.config()["instances"][0].clone();
    let base_url = instance["base_url"].as_str().expect("it has one");
    // As when somebody put the instance into config.json, and the host was not told.
    stage.site.let_connect("https://another.looker.example");
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Trouble Attention Attention Attention Attention Attention").await;
    stage.sees(&format!("connect-src) does not name {base_url}, so this browser sends nothing there.")).await;
    stage.sees("adds the instance to config.json").await;
    stage.screenshot("setup-policy").await;
    assert_eq!(stage.looker.count("GET", "/alive").await, 0);
    stage.site.let_connect(base_url);
    stage.reload().await;
    runs_the_checks(&stage, WELL).await;
    stage.ends_after_breaking("connect-src").await;
}

#[tokio::test]
async fn a_host_that_sends_the_page_on_to_where_its_policy_ends_is_told_from_one_that_the_policy_does_not_name() {
    let stage = Stage::open().await;
    let elsewhere = format!("http://localhost:{}/sign-in", journeys::free_port());
    let then = json!({ "status": 302, "body": "", "headers": { "Location": elsewhere } });
    stage.looker.add_fault(json!({ "path": "/", "host": "api", "then": then })).await;
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees("answers, but sends the page on to another address").await;
    stage.no_longer_sees("does not name").await;
    stage.screenshot("setup-sent-on").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, WELL).await;
    stage.ends_after_breaking("connect-src").await;
}

#[tokio::test]
async fn pages_of_another_looker_are_found_and_corrected_by_the_address_of_the_api() {
    let stage = Stage::open().await;
    stage.site.let_connect("http://localhost:*");
    let instance = stage.config()["instances"][0].clone();
    let [looker_url, base_url] = ["looker_url", "base_url"].map(|name| instance[name].as_str().unwrap_or_default());
    let mut config = stage.config();
    config["instances"][0]["looker_url"] = json!(base_url);
    stage.site.configure(ConfigFile::Is(config));
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Good Good Attention Good Attention").await;
    stage.sees(&format!("its pages are at {looker_url}")).await;
    // The metadata can't be read from here, so it is /versions that tells.
    stage.types("#pasted", base_url).await;
    stage.press("Find its hosts").await;
    stage.sees("These hosts were found").await;
    let fields = "return [looker_url.value, base_url.value].join(' ')";
    assert_eq!(stage.evaluate(fields).await, format!("{looker_url} {base_url}"));
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn where_nobody_may_add_instances_only_those_of_the_deployment_are_asked() {
    let stage = Stage::open().await;
    let mut config = stage.config();
    config["allow_other_instances"] = json!(false);
    stage.site.configure(ConfigFile::Is(config));
    let added = json!([{ "name": "Mine", "looker_url": "https://mine.example", "base_url": "https://mine.example" }]);
    stage.open_page("/").await;
    stage.sees_door().await;
    let store = format!("localStorage.setItem('sightline.instances', {}); return null", json!(added.to_string()));
    stage.evaluate(&store).await;
    stage.reload().await;
    stage.sees_door().await;
    assert!(!stage.page_text().await.contains("Mine"));
    opens_setup(&stage).await;
    let shown = "return [!!document.getElementById('pasted'), looker_url.readOnly, base_url.readOnly]";
    assert_eq!(stage.evaluate(shown).await, json!([false, true, true]));
    let text = stage.page_text().await;
    assert!(!text.contains("Mine") && !text.contains("Add this instance"), "{text}");
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn checks_and_searches_that_take_long_are_stopped() {
    let stage = Stage::open().await;
    stage.site.let_connect("http://localhost:*");
    opens_setup(&stage).await;
    stage.looker.add_fault(json!({ "path": "/versions", "host": "api", "then": "hang" })).await;
    stage.press("Run the checks").await;
    stage.sees("Check 4 of 7: This page's origin is allowed…").await;
    let current = "return [...document.querySelectorAll('.checks [aria-current=step] .word')].map((word) => word.innerText.trim())";
    assert_eq!(stage.evaluate(current).await, json!(["Running"]));
    stage.screenshot("setup-running").await;
    stage.press("Stop the checks").await;
    stage.sees("Stopped after 3 of 7 checks.").await;
    let words = "return [...document.querySelectorAll('.checks .word')].map((word) => word.innerText.trim()).join(' ')";
    assert_eq!(stage.evaluate(words).await, "Good Good Good Waiting Waiting Waiting Waiting");
    // Once more from the first, and to its end when the host does answer.
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, WELL).await;

    let looker_url = stage.config()["instances"][0]["looker_url"].as_str().expect("it has one").to_owned();
    let hang = json!({ "path": "/.well-known", "host": "ui", "then": "hang" });
    stage.looker.add_fault(hang).await;
    stage.types("#pasted", &looker_url).await;
    stage.press("Find its hosts").await;
    stage.sees("Looking for Looker's hosts…").await;
    stage.press("Stop the search").await;
    stage.sees("The search was stopped").await;
    stage.looker.clear_faults().await;
    runs_the_checks(&stage, WELL).await;
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
    runs_the_checks(&stage, "Trouble Attention Attention Attention Attention Attention Attention").await;
    stage.reload().await;
    runs_the_checks(&stage, WELL).await;
    let empty = "base_url.value = ''; base_url.dispatchEvent(new Event('input', { bubbles: true })); return null";
    stage.evaluate(empty).await;
    stage.types("#base_url", "http://my.looker.com").await;
    stage.sees("It can't be used: http is only for this machine").await;
    runs_the_checks(&stage, "Trouble Attention Attention Attention Attention Attention Attention").await;
    stage.press("Choose Local Looker").await;
    runs_the_checks(&stage, WELL).await;
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
async fn what_to_paste_has_this_pages_values_and_links_to_where_it_belongs() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    stage.sees(&format!("\"redirect_uri\":\"{}/authenticated\"", stage.site.app)).await;
    let (app, origin) = (&stage.site.app, &stage.site.origin);
    let instance = stage.config()["instances"][0].clone();
    let [looker_url, base_url] = ["looker_url", "base_url"].map(|name| instance[name].as_str().unwrap_or_default());
    for text in [
        &format!("export LOOKERSDK_BASE_URL={base_url}"),
        &format!("looker-admin register sightline --page {app}/ --display-name Sightline"),
        &format!("looker-admin allow-origin {origin}"),
        &format!("looker-admin doctor sightline --page {app}/"),
        &format!("curl -sS -X POST {base_url}/api/4.0/oauth_client_apps/sightline"),
    ] {
        stage.sees(text).await;
    }
    let links = "return [...document.querySelectorAll('main p a[target]')].map((link) => link.href)";
    let explorer =
        "extensions/marketplace_extension_api_explorer::api-explorer/4.0/methods/Auth/register_oauth_client_app";
    assert_eq!(
        stage.evaluate(links).await,
        json!([format!("{looker_url}/admin/embed"), format!("{looker_url}/{explorer}")])
    );
    stage.screenshot("setup").await;
    stage.browser.become_narrow().await;
    stage.sees_that("the page to fit its width", "return document.documentElement.scrollWidth <= innerWidth").await;
    stage.screenshot("setup-narrow").await;
    stage.end().await;
}

#[tokio::test]
async fn where_no_answer_may_be_read_the_likeliest_hosts_are_guessed_and_where_none_comes_it_is_said() {
    let stage = Stage::open().await;
    stage.site.let_connect("http://localhost:*");
    stage.looker.allow_origins(&[]).await;
    opens_setup(&stage).await;
    let looker_url = stage.config()["instances"][0]["looker_url"].as_str().unwrap_or_default().to_owned();
    stage.evaluate("looker_url.value = base_url.value = ''; return null").await;
    stage.types("#pasted", &looker_url).await;
    stage.press("Find its hosts").await;
    stage.sees("Somebody answers at these hosts, but does not let this page read what").await;
    let fields = "return [looker_url.value, base_url.value].join(' ')";
    assert_eq!(stage.evaluate(fields).await, format!("{looker_url} {looker_url}"));
    stage.screenshot("setup-guessed").await;
    stage.evaluate("pasted.value = ''; return null").await;
    stage.types("#pasted", &format!("http://localhost:{}", journeys::free_port())).await;
    stage.press("Find its hosts").await;
    stage.sees("Nobody answers this page at that address").await;
    stage.end().await;
}

#[tokio::test]
async fn without_a_connection_the_checks_say_so_and_go_on_when_it_is_back() {
    let habits = Habits { loses_connection: true, ..Habits::default() };
    let stage = Stage::planned(Plan { habits, ..Plan::default() }).await;
    opens_setup(&stage).await;
    stage.loses_its_connection().await;
    runs_the_checks(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees("This device is offline.").await;
    stage.has_its_connection_back().await;
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn an_api_on_another_port_is_found_and_its_repair_seen() {
    let stage = Stage::open().await;
    stage.site.let_connect("http://localhost:*");
    let base_url = stage.config()["instances"][0]["base_url"].clone();
    let mut config = stage.config();
    config["instances"][0]["base_url"] = config["instances"][0]["looker_url"].clone();
    stage.site.configure(ConfigFile::Is(config));
    stage.looker.answer_with(json!({ "metadata_has_cors": true })).await;
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Good Trouble Attention Attention Attention").await;
    stage.sees("the address may be that of Looker's pages and not of its API").await;
    let looker_url = stage.config()["instances"][0]["looker_url"].as_str().expect("it has one").to_owned();
    stage.types("#pasted", &looker_url).await;
    stage.press("Find its hosts").await;
    stage.sees("These hosts were found").await;
    assert_eq!(stage.evaluate("return base_url.value").await, base_url);
    runs_the_checks(&stage, WELL).await;
    stage.end().await;
}

#[tokio::test]
async fn the_door_offers_what_was_added_and_first_where_one_signed_in_last() {
    let stage = Stage::open().await;
    let instance = &stage.config()["instances"][0];
    let mut config = stage.config();
    config["instances"] = json!([{ "name": "Elsewhere", "looker_url": "https://elsewhere.example" }]);
    stage.site.configure(ConfigFile::Is(config));
    stage.open_page("/").await;
    let added = json!([{ "name": "Mine", "looker_url": instance["looker_url"], "base_url": instance["base_url"] }]);
    let store = format!("localStorage.setItem('sightline.instances', {}); return null", json!(added.to_string()));
    stage.evaluate(&store).await;
    stage.reload().await;
    let offered = "return [...document.querySelectorAll('#door li')].map((choice) => choice.innerText).join(', ')";
    stage
        .sees_that("both", &format!("{offered} === 'Sign in to Elsewhere, Sign in to Mine, Open the set-up page'"))
        .await;
    stage.screenshot("door-added").await;
    stage.press("Sign in to Mine").await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.press("Sign out").await;
    stage
        .sees_that(
            "the last one first",
            &format!("{offered} === 'Sign in to Mine, Sign in to Elsewhere, Open the set-up page'"),
        )
        .await;
    // What somebody edited into nonsense is not offered.
    stage.evaluate("localStorage.setItem('sightline.instances', '[{\"name\":\"x\",\"looker_url\":\"javascript:x\"}]'); return null").await;
    stage.press("Open the set-up page").await;
    stage.sees_heading("Set-up").await;
    stage.press("Sign in").await;
    stage.sees_that("only the other", &format!("{offered} === 'Sign in to Elsewhere, Open the set-up page'")).await;
    stage.end().await;
}

#[tokio::test]
async fn a_set_up_page_that_never_arrives_is_given_up_and_can_be_loaded_when_it_does() {
    let stage = Stage::open().await;
    let wasm = stage.site.path_of("setup", "_bg.wasm");
    stage.site.hold(&wasm);
    stage.open_page("/setup").await;
    stage.sees_at_last("could not be loaded").await;
    let before = stage.site.count(&wasm);
    stage.press("Load again").await;
    stage.waits_until("the page to be asked for", || async { stage.site.count(&wasm) > before }).await;
    stage.site.release();
    stage.sees_heading("Set-up").await;
    stage.end().await;
}

/// Tells when a module has started, in `hasStarted`.
const TELL_STARTS: &str = "
    for (const way of ['instantiate', 'instantiateStreaming']) {
        const make = WebAssembly[way];
        WebAssembly[way] = async (...given) => {
            const made = await make.apply(WebAssembly, given);
            setTimeout(() => { globalThis.hasStarted = true; });
            return made;
        };
    }";

#[tokio::test]
async fn a_set_up_page_that_arrives_after_it_was_given_up_opens_when_it_is_loaded_again_and_not_before() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(TELL_STARTS));
    stage.site.hold(&stage.site.path_of("setup", "_bg.wasm"));
    stage.open_page("/setup").await;
    stage.sees_at_last("could not be loaded").await;
    stage.site.release();
    stage.sees_that("a module that starts", "return globalThis.hasStarted").await;
    let text = stage.page_text().await;
    assert!(text.contains("could not be loaded") && !text.contains("Set-up"), "{text}");
    stage.press("Load again").await;
    stage.sees_heading("Set-up").await;
    stage.end().await;
}

/// Elsewhere than on Linux a machine has one loopback address, and others may use these ports of it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_looker_on_its_usual_ports_is_found_by_either_of_them_or_by_none() {
    let stage = Stage::open().await;
    // An address of this journey's own.
    let port = journeys::free_port().to_be_bytes();
    let ip = std::net::Ipv4Addr::new(127, 77, port[0], port[1].max(1));
    let apps = vec![stage.site.app.clone()];
    let settings = local_looker::Settings {
        looker: (ip, 9999).into(),
        api: (ip, 19999).into(),
        apps,
        ..local_looker::Settings::default()
    };
    let looker = local_looker::start(settings).await.expect("another local Looker starts");
    stage.site.let_connect(&format!("http://{ip}:*"));
    let found = format!("http://{ip}:9999 http://{ip}:19999");
    assert_eq!(format!("{} {}", looker.looker_url(), looker.base_url()), found);
    for pasted in [format!("{ip}"), format!("http://{ip}:9999/folders/home?x=1#y"), format!("{ip}:19999")] {
        opens_setup(&stage).await;
        stage.types("#pasted", &pasted).await;
        stage.press("Find its hosts").await;
        stage.sees("These hosts were found").await;
        assert_eq!(stage.evaluate("return [looker_url.value, base_url.value].join(' ')").await, found, "{pasted}");
        runs_the_checks(&stage, WELL).await;
    }
    stage.end().await;
}
