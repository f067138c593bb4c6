//! Faults, the list of requests, and the way back to the start.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::time::Duration;
use support::{APP, Local, header, local};

async fn faults(local: &Local, rule: Value) {
    local.steer("faults", rule).await;
}

async fn versions(local: &Local) -> reqwest::Result<reqwest::Response> {
    local.client.get(local.api("/versions")).header("origin", APP).send().await
}

async fn requests(local: &Local) -> Value {
    let response = local.client.get(local.ui("/_local/requests")).send().await.unwrap();
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_given_answer_is_sent_as_often_as_asked_with_cors() {
    let local = local().await;
    let then = json!({ "status": 429, "body": "{}", "headers": { "Retry-After": "3" } });
    faults(&local, json!({ "path": "/versions", "times": 2, "then": then })).await;
    for _ in 0..2 {
        let response = versions(&local).await.unwrap();
        assert_eq!(response.status(), 429);
        assert_eq!(header(response.headers(), "retry-after"), Some("3"));
        assert_eq!(header(response.headers(), "content-type"), Some("application/json"));
        assert_eq!(header(response.headers(), "access-control-allow-origin"), Some(APP));
    }
    assert_eq!(versions(&local).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_dropped_request_is_carried_out_or_not_as_asked() {
    let local = local().await;
    let (access, refresh) = local.tokens("ada@example.com").await;
    faults(&local, json!({ "path": "/api/token", "times": 1, "then": "drop_before" })).await;
    let send = async || {
        let body = json!({
            "grant_type": "refresh_token", "client_id": "sightline", "refresh_token": refresh,
        });
        local.client.post(local.api("/api/token")).json(&body).send().await
    };
    assert!(send().await.is_err());
    faults(&local, json!({ "path": "/api/token", "times": 1, "then": "drop_after" })).await;
    assert!(send().await.is_err(), "the first drop did nothing, this one refreshes");
    assert_eq!(send().await.unwrap().status(), 400, "the refresh token is used up");
    assert_eq!(local.alive(&access).await, 200);
}

#[tokio::test]
async fn a_connection_used_before_is_not_the_one_that_is_dropped() {
    // A browser would send the request again, unseen by the page.
    let local = local().await;
    versions(&local).await.unwrap();
    faults(&local, json!({ "path": "/api/4.0/user", "times": 1, "then": "drop_before" })).await;
    let preflight = versions(&local).await.unwrap();
    assert_eq!(header(preflight.headers(), "connection"), Some("close"));
    let call = async || local.client.get(local.api("/api/4.0/user")).send().await;
    assert!(call().await.is_err());
    let after = call().await.unwrap();
    assert_eq!((after.status().as_u16(), header(after.headers(), "connection")), (401, None));
}

#[tokio::test]
async fn half_an_answer_is_half_an_answer() {
    let local = local().await;
    faults(&local, json!({ "path": "/versions", "times": 1, "then": "truncate" })).await;
    let text = versions(&local).await.unwrap().text().await.unwrap();
    assert!(text.starts_with('{') && serde_json::from_str::<Value>(&text).is_err(), "{text}");
    faults(&local, json!({ "path": "/versions", "times": 1, "then": "break_off" })).await;
    let response = versions(&local).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.is_err());
    assert!(versions(&local).await.unwrap().json::<Value>().await.is_ok());
}

#[tokio::test]
async fn an_answer_can_lack_its_cors_headers() {
    let local = local().await;
    faults(&local, json!({ "path": "/versions", "times": 1, "then": "no_cors" })).await;
    let response = versions(&local).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(header(response.headers(), "access-control-allow-origin").is_none());
    let then = json!({ "status": 503, "also": "no_cors" });
    faults(&local, json!({ "path": "/versions", "times": 1, "then": then })).await;
    let response = versions(&local).await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(header(response.headers(), "access-control-allow-origin").is_none());
}

#[tokio::test]
async fn a_delayed_answer_comes_after_its_delay() {
    let local = local().await;
    faults(&local, json!({ "path": "/versions", "times": 1, "then": { "delay_ms": 120 } })).await;
    let before = std::time::Instant::now();
    assert_eq!(versions(&local).await.unwrap().status(), 200);
    assert!(before.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn what_hangs_ends_when_faults_are_cleared() {
    let local = local().await;
    faults(&local, json!({ "path": "/versions", "then": "hang" })).await;
    let clear = async {
        // The request has arrived when it is in the list.
        while requests(&local).await.as_array().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        local.client.delete(local.ui("/_local/faults")).send().await.unwrap()
    };
    let (hung, cleared) = tokio::join!(versions(&local), clear);
    assert!(hung.is_err());
    assert_eq!(cleared.status(), 204);
    assert_eq!(versions(&local).await.unwrap().status(), 200);
    assert_eq!(requests(&local).await[0]["status"], Value::Null);
}

#[tokio::test]
async fn what_is_held_is_carried_out_when_faults_are_cleared() {
    let local = local().await;
    let (_, refresh) = local.tokens("ada@example.com").await;
    let send = async || {
        let body = json!({ "grant_type": "refresh_token", "client_id": "sightline", "refresh_token": refresh });
        local.client.post(local.api("/api/token")).json(&body).send().await
    };
    faults(&local, json!({ "path": "/api/token", "times": 1, "then": "hold" })).await;
    local.client.delete(local.ui("/_local/requests")).send().await.unwrap();
    let clear = async {
        while requests(&local).await.as_array().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        // Nothing was done with its refresh token yet.
        assert_eq!(send().await.unwrap().status(), 200);
        local.client.delete(local.ui("/_local/faults")).send().await.unwrap()
    };
    let (held, cleared) = tokio::join!(send(), clear);
    assert_eq!(cleared.status(), 204);
    // It is used up by now.
    assert_eq!(held.unwrap().status(), 400);
}

#[tokio::test]
async fn faults_in_the_place_of_others_meet_what_comes_after_the_end_of_what_hung() {
    let local = local().await;
    faults(&local, json!({ "path": "/versions", "then": "hang" })).await;
    let replace = async {
        while requests(&local).await.as_array().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let others = json!([{ "path": "/", "host": "api", "then": { "status": 503 } }]);
        local.client.put(local.ui("/_local/faults")).json(&others).send().await.unwrap()
    };
    let (hung, replaced) = tokio::join!(versions(&local), replace);
    assert!(hung.is_err());
    assert_eq!(replaced.status(), 204);
    assert_eq!(versions(&local).await.unwrap().status(), 503);
}

#[tokio::test]
async fn what_is_carried_out_may_hang_all_the_same() {
    let local = local().await;
    let (_, refresh) = local.tokens("ada@example.com").await;
    let send = async || {
        let body = json!({ "grant_type": "refresh_token", "client_id": "sightline", "refresh_token": refresh });
        local.client.post(local.api("/api/token")).json(&body).send().await
    };
    faults(&local, json!({ "path": "/api/token", "times": 1, "then": "hang_after" })).await;
    local.client.delete(local.ui("/_local/requests")).send().await.unwrap();
    let clear = async {
        while requests(&local).await.as_array().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        // The first one hangs, and its refresh token is used up.
        while send().await.unwrap().status() != 400 {
            tokio::task::yield_now().await;
        }
        local.client.delete(local.ui("/_local/faults")).send().await.unwrap()
    };
    let (hung, cleared) = tokio::join!(send(), clear);
    assert!(hung.is_err());
    assert_eq!(cleared.status(), 204);
}

#[tokio::test]
async fn stopping_does_not_wait_for_what_hangs() {
    let local = local().await;
    faults(&local, json!({ "path": "/", "host": "api", "then": "hang" })).await;
    let url = local.api("/versions");
    let hung = tokio::spawn(async move { Client::new().get(url).send().await });
    while requests(&local).await.as_array().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    // It would hang for ever.
    tokio::time::timeout(Duration::from_secs(60), local.looker.stop()).await.unwrap();
    assert!(hung.await.unwrap().is_err());
}

#[tokio::test]
async fn faults_meet_the_ui_host_too() {
    let local = local().await;
    let then = json!({ "status": 500, "body": "<h1>no</h1>" });
    faults(&local, json!([{ "path": "/auth", "times": 1, "then": then }])).await;
    assert_eq!(local.auth(&support::good()).await.status(), 500);
    assert_eq!(local.auth(&support::good()).await.status(), 200);
}

#[tokio::test]
async fn requests_are_listed_in_order_and_without_secrets() {
    let local = local().await;
    local.tokens("ada@example.com").await;
    local.client.get(local.api("/api/4.0/user?secret=1")).header("origin", APP).send().await.unwrap();
    let list = requests(&local).await;
    let short: Vec<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|line| format!("{} {} {} {}", line["host"], line["method"], line["path"], line["status"]))
        .map(|line| line.replace('"', ""))
        .collect();
    assert_eq!(
        short,
        [
            "ui GET /auth 200",
            "ui POST /login 303",
            "ui GET /auth 200",
            "ui POST /disclosure 303",
            "api POST /api/token 200",
            "api GET /api/4.0/user 401",
        ]
    );
    assert_eq!(list[5]["origin"], APP);
    let text = list.to_string();
    assert!(!text.contains("secret") && !text.contains("looker\""), "{text}");
    local.client.delete(local.ui("/_local/requests")).send().await.unwrap();
    assert_eq!(requests(&local).await, json!([]));
}

#[tokio::test]
async fn a_page_cannot_steer_because_only_json_is_taken() {
    let local = local().await;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        for path in ["clock", "tokens", "answers", "faults", "apps", "allowlist", "reset", "groups"] {
            let request = local.client.post(local.ui(&format!("/_local/{path}"))).body("{}");
            let response = request.header("content-type", content_type).send().await.unwrap();
            assert_eq!(response.status(), 415, "{path} {content_type}");
        }
    }
    let preflight = local
        .client
        .request(Method::OPTIONS, local.ui("/_local/reset"))
        .header("origin", APP)
        .header("access-control-request-method", "POST");
    let response = preflight.send().await.unwrap();
    assert!(header(response.headers(), "access-control-allow-origin").is_none());
}

#[tokio::test]
async fn a_reset_brings_everything_back_to_the_start() {
    let local = local().await;
    let (access, _) = local.tokens("ada@example.com").await;
    let ada = local.ada().await;
    local.call(Method::POST, "/users", &ada, json!({ "first_name": "New" })).await;
    local.steer("allowlist", json!({ "origins": [] })).await;
    local.steer("answers", json!({ "expires_in": 1 })).await;
    local.steer("clock", json!({ "advance_seconds": 5 })).await;
    faults(&local, json!({ "path": "/versions", "then": "drop_before" })).await;
    local.steer("apps", json!({ "client_guid": "sightline", "enabled": false })).await;
    local.steer("reset", json!({})).await;

    assert_eq!(requests(&local).await, json!([]));
    assert_eq!(local.alive(&access).await, 401);
    let response = versions(&local).await.unwrap();
    assert_eq!(header(response.headers(), "access-control-allow-origin"), Some(APP));
    let ada = local.ada().await;
    let users = local.call(Method::GET, "/users?fields=id", &ada, Value::Null).await;
    assert_eq!(users.json::<Value>().await.unwrap(), json!([{ "id": "1" }, { "id": "2" }]));
    // Login and disclosure are shown again.
    local.tokens("ada@example.com").await;
    let count = requests(&local)
        .await
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["path"] == "/login" || line["path"] == "/disclosure")
        .count();
    assert_eq!(count, 2);
}
