//! What the client's protocol crate asks for and understands, against this Looker: the login with API3
//! credentials from its beginning to its end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use looker::api::{
    ApiCredentials, ApiError, AppChanges, Call, LoginError, LoginRequest, allowlist, app, apps, invalidate_tokens,
    logout, read_login_answer, register_app, remove_app, set_allowlist, update_app, user,
};
use looker::oauth::AccessToken;
use looker::{Answer, BaseUrl, Body, ClientId, MediaType, RedirectUri};
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use support::{Local, header, local, text};

async fn answer(response: Response) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let media_type = header(&headers, "content-type").map_or(MediaType::Other, MediaType::of);
    let json: Option<Value> = serde_json::from_str(&response.text().await.unwrap()).ok();
    Answer { status, media_type, json: json.map(Into::into), retry_after: None }
}

fn base_url(local: &Local) -> BaseUrl {
    BaseUrl::parse(&local.looker.base_url()).unwrap()
}

async fn log_in(local: &Local, client_id: &str, secret: &str) -> Result<AccessToken, LoginError> {
    let request = LoginRequest::new(&base_url(local), &ApiCredentials::new(client_id.into(), secret.into()));
    let sent = local.client.post(request.url()).header(CONTENT_TYPE, LoginRequest::CONTENT_TYPE);
    read_login_answer(&answer(sent.body(request.expose_form().to_owned()).send().await.unwrap()).await)
}

async fn call<T>(local: &Local, token: &AccessToken, call: &Call<T>) -> Result<T, ApiError> {
    let request = call.request(&base_url(local), token);
    let method = request.method().as_str().parse().unwrap();
    let mut sent = local.client.request(method, request.url());
    if let Some(value) = request.authorization() {
        sent = sent.header("authorization", value);
    }
    if let Some(body) = request.body() {
        sent = sent.header(CONTENT_TYPE, Body::CONTENT_TYPE).body(body.expose().to_owned());
    }
    call.read(&answer(sent.send().await.unwrap()).await)
}

/// A pair for Grace, who is no admin: its `client_id` and `client_secret`.
async fn pair_of_grace(local: &Local) -> (String, String) {
    let made = local.call(reqwest::Method::POST, "/users/2/credentials_api3", &local.ada().await, Value::Null).await;
    let pair: Value = made.json().await.unwrap();
    (text(&pair, "client_id"), text(&pair, "client_secret"))
}

#[tokio::test]
async fn credentials_act_as_their_user_and_an_admin_manages_apps_with_them() {
    let local = local().await;
    let ada = log_in(&local, "local-client-id", "local-client-secret").await.unwrap();
    assert_eq!(call(&local, &ada, &user()).await.unwrap().display_name, "Ada Lovelace");
    let id = ClientId::parse("mine").unwrap();
    let wanted = AppChanges {
        redirect_uri: RedirectUri::parse("https://mine.example/authenticated").ok(),
        display_name: Some("Mine".into()),
        description: Some("Mine alone".into()),
        ..AppChanges::default()
    };
    let registered = call(&local, &ada, &register_app(&id, &wanted)).await.unwrap();
    assert!(registered.enabled && wanted.against(&registered).is_empty());
    assert!(matches!(call(&local, &ada, &register_app(&id, &wanted)).await, Err(ApiError::Answer(_))));
    let off = AppChanges { enabled: Some(false), ..AppChanges::default() };
    assert!(!call(&local, &ada, &update_app(&id, &off)).await.unwrap().enabled);
    assert_eq!(call(&local, &ada, &apps()).await.unwrap().len(), 2);
    call(&local, &ada, &invalidate_tokens(&id)).await.unwrap();
    call(&local, &ada, &remove_app(&id)).await.unwrap();
    assert!(matches!(call(&local, &ada, &app(&id)).await, Err(ApiError::NotFoundOrForbidden { status: 404, .. })));
    let origins = ["https://mine.example".to_owned()];
    assert_eq!(call(&local, &ada, &set_allowlist(&origins)).await.unwrap(), origins);

    let (client_id, secret) = pair_of_grace(&local).await;
    let grace = log_in(&local, &client_id, &secret).await.unwrap();
    assert_eq!(call(&local, &grace, &user()).await.unwrap().display_name, "Grace Hopper");
    for refused in [call(&local, &grace, &apps()).await.err(), call(&local, &grace, &allowlist()).await.err()] {
        assert!(matches!(refused, Some(ApiError::NotFoundOrForbidden { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_token_serves_until_it_expires_or_is_logged_out_and_then_says_so() {
    let local = local().await;
    let (client_id, secret) = pair_of_grace(&local).await;
    let (leaves, expires) = (log_in(&local, &client_id, &secret).await, log_in(&local, &client_id, &secret).await);
    let (leaves, expires) = (leaves.unwrap(), expires.unwrap());
    for _ in 0..3 {
        assert!(call(&local, &leaves, &user()).await.is_ok());
    }
    call(&local, &leaves, &logout()).await.unwrap();
    assert_eq!(call(&local, &leaves, &user()).await, Err(ApiError::Unauthenticated));
    assert!(call(&local, &expires, &user()).await.is_ok());
    local.steer("clock", json!({ "advance_seconds": 3_600 })).await;
    assert_eq!(call(&local, &expires, &user()).await, Err(ApiError::Unauthenticated));

    local.steer("sign_in", json!({ "two_factor": true, "directory": true })).await;
    assert!(log_in(&local, &client_id, &secret).await.is_ok());
    for (id, wrong) in [(client_id.as_str(), "x"), ("x", secret.as_str())] {
        assert_eq!(log_in(&local, id, wrong).await.err(), Some(LoginError::WrongCredentials { status: 404 }));
    }
    let ada = local.ada().await;
    assert_eq!(local.status(reqwest::Method::DELETE, "/users/2", &ada, Value::Null).await, 204);
    let refused = log_in(&local, &client_id, &secret).await.err();
    assert_eq!(refused, Some(LoginError::WrongCredentials { status: 404 }));
}
