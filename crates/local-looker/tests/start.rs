//! Starting, stopping, and what outlives a restart.

#![allow(clippy::unwrap_used, reason = "clippy sees no test in a helper of tests")]

mod support;

use local_looker::{Settings, StartError, start};
use reqwest::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use support::{Local, header, local, local_with, text};

/// A directory of this test's own, removed when it ends.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("local-looker-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn address(url: &str) -> SocketAddr {
    url.replace("http://localhost", "127.0.0.1").parse().unwrap()
}

fn anywhere() -> Settings {
    let any = "127.0.0.1:0".parse().unwrap();
    Settings { looker: any, api: any, ..Settings::default() }
}

#[tokio::test]
async fn a_busy_port_is_named_with_the_flag_that_changes_it() {
    let running = local().await;
    let busy = address(&running.looker.base_url());
    let error = start(Settings { api: busy, ..anywhere() }).await.unwrap_err();
    assert!(matches!(&error, StartError::PortBusy { address, flag: "--api" } if *address == busy));
    let sentence = error.to_string();
    assert!(sentence.contains(&busy.port().to_string()) && sentence.contains("--api"), "{sentence}");
    let busy = address(&running.looker.looker_url());
    let error = start(Settings { looker: busy, ..anywhere() }).await.unwrap_err();
    assert!(matches!(error, StartError::PortBusy { flag: "--looker", .. }));
}

#[tokio::test]
async fn an_odd_app_and_an_unusable_directory_are_named() {
    let apps = vec!["http://example.com".to_owned()];
    let error = start(Settings { apps, ..anywhere() }).await.unwrap_err();
    assert!(matches!(&error, StartError::App { given, .. } if given == "http://example.com"));
    let directory = Directory::new("a-file");
    let file = directory.0.join("file");
    std::fs::write(&file, "").unwrap();
    let error = start(Settings { data: Some(file), ..anywhere() }).await.unwrap_err();
    assert!(matches!(error, StartError::Data { .. }));
    assert!(error.to_string().contains("--data"), "{error}");
}

#[tokio::test]
async fn each_app_has_an_address_of_its_own() {
    let apps = vec!["http://localhost:8080".to_owned(), "https://b.example/base/".to_owned()];
    let looker = start(Settings { apps, ..anywhere() }).await.unwrap();
    let client = reqwest::Client::new();
    let login = client
        .post(format!("{}/api/4.0/login", looker.base_url()))
        .form(&[("client_id", "local-client-id"), ("client_secret", "local-client-secret")]);
    let login: Value = login.send().await.unwrap().json().await.unwrap();
    let token = format!("token {}", text(&login, "access_token"));
    let get = async |path: &str| {
        let request = client.get(format!("{}/api/4.0{path}", looker.base_url()));
        let response = request.header("authorization", &token).send().await.unwrap();
        response.json::<Value>().await.unwrap()
    };
    let apps = get("/oauth_client_apps?fields=client_guid,redirect_uri").await;
    assert_eq!(
        apps,
        json!([
            { "client_guid": "sightline", "redirect_uri": "http://localhost:8080/authenticated" },
            { "client_guid": "sightline-2", "redirect_uri": "https://b.example/base/authenticated" },
        ])
    );
    let allowlist = &get("/setting").await["embed_config"]["domain_allowlist"];
    assert_eq!(*allowlist, json!(["http://localhost:8080", "https://b.example"]));
    looker.stop().await;
}

#[tokio::test]
async fn people_apps_tokens_codes_and_the_allowlist_outlive_a_restart() {
    let directory = Directory::new("restart");
    let before = local_with(Some(directory.0.clone())).await;
    let (access, refresh) = before.tokens("grace@example.com").await;
    let code = before.code("grace@example.com").await;
    let ada = before.ada().await;
    before.call(Method::POST, "/users", &ada, json!({ "first_name": "New" })).await;
    before.call(Method::PATCH, "/oauth_client_apps/sightline", &ada, json!({ "description": "D" })).await;
    before.steer("allowlist", json!({ "origins": ["https://only.example"] })).await;
    before.looker.stop().await;

    let after: Local = local_with(Some(directory.0.clone())).await;
    assert_eq!(after.alive(&access).await, 200);
    assert_eq!(after.redeem(&code).await.0, 200);
    assert_eq!(after.refresh(&refresh).await.0, 200);
    let users = after.call(Method::GET, "/users?fields=id", &ada, Value::Null).await;
    assert!(header(users.headers(), "access-control-allow-origin").is_none());
    assert_eq!(users.json::<Value>().await.unwrap().as_array().unwrap().len(), 3);
    let app = after.call(Method::GET, "/oauth_client_apps/sightline", &ada, Value::Null).await;
    assert_eq!(app.json::<Value>().await.unwrap()["description"], "D");
}

#[tokio::test]
async fn the_database_holds_no_secret() {
    let directory = Directory::new("secrets");
    let local = local_with(Some(directory.0.clone())).await;
    let (access, refresh) = local.tokens("ada@example.com").await;
    let code = local.code("ada@example.com").await;
    local.looker.stop().await;
    let mut read = 0;
    for entry in std::fs::read_dir(&directory.0).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        read += bytes.len();
        for secret in [&access, &refresh, &code, &"local-client-secret".to_owned()] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
    assert!(read > 0);
}

#[tokio::test]
async fn a_stopped_looker_frees_its_ports_and_says_that_it_has_ended() {
    let first = start(anywhere()).await.unwrap();
    let (looker, api) = (address(&first.looker_url()), address(&first.base_url()));
    first.stop().await;
    let second = start(Settings { looker, api, ..anywhere() }).await.unwrap();
    assert_eq!(address(&second.base_url()), api);
    let ended = second.stopped();
    let mut ended = std::pin::pin!(ended);
    tokio::select! {
        biased;
        () = &mut ended => panic!("it runs"),
        () = std::future::ready(()) => {}
    }
}
