//! API3 credentials, as Looker's documents describe them.

#![allow(clippy::unwrap_used, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Local, local, text};

/// A pair for Grace, made by an admin: its `client_id` and `client_secret`.
async fn pair_of_grace(local: &Local) -> (String, String) {
    let ada = local.ada().await;
    let made = local.call(Method::POST, "/users/2/credentials_api3", &ada, Value::Null).await;
    let pair: Value = made.json().await.unwrap();
    (text(&pair, "client_id"), text(&pair, "client_secret"))
}

async fn log_in(local: &Local, (id, secret): &(String, String)) -> String {
    let login: Value = local.api3(id, secret).await.json().await.unwrap();
    text(&login, "access_token")
}

#[tokio::test]
async fn credentials_made_by_an_admin_run_as_their_user_and_may_do_what_the_user_may() {
    let local = local().await;
    let token = log_in(&local, &pair_of_grace(&local).await).await;
    let user: Value = local.call(Method::GET, "/user", &token, Value::Null).await.json().await.unwrap();
    assert_eq!((&user["id"], &user["email"]), (&json!("2"), &json!("grace@example.com")));
    assert_eq!(local.status(Method::PATCH, "/users/2", &token, json!({ "first_name": "G" })).await, 200);
    for (method, path) in [
        (Method::GET, "/setting"),
        (Method::GET, "/oauth_client_apps"),
        (Method::POST, "/users/2/credentials_api3"),
        (Method::DELETE, "/users/1"),
        (Method::POST, "/login/1"),
    ] {
        assert_eq!(local.status(method.clone(), path, &token, Value::Null).await, 404, "{method} {path}");
    }
}

#[tokio::test]
async fn one_token_serves_many_requests_until_it_expires_or_is_logged_out() {
    let local = local().await;
    let pair = pair_of_grace(&local).await;
    let (expires, leaves) = (log_in(&local, &pair).await, log_in(&local, &pair).await);
    for _ in 0..3 {
        assert_eq!(local.alive(&expires).await, 200);
    }
    assert_eq!(local.status(Method::DELETE, "/logout", &leaves, Value::Null).await, 204);
    assert_eq!((local.alive(&leaves).await, local.alive(&expires).await), (401, 200));
    local.steer("clock", json!({ "advance_seconds": 3_600 })).await;
    assert_eq!(local.alive(&expires).await, 401);
    assert_eq!(local.alive(&log_in(&local, &pair).await).await, 200);
}

#[tokio::test]
async fn credentials_need_no_way_to_sign_in_and_end_with_their_user() {
    let local = local().await;
    let (pair, ada) = (pair_of_grace(&local).await, local.ada().await);
    assert_eq!(local.status(Method::DELETE, "/users/2/credentials_email", &ada, Value::Null).await, 204);
    let token = log_in(&local, &pair).await;
    assert_eq!(local.alive(&token).await, 200);
    assert_eq!(local.status(Method::DELETE, "/users/2", &ada, Value::Null).await, 204);
    assert_eq!(local.alive(&token).await, 401);
    assert_eq!(local.api3(&pair.0, &pair.1).await.status(), 404);
}

#[tokio::test]
async fn how_people_sign_in_does_not_matter_to_credentials() {
    let local = local().await;
    let pair = pair_of_grace(&local).await;
    let before = log_in(&local, &pair).await;
    for (two_factor, directory) in [(true, false), (false, true), (true, true)] {
        local.steer("sign_in", json!({ "two_factor": two_factor, "directory": directory })).await;
        for (password, code) in [("looker", ""), ("looker", "246810"), ("directory", ""), ("directory", "246810")] {
            local.forget();
            let html = local.auth(&support::good()).await.text().await.unwrap();
            let csrf = support::hidden(&html, "csrf");
            let form =
                [("email", "grace@example.com"), ("password", password), ("code", code), ("csrf", csrf.as_str())];
            let signs_in = local.submit("/login", &form).await.status() == 303;
            let may = (password == "directory") == directory && (!two_factor || !code.is_empty());
            assert_eq!(signs_in, may, "{two_factor} {directory} {password} {code}");
        }
        assert_eq!(local.alive(&before).await, 200);
        assert_eq!(local.alive(&log_in(&local, &pair).await).await, 200);
    }
    let ada = local.ada().await;
    assert_eq!(local.status(Method::DELETE, "/users/2", &ada, Value::Null).await, 204);
    assert_eq!(local.alive(&before).await, 401);
    assert_eq!(local.api3(&pair.0, &pair.1).await.status(), 404);
}

#[tokio::test]
async fn an_admin_revokes_everything_of_credentials_at_any_time() {
    for how in ["delete the pair", "disable the user", "delete the user", "revoke all"] {
        let local = local().await;
        let pair = pair_of_grace(&local).await;
        let (token, ada) = (log_in(&local, &pair).await, local.ada().await);
        let list: Value =
            local.call(Method::GET, "/users/2/credentials_api3", &ada, Value::Null).await.json().await.unwrap();
        let one = format!("/users/2/credentials_api3/{}", text(&list[0], "id"));
        let done = match how {
            "delete the pair" => local.status(Method::DELETE, &one, &ada, Value::Null).await,
            "disable the user" => local.status(Method::PATCH, "/users/2", &ada, json!({ "is_disabled": true })).await,
            "delete the user" => local.status(Method::DELETE, "/users/2", &ada, Value::Null).await,
            _ => {
                local.steer("tokens", json!({ "do": "revoke_all" })).await;
                204
            }
        };
        assert!(done < 300, "{how}: {done}");
        assert_eq!(local.alive(&token).await, 401, "{how}");
        // Only to revoke tokens leaves the pair good for new ones.
        let again = if how == "revoke all" { 200 } else { 404 };
        assert_eq!(local.api3(&pair.0, &pair.1).await.status(), again, "{how}");
    }
}
