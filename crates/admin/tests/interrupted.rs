//! Ctrl-C, and its like: whatever is under way, the token is logged out.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use std::{fs::File, io::Write as _, process::Stdio};

use nix::{
    pty::openpty,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use support::{Bench, Ran, bench};
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
};

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().unwrap().try_into().unwrap()), signal).unwrap();
}

/// Starts a command, waits until `request` is under way, interrupts it, and waits for the end.
async fn interrupted(bench: &Bench, line: &[&str], request: &str, signal: Signal) -> Ran {
    let child = bench.program(line).spawn().unwrap();
    bench.until_requested(&format!("{request} -")).await;
    send(&child, signal);
    bench.ended(child.wait_with_output().await.unwrap().into(), &[]).await
}

#[tokio::test]
async fn a_run_that_is_interrupted_logs_its_token_out() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
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
async fn a_login_under_way_is_waited_for_so_that_its_token_can_be_logged_out() {
    let bench = bench().await;
    bench.fault("POST", "/api/4.0/login", json!({ "delay_ms": 1000 })).await;
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

/// A command at a terminal that has asked its question, and where its answer is typed.
async fn asked(mut program: Command) -> (Child, File, String) {
    let terminal = openpty(None, None).unwrap();
    let mut child = program.stdin(Stdio::from(terminal.slave)).spawn().unwrap();
    let mut said = Vec::new();
    let err = child.stderr.as_mut().unwrap();
    while !said.ends_with(b"Go ahead? [y/N] ") {
        assert_ne!(err.read_buf(&mut said).await.unwrap(), 0, "{}", String::from_utf8_lossy(&said));
    }
    (child, File::from(terminal.master), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn at_a_terminal_one_is_asked_and_only_yes_goes_ahead() {
    let bench = bench().await;
    for (answer, code, changes) in [("n\n", 6, 0), ("\n", 6, 0), ("y\n", 0, 1)] {
        let (child, mut keyboard, said) = asked(bench.program(&["disable"])).await;
        assert!(said.contains("About to disable sightline (http://localhost:8080/authenticated)"), "{said}");
        keyboard.write_all(answer.as_bytes()).unwrap();
        let ran = bench.ended(child.wait_with_output().await.unwrap().into(), &[]).await;
        assert_eq!((ran.code, bench.changes().await.len()), (Some(code), changes), "{answer:?} {}", ran.err);
    }
}

#[tokio::test]
async fn an_interruption_at_the_question_is_no_yes_and_logs_out() {
    let bench = bench().await;
    let (child, _keyboard, _) = asked(bench.program(&["remove"])).await;
    send(&child, Signal::SIGINT);
    let ran = bench.ended(child.wait_with_output().await.unwrap().into(), &[]).await;
    assert_eq!((ran.code, bench.changes().await.len()), (Some(130), 0), "{}", ran.err);
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
