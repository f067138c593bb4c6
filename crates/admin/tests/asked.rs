//! The question at a terminal, before something ends for others.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use std::{
    fs::File,
    io::{Read as _, Write as _},
    process::Stdio,
};

use nix::{pty::openpty, sys::signal::Signal};
use serde_json::json;
use support::{Bench, Ran, bench, send};
use tokio::process::Child;

/// A command at a terminal that has asked its question.
struct Asked {
    child: Child,
    terminal: File,
    said: String,
}

impl Asked {
    async fn by(bench: &Bench, line: &[&str]) -> Self {
        let pair = openpty(None, None).unwrap();
        let mut program = bench.program(line);
        program.stdin(Stdio::from(pair.slave.try_clone().unwrap())).stderr(Stdio::from(pair.slave));
        let child = program.spawn().unwrap();
        // The child alone has the other end then: when it ends, there is no more to read.
        drop(program);
        let (terminal, mut screen) = (File::from(pair.master.try_clone().unwrap()), File::from(pair.master));
        let said = tokio::task::spawn_blocking(move || {
            let (mut said, mut byte) = (Vec::new(), [0]);
            while !said.ends_with(b"Go ahead? [y/N] ") {
                assert!(matches!(screen.read(&mut byte), Ok(1)), "{}", String::from_utf8_lossy(&said));
                said.push(byte[0]);
            }
            String::from_utf8(said).unwrap()
        });
        Self { child, terminal, said: said.await.unwrap() }
    }

    fn answer(&mut self, answer: &str) {
        self.terminal.write_all(answer.as_bytes()).unwrap();
    }

    async fn end(mut self, bench: &Bench) -> Ran {
        let mut ran = Ran::from(self.child.wait_with_output().await.unwrap());
        let mut rest = [0; 1024];
        // A terminal whose other end is closed can't be read, once all of it is read.
        while let Ok(read @ 1..) = self.terminal.read(&mut rest) {
            ran.err.push_str(&String::from_utf8_lossy(&rest[..read]));
        }
        bench.ended(ran, &[]).await
    }
}

#[tokio::test]
async fn at_a_terminal_one_is_asked_and_only_yes_goes_ahead() {
    let bench = bench().await;
    for (answer, code, changes) in [("n\n", 6, 0), ("\n", 6, 0), ("y\n", 0, 1)] {
        let mut asked = Asked::by(&bench, &["disable"]).await;
        let said = &asked.said;
        assert!(said.contains("About to disable sightline (http://localhost:8080/authenticated)"), "{said}");
        asked.answer(answer);
        let ran = asked.end(&bench).await;
        assert_eq!((ran.code, bench.changes().await.len()), (Some(code), changes), "{answer:?} {}", ran.err);
    }
}

#[tokio::test]
async fn an_interruption_at_the_question_is_no_yes_and_logs_out() {
    let bench = bench().await;
    let asked = Asked::by(&bench, &["remove"]).await;
    send(&asked.child, Signal::SIGINT);
    let ran = asked.end(&bench).await;
    assert_eq!((ran.code, bench.changes().await.len()), (Some(130), 0), "{}", ran.err);
}

#[tokio::test]
async fn a_question_that_nobody_would_see_is_not_asked() {
    let bench = bench().await;
    let pair = openpty(None, None).unwrap();
    // So that whoever asks all the same gets an answer, and this test an end.
    File::from(pair.master.try_clone().unwrap()).write_all(b"n\n").unwrap();
    let ran = bench.program(&["disable"]).stdin(Stdio::from(pair.slave)).output().await.unwrap();
    let ran = bench.ended(ran.into(), &[]).await;
    assert_eq!((ran.code, ran.err.contains("--yes")), (Some(6), true), "{}", ran.err);
    assert!(!ran.err.contains("Go ahead?"), "{}", ran.err);
}

#[tokio::test]
async fn what_somebody_else_does_to_the_allowlist_during_the_question_stays_and_is_said() {
    let bench = bench().await;
    let mut asked = Asked::by(&bench, &["deny-origin", "http://localhost:8080"]).await;
    bench.steer("allowlist", json!({ "origins": ["https://theirs.example", "http://localhost:8080"] })).await;
    asked.answer("y\n");
    let ran = asked.end(&bench).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("Meanwhile somebody else added https://theirs.example.\n"), "{}", ran.out);
    assert!(ran.out.ends_with("The allowlist is:\n  https://theirs.example\n"), "{}", ran.out);
}
