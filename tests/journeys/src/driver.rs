//! A driver's process, one for each browser: WebKitWebDriver and geckodriver know only one session
//! each, and chromedriver starts in no time.
//!
//! geckodriver does one thing at a time: it answers nothing, not even `/status`, while a page loads.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    browser::{Habits, Lack},
    guard::Guarded,
    http,
    port::free_port,
    setting::{Engine, Setting},
};

/// How long a driver may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running driver. Dropping it ends it and its browser.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Guarded,
    address: SocketAddr,
    /// How much of its output was read.
    heard: Mutex<u64>,
}

impl Driver {
    /// Starts a driver on a free port, and waits until it answers; with what can only be said to a
    /// driver about its browser's habits.
    pub(crate) async fn start(setting: &Setting, habits: Habits) -> Self {
        let port = free_port();
        let mut arguments = vec![format!("--port={port}")];
        let mut environment = Vec::new();
        if setting.engine == Engine::Firefox {
            // Its own port to the browser must be free, too. Only the browser's own windows can clear
            // everything, or take it offline.
            arguments.extend([format!("--marionette-port={}", free_port()), "--allow-system-access".into()]);
        }
        // The browser has its driver's environment.
        if setting.engine == Engine::WebKit {
            // Where there is no graphics processor, to do without takes less than to imitate one.
            environment.push(("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1"));
            if habits.lacks == Some(Lack::WebAssembly) {
                // Older versions know the other name.
                environment.extend([("JSC_useWasm", "0"), ("JSC_useWebAssembly", "0")]);
            }
        }
        let process = Guarded::start(&setting.driver, &arguments, &environment);
        let driver = Self { process, address: (Ipv4Addr::LOCALHOST, port).into(), heard: Mutex::default() };
        let status = driver.url("/status");
        let deadline = Instant::now() + PATIENCE;
        while http::client().get(&status).send().await.is_err() {
            assert!(Instant::now() < deadline, "{} does not answer on port {port}", setting.driver.display());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        driver
    }

    /// Opens a session, which opens a browser; returns the session's name.
    pub(crate) async fn open_session(&self, capabilities: &Value) -> String {
        let wanted = serde_json::json!({ "capabilities": { "alwaysMatch": capabilities } });
        let sent = http::client().post(self.url("/session")).json(&wanted).send();
        let answer: Value = sent.await.expect("the driver answers").json().await.expect("the driver speaks JSON");
        let session = answer["value"]["sessionId"].as_str();
        session.unwrap_or_else(|| panic!("the driver opens no browser: {answer}")).to_owned()
    }

    /// Where its browser may put a profile; gone with the browser.
    pub(crate) fn directory(&self) -> &Path {
        self.process.directory()
    }

    /// What it and its browser wrote since this was asked last.
    pub(crate) fn output(&self) -> String {
        let mut heard = self.heard.lock().unwrap();
        let mut output = File::open(self.process.output()).expect("the driver's output is kept");
        let mut new = Vec::new();
        output.seek(SeekFrom::Start(*heard)).and_then(|_| output.read_to_end(&mut new)).expect("it can be read");
        *heard += new.len() as u64;
        String::from_utf8_lossy(&new).into_owned()
    }

    /// An address of the driver.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}
