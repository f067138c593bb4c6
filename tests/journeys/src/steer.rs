//! The local Looker's steering, `/_local/…` (its README has the tables).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::http;

/// A request that came to the local Looker.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Exchange {
    /// `ui` or `api`
    pub host: String,
    /// The HTTP method.
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// The status that was answered, if any.
    pub status: Option<u16>,
    /// The `Origin` header.
    pub origin: Option<String>,
}

/// Steers one local Looker.
#[derive(Debug, Clone)]
pub struct Steer {
    looker_url: String,
    /// Token requests that were forgotten.
    forgotten: Arc<AtomicUsize>,
}

impl Steer {
    /// Steers the local Looker whose UI host is at `looker_url`.
    pub fn new(looker_url: String) -> Self {
        Self { looker_url, forgotten: Arc::default() }
    }

    /// Chooses answers.
    pub async fn answer_with(&self, answers: Value) {
        self.post("answers", &answers).await;
    }

    /// Makes requests go wrong.
    pub async fn add_fault(&self, fault: Value) {
        self.post("faults", &fault).await;
    }

    /// Ends what hangs and lets go what is held, and makes requests go wrong in these ways alone from then on.
    pub async fn replace_faults(&self, faults: Value) {
        self.put("faults", &faults).await;
    }

    /// Makes the token endpoint give this answer.
    pub async fn answer_tokens(&self, then: Value) {
        self.add_fault(json!({ "path": "/api/token", "host": "api", "method": "POST", "then": then })).await;
    }

    /// Makes the token endpoint give this answer once, and hold whatever is asked after that until everything goes
    /// right again.
    pub async fn answer_one_token_request(&self, then: Value) {
        let rule = |then: Value| json!({ "path": "/api/token", "host": "api", "method": "POST", "then": then });
        let mut once = rule(then);
        once["times"] = 1.into();
        self.add_fault(json!([once, rule(json!("hold"))])).await;
    }

    /// Makes `GET /user` give this answer.
    pub async fn answer_user(&self, then: Value) {
        self.add_fault(json!({ "path": "/api/4.0/user", "host": "api", "method": "GET", "then": then })).await;
    }

    /// Makes everything go right again.
    pub async fn clear_faults(&self) {
        self.delete("faults").await;
    }

    /// Revokes all tokens, as an admin can.
    pub async fn revoke_all(&self) {
        self.post("tokens", &json!({ "do": "revoke_all" })).await;
    }

    /// Ends all access tokens, as an hour does; what renews them lives on.
    pub async fn expire_access(&self) {
        self.post("tokens", &json!({ "do": "expire_access" })).await;
    }

    /// Replaces the allowlist.
    pub async fn allow_origins(&self, origins: &[&str]) {
        self.post("allowlist", &json!({ "origins": origins })).await;
    }

    /// Changes the app's registration.
    pub async fn change_app(&self, change: Value) {
        self.post("apps", &change).await;
    }

    /// Lets somebody have signed in to Looker, and have allowed the app; returns the cookie that a browser has
    /// from that: its name and its value.
    pub async fn opens_a_session(&self, email: &str) -> (String, String) {
        let visit = json!({ "email": email, "client_guid": "sightline" });
        let answer =
            http::client().post(self.url("sessions")).json(&visit).send().await.expect("the local Looker answers");
        let cookie: Value = answer.json().await.expect("it answers with a cookie");
        let text = |name: &str| cookie[name].as_str().unwrap_or_else(|| panic!("no {name} in {cookie}")).to_owned();
        (text("name"), text("value"))
    }

    /// Moves Looker's clock.
    pub async fn advance_clock(&self, seconds: i64) {
        self.post("clock", &json!({ "advance_seconds": seconds })).await;
    }

    /// Every request since the start, or since they were forgotten.
    pub async fn requests(&self) -> Vec<Exchange> {
        let answer = http::client().get(self.url("requests")).send().await.expect("the local Looker answers");
        answer.json().await.expect("the list of requests can be read")
    }

    /// Forgets the requests so far.
    pub async fn forget_requests(&self) {
        self.forgotten.fetch_add(self.token_requests().await, Relaxed);
        self.delete("requests").await;
    }

    /// How many requests with this method came to this path.
    pub async fn count(&self, method: &str, path: &str) -> usize {
        self.requests().await.iter().filter(|exchange| exchange.method == method && exchange.path == path).count()
    }

    /// How many token requests came in all, forgotten ones too.
    pub async fn token_requests_in_all(&self) -> usize {
        self.forgotten.load(Relaxed) + self.token_requests().await
    }

    /// How many token requests came, since they were forgotten.
    pub async fn token_requests(&self) -> usize {
        self.count("POST", "/api/token").await
    }

    fn url(&self, what: &str) -> String {
        format!("{}/_local/{what}", self.looker_url)
    }

    async fn post(&self, what: &str, body: &Value) {
        self.sends(http::client().post(self.url(what)), what, body).await;
    }

    async fn put(&self, what: &str, body: &Value) {
        self.sends(http::client().put(self.url(what)), what, body).await;
    }

    async fn sends(&self, request: reqwest::RequestBuilder, what: &str, body: &Value) {
        let answer = request.json(body).send().await.expect("the local Looker answers");
        let status = answer.status();
        let text = answer.text().await.unwrap_or_default();
        assert!(status.is_success(), "{what} {body}: {status} {text}");
    }

    async fn delete(&self, what: &str) {
        let answer = http::client().delete(self.url(what)).send().await.expect("the local Looker answers");
        assert!(answer.status().is_success(), "{what}: {}", answer.status());
    }
}
