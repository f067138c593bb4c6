//! The build behind real hosts, configured by what the build writes for them. Run by
//! `cargo xtask test --only hosts`.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;

use journeys::{
    Stage,
    host::{Host, Server},
    setting::Engine,
};
use reqwest::{Client, Response, header::HeaderMap};

const SERVERS: [Server; 2] = [Server::Nginx, Server::Caddy];
const A_YEAR: &str = "public, max-age=31536000, immutable";

fn config() -> serde_json::Value {
    serde_json::json!({
        "client_id": "sightline",
        "instances": [{ "looker_url": "https://my.looker.com", "base_url": "https://my.looker.com:19999" }]
    })
}

/// Says how the host answers, without following it elsewhere.
async fn get(host: &Host, path: &str, accepts: &str) -> Response {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    client.get(format!("{}{path}", host.origin)).header("Accept-Encoding", accepts).send().await.unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(|value| value.to_str().unwrap()).unwrap_or_default();
    assert!(values.next().is_none(), "{name} came twice");
    value
}

#[tokio::test]
async fn every_answer_of_a_host_has_the_headers_that_the_deployment_guide_promises() {
    for (server, base) in SERVERS.iter().flat_map(|server| [(*server, "/"), (*server, "/looker/")]) {
        let host = Host::start(server, base, &config(), "").await;
        let names: Vec<String> = fs::read_dir(&host.files)
            .unwrap()
            .flatten()
            .map(|file| file.file_name().into_string().unwrap())
            .filter(|name| [".js", ".css", ".wasm", ".svg"].iter().any(|end| name.ends_with(end)))
            .collect();
        assert!(names.len() > 5, "{names:?}");
        let mut rows: Vec<(String, u16, &str, &str)> = vec![
            (base.into(), 200, "text/html; charset=utf-8", "no-cache"),
            (format!("{base}account?x=1"), 200, "text/html; charset=utf-8", "no-cache"),
            (format!("{base}authenticated?code=x.y&state=z"), 200, "text/html; charset=utf-8", "no-cache"),
            (format!("{base}no/such/page"), 200, "text/html; charset=utf-8", "no-cache"),
            (format!("{base}config.json"), 200, "application/json", "no-cache"),
            (format!("{base}licences.txt"), 200, "text/plain; charset=utf-8", "no-cache"),
            (format!("{base}missing.js"), 404, "", "no-cache"),
            (format!("{base}missing-sha256-0123456789ab.js"), 404, "", "no-cache"),
        ];
        for name in &names {
            let media_type = match name.rsplit('.').next().unwrap() {
                "js" => "text/javascript; charset=utf-8",
                "css" => "text/css; charset=utf-8",
                "wasm" => "application/wasm",
                _ => "image/svg+xml",
            };
            rows.push((format!("{base}{name}"), 200, media_type, A_YEAR));
        }
        for (path, status, media_type, keeps) in rows {
            for accepts in ["identity", "gzip", "gzip, deflate, br"] {
                let answer = get(&host, &path, accepts).await;
                let row = format!("{server:?} {path} {accepts}");
                assert_eq!(answer.status().as_u16(), status, "{row}");
                let headers = answer.headers();
                if status == 200 {
                    assert_eq!(header(headers, "content-type"), media_type, "{row}");
                    let name = path.strip_prefix(base).unwrap();
                    // The page, whatever its address.
                    let name = if host.files.join(name).is_file() { name } else { "index.html" };
                    let has = |end: &str| host.files.join(format!("{name}{end}")).is_file();
                    let wanted = match accepts {
                        "gzip, deflate, br" if has(".br") => "br",
                        "gzip" if has(".gz") => "gzip",
                        _ => "",
                    };
                    let coding = header(headers, "content-encoding");
                    assert_eq!(coding, wanted, "{row}");
                }
                assert_eq!(header(headers, "cache-control"), keeps, "{row}");
                let policy = header(headers, "content-security-policy");
                assert!(
                    policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "),
                    "{row}: {policy}"
                );
                assert!(policy.contains("connect-src 'self' https://my.looker.com:19999; "), "{row}: {policy}");
                assert_eq!(header(headers, "x-content-type-options"), "nosniff", "{row}");
                assert_eq!(header(headers, "referrer-policy"), "no-referrer", "{row}");
                assert_eq!(header(headers, "cross-origin-opener-policy"), "same-origin", "{row}");
                assert!(header(headers, "strict-transport-security").starts_with("max-age="), "{row}");
            }
        }
        if base != "/" {
            let answer = get(&host, "/looker", "identity").await;
            assert_eq!((answer.status().as_u16(), header(answer.headers(), "location")), (308, base), "{server:?}");
            assert_eq!(get(&host, "/elsewhere", "identity").await.status(), 404, "{server:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_asked_for_again_is_not_sent_again() {
    for server in SERVERS {
        let host = Host::start(server, "/", &config(), "").await;
        let first = get(&host, "/config.json", "br").await;
        let tag = header(first.headers(), "etag").to_owned();
        let again = Client::new().get(format!("{}/config.json", host.origin)).header("If-None-Match", tag).send().await;
        assert_eq!(again.unwrap().status(), 304, "{server:?}");
    }
}

async fn a_session_lives_behind(server: Server, base_path: &'static str) {
    let mut stage = Stage::open().await;
    let host = Host::start(server, base_path, &stage.config(), &stage.site.origin).await;
    host.takes_over(&mut stage).await;
    stage.open_page("/account?x=1#y").await;
    stage.sees_door().await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.reload().await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    // Three seconds after a page was loaded, Chromium says what was loaded ahead for nothing.
    stage.sees_that("a page that is open for a while", "return performance.now() > 6000").await;
    stage.open_page("/no/such/page").await;
    stage.sees_heading("There is no such page").await;
    stage.press("Go to your account").await;
    stage.sees_account().await;
    stage.open_page("/setup").await;
    stage.press("Run the checks").await;
    stage.sees("registered for exactly this page").await;
    stage.press("Your workbench").await;
    stage.sees_account().await;
    says_nothing_in_the_console(&stage).await;
    // Which are a text, for which browsers look for an icon that is not there, and say so.
    reads_the_licences(&stage).await;
    stage.signs_out().await;
    stage.sees("You are signed out.").await;
    stage.end().await;
}

async fn reads_the_licences(stage: &Stage) {
    let account = stage.tab().await;
    stage.press("the licences of all it is made of").await;
    let licences = stage.waits_for_another_tab(&account).await;
    stage.turns_to(licences).await;
    stage.sees("Sightline is made of the crates below").await;
    stage.close_tab().await;
    stage.turns_to(account).await;
}

/// In Chromium, which writes nothing of its own there; what may not be there is looked for in each engine's.
async fn says_nothing_in_the_console(stage: &Stage) {
    if stage.browser.engine != Engine::Chromium {
        return;
    }
    let console = stage.browser.console().await;
    assert!(console.is_empty(), "the console says: {console:#?}");
}

#[tokio::test]
async fn a_session_lives_behind_nginx() {
    a_session_lives_behind(Server::Nginx, "/").await;
}

#[tokio::test]
async fn a_session_lives_behind_nginx_below_a_path() {
    a_session_lives_behind(Server::Nginx, "/looker/").await;
}

#[tokio::test]
async fn a_session_lives_behind_caddy() {
    a_session_lives_behind(Server::Caddy, "/").await;
}
