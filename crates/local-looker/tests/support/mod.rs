//! A running local Looker and a browser that does nothing by itself: no redirects are followed,
//! the cookie is kept by hand.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

pub mod carrier;
pub mod hand;

use local_looker::{LocalLooker, Settings, start};
use reqwest::header::{COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::PathBuf;
use url::Url;

pub const APP: &str = "http://localhost:8080";
pub const REDIRECT_URI: &str = "http://localhost:8080/authenticated";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct Local {
    pub looker: LocalLooker,
    pub client: Client,
    cookie: RefCell<Option<String>>,
}

/// On free ports, in memory.
pub async fn local() -> Local {
    local_with(None).await
}

pub async fn local_with(data: Option<PathBuf>) -> Local {
    let any = "127.0.0.1:0".parse().unwrap();
    let settings = Settings { looker: any, api: any, data, ..Settings::default() };
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    Local { looker: start(settings).await.unwrap(), client, cookie: RefCell::default() }
}

/// The query of `/auth` as a good app sends it.
pub fn good() -> Vec<(&'static str, String)> {
    [
        ("response_type", "code"),
        ("client_id", "sightline"),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "cors_api"),
        ("state", "the-state"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// The same with one parameter changed.
pub fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut query = good();
    query.retain(|(key, _)| *key != name);
    query.push((name, value.to_owned()));
    query
}

/// The value of a form's hidden field.
pub fn hidden(html: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let from = html.find(&start).unwrap_or_else(|| panic!("no {name} in {html}")) + start.len();
    let text = &html[from..from + html[from..].find('"').unwrap()];
    text.replace("&amp;", "&").replace("&lt;", "<").replace("&#39;", "'")
}

pub fn location(response: &Response) -> Url {
    let to = response.headers().get(LOCATION).expect("a redirect").to_str().unwrap();
    Url::parse(to).or_else(|_| Url::parse("http://looker").unwrap().join(to)).unwrap()
}

pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

impl Local {
    pub fn ui(&self, path: &str) -> String {
        format!("{}{path}", self.looker.looker_url())
    }

    pub fn api(&self, path: &str) -> String {
        format!("{}{path}", self.looker.base_url())
    }

    async fn browse(&self, request: reqwest::RequestBuilder) -> Response {
        let cookie = self.cookie.borrow().clone();
        let request = match cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        };
        let response = request.send().await.unwrap();
        if let Some(set) = response.headers().get(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie.replace(Some(pair.to_owned()));
        }
        response
    }

    pub async fn get(&self, path: &str) -> Response {
        self.browse(self.client.get(self.ui(path))).await
    }

    pub async fn auth(&self, query: &[(&'static str, String)]) -> Response {
        self.browse(self.client.get(self.ui("/auth")).query(query)).await
    }

    pub async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.browse(self.client.post(self.ui(path)).form(form)).await
    }

    /// From the login page's HTML on.
    pub async fn log_in(&self, html: &str, email: &str, password: &str) -> Response {
        let (csrf, go_on) = (hidden(html, "csrf"), hidden(html, "continue"));
        let form = [("email", email), ("password", password), ("csrf", csrf.as_str()), ("continue", go_on.as_str())];
        self.submit("/login", &form).await
    }

    /// From the disclosure page's HTML on.
    pub async fn answer(&self, html: &str, answer: &str) -> Response {
        let (csrf, go_on) = (hidden(html, "csrf"), hidden(html, "continue"));
        let form = [("answer", answer), ("csrf", csrf.as_str()), ("continue", go_on.as_str())];
        self.submit("/disclosure", &form).await
    }

    /// The browser forgets who it is.
    pub fn forget(&self) {
        self.cookie.replace(None);
    }

    /// The whole way to the redirect, whatever pages there are on it.
    pub async fn redirected(&self, email: &str) -> Url {
        let mut response = self.auth(&good()).await;
        for _ in 0..4 {
            if response.status().is_redirection() {
                let to = location(&response);
                if to.path() != "/auth" {
                    return to;
                }
                response = self.get(&to[url::Position::BeforePath..]).await;
                continue;
            }
            let html = response.text().await.unwrap();
            response = if html.contains("id=\"allow\"") {
                self.answer(&html, "allow").await
            } else {
                self.log_in(&html, email, "looker").await
            };
        }
        panic!("no redirect to the app");
    }

    pub async fn code(&self, email: &str) -> String {
        parameter(&self.redirected(email).await, "code").unwrap()
    }

    pub async fn token_request(&self, body: Value) -> (u16, Value) {
        let response = self.client.post(self.api("/api/token")).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn redeem(&self, code: &str) -> (u16, Value) {
        self.token_request(json!({
            "grant_type": "authorization_code",
            "client_id": "sightline",
            "redirect_uri": REDIRECT_URI,
            "code": code,
            "code_verifier": VERIFIER,
        }))
        .await
    }

    pub async fn refresh(&self, refresh_token: &str) -> (u16, Value) {
        self.token_request(json!({
            "grant_type": "refresh_token",
            "client_id": "sightline",
            "refresh_token": refresh_token,
        }))
        .await
    }

    /// Signed in: access and refresh token.
    pub async fn tokens(&self, email: &str) -> (String, String) {
        let (status, body) = self.redeem(&self.code(email).await).await;
        assert_eq!(status, 200, "{body}");
        (text(&body, "access_token"), text(&body, "refresh_token"))
    }

    pub async fn call(&self, method: Method, path: &str, token: &str, body: Value) -> Response {
        let mut request = self
            .client
            .request(method, self.api(&format!("/api/4.0{path}")))
            .header("authorization", format!("token {token}"))
            .header(ORIGIN, APP);
        if !body.is_null() {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    pub async fn status(&self, method: Method, path: &str, token: &str, body: Value) -> u16 {
        self.call(method, path, token, body).await.status().as_u16()
    }

    /// The status of `GET /user`: 200 while the token lives.
    pub async fn alive(&self, token: &str) -> u16 {
        self.status(Method::GET, "/user", token, Value::Null).await
    }

    pub async fn api3(&self, client_id: &str, client_secret: &str) -> Response {
        let form = [("client_id", client_id), ("client_secret", client_secret)];
        self.client.post(self.api("/api/4.0/login")).form(&form).send().await.unwrap()
    }

    /// Ada's token by her API3 credentials.
    pub async fn ada(&self) -> String {
        let response = self.api3("local-client-id", "local-client-secret").await;
        text(&response.json().await.unwrap(), "access_token")
    }

    pub async fn steer(&self, path: &str, body: Value) {
        let url = self.ui(&format!("/_local/{path}"));
        let response = self.client.post(url).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        assert_eq!(status, 204, "{path} {body}: {}", response.text().await.unwrap());
    }
}

pub fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned()
}
