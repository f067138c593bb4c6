//! Authentication as Looker's documents describe it: each test is one thing that they say, asked and read by
//! the client's protocol crate.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use looker::api::{
    ApiCredentials, ApiError, AppChanges, LoginError, LoginRequest, NewCredentials, allowlist, apps,
    create_credentials, get, invalidate_tokens, logout, remove_credentials, remove_user, update_app, user,
};
use looker::json::Json;
use looker::oauth::{
    AccessInfo, AuthorizationRequest, Redirect, TokenError, read_code_answer, read_refresh_answer, refresh_request,
};
use looker::{ClientId, Instance, LookerUrl, RedirectUri, Timestamp};
use reqwest::Method;
use reqwest::header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, ORIGIN};
use serde_json::json;
use support::carrier::{base_url, call, carry, log_in, of_ada};
use support::hand::Hand;
use support::{APP, Local, REDIRECT_URI, header, local, location};

/// Looker's number for Grace, who is no admin.
const GRACE: &str = "2";
const GRACES_EMAIL: &str = local_looker::EMAILS[1];
const AN_HOUR: u64 = 3_600;
/// Longer than any test takes: the true clock goes on meanwhile.
const A_MINUTE: u64 = 60;
const REFUSED: LoginError = LoginError::WrongCredentials { status: 404 };

/// Credentials that Ada makes for Grace.
async fn for_grace(local: &Local) -> NewCredentials {
    let ada = log_in(local, &of_ada()).await.unwrap();
    call(local, &ada, &create_credentials(GRACE)).await.unwrap()
}

fn sightline() -> ClientId {
    ClientId::parse("sightline").unwrap()
}

/// A new sign-in of the app.
fn sign_in(local: &Local) -> AuthorizationRequest {
    let instance = Instance {
        name: "Local Looker".into(),
        looker_url: LookerUrl::parse(&local.looker.looker_url()).unwrap(),
        base_url: base_url(local),
    };
    AuthorizationRequest::new(instance, sightline(), RedirectUri::parse(REDIRECT_URI).unwrap()).unwrap()
}

/// What `/auth` answers to it, seen from the UI host.
fn path_of(local: &Local, request: &AuthorizationRequest) -> String {
    request.url().strip_prefix(&local.looker.looker_url()).unwrap().to_owned()
}

/// Grace's tokens: by login and disclosure, or at once where Looker needs neither any more.
async fn signed_in(local: &Local) -> AccessInfo {
    let request = sign_in(local);
    let path = path_of(local, &request);
    let mut response = local.get(&path).await;
    while !response.status().is_redirection() || location(&response).path() == "/auth" {
        if response.status().is_redirection() {
            response = local.get(&location(&response)[url::Position::BeforePath..]).await;
            continue;
        }
        let html = response.text().await.unwrap();
        response = if html.contains("id=\"allow\"") {
            local.answer(&html, "allow").await
        } else {
            local.log_in(&html, GRACES_EMAIL, "looker").await
        };
    }
    let query = location(&response).query().unwrap_or_default().to_owned();
    let grant = Redirect::parse(&query).unwrap().accept(request).unwrap();
    read_code_answer(&carry(local, &grant.redeem()).await, Timestamp::from_millis(0)).unwrap()
}

async fn refreshed(local: &Local, info: &AccessInfo) -> Result<AccessInfo, TokenError> {
    let request = refresh_request(&base_url(local), &sightline(), info.refresh_token.as_ref().unwrap());
    read_refresh_answer(&carry(local, &request).await, Timestamp::from_millis(0), info)
}

#[tokio::test]
async fn api3_credentials_are_made_by_an_admin_and_their_secret_is_shown_then_and_never_again() {
    let local = local().await;
    let made = for_grace(&local).await;
    let grace = log_in(&local, &made.credentials).await.unwrap();
    let refused = call(&local, &grace, &create_credentials(GRACE)).await;
    assert!(matches!(refused, Err(ApiError::NotFoundOrForbidden { .. })), "{refused:?}");
    let ada = log_in(&local, &of_ada()).await.unwrap();
    let one = ["/users/", GRACE, "/credentials_api3/", &made.id].concat();
    let seen: Json = call(&local, &ada, &get(&one)).await.unwrap();
    assert!(seen.text("client_id").is_ok());
    assert!(seen.text("client_secret").is_err());
}

#[tokio::test]
async fn a_token_runs_as_the_user_whom_the_credentials_are_bound_to() {
    let local = local().await;
    for (credentials, name) in [(of_ada(), "Ada Lovelace"), (for_grace(&local).await.credentials, "Grace Hopper")] {
        let token = log_in(&local, &credentials).await.unwrap();
        assert_eq!(call(&local, &token, &user()).await.unwrap().display_name, name);
    }
}

#[tokio::test]
async fn a_token_may_do_what_its_user_may_and_no_more() {
    let local = local().await;
    let ada = log_in(&local, &of_ada()).await.unwrap();
    let grace = log_in(&local, &for_grace(&local).await.credentials).await.unwrap();
    assert!(call(&local, &ada, &apps()).await.is_ok() && call(&local, &ada, &allowlist()).await.is_ok());
    for refused in [
        call(&local, &grace, &apps()).await.err(),
        call(&local, &grace, &allowlist()).await.err(),
        call(&local, &grace, &invalidate_tokens(&sightline())).await.err(),
        call(&local, &grace, &remove_user("1")).await.err(),
    ] {
        assert!(matches!(refused, Some(ApiError::NotFoundOrForbidden { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn several_requests_are_made_with_the_token_of_one_login() {
    let local = local().await;
    let grace = log_in(&local, &for_grace(&local).await.credentials).await.unwrap();
    for _ in 0..5 {
        assert!(call(&local, &grace, &user()).await.is_ok());
    }
}

#[tokio::test]
async fn a_token_is_refused_with_401_after_it_expires() {
    let local = local().await;
    let credentials = for_grace(&local).await.credentials;
    let token = log_in(&local, &credentials).await.unwrap();
    local.steer("clock", json!({ "advance_seconds": AN_HOUR - A_MINUTE })).await;
    assert!(call(&local, &token, &user()).await.is_ok());
    local.steer("clock", json!({ "advance_seconds": A_MINUTE })).await;
    assert_eq!(call(&local, &token, &user()).await, Err(ApiError::Unauthenticated));
    let another = log_in(&local, &credentials).await.unwrap();
    assert!(call(&local, &another, &user()).await.is_ok());
}

#[tokio::test]
async fn a_token_is_refused_with_401_after_it_is_logged_out_and_others_are_not() {
    let local = local().await;
    let credentials = for_grace(&local).await.credentials;
    let (leaves, stays) = (log_in(&local, &credentials).await.unwrap(), log_in(&local, &credentials).await.unwrap());
    call(&local, &leaves, &logout()).await.unwrap();
    assert_eq!(call(&local, &leaves, &user()).await, Err(ApiError::Unauthenticated));
    assert!(call(&local, &stays, &user()).await.is_ok());
}

#[tokio::test]
async fn wrong_credentials_log_nobody_in() {
    let local = local().await;
    for (client_id, secret) in [(local_looker::API3_CLIENT_ID, "x"), ("x", local_looker::API3_CLIENT_SECRET)] {
        let wrong = ApiCredentials::new(client_id.into(), secret.into());
        assert_eq!(log_in(&local, &wrong).await.err(), Some(REFUSED));
    }
}

#[tokio::test]
async fn how_people_sign_in_does_not_touch_the_login_of_the_api() {
    let local = local().await;
    let credentials = for_grace(&local).await.credentials;
    let before = log_in(&local, &credentials).await.unwrap();
    let switches = Hand::at(&local, "sign-in");
    for (two_factor, directory) in [("on", ""), ("", "on"), ("on", "on"), ("", "")] {
        switches.press("Set the sign-in", &[("two_factor", two_factor), ("directory", directory)]).await;
        // It does matter to people: the password alone is good for none but the last.
        local.forget();
        let html = local.get(&path_of(&local, &sign_in(&local))).await.text().await.unwrap();
        let signs_in = local.log_in(&html, GRACES_EMAIL, "looker").await.status() == 303;
        assert_eq!(signs_in, [two_factor, directory] == ["", ""], "{two_factor} {directory}");
        assert!(call(&local, &before, &user()).await.is_ok());
        assert!(log_in(&local, &credentials).await.is_ok());
    }
}

#[tokio::test]
async fn to_delete_the_user_ends_everything() {
    let local = local().await;
    let credentials = for_grace(&local).await.credentials;
    let token = log_in(&local, &credentials).await.unwrap();
    let signed_in = signed_in(&local).await;
    let ada = log_in(&local, &of_ada()).await.unwrap();
    call(&local, &ada, &remove_user(GRACE)).await.unwrap();
    for token in [&token, &signed_in.access_token] {
        assert_eq!(call(&local, token, &user()).await, Err(ApiError::Unauthenticated));
    }
    assert_eq!(log_in(&local, &credentials).await.err(), Some(REFUSED));
    let refused = refreshed(&local, &signed_in).await.err();
    assert!(matches!(&refused, Some(TokenError::Refused(refusal)) if refusal.is_invalid_grant()), "{refused:?}");
}

#[tokio::test]
async fn the_login_is_refused_to_pages_even_of_an_origin_that_is_allowed() {
    let local = local().await;
    let login = LoginRequest::new(&base_url(&local), &of_ada());
    let allowed = "access-control-allow-origin";
    let preflight = local.client.request(Method::OPTIONS, login.url()).header(ORIGIN, APP);
    let preflight = preflight.header(ACCESS_CONTROL_REQUEST_METHOD, "POST").send().await.unwrap();
    assert_eq!(header(preflight.headers(), allowed), None);
    let sent = local.client.post(login.url()).header(ORIGIN, APP).header(CONTENT_TYPE, LoginRequest::CONTENT_TYPE);
    let answer = sent.body(login.expose_form().to_owned()).send().await.unwrap();
    assert_eq!(header(answer.headers(), allowed), None);
    // So it is with nothing but the login.
    let versions = local.client.get(local.api("/versions")).header(ORIGIN, APP).send().await.unwrap();
    assert_eq!(header(versions.headers(), allowed), Some(APP));
}

#[tokio::test]
async fn the_disclosure_is_shown_at_the_first_use_and_at_no_other() {
    let local = local().await;
    let html = local.get(&path_of(&local, &sign_in(&local))).await.text().await.unwrap();
    let next = local.log_in(&html, GRACES_EMAIL, "looker").await;
    let disclosure = local.get(&location(&next)[url::Position::BeforePath..]).await.text().await.unwrap();
    assert!(disclosure.contains("id=\"allow\""), "{disclosure}");
    local.answer(&disclosure, "allow").await;
    for _ in 0..2 {
        let again = local.get(&path_of(&local, &sign_in(&local))).await;
        assert!(location(&again).as_str().starts_with(REDIRECT_URI), "{again:?}");
    }
}

#[tokio::test]
async fn an_admin_revokes_everything_at_any_time() {
    let off = AppChanges { enabled: Some(false), ..AppChanges::default() };
    for how in ["the app's tokens", "the app", "the credentials", "one sign-in by hand", "all by hand"] {
        let local = local().await;
        let (made, by_app) = (for_grace(&local).await, signed_in(&local).await);
        let by_api3 = log_in(&local, &made.credentials).await.unwrap();
        let ada = log_in(&local, &of_ada()).await.unwrap();
        let hand = Hand::at(&local, "tokens");
        match how {
            "the app's tokens" => call(&local, &ada, &invalidate_tokens(&sightline())).await.unwrap(),
            "the app" => drop(call(&local, &ada, &update_app(&sightline(), &off)).await.unwrap()),
            "the credentials" => call(&local, &ada, &remove_credentials(GRACE, &made.id)).await.unwrap(),
            "one sign-in by hand" => drop(hand.press("Revoke: Grace Hopper, app sightline", &[]).await),
            _ => local.steer("tokens", json!({ "do": "revoke_all" })).await,
        }
        let ends = |kind: &[&str]| kind.contains(&how) || how == "all by hand";
        let of_app = ["the app's tokens", "the app", "one sign-in by hand"];
        let is_over = |alive: Result<_, _>| alive == Err(ApiError::Unauthenticated);
        assert_eq!(is_over(call(&local, &by_app.access_token, &user()).await), ends(&of_app), "{how}");
        assert_eq!(refreshed(&local, &by_app).await.is_err(), ends(&of_app), "{how}");
        assert_eq!(is_over(call(&local, &by_api3, &user()).await), ends(&["the credentials"]), "{how}");
        // Only who takes the credentials away keeps them from logging in again.
        assert_eq!(log_in(&local, &made.credentials).await.is_err(), how == "the credentials", "{how}");
    }
}
