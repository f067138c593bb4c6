//! A driver's process, one for each journey: WebKitWebDriver and geckodriver know only one
//! session each, and chromedriver starts in no time.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    browser::{Habits, Lack},
    setting::{Engine, Setting},
};

/// How long a driver may take to start, and a browser to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running driver. Dropping it ends its session, its browser and itself, after a panic as well.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    address: SocketAddr,
    session: Option<String>,
}

impl Driver {
    /// Starts a driver on a free port, and waits until it answers; with what can only be said to a
    /// driver about its browser's habits.
    pub(crate) async fn start(setting: &Setting, habits: Habits) -> Self {
        let port = free_port();
        let mut command = Command::new(&setting.driver);
        match setting.engine {
            Engine::Chromium => command.arg(format!("--port={port}")),
            // Its own port to the browser must be free, too.
            Engine::Firefox => {
                command.args(["--port", &port.to_string(), "--marionette-port", &free_port().to_string()])
            }
            Engine::WebKit => command.arg(format!("--port={port}")),
        };
        if setting.engine == Engine::Firefox && habits.loses_connection {
            // Only the browser's own scripts can take it offline.
            command.arg("--allow-system-access");
        }
        if setting.engine == Engine::WebKit && habits.lacks == Some(Lack::WebAssembly) {
            // The browser has its driver's environment; older versions know the other name.
            command.env("JSC_useWasm", "0").env("JSC_useWebAssembly", "0");
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process =
            command.spawn().unwrap_or_else(|error| panic!("{} can't be run: {error}", setting.driver.display()));
        let driver = Self { process, address: (Ipv4Addr::LOCALHOST, port).into(), session: None };
        let status = driver.url("/status");
        let deadline = Instant::now() + PATIENCE;
        while reqwest::get(&status).await.is_err() {
            assert!(Instant::now() < deadline, "{} does not answer on port {port}", setting.driver.display());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        driver
    }

    /// Opens a session, which opens a browser; returns the session's name.
    pub(crate) async fn open_session(&mut self, capabilities: &Value) -> String {
        let wanted = serde_json::json!({ "capabilities": { "alwaysMatch": capabilities } });
        let sent = reqwest::Client::new().post(self.url("/session")).json(&wanted).send();
        let answer: Value = sent.await.expect("the driver answers").json().await.expect("the driver speaks JSON");
        let session = answer["value"]["sessionId"].as_str();
        let session = session.unwrap_or_else(|| panic!("the driver opens no browser: {answer}")).to_owned();
        self.session = Some(session.clone());
        session
    }

    /// An address of the driver.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks the driver to close the browser, and waits for that. Without tokio: it must work
    /// while a panic unwinds.
    fn close_session(&self, session: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut answer = [0];
        stream.read_exact(&mut answer)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let all = with_descendants(self.process.id());
        if let Some(session) = self.session.take() {
            // If the driver can't close the browser, what follows does.
            let _ = self.close_session(&session);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        for process in all.iter().filter(|process| is_same(process)) {
            let _ = Command::new("kill").args(["-KILL", &process.id.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

/// A process, told from another that got its number later by when it started.
#[derive(Debug)]
struct Process {
    id: u32,
    started: String,
}

/// The processes that `root` started, and those that they started, where `/proc` tells; without
/// `root`, which is waited for.
fn with_descendants(root: u32) -> Vec<Process> {
    let mut all: Vec<(Process, u32)> = Vec::new();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.extend(entries.filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?)));
    let mut found = vec![];
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        let (children, others) = all.into_iter().partition(|(_, its_parent)| *its_parent == parent);
        all = others;
        let children: Vec<(Process, u32)> = children;
        parents.extend(children.iter().map(|(process, _)| process.id));
        found.extend(children.into_iter().map(|(process, _)| process));
    }
    found
}

/// The process with this number, and its parent's number.
fn stat(id: u32) -> Option<(Process, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name stands in parentheses and may contain anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some((Process { id, started: (*fields.get(19)?).into() }, fields.get(1)?.parse().ok()?))
}

fn is_same(process: &Process) -> bool {
    stat(process.id).is_some_and(|(now, _)| now.started == process.started)
}

/// A port that nobody listens on.
///
/// # Panics
/// Where there is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
