//! What is said when something is in the way, and with which code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use serde_json::json;
use support::{Bench, bench, bench_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Code, kind and headline of a run with `--json`, with its sentences on standard error as well.
async fn trouble(bench: &Bench, variables: &[(&str, &str)], line: &[&str]) -> (i32, String, String) {
    let ran = bench.run_with(variables, &[line, &["--json"]].concat()).await;
    let answer = ran.json();
    let text = |name: &str| answer["error"][name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    assert_eq!(answer["exit_code"], ran.code.unwrap(), "{answer}");
    for name in ["headline", "meaning", "next_step"] {
        assert!(!text(name).is_empty() && ran.err.contains(&text(name)), "{name}: {}", ran.err);
    }
    (ran.code.unwrap(), text("kind"), text("headline"))
}

#[tokio::test]
async fn wrong_credentials_are_said_with_where_they_were_found() {
    let bench = bench().await;
    for variables in [[("LOOKERSDK_CLIENT_SECRET", "wr0ng-s3cr3t")], [("LOOKERSDK_CLIENT_ID", "nobody")]] {
        let (code, kind, headline) = trouble(&bench, &variables, &["list"]).await;
        assert_eq!((code, kind.as_str()), (4, "wrong_credentials"));
        assert!(headline.contains("(status 404)"), "{headline}");
    }
    bench.write("looker.ini", "[Looker]\nclient_id=local-client-id\nclient_secret=wr0ng-s3cr3t\n");
    let variables = [("LOOKERSDK_CLIENT_SECRET", ""), ("LOOKERSDK_CLIENT_ID", "")];
    let ran = bench.run_with(&variables, &["list"]).await;
    assert_eq!(ran.code, Some(4));
    assert!(
        ran.err.contains("client_id in looker.ini [Looker] and client_secret in looker.ini [Looker]"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("wr0ng-s3cr3t"));
}

#[tokio::test]
async fn whoever_is_no_admin_is_told_so_by_name() {
    let bench = bench().await;
    let grace = bench.grace().await;
    let grace = grace.each_ref().map(|(name, value)| (*name, value.as_str()));
    for status in [404, 403] {
        bench.steer("answers", json!({ "forbidden_as": status })).await;
        for line in [
            &["list"][..],
            &["register", "--page", "https://your.page"],
            &["disable", "--yes"],
            &["allow-origin", "https://your.page"],
        ] {
            let (code, kind, headline) = trouble(&bench, &grace, line).await;
            assert_eq!((code, kind.as_str()), (4, "not_permitted"), "{line:?}");
            assert!(headline.contains(&format!("(status {status})")), "{headline}");
        }
    }
    let ran = bench.run_with(&grace, &["show"]).await;
    assert!(ran.err.contains("those of Grace Hopper (grace@example.com)"), "{}", ran.err);
    assert!(bench.changes().await.iter().all(|change| change.contains("credentials_api3")));
}

#[tokio::test]
async fn a_host_that_can_not_be_reached_is_told_from_one_that_is_not_the_api() {
    let (bench, tls) = (bench().await, bench_with(true).await);
    // Taken, so that nobody else gets it, and nobody listens there.
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let free = silent.local_addr().unwrap();
    let ui = bench.looker.looker_url();
    for (base_url, kind, said) in [
        (format!("http://{free}"), "no_answer", "nothing listens at"),
        ("https://no-such-host.invalid".into(), "no_answer", "there is no host of the name"),
        (bench.looker.base_url().replace("http", "https"), "no_answer", "does not speak https"),
        (ui, "not_the_api", "is not Looker's API"),
        (tls.looker.base_url().replace("https", "http"), "no_answer", "does not speak http ("),
    ] {
        let (code, found, headline) = trouble(&bench, &[("LOOKERSDK_BASE_URL", &base_url)], &["list"]).await;
        assert_eq!((code, found.as_str()), (3, kind), "{headline}");
        assert!(headline.contains(said), "{headline}");
    }
    bench.fault("POST", "/api/4.0/login", json!("hang")).await;
    let (code, _, headline) = trouble(&bench, &[("LOOKERSDK_TIMEOUT", "1")], &["list"]).await;
    assert_eq!((code, headline.contains("did not answer in time")), (3, true), "{headline}");
    // Looker may have given a token all the same.
    let note = "Note: The token may not be logged out (the login was sent, and its answer got lost)";
    let ran = bench.run_with(&[("LOOKERSDK_TIMEOUT", "1")], &["list"]).await;
    assert!(ran.err.contains(note), "{}", ran.err);
    let ran = bench.run_with(&[("LOOKERSDK_BASE_URL", "http://127.0.0.1:1")], &["list"]).await;
    assert!(!ran.err.contains("may not be logged out"), "{}", ran.err);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_until_its_authority_is_named() {
    let (bench, other) = (bench_with(true).await, bench_with(true).await);
    let (code, kind, headline) = trouble(&bench, &[], &["list"]).await;
    assert_eq!((code, kind.as_str()), (3, "certificate"));
    assert!(headline.contains("signed by nobody whom this machine trusts"), "{headline}");
    let others = other.folder.join("authority.pem");
    let (code, kind, _) = trouble(&bench, &[], &["list", "--ca-file", others.to_str().unwrap()]).await;
    assert_eq!((code, kind.as_str()), (3, "certificate"));
    assert!(bench.requests().await.is_empty(), "credentials went to a host that nobody vouches for");
    let ran = bench.run(&["list", "--ca-file", "authority.pem"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    bench.write("odd.pem", "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n");
    bench.write("cut.pem", "-----BEGIN CERTIFICATE-----\nMAAA\n");
    for file in ["config.json", "missing.pem", "odd.pem", "cut.pem"] {
        let (code, kind, headline) = trouble(&bench, &[], &["list", "--ca-file", file]).await;
        assert_eq!((code, kind.as_str()), (2, "file"), "{headline}");
    }
    let (_, _, headline) = trouble(&bench, &[], &["list", "--ca-file", "odd.pem"]).await;
    assert!(headline.ends_with("odd.pem can't be used: certificate 1 in it is none (BadEncoding)."), "{headline}");
}

#[tokio::test]
async fn a_certificate_is_left_unchecked_only_when_one_says_so_and_that_is_noted() {
    let bench = bench_with(true).await;
    let ran = bench.run_with(&[("LOOKERSDK_VERIFY_SSL", "false")], &["list"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.starts_with("Note: Certificates are not checked"), "{}", ran.err);
}

#[tokio::test]
async fn settings_are_taken_as_the_sdks_take_them_and_what_is_missing_is_said_before_anything_is_sent() {
    let bench = bench().await;
    let none = [("LOOKERSDK_BASE_URL", ""), ("LOOKERSDK_CLIENT_ID", ""), ("LOOKERSDK_CLIENT_SECRET", "")];
    for (line, said) in [
        (&["list"][..], "LOOKERSDK_BASE_URL is not set"),
        (&["list", "--ini", "missing.ini"], "missing.ini can't be read"),
        (&["list", "--section", "Test"], "looker.ini can't be read"),
    ] {
        let (code, kind, headline) = trouble(&bench, &none, line).await;
        assert_eq!((code, kind.as_str(), headline.contains(said)), (2, "settings", true), "{headline}");
    }
    let base_url = bench.looker.base_url();
    let ini = format!(
        "[Broken]\nbase_url={base_url}\n\n[Local]\nbase_url=\"{base_url}\"\nclient_id=local-client-id\n\
         client_secret=local-client-secret\nverify_ssl=true\ntimeout=30\n"
    );
    bench.write("my.ini", &ini);
    bench.write("empty.ini", "");
    let (_, _, headline) = trouble(&bench, &none, &["list", "--ini", "empty.ini"]).await;
    assert!(headline.contains("and empty.ini has no [section]"), "{headline}");
    bench.write("turned.ini", "[a\u{202e}b]\n");
    let (_, _, headline) = trouble(&bench, &none, &["list", "--ini", "turned.ini"]).await;
    assert!(headline.contains("[a\u{fffd}b]"), "{headline}");
    let (_, _, headline) = trouble(&bench, &none, &["list", "--ini", "my.ini"]).await;
    assert!(headline.contains("nor is client_id in my.ini [Broken]"), "{headline}");
    assert!(bench.requests().await.is_empty());
    let ran = bench.run_with(&none, &["list", "--ini", "my.ini", "--section", "Local"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    bench.write("looker.ini", &ini.replace("[Broken]", "[Broken]\nlocal-client-secret"));
    let (code, _, headline) = trouble(&bench, &none, &["list"]).await;
    assert_eq!((code, headline.contains("looker.ini can't be understood: line 2 ")), (2, true), "{headline}");
    std::fs::remove_file(bench.folder.join("config.json")).unwrap();
    std::fs::remove_file(bench.folder.join("looker.ini")).unwrap();
    let (code, kind, _) = trouble(&bench, &[], &["show"]).await;
    assert_eq!((code, kind.as_str()), (2, "no_client_id"));
    let (code, kind, _) = trouble(&bench, &[], &["register", "new-app"]).await;
    assert_eq!((code, kind.as_str()), (2, "no_address"));
    let page = ["register", "new-app", "--page", "https://your.page"];
    for said in ["config.json can't be used: No such file", "config.json can't be used: it is no JSON"] {
        let (code, kind, _) = trouble(&bench, &[], &page).await;
        assert_eq!((code, kind.as_str()), (2, "no_display_name"));
        let ran = bench.run(&page).await;
        assert!(ran.err.contains(said), "{}", ran.err);
        bench.write("config.json", "{");
    }
}

#[tokio::test]
async fn what_looker_refuses_is_told_in_its_own_words() {
    let bench = bench().await;
    let line = ["register", "a b", "--page", "https://your.page"];
    let ran = bench.run(&line).await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("client_guid: client_guid may have letters"), "{}", ran.err);
    for (then, said) in [
        (json!({ "status": 503, "body": "" }), "trouble of its own (status 503)"),
        (json!({ "status": 429, "body": "{}", "headers": { "Retry-After": "7" } }), "in 7 seconds"),
        (json!({ "status": 200, "body": "[" }), "not the JSON"),
        (json!({ "status": 301, "body": "", "headers": { "Location": "https://other.example/" } }), "301"),
    ] {
        bench.steer("faults", json!({ "path": "/api/4.0/oauth_client_apps", "times": 1, "then": then })).await;
        let ran = bench.run(&["list"]).await;
        assert_eq!((ran.code, ran.err.contains(said)), (Some(1), true), "{}", ran.err);
    }
    bench
        .steer(
            "faults",
            json!({ "path": "/api/4.0/oauth_client_apps/", "times": 1, "method": "PATCH",
        "then": { "status": 200, "body": "{\"client_guid\":\"sightline\",\"enabled\":true}" } }),
        )
        .await;
    let (code, kind, _) = trouble(&bench, &[], &["disable", "--yes"]).await;
    assert_eq!((code, kind.as_str()), (1, "not_kept"));
}

#[tokio::test]
async fn a_change_whose_answer_got_lost_is_said_to_be_unknown() {
    let bench = bench().await;
    bench.fault("PATCH", "/api/4.0/oauth_client_apps", json!("drop_after")).await;
    let ran = bench.run(&["disable", "--yes"]).await;
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("may have been made, or not"), "{}", ran.err);
    assert_eq!(bench.run(&["show", "--json"]).await.json()["app"]["enabled"], false);
}

#[tokio::test]
async fn the_token_is_in_no_output() {
    let bench = bench().await;
    let token = "t0ken-of-this-run";
    let answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600, "refresh_token": null });
    let then = json!({ "status": 200, "body": answer.to_string() });
    bench.fault("POST", "/api/4.0/login", then).await;
    for line in [&["list"][..], &["list", "--json"], &["doctor"], &["doctor", "--json"], &["remove", "--yes"]] {
        let output = bench.program(line).output().await.unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("401") && !said.contains(token), "{line:?} {said}");
    }
}

#[tokio::test]
async fn a_token_that_could_not_be_logged_out_is_said_and_changes_nothing_else() {
    let bench = bench().await;
    bench.fault("DELETE", "/api/4.0/logout", json!({ "status": 503, "body": "" })).await;
    let output = bench.program(&["list"]).output().await.unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(err.starts_with("Note: The token may not be logged out (Looker has trouble"), "{err}");
}

#[tokio::test]
async fn a_command_line_that_can_not_be_understood_is_json_where_that_was_asked_for() {
    let bench = bench().await;
    let (code, kind, headline) = trouble(&bench, &[], &["lists"]).await;
    assert_eq!((code, kind.as_str(), headline.as_str()), (2, "usage", "unrecognized subcommand 'lists'"));
    let (code, kind, _) = trouble(&bench, &[], &["register", "x", "--page", "http://far.example"]).await;
    assert_eq!((code, kind.as_str()), (2, "usage"));
    let ran = bench.run(&["lists"]).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.starts_with("error: unrecognized subcommand"), "{}", ran.err);
    let ran = bench.run(&["--help", "--json"]).await;
    assert_eq!((ran.code, ran.out.contains("Exit codes:")), (Some(0), true), "{}", ran.out);
}

#[tokio::test]
async fn a_proxy_that_gives_no_way_is_not_taken_for_looker() {
    let bench = bench_with(true).await;
    let proxy = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refuses = format!("http://{}", proxy.local_addr().unwrap());
    let refusing = tokio::spawn(async move {
        loop {
            let (mut stream, _) = proxy.accept().await.unwrap();
            let _ = stream.read_buf(&mut Vec::new()).await;
            let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        }
    });
    for (proxy, said) in [
        ("http://127.0.0.1:1", "Connection refused"),
        ("http://no-such-host.invalid", "lookup"),
        (&refuses, "proxy authorization required"),
    ] {
        let line = ["list", "--ca-file", "authority.pem"];
        let (code, kind, headline) = trouble(&bench, &[("HTTPS_PROXY", proxy)], &line).await;
        assert_eq!((code, kind.as_str(), headline.contains(said)), (3, "proxy", true), "{headline}");
    }
    refusing.abort();
    assert!(bench.requests().await.is_empty());
}

#[tokio::test]
async fn what_is_not_encrypted_goes_past_every_proxy() {
    let bench = bench().await;
    // Nobody listens there.
    let nowhere = "http://127.0.0.1:1";
    let ran = bench.run_with(&[("http_proxy", nowhere), ("ALL_PROXY", nowhere)], &["list"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_that_can_not_be_written_is_no_success() {
    let bench = bench().await;
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ran = bench.program(&["list"]).stdout(full).spawn().unwrap().wait_with_output().await.unwrap();
    let ran = bench.ended(ran.into(), &[]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.starts_with("What came of it could not be written ("), "{}", ran.err);
}
