//! The API: who may do what, and what the answers look like when they may not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{header, local, text};

#[tokio::test]
async fn without_a_living_token_everything_requires_authentication() {
    let local = local().await;
    for path in ["/user", "/users", "/users/1", "/oauth_client_apps", "/setting"] {
        for authorization in [None, Some("Bearer dead"), Some("token"), Some("Basic YTpi")] {
            let mut request = local.client.get(local.api(&format!("/api/4.0{path}")));
            if let Some(value) = authorization {
                request = request.header("authorization", value);
            }
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401, "{path} {authorization:?}");
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["message"], "Requires authentication.");
            assert!(body["documentation_url"].is_string());
        }
    }
}

#[tokio::test]
async fn a_wrong_path_or_method_is_an_html_page() {
    let local = local().await;
    for (method, url) in [
        (Method::GET, local.api("/api/4.0/nonsense")),
        (Method::GET, local.api("/")),
        (Method::GET, local.api("/auth")),
        (Method::GET, local.api("/api/token")),
        (Method::PUT, local.api("/api/4.0/user")),
        (Method::GET, local.api("/_local/requests")),
        (Method::POST, local.ui("/api/token")),
        (Method::GET, local.ui("/versions")),
    ] {
        let response = local.client.request(method.clone(), &url).send().await.unwrap();
        assert_eq!(response.status(), 404, "{method} {url}");
        assert!(header(response.headers(), "content-type").unwrap().starts_with("text/html"));
    }
}

#[tokio::test]
async fn versions_and_alive_need_no_token() {
    let local = local().await;
    for path in ["/versions", "/api/4.0/versions"] {
        let response = local.client.get(local.api(path)).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        assert_eq!(text(&body, "api_server_url"), local.looker.base_url());
        assert_eq!(text(&body, "web_server_url"), local.looker.looker_url());
        assert_eq!(body["current_version"]["version"], "4.0");
    }
    let alive = local.client.get(local.api("/alive")).send().await.unwrap();
    assert_eq!(alive.status(), 200);
    assert_eq!(alive.text().await.unwrap(), "");
}

#[tokio::test]
async fn api3_credentials_log_in_by_form_or_query_and_wrong_ones_do_not() {
    let local = local().await;
    let token = local.ada().await;
    assert_eq!(local.alive(&token).await, 200);
    let query = "/api/4.0/login?client_id=local-client-id&client_secret=local-client-secret";
    assert_eq!(local.client.post(local.api(query)).send().await.unwrap().status(), 200);
    for (id, secret) in [("local-client-id", "x"), ("x", "local-client-secret"), ("", "")] {
        assert_eq!(local.api3(id, secret).await.status(), 404);
    }
    assert_eq!(local.status(Method::DELETE, "/logout", &token, Value::Null).await, 204);
    assert_eq!(local.alive(&token).await, 401);
}

#[tokio::test]
async fn the_unversioned_logout_works_without_cors() {
    let local = local().await;
    let token = local.ada().await;
    let request = local.client.delete(local.api("/api/logout")).header("origin", support::APP);
    let response = request.header("authorization", format!("token {token}")).send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert!(header(response.headers(), "access-control-allow-origin").is_none());
    assert_eq!(local.alive(&token).await, 401);
}

#[tokio::test]
async fn an_admin_makes_a_person_who_signs_in_and_is_gone_with_everything_when_deleted() {
    let local = local().await;
    let ada = local.ada().await;
    let new = json!({ "first_name": "Katherine", "last_name": "Johnson" });
    let user: Value = local.call(Method::POST, "/users", &ada, new).await.json().await.unwrap();
    let id = text(&user, "id");
    assert_eq!(user["display_name"], "Katherine Johnson");
    let at = format!("/users/{id}/credentials_email");
    let email = json!({ "email": "katherine@example.com" });
    assert_eq!(local.status(Method::POST, &at, &ada, email.clone()).await, 200);
    assert_eq!(local.status(Method::POST, &at, &ada, email).await, 409);
    let at = format!("/users/{id}/credentials_api3");
    let pair: Value = local.call(Method::POST, &at, &ada, Value::Null).await.json().await.unwrap();
    let (client_id, secret) = (text(&pair, "client_id"), text(&pair, "client_secret"));
    let list: Value = local.call(Method::GET, &at, &ada, Value::Null).await.json().await.unwrap();
    assert_eq!(list[0]["client_id"], client_id.as_str());
    assert_eq!(list[0].get("client_secret"), None, "the secret is told once");

    let (oauth, refresh) = local.tokens("katherine@example.com").await;
    let login: Value = local.api3(&client_id, &secret).await.json().await.unwrap();
    let api3 = text(&login, "access_token");
    let sudo = local.call(Method::POST, &format!("/login/{id}"), &ada, Value::Null).await;
    let sudo = text(&sudo.json().await.unwrap(), "access_token");
    for token in [&oauth, &api3, &sudo] {
        let me: Value = local.call(Method::GET, "/user", token, Value::Null).await.json().await.unwrap();
        assert_eq!(me["id"], id.as_str());
    }

    assert_eq!(local.status(Method::DELETE, &format!("/users/{id}"), &ada, Value::Null).await, 204);
    for token in [&oauth, &api3, &sudo] {
        assert_eq!(local.alive(token).await, 401);
    }
    assert_eq!(local.refresh(&refresh).await.0, 400);
    assert_eq!(local.api3(&client_id, &secret).await.status(), 404);
    assert!(local.get("/").await.text().await.unwrap().contains("Nobody is signed in"));
    assert_eq!(local.status(Method::DELETE, &format!("/users/{id}"), &ada, Value::Null).await, 404);
}

#[tokio::test]
async fn deleting_api3_credentials_ends_their_tokens_and_their_login() {
    let local = local().await;
    let ada = local.ada().await;
    let at = "/users/2/credentials_api3";
    let pair: Value = local.call(Method::POST, at, &ada, Value::Null).await.json().await.unwrap();
    let (client_id, secret) = (text(&pair, "client_id"), text(&pair, "client_secret"));
    let login: Value = local.api3(&client_id, &secret).await.json().await.unwrap();
    let token = text(&login, "access_token");
    assert_eq!(local.alive(&token).await, 200);
    let at = format!("{at}/{}", text(&pair, "id"));
    assert_eq!(local.status(Method::GET, &at, &ada, Value::Null).await, 200);
    assert_eq!(local.status(Method::DELETE, &at, &ada, Value::Null).await, 204);
    assert_eq!(local.status(Method::GET, &at, &ada, Value::Null).await, 404);
    assert_eq!(local.alive(&token).await, 401);
    assert_eq!(local.api3(&client_id, &secret).await.status(), 404);
}

#[tokio::test]
async fn who_is_no_admin_manages_nobody_else() {
    let local = local().await;
    let (grace, _) = local.tokens("grace@example.com").await;
    let app = json!({ "redirect_uri": "https://a.example/", "display_name": "A", "description": "A" });
    for expected in [404, 403] {
        local.steer("answers", json!({ "forbidden_as": expected })).await;
        for (method, path, body) in [
            (Method::POST, "/users", json!({})),
            (Method::PATCH, "/users/1", json!({ "first_name": "X" })),
            (Method::PATCH, "/users/2", json!({ "is_disabled": true })),
            (Method::DELETE, "/users/1", Value::Null),
            (Method::GET, "/users/1/credentials_api3", Value::Null),
            (Method::POST, "/users/2/credentials_api3", Value::Null),
            (Method::POST, "/login/1", Value::Null),
            (Method::GET, "/oauth_client_apps", Value::Null),
            (Method::POST, "/oauth_client_apps/mine", app.clone()),
            (Method::DELETE, "/oauth_client_apps/sightline/tokens", Value::Null),
            (Method::GET, "/setting", Value::Null),
            (Method::PATCH, "/setting", json!({})),
        ] {
            let status = local.status(method.clone(), path, &grace, body).await;
            assert_eq!(status, expected, "{method} {path}");
        }
    }
    assert_eq!(local.status(Method::GET, "/users/2", &grace, Value::Null).await, 200);
    let list: Value = local.call(Method::GET, "/users", &grace, Value::Null).await.json().await.unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_no_admin_sees_of_others_their_name_and_no_more() {
    let local = local().await;
    let (grace, _) = local.tokens("grace@example.com").await;
    let ada: Value = local.call(Method::GET, "/users/1", &grace, Value::Null).await.json().await.unwrap();
    let names: Vec<&str> = ada.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["avatar_url", "can", "display_name", "first_name", "id", "last_name", "url"]);
    assert_eq!((&ada["id"], &ada["display_name"]), (&json!("1"), &json!("Ada Lovelace")));
    assert_eq!(local.status(Method::GET, "/users/99", &grace, Value::Null).await, 404);
}

#[tokio::test]
async fn users_come_in_pages_and_with_the_fields_asked_for() {
    let local = local().await;
    let ada = local.ada().await;
    let page = local.call(Method::GET, "/users?limit=1&fields=id", &ada, Value::Null).await;
    assert_eq!(header(page.headers(), "x-total-count"), Some("2"));
    assert!(header(page.headers(), "link").unwrap().contains("limit=1&offset=1"));
    assert_eq!(page.json::<Value>().await.unwrap(), json!([{ "id": "1" }]));
    let page = local.call(Method::GET, "/users?limit=1&offset=1", &ada, Value::Null).await;
    assert!(header(page.headers(), "link").is_none());
    assert_eq!(page.json::<Value>().await.unwrap()[0]["id"], "2");
    assert_eq!(local.status(Method::GET, "/users?limit=x", &ada, Value::Null).await, 400);
}

#[tokio::test]
async fn an_app_is_registered_changed_and_removed() {
    let local = local().await;
    let ada = local.ada().await;
    let at = "/oauth_client_apps/mine";
    let app = json!({
        "redirect_uri": "https://mine.example/authenticated",
        "display_name": "Mine",
        "description": "Mine alone",
    });
    let made = local.call(Method::POST, at, &ada, app.clone()).await;
    assert_eq!(made.status(), 200);
    assert_eq!(made.json::<Value>().await.unwrap()["enabled"], true);
    assert_eq!(local.status(Method::POST, at, &ada, app).await, 409);
    let change = json!({ "enabled": false, "display_name": "Ours" });
    let changed = local.call(Method::PATCH, at, &ada, change).await;
    let changed: Value = changed.json().await.unwrap();
    assert_eq!((&changed["enabled"], &changed["display_name"]), (&json!(false), &json!("Ours")));
    assert_eq!(changed["description"], "Mine alone");
    assert_ne!(text(&changed, "tokens_invalid_before"), "1970-01-01T00:00:00.000Z");
    let list: Value = local.call(Method::GET, "/oauth_client_apps", &ada, Value::Null).await.json().await.unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(local.status(Method::DELETE, at, &ada, Value::Null).await, 204);
    assert_eq!(local.status(Method::GET, at, &ada, Value::Null).await, 404);
}

#[tokio::test]
async fn an_invalid_app_is_refused_with_its_fields() {
    let local = local().await;
    let ada = local.ada().await;
    let good = json!({
        "redirect_uri": "https://mine.example/authenticated",
        "display_name": "Mine",
        "description": "Mine alone",
    });
    for (field, value) in [
        ("redirect_uri", json!("http://mine.example/authenticated")),
        ("redirect_uri", json!("https://mine.example/#a")),
        ("redirect_uri", json!("mine")),
        ("redirect_uri", json!("")),
        ("redirect_uri", Value::Null),
        ("redirect_uri", json!(1)),
        ("display_name", json!(" ")),
        ("description", Value::Null),
        ("enabled", json!("yes")),
        ("group_id", json!(1)),
    ] {
        let mut app = good.clone();
        app[field] = value.clone();
        let response = local.call(Method::POST, "/oauth_client_apps/mine", &ada, app).await;
        assert_eq!(response.status(), 422, "{field} = {value}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
        assert_eq!(body["errors"][0]["field"], field);
    }
    assert_eq!(local.status(Method::POST, "/oauth_client_apps/a%20b", &ada, good).await, 422);
    let raw = local.client.post(local.api("/api/4.0/oauth_client_apps/mine"));
    let raw = raw.header("authorization", format!("token {ada}")).body("{");
    assert_eq!(raw.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_person_activated_by_an_admin_sees_no_disclosure() {
    let local = local().await;
    let ada = local.ada().await;
    let at = "/oauth_client_apps/sightline/users/2";
    assert_eq!(local.status(Method::POST, at, &ada, Value::Null).await, 200);
    assert_eq!(local.status(Method::POST, at, &ada, Value::Null).await, 200);
    let html = local.auth(&support::good()).await.text().await.unwrap();
    let next = local.log_in(&html, "grace@example.com", "looker").await;
    let back = local.get(&support::location(&next)[url::Position::BeforePath..]).await;
    assert_eq!(back.status(), 303);
}

#[tokio::test]
async fn the_allowlist_is_changed_by_setting_and_takes_effect() {
    let local = local().await;
    let ada = local.ada().await;
    let origin =
        |response: &reqwest::Response| header(response.headers(), "access-control-allow-origin").map(str::to_owned);
    let before = local.call(Method::GET, "/setting", &ada, Value::Null).await;
    assert_eq!(origin(&before).as_deref(), Some(support::APP));
    let body: Value = before.json().await.unwrap();
    assert_eq!(body["embed_config"]["domain_allowlist"], json!([support::APP]));
    let change = json!({ "embed_config": { "domain_allowlist": ["https://*.example.com"] } });
    let changed = local.call(Method::PATCH, "/setting", &ada, change).await;
    assert_eq!((changed.status().as_u16(), origin(&changed)), (200, None));
    let wrong = json!({ "embed_config": { "domain_allowlist": ["example.com/"] } });
    assert_eq!(local.status(Method::PATCH, "/setting", &ada, wrong).await, 422);
}
