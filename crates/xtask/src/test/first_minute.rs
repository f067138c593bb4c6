//! A newcomer's first minute: `xtask serve`, until Ctrl-C.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::summary::Outcome;
use crate::process::{self, Group};
use crate::serve::{API_PORT, LOOKER_PORT};
use crate::trouble::Trouble;
use crate::{http, place, ports};

/// Where the app is served where nobody says otherwise.
const APP_PORT: u16 = 8080;
/// To compile the app takes most of it.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Serves, with a port that is taken and then with none; what is served answers, and ends with its command.
pub fn try_it(xtask: &Path) -> Result<Outcome, Trouble> {
    if let Some(port) = taken() {
        return Ok(Outcome::Skipped(format!("something listens on port {port} already")));
    }
    let log = place::log("test-serve")?;
    let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));

    let listener = TcpListener::bind(here(LOOKER_PORT)).map_err(Trouble::file("a port"))?;
    let mut refused = Group::start(serve(xtask), &log)?;
    let status = until(&mut refused, Group::ended)?;
    let said = refused.output().end(20);
    if status.is_none_or(|status| status.success()) || !said.contains(&format!("Port {LOOKER_PORT} is taken")) {
        return Ok(Outcome::Failed(format!("with port {LOOKER_PORT} taken it says: {said}")));
    }
    drop(listener);

    let mut serving = Group::start(serve(xtask), &log)?;
    let open = format!("Open http://localhost:{APP_PORT}");
    let is_up = until(&mut serving, |serving| {
        let has_ended = serving.ended().is_some();
        let says_so = serving.output().end(100).contains(&open);
        (says_so || has_ended).then_some(says_so)
    })?;
    if is_up != Some(true) {
        return Ok(Outcome::Failed(format!("it does not come up, and says: {}", serving.output().end(40))));
    }
    for (port, path) in [(APP_PORT, "/"), (APP_PORT, "/account"), (LOOKER_PORT, "/"), (API_PORT, "/alive")] {
        let status = http::status(here(port), path, Duration::from_secs(20));
        if !status.is_some_and(|status| (200..400).contains(&status)) {
            return Ok(Outcome::Failed(format!("http://localhost:{port}{path} answers with {status:?}")));
        }
    }
    serving.send(Signal::SIGINT);
    match until(&mut serving, Group::ended)? {
        Some(status) if status.success() => {}
        status => return Ok(Outcome::Failed(format!("Ctrl-C ends it with {status:?}"))),
    }
    Ok(match taken() {
        Some(port) => Outcome::Failed(format!("it has ended, and something listens on port {port}")),
        None => Outcome::Passed(String::new()),
    })
}

fn serve(xtask: &Path) -> Command {
    let mut serve = place::command(xtask);
    serve.arg("serve");
    serve
}

/// Which port is not free.
fn taken() -> Option<u16> {
    let is_taken = |port: &u16| ports::require_free(*port, "the test", String::new()).is_err();
    [APP_PORT, LOOKER_PORT, API_PORT].into_iter().find(is_taken)
}

/// What `look` finds in time.
fn until<T>(group: &mut Group, look: impl Fn(&mut Group) -> Option<T>) -> Result<Option<T>, Trouble> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(found) = look(group) {
            return Ok(Some(found));
        }
        process::breathe()?;
    }
    Ok(None)
}
