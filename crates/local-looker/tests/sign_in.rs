//! `/auth`, login and disclosure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use serde_json::json;
use support::{APP, REDIRECT_URI, good, header, hidden, local, location, parameter, with};

#[tokio::test]
async fn the_first_sign_in_shows_login_and_disclosure_and_the_second_nothing() {
    let local = local().await;
    let login = local.auth(&good()).await;
    assert_eq!(login.status(), 200);
    let cookie = header(login.headers(), "set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let policy = header(login.headers(), "content-security-policy").unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains(APP), "{policy}");
    let html = login.text().await.unwrap();
    for part in ["id=\"sign-in\"", "name=\"email\"", "name=\"password\"", "for trying and testing"] {
        assert!(html.contains(part), "{part}");
    }
    let next = local.log_in(&html, "ada@example.com", "looker").await;
    assert_eq!(next.status(), 303);
    let disclosure = local.get(&location(&next)[url::Position::BeforePath..]).await;
    assert_eq!(disclosure.status(), 200);
    let html = disclosure.text().await.unwrap();
    assert!(html.contains("Sightline runs in your browser") && html.contains("id=\"deny\""));
    let back = location(&local.answer(&html, "allow").await);
    assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some("the-state"));
    assert_eq!(parameter(&back, "iss"), None);

    let again = local.auth(&good()).await;
    assert_eq!(again.status(), 303);
    assert_ne!(parameter(&location(&again), "code"), parameter(&back, "code"));
}

#[tokio::test]
async fn each_person_sees_the_disclosure_once_for_each_app() {
    let local = local().await;
    local.steer("apps", json!({ "client_guid": "other", "redirect_uri": REDIRECT_URI })).await;
    for email in ["ada@example.com", "grace@example.com"] {
        local.forget();
        let html = local.auth(&good()).await.text().await.unwrap();
        local.log_in(&html, email, "looker").await;
        for app in ["sightline", "other"] {
            let request = with("client_id", app);
            let first = local.auth(&request).await;
            assert_eq!(first.status(), 200, "{email} {app}");
            local.answer(&first.text().await.unwrap(), "allow").await;
            assert_eq!(local.auth(&request).await.status(), 303, "{email} {app}");
        }
    }
    // A new sign-in at Looker changes nothing of that.
    local.forget();
    let html = local.auth(&good()).await.text().await.unwrap();
    let next = local.log_in(&html, "ada@example.com", "looker").await;
    assert_eq!(local.get(&location(&next)[url::Position::BeforePath..]).await.status(), 303);
}

#[tokio::test]
async fn a_wrong_password_is_said_beside_the_field_and_the_address_kept() {
    let local = local().await;
    let html = local.auth(&good()).await.text().await.unwrap();
    for (email, password) in [("ada@example.com", "x"), ("nobody@example.com", "looker")] {
        let wrong = local.log_in(&html, email, password).await;
        assert_eq!(wrong.status(), 422);
        let html = wrong.text().await.unwrap();
        assert!(html.contains("id=\"wrong\"") && html.contains(email), "{html}");
        assert!(hidden(&html, "continue").contains("client_id=sightline"));
    }
    local.redirected("ada@example.com").await;
}

#[tokio::test]
async fn forms_from_elsewhere_are_refused() {
    let local = local().await;
    let form = [("email", "ada@example.com"), ("password", "looker"), ("csrf", "guess")];
    assert_eq!(local.submit("/login", &form).await.status(), 403);
    local.redirected("ada@example.com").await;
    assert_eq!(local.submit("/login", &form).await.status(), 403);
    assert_eq!(local.submit("/disclosure", &[("answer", "allow")]).await.status(), 403);
    local.forget();
    assert_eq!(local.submit("/disclosure", &[("answer", "allow"), ("csrf", "")]).await.status(), 403);
}

#[tokio::test]
async fn a_refusal_goes_back_as_access_denied_with_the_state() {
    let local = local().await;
    let html = local.auth(&good()).await.text().await.unwrap();
    let next = local.log_in(&html, "grace@example.com", "looker").await;
    let disclosure = local.get(&location(&next)[url::Position::BeforePath..]).await;
    let back = location(&local.answer(&disclosure.text().await.unwrap(), "deny").await);
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some("the-state"));
    assert_eq!(parameter(&back, "code"), None);
    // Asked again next time.
    assert_eq!(local.auth(&good()).await.status(), 200);
}

#[tokio::test]
async fn what_cannot_be_believed_ends_on_a_page_and_never_redirects() {
    let local = local().await;
    local.redirected("ada@example.com").await;
    let mut twice = good();
    twice.push(("state", "other".to_owned()));
    for query in [
        with("client_id", "unknown"),
        with("redirect_uri", "http://localhost:8080/authenticated/"),
        with("redirect_uri", "https://evil.example/authenticated"),
        twice,
        vec![],
    ] {
        let response = local.auth(&query).await;
        assert_eq!(response.status(), 400, "{query:?}");
        assert!(header(response.headers(), "location").is_none());
        assert!(response.text().await.unwrap().contains("<h1 id=\"error\">"));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_believed_request_goes_back_to_the_app() {
    let local = local().await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "api", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
    ] {
        let back = location(&local.auth(&with(name, value)).await);
        assert!(back.as_str().starts_with(REDIRECT_URI));
        assert_eq!(parameter(&back, "error").as_deref(), Some(error), "{name}={value}");
        assert_eq!(parameter(&back, "state").as_deref(), Some("the-state"));
    }
}

#[tokio::test]
async fn a_padded_challenge_is_taken_from_lookers_sdk_unless_told_otherwise() {
    let local = local().await;
    local.redirected("ada@example.com").await;
    let padded = with("code_challenge", &format!("{}=", support::CHALLENGE));
    let code = parameter(&location(&local.auth(&padded).await), "code").unwrap();
    assert_eq!(local.redeem(&code).await.0, 200);
    local.steer("answers", json!({ "accept_padded_challenge": false })).await;
    let back = location(&local.auth(&padded).await);
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn a_disabled_app_or_one_for_another_group_ends_on_a_page() {
    let local = local().await;
    local.redirected("grace@example.com").await;
    local.steer("apps", json!({ "client_guid": "sightline", "group_id": "2" })).await;
    let response = local.auth(&good()).await;
    assert_eq!(response.status(), 403);
    assert!(response.text().await.unwrap().contains("group"));
    local.steer("groups", json!({ "email": "grace@example.com", "group_ids": ["1", "2"] })).await;
    assert_eq!(local.auth(&good()).await.status(), 303);
    local.steer("apps", json!({ "client_guid": "sightline", "enabled": false })).await;
    let response = local.auth(&good()).await;
    assert_eq!(response.status(), 403);
    assert!(response.text().await.unwrap().contains("disabled"));
}

#[tokio::test]
async fn the_state_comes_back_byte_for_byte_through_login_and_disclosure() {
    let local = local().await;
    let state = "%E2%9C%93+a%2Fb%3D%26~";
    let query = format!(
        "response_type=code&client_id=sightline&scope=cors_api&state={state}\
         &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fauthenticated\
         &code_challenge_method=S256&code_challenge={}",
        support::CHALLENGE
    );
    let html = local.get(&format!("/auth?{query}")).await.text().await.unwrap();
    let next = local.log_in(&html, "ada@example.com", "looker").await;
    let html = local.get(header(next.headers(), "location").unwrap()).await.text().await.unwrap();
    let back = local.answer(&html, "allow").await;
    let back = header(back.headers(), "location").unwrap();
    assert!(back.ends_with(&format!("&state={state}")), "{back}");
}

#[tokio::test]
async fn the_issuer_is_in_the_redirect_when_told_so() {
    let local = local().await;
    local.redirected("ada@example.com").await;
    local.steer("answers", json!({ "issuer_in_redirect": true })).await;
    let back = local.redirected("ada@example.com").await;
    assert_eq!(parameter(&back, "iss"), Some(local.looker.looker_url()));
    local.steer("answers", json!({ "wrong_issuer": true })).await;
    let back = local.redirected("ada@example.com").await;
    assert_ne!(parameter(&back, "iss"), Some(local.looker.looker_url()));
}

#[tokio::test]
async fn the_home_page_says_who_is_signed_in_and_logout_ends_it() {
    let local = local().await;
    assert!(local.get("/").await.text().await.unwrap().contains("Nobody is signed in"));
    local.redirected("ada@example.com").await;
    assert!(local.get("/").await.text().await.unwrap().contains("Ada Lovelace"));
    assert_eq!(local.get("/logout").await.status(), 303);
    assert!(local.get("/").await.text().await.unwrap().contains("Nobody is signed in"));
    let html = local.auth(&good()).await.text().await.unwrap();
    assert!(html.contains("id=\"sign-in\""));
}

#[tokio::test]
async fn a_session_that_was_opened_without_the_pages_is_one_that_went_through_them() {
    let local = local().await;
    let opened = async |email: &str, client_guid: &str| {
        let visit = json!({ "email": email, "client_guid": client_guid });
        local.client.post(local.ui("/_local/sessions")).json(&visit).send().await.unwrap()
    };
    let cookie: serde_json::Value = opened("ada@example.com", "sightline").await.json().await.unwrap();
    let cookie = format!("{}={}", cookie["name"].as_str().unwrap(), cookie["value"].as_str().unwrap());
    let auth = local.client.get(local.ui("/auth")).query(&good()).header("cookie", cookie);
    let back = location(&auth.send().await.unwrap());
    assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
    let (status, body) = local.redeem(&parameter(&back, "code").unwrap()).await;
    assert_eq!(status, 200, "{body}");
    for (email, app) in [("nobody@example.com", "sightline"), ("ada@example.com", "nothing")] {
        assert_eq!(opened(email, app).await.status(), 422, "{email} {app}");
    }
}
