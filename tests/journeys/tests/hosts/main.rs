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

/// Those that send the headers that the build tells them.
const SERVERS: [Server; 4] = [Server::Nginx, Server::Caddy, Server::Firebase, Server::Netlify];
const A_YEAR: &str = "public, max-age=31536000, immutable";
const PAGE: &str = "text/html; charset=utf-8";

/// What a host gives in the place of a file that is missing.
fn when_missing(server: Server) -> (u16, &'static str) {
    match server {
        Server::Nginx | Server::Caddy => (404, ""),
        Server::Firebase | Server::Netlify | Server::Bare => (200, PAGE),
    }
}

/// How a host has a file asked for anew each time.
fn asks_again(server: Server) -> &'static str {
    if server == Server::Netlify { "public, max-age=0, must-revalidate" } else { "no-cache" }
}

/// The media type of files whose names end so; browsers take all of a kind's for the same.
fn media_type(server: Server, end: &str) -> &'static str {
    match (end, server) {
        ("js", Server::Firebase) => "application/javascript; charset=utf-8",
        ("js", _) => "text/javascript; charset=utf-8",
        ("css", _) => "text/css; charset=utf-8",
        ("wasm", _) => "application/wasm",
        ("svg", _) => "image/svg+xml",
        ("json", Server::Nginx | Server::Caddy) => "application/json",
        ("json", _) => "application/json; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}

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
        let again = asks_again(server);
        let (missing, in_its_place) = when_missing(server);
        let mut rows: Vec<(String, u16, &str, &str)> = vec![
            (base.into(), 200, PAGE, again),
            (format!("{base}account?x=1"), 200, PAGE, again),
            (format!("{base}authenticated?code=x.y&state=z"), 200, PAGE, again),
            (format!("{base}no/such/page"), 200, PAGE, again),
            (format!("{base}config.json"), 200, media_type(server, "json"), again),
            (format!("{base}licences.txt"), 200, media_type(server, "txt"), again),
            (format!("{base}missing.js"), missing, in_its_place, again),
            (format!("{base}missing-sha256-0123456789ab.js"), missing, in_its_place, again),
        ];
        for name in &names {
            let end = name.rsplit('.').next().unwrap();
            rows.push((format!("{base}{name}"), 200, media_type(server, end), A_YEAR));
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
                    let serves_copies = matches!(server, Server::Nginx | Server::Caddy);
                    let wanted = match accepts {
                        _ if !serves_copies => "",
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
                assert_eq!(header(headers, "integrity-policy"), "blocked-destinations=(script)", "{row}");
                assert_eq!(header(headers, "referrer-policy"), "no-referrer", "{row}");
                assert_eq!(header(headers, "cross-origin-opener-policy"), "same-origin", "{row}");
                assert!(header(headers, "strict-transport-security").starts_with("max-age="), "{row}");
            }
        }
        if base != "/" && matches!(server, Server::Nginx | Server::Caddy) {
            let answer = get(&host, "/looker", "identity").await;
            assert_eq!((answer.status().as_u16(), header(answer.headers(), "location")), (308, base), "{server:?}");
            assert_eq!(get(&host, "/elsewhere", "identity").await.status(), 404, "{server:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_asked_for_again_is_not_sent_again() {
    for server in [Server::Nginx, Server::Caddy] {
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
    if stage.browser.engine == Engine::Chromium {
        // Three seconds after a page was loaded, Chromium says in its console what was loaded ahead for nothing.
        stage.leaves_its_place();
        let since = "performance.now() - performance.getEntriesByType('navigation')[0].loadEventEnd";
        stage.sees_that("a page that is open for a while", &format!("return {since} > 6000")).await;
    }
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

#[tokio::test]
async fn a_session_lives_behind_firebase() {
    a_session_lives_behind(Server::Firebase, "/").await;
}

#[tokio::test]
async fn a_session_lives_behind_netlify_below_a_path() {
    a_session_lives_behind(Server::Netlify, "/looker/").await;
}

/// With the policy in the page, which no browser reports by: what it forbids stands in the console.
#[tokio::test]
async fn a_session_lives_behind_a_host_that_sends_no_headers() {
    let mut stage = Stage::open().await;
    let host = Host::start(Server::Bare, "/", &stage.config(), "").await;
    let answer = get(&host, "/account", "identity").await;
    assert_eq!(answer.status(), 404);
    assert_eq!(header(answer.headers(), "content-security-policy"), "");
    host.takes_over(&mut stage).await;
    stage.open_page("/account?x=1#y").await;
    stage.sees_door().await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    stage.open_page("/setup").await;
    stage.press("Run the checks").await;
    stage.sees("registered for exactly this page").await;
    stage.press("Your workbench").await;
    stage.sees_account().await;
    let console = stage.console().await;
    let names_policy =
        |line: &&String| line.contains("Content Security Policy") || line.contains("Content-Security-Policy");
    let broken: Vec<_> = console.iter().filter(names_policy).collect();
    assert!(broken.is_empty(), "the console says: {broken:#?}");
    let breaks = "const done = arguments[0];
        addEventListener('securitypolicyviolation', ({ blockedURI }) => done(blockedURI));
        new Image().src = 'https://elsewhere.invalid/'";
    assert_eq!(stage.evaluate_async(breaks).await, "https://elsewhere.invalid/");
    stage.signs_out().await;
    stage.sees("You are signed out.").await;
    // Where `end` waits for no report.
    stage.opens_looker().await;
    stage.end().await;
}
