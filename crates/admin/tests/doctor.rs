//! What `doctor` finds, and that what it advises mends it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use serde_json::{Value, json};
use support::{Bench, bench, bench_with};

const PAGE: [&str; 3] = ["doctor", "--page", "http://localhost:8080"];

/// The exit code, and the one check that is bad with its next step; nothing where none is.
async fn bad(bench: &Bench, variables: &[(&str, &str)], line: &[&str]) -> (i32, Option<(String, String)>) {
    let ran = bench.run_with(variables, &[line, &["--json"]].concat()).await;
    let answer = ran.json();
    let checks = answer["checks"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(checks.len(), 13);
    let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
    let bad: Vec<_> = checks.iter().filter(|check| check["verdict"] == "bad").collect();
    assert!(bad.len() <= 1, "{answer}");
    assert_eq!(answer["well"], bad.is_empty());
    let bad = bad.first().map(|check| (text(check, "name"), text(check, "next_step")));
    (ran.code.unwrap(), bad)
}

/// The name of the check that is bad.
async fn only_bad(bench: &Bench, variables: &[(&str, &str)], line: &[&str]) -> String {
    let (code, bad) = bad(bench, variables, line).await;
    assert_eq!(code, 7);
    bad.unwrap().0
}

#[tokio::test]
async fn a_sign_in_that_has_nothing_in_its_way_is_said_to_have_nothing() {
    let bench = bench().await;
    let ran = bench.run(&PAGE).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.ends_with("\n\nNothing was found that is in the way of a sign-in.\n"), "{}", ran.out);
    assert!(ran.out.contains("\nok    credentials  those of Ada Lovelace (ada@example.com)\n"), "{}", ran.out);
    assert!(ran.out.contains("\n-     certificate  http has none\n"), "{}", ran.out);
    assert!(ran.out.contains("\nok    version      Looker 26."), "{}", ran.out);
    assert!(bench.changes().await.is_empty());
}

#[tokio::test]
async fn what_it_advises_mends_what_it_found() {
    let bench = bench().await;
    bench.run(&["disable", "--yes"]).await;
    bench.run(&["deny-origin", "http://localhost:8080", "--yes"]).await;
    let slash = "http://localhost:8080/authenticated/";
    bench.run(&["register", "--redirect-uri", slash]).await;
    for name in ["enabled", "redirect_uri", "origin"] {
        let ran = bench.run(&[&PAGE[..], &["--json"]].concat()).await;
        let check =
            ran.json()["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).cloned().unwrap();
        assert_eq!((ran.code, &check["verdict"]), (Some(7), &json!("bad")), "{check}");
        let advice = check["next_step"].as_str().unwrap().to_owned();
        let command: Vec<_> = advice.strip_prefix("looker-admin ").unwrap().split(' ').collect();
        assert_eq!(bench.run(&command).await.code, Some(0), "{advice}");
    }
    assert_eq!(bad(&bench, &[], &PAGE).await, (0, None));
}

#[tokio::test]
async fn the_first_thing_that_is_in_the_way_is_named_and_nothing_is_sent_past_it() {
    let bench = bench().await;
    // Taken, so that nobody else gets it, and nobody listens there.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let free = silent.local_addr().unwrap();
    let (free, ui) = (format!("http://{free}"), bench.looker.looker_url());
    for (variable, value, found) in [
        ("LOOKERSDK_VERIFY_SSL", "maybe", "settings"),
        ("LOOKERSDK_TIMEOUT", "soon", "settings"),
        ("LOOKERSDK_BASE_URL", "", "address"),
        ("LOOKERSDK_BASE_URL", "https://my.looker.com/api/4.0", "address"),
        ("LOOKERSDK_BASE_URL", "http://my.looker.com", "https"),
        ("LOOKERSDK_BASE_URL", &free, "host"),
        ("LOOKERSDK_BASE_URL", &ui, "api"),
        ("LOOKERSDK_CLIENT_SECRET", "", "credentials"),
    ] {
        assert_eq!(only_bad(&bench, &[(variable, value)], &PAGE).await, found, "{variable}={value}");
        assert!(!bench.requests().await.iter().any(|request| request.contains("/login")), "{found}");
    }
    assert_eq!(only_bad(&bench, &[("LOOKERSDK_CLIENT_SECRET", "wr0ng-s3cr3t")], &PAGE).await, "credentials");
    let grace = bench.grace().await;
    let grace = grace.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(only_bad(&bench, &grace, &PAGE).await, "permission");
    assert_eq!(only_bad(&bench, &[], &["doctor", "missing"]).await, "app");
    for (option, value) in [("--ini", "missing.ini"), ("--section", "Missing"), ("--ca-file", "config.json")] {
        assert_eq!(only_bad(&bench, &[], &["doctor", option, value]).await, "settings", "{option}");
    }
    bench.fault("GET", "/alive", json!({ "status": 503, "body": "" })).await;
    assert_eq!(only_bad(&bench, &[], &PAGE).await, "api");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_told_from_a_dead_host() {
    let bench = bench_with(true).await;
    let (code, found) = bad(&bench, &[], &PAGE).await;
    let (name, next_step) = found.unwrap();
    assert_eq!((code, name.as_str(), next_step.contains("--ca-file")), (7, "certificate", true), "{next_step}");
    assert!(bench.requests().await.is_empty());
    assert_eq!(bad(&bench, &[], &[&PAGE[..], &["--ca-file", "authority.pem"]].concat()).await, (0, None));
    let ran = bench.run_with(&[("LOOKERSDK_VERIFY_SSL", "no")], &PAGE).await;
    assert!(ran.code == Some(0) && ran.out.contains("\nLOOK  certificate  not checked"), "{}", ran.out);
}

#[tokio::test]
async fn what_it_advises_is_for_the_looker_that_was_named() {
    let bench = bench().await;
    let section = |name: &str, url: &str| format!("[{name}]\nbase_url={url}\n");
    bench.write("two.ini", &(section("First", "http://127.0.0.1:1") + &section("Second", &bench.looker.base_url())));
    let line = ["doctor", "other", "--page", "https://your.page", "--ini", "two.ini", "--section", "Second"];
    let ran = bench.run_with(&[("LOOKERSDK_BASE_URL", "")], &line).await;
    assert!(
        ran.out.contains("Next: looker-admin register other --redirect-uri https://your.page/authenticated"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert_eq!(ran.err, "Note: the same options belong to what is advised: --ini two.ini --section Second\n");
    bench.write("my two.ini", &(section("First", "http://127.0.0.1:1") + &section("it's", &bench.looker.base_url())));
    let line = ["doctor", "other", "--page", "https://your.page", "--ini", "my two.ini", "--section", "it's"];
    let ran = bench.run_with(&[("LOOKERSDK_BASE_URL", "")], &line).await;
    assert!(ran.err.ends_with(" --ini 'my two.ini' --section 'it'\\''s'\n"), "{}", ran.err);
    assert!(ran.out.starts_with("ok    settings     the environment, then my two.ini [it's]\n"), "{}", ran.out);
    // Where there is nothing to be advised, or no other way was named, nothing is said.
    let ran = bench.run_with(&[("LOOKERSDK_BASE_URL", "")], &["list", "--ini", "two.ini", "--section", "Second"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(bench.run(&["doctor", "other", "--page", "https://your.page"]).await.err, "");
}
