//! `/api/token` and the life of tokens.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Local, REDIRECT_URI, VERIFIER, header, local, text};

const ADA: &str = "ada@example.com";

fn error_of((status, body): (u16, Value)) -> (u16, String) {
    (status, text(&body, "error"))
}

#[tokio::test]
async fn a_code_becomes_tokens_that_work_with_token_and_bearer() {
    let local = local().await;
    let (status, body) = local.redeem(&local.code(ADA).await).await;
    assert_eq!(status, 200);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    let token = text(&body, "access_token");
    for scheme in ["token", "Bearer"] {
        let request = local.client.get(local.api("/api/4.0/user"));
        let response = request.header("authorization", format!("{scheme} {token}")).send().await.unwrap();
        let user: Value = response.json().await.unwrap();
        assert_eq!((&user["display_name"], &user["email"]), (&json!("Ada Lovelace"), &json!(ADA)));
    }
}

#[tokio::test]
async fn a_code_is_redeemed_only_once_and_a_second_try_revokes_its_tokens() {
    let local = local().await;
    let code = local.code(ADA).await;
    let (_, body) = local.redeem(&code).await;
    let (access, refresh) = (text(&body, "access_token"), text(&body, "refresh_token"));
    assert_eq!(local.alive(&access).await, 200);
    assert_eq!(error_of(local.redeem(&code).await), (400, "invalid_grant".to_owned()));
    assert_eq!(local.alive(&access).await, 401);
    assert_eq!(local.refresh(&refresh).await.0, 400);
}

#[tokio::test]
async fn a_code_lives_one_minute() {
    let local = local().await;
    let (early, late) = (local.code(ADA).await, local.code(ADA).await);
    local.steer("clock", json!({ "advance_seconds": 50 })).await;
    assert_eq!(local.redeem(&early).await.0, 200);
    local.steer("clock", json!({ "advance_seconds": 10 })).await;
    assert_eq!(error_of(local.redeem(&late).await), (400, "invalid_grant".to_owned()));
}

fn code_request(code: &str, name: &str, value: Value) -> Value {
    let mut request = json!({
        "grant_type": "authorization_code",
        "client_id": "sightline",
        "redirect_uri": REDIRECT_URI,
        "code": code,
        "code_verifier": VERIFIER,
    });
    request[name] = value;
    request
}

#[tokio::test]
async fn a_code_is_bound_to_client_address_and_proof() {
    let local = local().await;
    local.steer("apps", json!({ "client_guid": "other", "redirect_uri": "http://localhost:1/a" })).await;
    let code = local.code(ADA).await;
    for (name, value, error) in [
        ("client_id", json!("other"), "invalid_grant"),
        ("client_id", json!("unknown"), "invalid_client"),
        ("client_id", Value::Null, "invalid_request"),
        ("redirect_uri", json!("http://localhost:8080/authenticated/"), "invalid_grant"),
        ("redirect_uri", Value::Null, "invalid_request"),
        ("code", json!("unknown"), "invalid_grant"),
        ("code", json!(""), "invalid_request"),
        ("code_verifier", json!("a".repeat(43)), "invalid_grant"),
        ("code_verifier", json!("a".repeat(64)), "invalid_grant"),
        ("code_verifier", json!("short"), "invalid_grant"),
        ("code_verifier", Value::Null, "invalid_request"),
        ("grant_type", json!("password"), "unsupported_grant_type"),
        ("grant_type", json!(7), "invalid_request"),
    ] {
        let answer = local.token_request(code_request(&code, name, value.clone())).await;
        assert_eq!(error_of(answer), (400, error.to_owned()), "{name} = {value}");
    }
    assert_eq!(local.redeem(&code).await.0, 200, "the right request still works");
}

#[tokio::test]
async fn a_client_secret_even_an_empty_one_is_not_found() {
    let local = local().await;
    let code = local.code(ADA).await;
    for secret in [json!(""), json!("x"), Value::Null] {
        let (status, body) = local.token_request(code_request(&code, "client_secret", secret)).await;
        assert_eq!(status, 404);
        assert!(body.as_str().unwrap().contains("Sinatra::NotFound"), "{body}");
    }
    let request = local.client.post(local.api("/api/token"));
    let form = [("grant_type", "refresh_token"), ("client_secret", "")];
    assert_eq!(request.form(&form).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn http_basic_is_refused() {
    let local = local().await;
    let code = local.code(ADA).await;
    let request = local.client.post(local.api("/api/token")).basic_auth("sightline", Some(""));
    let response = request.json(&code_request(&code, "x", Value::Null)).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(header(response.headers(), "www-authenticate").unwrap().starts_with("Basic"));
}

#[tokio::test]
async fn a_form_is_as_good_as_json_and_neither_is_stored_by_caches() {
    let local = local().await;
    let code = local.code(ADA).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "sightline"),
        ("redirect_uri", REDIRECT_URI),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let response = local.client.post(local.api("/api/token")).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(response.headers(), "cache-control"), Some("no-store"));
    let response = local.client.post(local.api("/api/token")).body("x").send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(header(response.headers(), "cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_refresh_replaces_the_refresh_token() {
    let local = local().await;
    let (access, refresh) = local.tokens(ADA).await;
    let (status, body) = local.refresh(&refresh).await;
    assert_eq!(status, 200);
    assert_eq!(local.alive(&access).await, 200, "the old access token lives out its hour");
    assert_eq!(local.alive(&text(&body, "access_token")).await, 200);
    assert_eq!(error_of(local.refresh(&refresh).await), (400, "invalid_grant".to_owned()));
    assert_eq!(local.refresh(&text(&body, "refresh_token")).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_refreshes_at_once_with_one_token_one_succeeds() {
    let local = local().await;
    let (_, refresh) = local.tokens(ADA).await;
    let body = json!({ "grant_type": "refresh_token", "client_id": "sightline", "refresh_token": refresh });
    let all: Vec<_> =
        (0..50).map(|_| tokio::spawn(local.client.post(local.api("/api/token")).json(&body).send())).collect();
    let mut succeeded = 0;
    for one in all {
        succeeded += u32::from(one.await.unwrap().unwrap().status() == 200);
    }
    assert_eq!(succeeded, 1);
}

#[tokio::test]
async fn a_refresh_keeps_the_refresh_token_when_told_so() {
    let local = local().await;
    local.steer("answers", json!({ "rotate_refresh": false })).await;
    let (_, refresh) = local.tokens(ADA).await;
    for _ in 0..2 {
        let (status, body) = local.refresh(&refresh).await;
        assert_eq!(status, 200);
        assert_eq!(body.get("refresh_token"), None);
    }
}

#[tokio::test]
async fn a_refresh_token_is_bound_to_its_client_and_its_address() {
    let local = local().await;
    local.steer("apps", json!({ "client_guid": "other", "redirect_uri": "http://localhost:1/a" })).await;
    let (access, refresh) = local.tokens(ADA).await;
    for (client, redirect_uri, token, status) in [
        ("other", "http://localhost:1/a", &refresh, 400),
        ("sightline", "http://localhost:1/a", &refresh, 400),
        ("sightline", REDIRECT_URI, &access, 400),
        ("sightline", REDIRECT_URI, &refresh, 200),
    ] {
        let request = json!({
            "grant_type": "refresh_token",
            "client_id": client,
            "redirect_uri": redirect_uri,
            "refresh_token": token,
        });
        assert_eq!(local.token_request(request).await.0, status, "{client} {redirect_uri}");
    }
    assert_eq!(local.alive(&refresh).await, 401, "a refresh token is no access token");
}

#[tokio::test]
async fn tokens_die_when_their_time_is_over() {
    let local = local().await;
    let (access, refresh) = local.tokens(ADA).await;
    local.steer("clock", json!({ "advance_seconds": 3_500 })).await;
    assert_eq!(local.alive(&access).await, 200);
    local.steer("clock", json!({ "advance_seconds": 100 })).await;
    assert_eq!(local.alive(&access).await, 401);
    local.steer("clock", json!({ "advance_seconds": -3_600 })).await;
    assert_eq!(local.alive(&access).await, 200);
    local.steer("clock", json!({ "advance_seconds": 30 * 86_400 })).await;
    assert_eq!(local.refresh(&refresh).await.0, 400);
}

#[tokio::test]
async fn the_lifetime_of_access_tokens_is_as_told() {
    let local = local().await;
    local.steer("answers", json!({ "expires_in": 5 })).await;
    let (_, body) = local.redeem(&local.code(ADA).await).await;
    assert_eq!(body["expires_in"], 5);
    local.steer("clock", json!({ "advance_seconds": 5 })).await;
    assert_eq!(local.alive(&text(&body, "access_token")).await, 401);
}

#[tokio::test]
async fn errors_have_lookers_shape_when_told_so() {
    let local = local().await;
    local.steer("answers", json!({ "token_error_shape": "looker" })).await;
    let (status, body) = local.refresh("dead").await;
    assert_eq!(status, 400);
    assert!(body["message"].is_string() && body["documentation_url"].is_string(), "{body}");
    assert!(body.get("error").is_none());
}

async fn ends(local: &Local, tokens: &(String, String)) {
    assert_eq!(local.alive(&tokens.0).await, 401);
    assert_eq!(local.refresh(&tokens.1).await.0, 400);
}

#[tokio::test]
async fn logging_out_ends_both_tokens_of_this_sign_in_and_no_others() {
    let local = local().await;
    let (here, elsewhere) = (local.tokens(ADA).await, local.tokens(ADA).await);
    assert_eq!(local.status(Method::DELETE, "/logout", &here.0, Value::Null).await, 204);
    ends(&local, &here).await;
    assert_eq!(local.status(Method::DELETE, "/logout", &here.0, Value::Null).await, 401);
    assert_eq!(local.alive(&elsewhere.0).await, 200);
}

#[tokio::test]
async fn whatever_an_admin_does_to_the_app_or_the_person_ends_their_tokens() {
    for (method, path, body) in [
        (Method::DELETE, "/oauth_client_apps/sightline/tokens", Value::Null),
        (Method::DELETE, "/oauth_client_apps/sightline/users/2", Value::Null),
        (Method::DELETE, "/oauth_client_apps/sightline", Value::Null),
        (Method::PATCH, "/oauth_client_apps/sightline", json!({ "enabled": false })),
        (Method::PATCH, "/oauth_client_apps/sightline", json!({ "group_id": "2" })),
        (Method::DELETE, "/users/2", Value::Null),
        (Method::PATCH, "/users/2", json!({ "is_disabled": true })),
    ] {
        let local = local().await;
        let (tokens, ada) = (local.tokens("grace@example.com").await, local.ada().await);
        let code = local.code("grace@example.com").await;
        assert_eq!(local.alive(&tokens.0).await, 200);
        let response = local.call(method.clone(), path, &ada, body.clone()).await;
        assert!(response.status().is_success(), "{method} {path}");
        ends(&local, &tokens).await;
        assert_eq!(local.redeem(&code).await.0, 400, "{method} {path}");
        assert_eq!(local.alive(&ada).await, 200);
    }
}

#[tokio::test]
async fn tokens_expire_and_are_revoked_when_told_so() {
    let local = local().await;
    let (access, refresh) = local.tokens(ADA).await;
    local.steer("tokens", json!({ "do": "expire_access" })).await;
    assert_eq!(local.alive(&access).await, 401);
    let (status, body) = local.refresh(&refresh).await;
    assert_eq!(status, 200);
    local.steer("tokens", json!({ "do": "expire_refresh" })).await;
    assert_eq!(local.refresh(&text(&body, "refresh_token")).await.0, 400);
    assert_eq!(local.alive(&text(&body, "access_token")).await, 200);
    local.steer("tokens", json!({ "do": "revoke_all" })).await;
    assert_eq!(local.alive(&text(&body, "access_token")).await, 401);
}
