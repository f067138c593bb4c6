//! What each command does at a Looker.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use serde_json::json;
use support::bench;

#[tokio::test]
async fn an_app_is_registered_once_and_then_only_what_is_different_is_changed() {
    let bench = bench().await;
    let first = ["register", "other", "--page", "https://your.page/", "--display-name", "Other"];
    let ran = bench.run(&first).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.starts_with("Registered other at http://localhost:"), "{}", ran.out);
    assert!(ran.out.contains("  redirect_uri  https://your.page/authenticated\n"), "{}", ran.out);
    assert!(ran.out.ends_with("looker-admin allow-origin https://your.page\n"), "{}", ran.out);
    assert_eq!(bench.changes().await, ["POST /api/4.0/oauth_client_apps/other 200"]);

    let ran = bench.run(&first).await;
    assert_eq!((ran.code, bench.changes().await.len()), (Some(0), 1), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("other is registered like this at "), "{}", ran.out);

    let moved = ["register", "other", "--redirect-uri", "https://your.page/authenticated/"];
    let ran = bench.run(&[&moved[..], &["--dry-run"]].concat()).await;
    assert_eq!((ran.code, bench.changes().await.len()), (Some(0), 1), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("Would change other at "), "{}", ran.out);

    let ran = bench.run(&[&moved[..], &["--json"]].concat()).await;
    assert_eq!(bench.changes().await[1..], ["PATCH /api/4.0/oauth_client_apps/other 200"]);
    let change = json!({
        "field": "redirect_uri",
        "from": "https://your.page/authenticated",
        "to": "https://your.page/authenticated/",
    });
    let answer = ran.json();
    assert_eq!((&answer["result"], &answer["changes"]), (&json!("changed"), &json!([change])));
    assert_eq!(answer["app"]["display_name"], "Other");
}

#[tokio::test]
async fn what_is_not_named_comes_from_the_apps_own_configuration() {
    let bench = bench().await;
    bench.write(
        "other.json",
        r#"{"app_name":"Another","client_id":"another","instances":[],"allow_other_instances":true}"#,
    );
    let line = ["register", "--page", "http://localhost:1234/x", "--config", "other.json", "--json"];
    let dry = bench.run(&[&line[..], &["--dry-run"]].concat()).await.json();
    assert_eq!((&dry["result"], &dry["app"]["enabled"]), (&json!("would_register"), &json!(true)));
    assert!(bench.changes().await.is_empty());
    let made = bench.run(&line).await.json();
    assert_eq!((&made["client_guid"], &made["result"]), (&json!("another"), &json!("registered")));
    assert_eq!(made["app"]["redirect_uri"], "http://localhost:1234/x/authenticated");
    assert_eq!((&made["app"]["display_name"], &made["app"]["enabled"]), (&json!("Another"), &json!(true)));
    // config.json names the app that the local Looker starts with.
    let ran = bench.run(&["register", "--page", "http://localhost:8080"]).await;
    assert!(ran.out.starts_with("sightline is registered like this"), "{}{}", ran.out, ran.err);
}

#[tokio::test]
async fn apps_are_listed_and_shown() {
    let bench = bench().await;
    let first = ["register", "a-first", "--page", "https://your.page", "--display-name", "\u{1b}[31m\u{202e}red"];
    let dry = bench.run(&[&first[..], &["--dry-run"]].concat()).await;
    assert!(dry.out.contains("  display_name  \u{fffd}[31m\u{fffd}red\n"), "{}", dry.out);
    bench.run(&first).await;
    let ran = bench.run(&["list"]).await;
    let lines: Vec<_> = ran.out.lines().collect();
    assert!(lines[0].starts_with("client_id  state    redirect_uri"), "{}", ran.out);
    assert!(lines[1].starts_with("a-first    enabled  https://your.page/authenticated "), "{}", ran.out);
    assert!(lines[1].ends_with("\u{fffd}[31m\u{fffd}red") && lines[2].starts_with("sightline  enabled"), "{}", ran.out);
    let ran = bench.run(&["list", "--json"]).await;
    assert!(ran.out.contains(r"\u001b[31m\u202ered"), "{}", ran.out);
    let apps = ran.json();
    let ids: Vec<_> = apps["apps"].as_array().unwrap().iter().map(|app| app["client_guid"].clone()).collect();
    assert_eq!(ids, ["a-first", "sightline"]);
    assert_eq!(apps["apps"][0]["display_name"], "\u{1b}[31m\u{202e}red");
    let ran = bench.run(&["show"]).await;
    assert!(ran.out.starts_with("sightline at http://localhost:"), "{}", ran.out);
    assert!(ran.out.contains("\n  redirect_uri  http://localhost:8080/authenticated\n"), "{}", ran.out);
    let missing = bench.run(&["show", "Sightline"]).await;
    assert_eq!(missing.code, Some(5));
    assert!(missing.err.contains("There are: a-first, sightline."), "{}", missing.err);
}

#[tokio::test]
async fn what_signs_people_out_is_confirmed_or_not_done() {
    let bench = bench().await;
    for command in ["disable", "remove", "revoke-tokens"] {
        let ran = bench.run(&[command]).await;
        assert_eq!(ran.code, Some(6), "{command}");
        assert!(ran.err.contains("signed out at once") && ran.err.contains("--yes"), "{}", ran.err);
        let ran = bench.run(&[command, "--dry-run"]).await;
        assert_eq!(ran.code, Some(0), "{command}");
        assert!(ran.out.starts_with("Would ") && ran.out.contains("signed out at once"), "{}", ran.out);
    }
    assert_eq!(bench.run(&["deny-origin", "http://localhost:8080"]).await.code, Some(6));
    assert!(bench.changes().await.is_empty());
}

#[tokio::test]
async fn an_app_is_disabled_enabled_signed_out_and_removed() {
    let bench = bench().await;
    let app = "/api/4.0/oauth_client_apps/sightline";
    let result = async |line: &[&str]| bench.run(line).await.json()["result"].clone();
    assert_eq!(result(&["disable", "--yes", "--json"]).await, "disabled");
    assert_eq!(result(&["disable", "--json"]).await, "unchanged");
    let ran = bench.run(&["register", "--page", "http://localhost:8080"]).await;
    assert!(ran.out.ends_with("It is disabled: nobody can sign in with it. Next: looker-admin enable sightline\n"));
    assert_eq!(result(&["enable", "--json"]).await, "enabled");
    assert_eq!(result(&["enable", "--json"]).await, "unchanged");
    assert_eq!(result(&["revoke-tokens", "--force", "--json"]).await, "tokens_revoked");
    assert_eq!(result(&["remove", "--yes", "--json"]).await, "removed");
    assert_eq!(bench.run(&["remove", "--yes"]).await.code, Some(5));
    assert_eq!(
        bench.changes().await,
        [
            format!("PATCH {app} 200"),
            format!("PATCH {app} 200"),
            format!("DELETE {app}/tokens 204"),
            format!("DELETE {app} 204"),
        ]
    );
}

#[tokio::test]
async fn an_origin_is_allowed_and_denied_and_the_others_stay() {
    let bench = bench().await;
    bench.steer("allowlist", json!({ "origins": ["https://*.other.example", "https://Your.page:443"] })).await;
    let dry = bench.run(&["allow-origin", "https://your.page/", "--dry-run"]).await;
    assert!(dry.out.starts_with("Would let pages from https://your.page call"), "{}", dry.out);
    assert!(bench.changes().await.is_empty());
    let allowed = bench.run(&["allow-origin", "https://your.page/", "--json"]).await.json();
    let all = json!(["https://*.other.example", "https://Your.page:443", "https://your.page"]);
    assert_eq!((&allowed["result"], &allowed["allowlist"]), (&json!("allowed"), &all));
    let again = bench.run(&["allow-origin", "https://your.page", "--json"]).await.json();
    assert_eq!((&again["result"], &again["allowlist"]), (&json!("unchanged"), &all));
    let ran = bench.run(&["deny-origin", "https://your.page", "--yes"]).await;
    assert!(ran.out.starts_with("Pages from https://your.page may no longer call http://localhost:"), "{}", ran.out);
    bench.run(&["allow-origin", "https://your.page"]).await;
    let denied = bench.run(&["deny-origin", "https://your.page", "--yes", "--json"]).await.json();
    let rest = json!(["https://*.other.example"]);
    assert_eq!((&denied["result"], &denied["allowlist"]), (&json!("denied"), &rest));
    assert_eq!((&denied["covered_by"], &denied["meanwhile"]["added"]), (&json!([]), &json!([])));
    let again = bench.run(&["deny-origin", "https://your.page"]).await;
    assert_eq!((again.code, again.out.contains("is not in the allowlist")), (Some(0), true), "{}", again.out);
    let odd = bench.run(&["deny-origin", "https://*.other.example", "--yes"]).await;
    assert!(odd.out.ends_with("The allowlist is:\n  empty\n"), "{}", odd.out);
    assert_eq!(bench.changes().await.len(), 5);
}

#[tokio::test]
async fn an_origin_that_a_wildcard_may_still_cover_is_not_said_to_be_kept_out() {
    let bench = bench().await;
    bench.steer("allowlist", json!({ "origins": ["https://*.your.page", "https://a.your.page"] })).await;
    let line = ["deny-origin", "https://a.your.page"];
    let asked = bench.run(&line).await;
    assert!(asked.err.contains("https://*.your.page stays, and may let pages from there call"), "{}", asked.err);
    let ran = bench.run(&[&line[..], &["--yes"]].concat()).await;
    assert!(ran.out.contains("Pages from there may still call the API: https://*.your.page may cover"), "{}", ran.out);
    assert!(!ran.out.contains("may no longer call"), "{}", ran.out);
    let again = bench.run(&line).await;
    assert!(again.out.contains("is no entry of its own in the allowlist"), "{}", again.out);
    let again = bench.run(&[&line[..], &["--json"]].concat()).await.json();
    assert_eq!((&again["result"], &again["covered_by"]), (&json!("unchanged"), &json!(["https://*.your.page"])));
}

#[tokio::test]
async fn what_somebody_else_does_to_the_allowlist_right_after_is_said() {
    let bench = bench().await;
    // The list is read twice before it is written; this is what stands there after it.
    let after = async |list: &str| {
        let body = format!("{{\"embed_config\":{{\"domain_allowlist\":[{list}]}}}}");
        bench.steer("faults", json!([
            { "path": "/api/4.0/setting", "method": "GET", "times": 2, "then": { "delay_ms": 0 } },
            { "path": "/api/4.0/setting", "method": "GET", "times": 1, "then": { "status": 200, "body": body } },
        ])).await;
    };
    after(r#""https://your.page", "https://theirs""#).await;
    let ran = bench.run(&["allow-origin", "https://your.page"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = "Meanwhile somebody else added https://theirs and removed http://localhost:8080.";
    assert!(ran.out.contains(said), "{}", ran.out);
    after(r#""https://theirs""#).await;
    let ran = bench.run(&["allow-origin", "https://my.page", "--json"]).await;
    assert_eq!((ran.code, &ran.json()["error"]["kind"]), (Some(1), &json!("not_kept")));
    after(r#""http://localhost:8080""#).await;
    let ran = bench.run(&["deny-origin", "http://localhost:8080", "--yes", "--json"]).await;
    assert_eq!((ran.code, &ran.json()["error"]["kind"]), (Some(1), &json!("not_kept")));
}
