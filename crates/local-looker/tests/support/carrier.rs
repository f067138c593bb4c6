//! Carries what the client's protocol crate asks for, and lets it read what comes back.

use super::{Local, header};
use looker::api::{ApiCredentials, ApiError, Call, LoginError, LoginRequest, read_login_answer};
use looker::oauth::AccessToken;
use looker::{Answer, BaseUrl, Body, MediaType, Request};
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

async fn answer(response: Response) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let media_type = header(&headers, "content-type").map_or(MediaType::Other, MediaType::of);
    let json: Option<Value> = serde_json::from_str(&response.text().await.unwrap()).ok();
    Answer { status, media_type, json: json.map(Into::into), retry_after: None }
}

pub fn base_url(local: &Local) -> BaseUrl {
    BaseUrl::parse(&local.looker.base_url()).unwrap()
}

/// Ada's, who is an admin.
pub fn of_ada() -> ApiCredentials {
    ApiCredentials::new(local_looker::API3_CLIENT_ID.into(), local_looker::API3_CLIENT_SECRET.into())
}

pub async fn log_in(local: &Local, credentials: &ApiCredentials) -> Result<AccessToken, LoginError> {
    let request = LoginRequest::new(&base_url(local), credentials);
    let sent = local.client.post(request.url()).header(CONTENT_TYPE, LoginRequest::CONTENT_TYPE);
    read_login_answer(&answer(sent.body(request.expose_form().to_owned()).send().await.unwrap()).await)
}

pub async fn carry(local: &Local, request: &Request) -> Answer {
    let method = request.method().as_str().parse().unwrap();
    let mut sent = local.client.request(method, request.url());
    if let Some(value) = request.authorization() {
        sent = sent.header("authorization", value);
    }
    if let Some(body) = request.body() {
        sent = sent.header(CONTENT_TYPE, Body::CONTENT_TYPE).body(body.expose().to_owned());
    }
    answer(sent.send().await.unwrap()).await
}

pub async fn call<T>(local: &Local, token: &AccessToken, call: &Call<T>) -> Result<T, ApiError> {
    call.read(&carry(local, &call.request(&base_url(local), token)).await)
}
