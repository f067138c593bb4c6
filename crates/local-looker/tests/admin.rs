//! The admin page: every button of it, and who may press them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::hand::{Hand, element};
use support::{APP, Local, good, header, local, location, text};

const GRACE: &str = "grace@example.com";

async fn steered(local: &Local, what: &str) -> Value {
    local.client.get(local.ui(&format!("/_local/{what}"))).send().await.unwrap().json().await.unwrap()
}

async fn fields(local: &Local, path: &str) -> Value {
    local.call(Method::GET, path, &local.ada().await, Value::Null).await.json().await.unwrap()
}

#[tokio::test]
async fn people_and_their_credentials_are_made_changed_and_deleted_by_hand() {
    let local = local().await;
    let hand = Hand::at(&local, "people");
    let katherine = [("first_name", "Katherine"), ("last_name", "Johnson"), ("email", "katherine@example.com")];
    let page = hand.press("Create person", &katherine).await;
    assert!(page.contains("The person is created.") && page.contains("Katherine Johnson"), "{page}");
    local.tokens("katherine@example.com").await;

    let page = hand.press("Create API3 credentials: Katherine Johnson", &[("purpose", "reports")]).await;
    let (client_id, secret) = (element(&page, "client-id"), element(&page, "client-secret"));
    assert!(!hand.page().await.contains(&secret), "it is shown once");
    let login: Value = local.api3(&client_id, &secret).await.json().await.unwrap();
    let token = text(&login, "access_token");
    let me = || async { local.call(Method::GET, "/user", &token, Value::Null).await };
    let user: Value = me().await.json().await.unwrap();
    assert_eq!((&user["id"], &user["role_ids"]), (&json!("3"), &json!(["1"])));
    assert_eq!(user["credentials_api3"][0]["purpose"], "reports");

    hand.press("Make an admin: Katherine Johnson", &[]).await;
    assert_eq!(local.status(Method::GET, "/setting", &token, Value::Null).await, 200);
    hand.press("Make no admin: Katherine Johnson", &[]).await;
    assert_eq!(local.status(Method::GET, "/setting", &token, Value::Null).await, 404);
    hand.press("Set groups: Katherine Johnson", &[("groups", "1, 7")]).await;
    let user: Value = me().await.json().await.unwrap();
    assert_eq!(user["group_ids"], json!(["1", "7"]));
    hand.press("Disable: Katherine Johnson", &[]).await;
    assert_eq!(me().await.status(), 401);
    hand.press("Enable: Katherine Johnson", &[]).await;
    assert_eq!(me().await.status(), 200);
    hand.press(&format!("Delete credentials: {client_id}"), &[]).await;
    assert_eq!(me().await.status(), 401);
    assert_eq!(local.api3(&client_id, &secret).await.status(), 404);
    hand.press("Delete for good: Katherine Johnson", &[]).await;
    assert_eq!(fields(&local, "/users?fields=id").await, json!([{ "id": "1" }, { "id": "2" }]));
    hand.has_pressed_all();
}

#[tokio::test]
async fn apps_and_the_allowlist_are_managed_by_hand() {
    let local = local().await;
    let hand = Hand::at(&local, "apps");
    let mine = [
        ("client_guid", "mine"),
        ("redirect_uri", "https://mine.example/authenticated"),
        ("display_name", "Mine"),
        ("description", "Mine alone"),
    ];
    hand.press("Register app", &mine).await;
    let (status, page) = hand.tries("Register app", &mine).await;
    assert!(status == 422 && page.contains("An app mine is there already"), "{page}");
    let moved = [("redirect_uri", "https://mine.example/b/authenticated"), ("group_id", "2")];
    hand.press("Save: mine", &moved).await;
    let app = fields(&local, "/oauth_client_apps/mine?fields=redirect_uri,group_id,display_name").await;
    let expected = json!({
        "redirect_uri": "https://mine.example/b/authenticated", "group_id": "2", "display_name": "Mine",
    });
    assert_eq!(app, expected);
    hand.press("Save: mine", &[("group_id", "")]).await;
    assert_eq!(fields(&local, "/oauth_client_apps/mine").await["group_id"], Value::Null);
    hand.press("Delete for good: mine", &[]).await;
    assert_eq!(fields(&local, "/oauth_client_apps").await.as_array().unwrap().len(), 1);

    let (access, refresh) = local.tokens(GRACE).await;
    hand.press("Revoke tokens: sightline", &[]).await;
    assert_eq!((local.alive(&access).await, local.refresh(&refresh).await.0), (401, 400));
    let (access, _) = local.tokens(GRACE).await;
    hand.press("Disable: sightline", &[]).await;
    assert_eq!((local.alive(&access).await, local.auth(&good()).await.status().as_u16()), (401, 403));
    hand.press("Enable: sightline", &[]).await;
    assert_eq!(local.auth(&good()).await.status(), 303);

    let (status, page) = hand.tries("Replace the allowlist", &[("origins", "https://a.example/")]).await;
    assert!(status == 422 && page.contains("https://a.example/</textarea>"), "{page}");
    hand.press("Replace the allowlist", &[("origins", "https://a.example\r\n\r\n https://*.b.example \r\n")]).await;
    let setting = fields(&local, "/setting").await;
    assert_eq!(setting["embed_config"]["domain_allowlist"], json!(["https://a.example", "https://*.b.example"]));
    hand.has_pressed_all();
}

#[tokio::test]
async fn living_tokens_are_listed_and_one_sign_in_or_all_are_revoked() {
    let local = local().await;
    let hand = Hand::at(&local, "tokens");
    assert!(hand.page().await.contains("No token lives."));
    let (first, first_refresh) = local.tokens(GRACE).await;
    local.steer("clock", json!({ "advance_seconds": 60 })).await;
    let ada = local.ada().await;
    let page = hand.page().await;
    for part in
        ["Grace Hopper", "app sightline", "59 min", "29 days", "Ada Lovelace", "API3 credentials local-client-id"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    for secret in [&first, &first_refresh, &ada] {
        assert!(!page.contains(secret.as_str()));
    }
    let (status, page) = hand.tries("Revoke: Grace Hopper, app sightline", &[("family", "of nobody")]).await;
    assert!(status == 422 && page.contains("is not there any more"), "{page}");
    assert_eq!(local.alive(&first).await, 200);
    let page = hand.press("Revoke: Grace Hopper, app sightline", &[]).await;
    assert!(!page.contains("Grace Hopper"), "{page}");
    assert_eq!((local.alive(&first).await, local.refresh(&first_refresh).await.0), (401, 400));
    assert_eq!(local.alive(&ada).await, 200);

    let (access, refresh) = local.tokens(GRACE).await;
    hand.press("Expire access tokens: of everybody", &[]).await;
    assert_eq!((local.alive(&access).await, local.alive(&ada).await), (401, 401));
    assert!(hand.page().await.contains("no living token"));
    let (status, renewed) = local.refresh(&refresh).await;
    assert_eq!(status, 200);
    hand.press("Expire refresh tokens: of everybody", &[]).await;
    let (access, refresh) = (text(&renewed, "access_token"), text(&renewed, "refresh_token"));
    assert_eq!((local.alive(&access).await, local.refresh(&refresh).await.0), (200, 400));
    hand.press("Revoke all: tokens and codes of everybody", &[]).await;
    assert_eq!(local.alive(&access).await, 401);
    let ada = local.ada().await;
    hand.press("Revoke: Ada Lovelace, API3 credentials local-client-id", &[]).await;
    assert_eq!((local.alive(&ada).await, local.alive(&local.ada().await).await), (401, 200), "the pair stays good");
    hand.has_pressed_all();
}

#[tokio::test]
async fn a_sign_in_that_may_not_use_its_tokens_is_not_listed_as_living() {
    let local = local().await;
    local.tokens(GRACE).await;
    let ada = local.ada().await;
    let hand = Hand::at(&local, "tokens");
    local.call(Method::PATCH, "/users/2", &ada, json!({ "is_disabled": true })).await;
    assert!(!hand.page().await.contains("Grace"));
    local.call(Method::PATCH, "/users/2", &ada, json!({ "is_disabled": false })).await;
    assert!(hand.page().await.contains("Grace"));
    local.steer("apps", json!({ "client_guid": "sightline", "group_id": "2" })).await;
    assert!(!hand.page().await.contains("Grace"));
}

#[tokio::test]
async fn the_sign_in_is_set_by_hand() {
    let local = local().await;
    let hand = Hand::at(&local, "sign-in");
    for (two_factor, directory) in [("on", ""), ("on", "on"), ("", "")] {
        hand.press("Set the sign-in", &[("two_factor", two_factor), ("directory", directory)]).await;
        let set = json!({ "two_factor": two_factor == "on", "directory": directory == "on" });
        assert_eq!(steered(&local, "sign_in").await, set);
    }
    hand.has_pressed_all();
}

#[tokio::test]
async fn every_answer_is_chosen_by_hand() {
    let local = local().await;
    let hand = Hand::at(&local, "answers");
    let before = steered(&local, "answers").await;
    hand.press("Set the answers", &[]).await;
    assert_eq!(steered(&local, "answers").await, before, "the form holds what is set");
    let other = json!({
        "rotate_refresh": false, "errors_have_cors": false, "expose_headers": true, "preflight_max_age": 5,
        "issuer_in_redirect": true, "wrong_issuer": true, "token_error_shape": "looker", "forbidden_as": 403,
        "expires_in": 7, "accept_padded_challenge": false, "has_metadata": false, "metadata_has_cors": true,
    });
    let typed: Vec<(&str, String)> = other
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| match value {
            Value::Bool(on) => (name.as_str(), if *on { "on" } else { "" }.to_owned()),
            Value::String(text) => (name.as_str(), text.clone()),
            number => (name.as_str(), number.to_string()),
        })
        .collect();
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    hand.press("Set the answers", &typed).await;
    assert_eq!(steered(&local, "answers").await, other);
    for (name, wrong, said) in [
        ("expires_in", "soon", "expires_in: “soon” is no number that fits."),
        ("expires_in", "", "expires_in: a number is missing."),
        ("preflight_max_age", "-1", "preflight_max_age: “-1” is no number that fits."),
        ("token_error_shape", "xml", "token_error_shape: “xml” is none of the choices."),
        ("forbidden_as", "500", "forbidden_as: “500” is none of the choices."),
    ] {
        let (status, page) = hand.tries("Set the answers", &[("rotate_refresh", "on"), (name, wrong)]).await;
        assert!(status == 422 && page.contains(said), "{name}: {page}");
        let kept = hand.kept("Set the answers", &page);
        assert_eq!(kept["rotate_refresh"].as_deref(), Some("on"), "{name}");
        let is_choice = name == "token_error_shape" || name == "forbidden_as";
        assert!(is_choice || kept[name].as_deref() == Some(wrong), "{name}: {kept:?}");
    }
    assert_eq!(steered(&local, "answers").await, other);
    hand.has_pressed_all();
}

#[tokio::test]
async fn faults_are_added_and_cleared_and_requests_forgotten_by_hand() {
    let local = local().await;
    let hand = Hand::at(&local, "faults");
    let fault = [
        ("path", "/versions"),
        ("times", "1"),
        ("host", "api"),
        ("method", "GET"),
        ("status", "429"),
        ("delay_ms", "1"),
        ("content_type", "text/plain"),
        ("headers", "Retry-After: 3\r\nX-Odd: a:b"),
        ("body", "slow down"),
        ("cut", "no_cors"),
    ];
    hand.press("Add fault", &fault).await;
    let response = local.client.get(local.api("/versions")).header("origin", APP).send().await.unwrap();
    assert_eq!(response.status(), 429);
    for (name, value) in [
        ("retry-after", Some("3")),
        ("x-odd", Some("a:b")),
        ("content-type", Some("text/plain")),
        ("access-control-allow-origin", None),
    ] {
        assert_eq!(header(response.headers(), name), value, "{name}");
    }
    assert_eq!(response.text().await.unwrap(), "slow down");
    assert_eq!(steered(&local, "faults").await, json!([]));

    for cut in ["hold", "hang", "hang_after", "drop_before", "drop_after", "truncate", "break_off", "no_cors"] {
        hand.press("Add fault", &[("path", "/alive"), ("cut", cut)]).await;
    }
    let rules = steered(&local, "faults").await;
    assert_eq!((rules.as_array().unwrap().len(), &rules[0]["then"]), (8, &json!("hold")));
    for (name, wrong, said) in [
        ("path", "alive", "path: “alive” begins no path"),
        ("times", "0", "times: 0 times is never."),
        ("times", "-1", "times: “-1” is no number that fits."),
        ("cut", "explode", "cut: “explode” is none of the choices."),
        ("host", "other", "host: “other” is none of the choices."),
        ("method", "get it", "method: “get it” is none of the choices."),
        ("status", "9", "status: 9 is none; they go from 100 to 999"),
        ("headers", "none", "“none” is no header: a name, a colon and a value."),
        ("headers", "a b: c", "headers: “a b” can’t be the name of one"),
        ("headers", "a: \u{1}", r"headers: “\u{1}” can’t be the value of one"),
    ] {
        let (status, page) = hand.tries("Add fault", &[("status", "500"), ("body", "kept"), (name, wrong)]).await;
        assert!(status == 422 && page.contains(said) && page.contains("\nkept</textarea>"), "{name}: {page}");
    }
    assert_eq!(steered(&local, "faults").await, rules);
    hand.press("Clear faults: all", &[]).await;
    assert_eq!(steered(&local, "faults").await, json!([]));
    assert!(hand.page().await.contains("API GET /versions 429 from http://localhost:8080"));
    hand.press("Forget requests: all", &[]).await;
    assert_eq!(steered(&local, "requests").await, json!([]));
    hand.has_pressed_all();
}

#[tokio::test]
async fn the_clock_is_moved_and_everything_reset_by_hand() {
    let local = local().await;
    let hand = Hand::at(&local, "time");
    let ada = local.ada().await;
    hand.press("Forward an hour: the clock", &[]).await;
    assert_eq!(local.alive(&ada).await, 401);
    let page = hand.press("Move the clock", &[("advance_seconds", "-7200")]).await;
    assert!(page.contains("60 min behind this computer"), "{page}");
    assert_eq!(local.alive(&ada).await, 200);
    for (wrong, said) in [("soon", "“soon” is no number that fits."), ("", "a number is missing.")] {
        let (status, page) = hand.tries("Move the clock", &[("advance_seconds", wrong)]).await;
        assert!(status == 422 && page.contains(said), "{page}");
        assert!(page.contains(&format!("value=\"{wrong}\"")) || wrong.is_empty(), "{page}");
    }
    hand.press("Forward 30 days: the clock", &[]).await;
    assert_eq!(local.alive(&ada).await, 401);
    let page = hand.press("As on this computer: the clock", &[]).await;
    assert!(page.contains("as on this computer."), "{page}");
    assert_eq!(local.alive(&ada).await, 200);
    local.steer("sign_in", json!({ "two_factor": true, "directory": true })).await;
    hand.press("Reset for good: everything", &[]).await;
    assert_eq!(local.alive(&ada).await, 401);
    assert_eq!(steered(&local, "sign_in").await, json!({ "two_factor": false, "directory": false }));
    hand.has_pressed_all();
}

#[tokio::test]
async fn no_other_page_presses_a_button_and_no_other_name_opens_the_page() {
    let local = local().await;
    let (access, _) = local.tokens(GRACE).await;
    let own = local.looker.looker_url();
    for (name, value) in [
        ("origin", APP),
        ("origin", "null"),
        ("origin", own.replace("http", "https").as_str()),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "cross-site"),
        ("host", "evil.example"),
    ] {
        let form = [("do", "revoke_all")];
        let request = local.client.post(local.ui("/admin/tokens")).form(&form).header(name, value);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403, "{name}: {value}");
        assert!(response.text().await.unwrap().contains("This is refused"));
        let request = local.client.post(local.ui("/_local/reset")).json(&json!({})).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 403, "{name}: {value}");
    }
    let request = local.client.get(local.ui("/admin/tokens")).header("host", "evil.example");
    assert_eq!(request.send().await.unwrap().status(), 403);
    assert_eq!(local.alive(&access).await, 200);
}

#[tokio::test]
async fn the_page_meets_no_fault_is_not_listed_and_is_linked_from_the_start_page() {
    let local = local().await;
    let then = json!({ "status": 500 });
    local.steer("faults", json!({ "path": "/", "host": "ui", "times": 1, "then": then })).await;
    let first = local.get("/admin").await;
    assert_eq!(location(&first).path(), "/admin/people");
    let page = local.get("/admin/people").await;
    assert_eq!(page.status(), 200);
    let policy = header(page.headers(), "content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(steered(&local, "requests").await, json!([]));
    assert_eq!(local.get("/").await.status(), 500);
    assert!(local.get("/").await.text().await.unwrap().contains("href=\"/admin\""));
    assert_eq!(local.get("/admin/nonsense").await.status(), 404);
}

#[tokio::test]
async fn names_are_shown_as_text_and_what_is_refused_stays_typed() {
    let local = local().await;
    let evil = "\"><script>x</script>";
    let people = Hand::at(&local, "people");
    people.press("Create person", &[("first_name", evil), ("last_name", evil), ("email", "x@y\"><script>")]).await;
    let apps = Hand::at(&local, "apps");
    let app =
        [("client_guid", "mine"), ("redirect_uri", "https://a.example"), ("display_name", evil), ("description", evil)];
    apps.press("Register app", &app).await;
    for page in [people.page().await, apps.page().await] {
        assert!(page.contains("&lt;script") && !page.contains("<script"), "{page}");
    }
    let (status, page) =
        people.tries("Create person", &[("first_name", "Kept"), ("email", "no address"), ("is_admin", "on")]).await;
    assert_eq!(status, 422);
    assert!(page.contains("role=\"alert\"") && page.contains("This is no email address."), "{page}");
    assert!(page.contains("value=\"Kept\"") && page.contains(" checked"), "{page}");
    let (status, page) = apps.tries("Save: mine", &[("redirect_uri", "http://far.example")]).await;
    assert!(status == 422 && page.contains("value=\"http://far.example\"") && page.contains("<details open"), "{page}");
}
