//! https, by a certificate that only those trust who were given it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

use local_looker::{LocalLooker, Settings, start};
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt as _, net::TcpStream, time::Instant};

async fn secure() -> LocalLooker {
    let any = "127.0.0.1:0".parse().unwrap();
    start(Settings { looker: any, api: any, tls: true, ..Settings::default() }).await.unwrap()
}

fn trusting(looker: &LocalLooker) -> Client {
    let authority = Certificate::from_pem(looker.authority().unwrap().as_bytes()).unwrap();
    Client::builder().add_root_certificate(authority).build().unwrap()
}

/// A connection on which nothing is said.
async fn silent(looker: &LocalLooker) -> TcpStream {
    let address = looker.base_url().replace("https://localhost", "127.0.0.1");
    TcpStream::connect(address).await.unwrap()
}

#[tokio::test]
async fn both_hosts_speak_https_to_whoever_trusts_the_authority() {
    let looker = secure().await;
    let client = trusting(&looker);
    let versions = client.get(format!("{}/versions", looker.base_url())).send().await.unwrap();
    let versions: Value = versions.json().await.unwrap();
    assert!(looker.base_url().starts_with("https://localhost:"));
    assert_eq!(versions["api_server_url"], looker.base_url());
    assert_eq!(versions["web_server_url"], looker.looker_url());
    let login = client.get(format!("{}/login", looker.looker_url())).send().await.unwrap();
    assert_eq!(login.status(), 200);
    assert!(login.headers()["set-cookie"].to_str().unwrap().contains("; Secure"));
    let by_number = looker.base_url().replace("localhost", "127.0.0.1");
    assert_eq!(client.get(format!("{by_number}/alive")).send().await.unwrap().status(), 200);
    looker.stop().await;
}

#[tokio::test]
async fn nobody_else_trusts_it_and_http_gets_no_answer() {
    let (looker, other) = (secure().await, secure().await);
    let alive = format!("{}/alive", looker.base_url());
    for client in [Client::new(), trusting(&other)] {
        let error = client.get(&alive).send().await.unwrap_err();
        assert!(format!("{error:?}").contains("UnknownIssuer"), "{error:?}");
    }
    assert!(Client::new().get(alive.replace("https", "http")).send().await.is_err());
    assert_eq!(trusting(&looker).get(&alive).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn whoever_has_not_shaken_hands_is_cut_off_with_the_connections_there_are() {
    let looker = secure().await;
    let mut first = silent(&looker).await;
    let faults = format!("{}/_local/faults", looker.looker_url());
    let fault = json!({ "path": "/none", "then": "drop_before" });
    let added = trusting(&looker).post(faults).json(&fault).send().await.unwrap();
    assert_eq!(added.status(), 204);
    assert_eq!(first.read(&mut [0]).await.unwrap(), 0);
    let mut second = silent(&looker).await;
    looker.stop().await;
    assert!(matches!(second.read(&mut [0]).await, Ok(0) | Err(_)));
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_shake_hands_is_cut_off_after_ten_seconds() {
    let looker = secure().await;
    let began = Instant::now();
    let mut silent = silent(&looker).await;
    assert_eq!(silent.read(&mut [0]).await.unwrap(), 0);
    // By a clock that goes on when nothing else does.
    assert_eq!(began.elapsed().as_secs(), 10);
    looker.stop().await;
}

/// The two dates of a certificate, as DER writes them: `YYMMDDHHMMSSZ`.
fn dates(pem: &str) -> Vec<String> {
    use base64::Engine as _;
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    let is_date = |bytes: &&[u8]| bytes.starts_with(&[0x17, 13]) && bytes.ends_with(b"Z");
    der.windows(15).filter(is_date).map(|bytes| String::from_utf8_lossy(&bytes[2..8]).into_owned()).collect()
}

#[tokio::test]
async fn the_certificate_ends_before_strict_clients_have_enough() {
    let looker = secure().await;
    let dates = dates(looker.authority().unwrap());
    let [from, until] = dates.as_slice() else { panic!("{dates:?}") };
    let year = |date: &str| date[..2].parse::<u32>().unwrap();
    assert!(from < until && year(until) - year(from) <= 2, "{from} {until}");
}
