//! What a browser is told on real sockets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use reqwest::{Method, Response};
use serde_json::json;
use support::{APP, Local, header, local};

async fn ask(local: &Local, method: Method, path: &str, origin: &str) -> Response {
    let mut request = local.client.request(method.clone(), local.api(path)).header("origin", origin);
    if method == Method::OPTIONS {
        request = request
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
    }
    request.send().await.unwrap()
}

fn allowed(response: &Response) -> Option<&str> {
    header(response.headers(), "access-control-allow-origin")
}

#[tokio::test]
async fn a_preflight_is_answered_for_allowed_origins_only() {
    let local = local().await;
    let response = ask(&local, Method::OPTIONS, "/api/token", APP).await;
    assert_eq!(response.status(), 200);
    assert_eq!(allowed(&response), Some(APP));
    assert_eq!(header(response.headers(), "vary"), Some("Origin"));
    let headers = header(response.headers(), "access-control-allow-headers").unwrap();
    for name in ["authorization", "content-type", "x-looker-appid"] {
        assert!(headers.contains(name), "{headers}");
    }
    assert!(header(response.headers(), "access-control-max-age").is_none());
    assert!(header(response.headers(), "access-control-allow-credentials").is_none());
    for origin in ["http://localhost:8081", "https://localhost:8080", "null"] {
        let response = ask(&local, Method::OPTIONS, "/api/token", origin).await;
        assert_eq!(response.status(), 200);
        assert_eq!(allowed(&response), None, "{origin}");
    }
}

#[tokio::test]
async fn logging_in_by_api3_is_never_allowed_across_origins() {
    let local = local().await;
    for method in [Method::OPTIONS, Method::POST] {
        let response = ask(&local, method, "/api/4.0/login", APP).await;
        assert_eq!(allowed(&response), None);
    }
    // Nor is the answer to a login that is fine, which a page could send without asking.
    let form = [("client_id", "local-client-id"), ("client_secret", "local-client-secret")];
    let response =
        local.client.post(local.api("/api/4.0/login")).form(&form).header("origin", APP).send().await.unwrap();
    assert_eq!((response.status().as_u16(), allowed(&response)), (200, None));
}

#[tokio::test]
async fn errors_are_readable_unless_told_otherwise() {
    let local = local().await;
    let paths = ["/api/4.0/user", "/api/4.0/nonsense"];
    for path in paths {
        assert_eq!(allowed(&ask(&local, Method::GET, path, APP).await), Some(APP));
    }
    local.steer("answers", json!({ "errors_have_cors": false })).await;
    for path in paths {
        assert_eq!(allowed(&ask(&local, Method::GET, path, APP).await), None);
    }
    assert_eq!(allowed(&ask(&local, Method::GET, "/versions", APP).await), Some(APP));
}

#[tokio::test]
async fn the_allowlist_is_steered() {
    let local = local().await;
    local.steer("allowlist", json!({ "origins": ["https://*.example.com:8443"] })).await;
    assert_eq!(allowed(&ask(&local, Method::GET, "/versions", APP).await), None);
    let origin = "https://a.example.com:8443";
    assert_eq!(allowed(&ask(&local, Method::GET, "/versions", origin).await), Some(origin));
}

#[tokio::test]
async fn the_metadata_is_readable_only_when_told_so() {
    let local = local().await;
    let get = async || {
        let url = local.ui("/.well-known/oauth-authorization-server");
        local.client.get(url).header("origin", APP).send().await.unwrap()
    };
    let response = get().await;
    assert_eq!(allowed(&response), None);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["issuer"], local.looker.looker_url());
    assert_eq!(body["token_endpoint"], local.api("/api/token"));
    local.steer("answers", json!({ "metadata_has_cors": true })).await;
    assert_eq!(allowed(&get().await), Some(APP));
    local.steer("answers", json!({ "has_metadata": false })).await;
    assert_eq!(get().await.status(), 404);
}
