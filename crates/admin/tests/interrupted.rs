//! Ctrl-C, and its like: whatever is under way, the token is logged out.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use std::{fs::File, process::Stdio};

use nix::sys::signal::Signal;
use serde_json::json;
use support::{Bench, Ran, bench, send};
use tokio::{process::Command, signal::unix::SignalKind};

/// Starts a command, waits until `request` is under way, interrupts it, and waits for the end.
async fn interrupted(bench: &Bench, line: &[&str], request: &str, signal: Signal) -> Ran {
    // What these tests were started to ignore, as in the background of a shell, their programs would ignore, too;
    // not so what they watch for.
    let _watched = tokio::signal::unix::signal(SignalKind::from_raw(signal as i32)).unwrap();
    let child = bench.program(line).spawn().unwrap();
    bench.until_requested(&format!("{request} -")).await;
    send(&child, signal);
    bench.ended(child.wait_with_output().await.unwrap().into(), &[]).await
}

#[tokio::test]
async fn a_run_that_is_interrupted_logs_its_token_out() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 129), (Signal::SIGQUIT, 131)]
    {
        let bench = bench().await;
        bench.fault("GET", "/api/4.0/oauth_client_apps", json!("hang")).await;
        let ran = interrupted(&bench, &["list"], "GET /api/4.0/oauth_client_apps", signal).await;
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        assert!(ran.out.is_empty() && ran.err.contains("No change was under way."), "{}", ran.err);
        let requests = bench.requests().await;
        assert!(requests.contains(&"DELETE /api/4.0/logout 204".into()), "{requests:?}");
    }
}

#[tokio::test]
async fn doctor_can_be_interrupted_at_every_check_and_logs_out_as_well() {
    for (path, logs_in) in
        [("/alive", false), ("/versions", false), ("/api/4.0/user", true), ("/api/4.0/setting", true)]
    {
        let bench = bench().await;
        bench.fault("GET", path, json!("hang")).await;
        let ran = interrupted(&bench, &["doctor"], &format!("GET {path}"), Signal::SIGINT).await;
        assert_eq!(ran.code, Some(130), "{path} {}", ran.err);
        assert!(ran.out.is_empty() && ran.err.starts_with("Ended by signal 2."), "{path} {}", ran.err);
        let requests = bench.requests().await;
        assert_eq!(requests.contains(&"DELETE /api/4.0/logout 204".into()), logs_in, "{path} {requests:?}");
    }
}

#[tokio::test]
async fn a_login_under_way_is_waited_for_so_that_its_token_can_be_logged_out() {
    let bench = bench().await;
    bench.fault("POST", "/api/4.0/login", json!({ "delay_ms": 3000 })).await;
    let ran = interrupted(&bench, &["list"], "POST /api/4.0/login", Signal::SIGINT).await;
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert_eq!(bench.requests().await, ["POST /api/4.0/login 200", "DELETE /api/4.0/logout 204"]);
}

#[tokio::test]
async fn a_login_that_is_never_answered_does_not_keep_the_program() {
    let bench = bench().await;
    bench.fault("POST", "/api/4.0/login", json!("hang")).await;
    let ran = interrupted(&bench, &["list"], "POST /api/4.0/login", Signal::SIGINT).await;
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert!(ran.err.contains("Note: The token may not be logged out"), "{}", ran.err);
}

#[tokio::test]
async fn a_change_under_way_at_the_interruption_is_said_to_be_unknown() {
    let bench = bench().await;
    bench.fault("PATCH", "/api/4.0/setting", json!("hang")).await;
    let line = ["allow-origin", "https://your.page"];
    let ran = interrupted(&bench, &line, "PATCH /api/4.0/setting", Signal::SIGINT).await;
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert!(ran.err.contains("may have been made, or not"), "{}", ran.err);
}

#[tokio::test]
async fn a_signal_that_the_program_was_started_to_ignore_stays_ignored() {
    if !std::path::Path::new("/proc/self/status").exists() {
        return;
    }
    let bench = bench().await;
    bench.fault("GET", "/api/4.0/oauth_client_apps", json!("hang")).await;
    let plain = bench.program(&["list"]);
    let mut program = Command::new("sh");
    program.args(["-c", "trap '' HUP; exec \"$0\" list"]).arg(plain.as_std().get_program());
    program.current_dir(&bench.folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program.envs(plain.as_std().get_envs().filter_map(|(name, value)| Some((name, value?)))).kill_on_drop(true);
    let child = program.spawn().unwrap();
    bench.until_requested("GET /api/4.0/oauth_client_apps -").await;
    send(&child, Signal::SIGHUP);
    send(&child, Signal::SIGTERM);
    let ran = bench.ended(child.wait_with_output().await.unwrap().into(), &[]).await;
    assert_eq!(ran.code, Some(143), "{}", ran.err);
}

#[tokio::test]
async fn a_file_that_never_ends_does_not_keep_the_program() {
    let bench = bench().await;
    let pipe = bench.folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().await.unwrap().success());
    let child = bench.program(&["list", "--ini", "pipe"]).spawn().unwrap();
    // It opens when somebody reads from it.
    let _writer = tokio::task::spawn_blocking(move || File::options().write(true).open(pipe)).await.unwrap().unwrap();
    send(&child, Signal::SIGINT);
    let status = child.wait_with_output().await.unwrap().status;
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(2));
}
