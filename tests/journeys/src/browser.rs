//! A browser of its own for a journey, with an empty profile.

use std::path::PathBuf;

use fantoccini::Client;
use serde_json::{Value, json};

use crate::{
    driver::Driver,
    setting::{Engine, Setting},
};

/// How a browser is set up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Habits {
    /// What the browser does without.
    pub lacks: Option<Lack>,
    /// Pages are looked at while they load, and when they never finish.
    pub looks_at_once: bool,
    /// The browser can be taken offline, where the engine can.
    pub loses_connection: bool,
}

/// What a browser can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Sites may store nothing, as a person can choose in the browser's settings. WebKit has no
    /// such setting.
    Storage,
    /// Scripts are switched off.
    JavaScript,
    /// Scripts find no WebAssembly.
    WebAssembly,
}

/// An open browser. Dropping it closes it.
#[derive(Debug)]
pub struct Browser {
    /// The WebDriver session.
    pub client: Client,
    /// Which engine it is.
    pub engine: Engine,
    /// Whether scripts run in it, WebDriver's included.
    pub runs_scripts: bool,
    session: String,
    driver: Driver,
    _profile: Option<Profile>,
}

impl Browser {
    /// Opens a browser.
    pub async fn open(setting: &Setting, habits: Habits) -> Self {
        let mut driver = Driver::start(setting, habits).await;
        let profile = (setting.engine == Engine::Chromium).then(Profile::make);
        let mut capabilities = match (setting.engine, &profile) {
            (_, Some(profile)) => chromium(profile, habits.lacks),
            (Engine::Firefox, None) => firefox(habits),
            (_, None) => webkit(habits.lacks),
        };
        if habits.looks_at_once {
            capabilities["pageLoadStrategy"] = "none".into();
        }
        let session = driver.open_session(&capabilities).await;
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = Client::with_existing_session(&driver.url("/"), &session, connector).await;
        let client = client.expect("the driver's address is one");
        let runs_scripts = habits.lacks != Some(Lack::JavaScript);
        let browser = Self { client, engine: setting.engine, runs_scripts, session, driver, _profile: profile };
        browser.command("timeouts", &json!({ "pageLoad": 45_000, "script": 20_000, "implicit": 0 })).await;
        browser.command("window/rect", &json!({ "width": 1000, "height": 800 })).await;
        browser
    }

    /// Sends a command that fantoccini has no word for; nothing where the driver refuses it.
    pub async fn command(&self, path: &str, body: &Value) -> Option<Value> {
        let url = self.driver.url(&format!("/session/{}/{path}", self.session));
        let answer = reqwest::Client::new().post(url).json(body).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let mut answer: Value = answer.json().await.ok()?;
        Some(answer["value"].take())
    }

    /// Shows pages as on a phone; in Firefox and WebKit as narrow as a window can be.
    pub async fn become_narrow(&self) {
        let (width, height) = (360, 740);
        match self.engine {
            Engine::Chromium => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
            }
            Engine::Firefox | Engine::WebKit => {
                self.command("window/rect", &json!({ "width": width, "height": height })).await;
            }
        }
    }

    /// Shows pages as a person sees them who prefers dark ones; false where the engine can't.
    pub async fn become_dark(&self) -> bool {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        self.engine == Engine::Chromium && self.devtools("Emulation.setEmulatedMedia", &media).await
    }

    /// Takes the browser offline, or brings it back; false where the engine can't. Firefox must have
    /// the habit to [lose its connection](Habits::loses_connection), and still reaches this machine.
    pub async fn go_offline(&self, offline: bool) -> bool {
        let commands = match self.engine {
            Engine::Chromium => {
                let mut conditions = json!({ "latency": 0, "download_throughput": -1, "upload_throughput": -1 });
                conditions["offline"] = offline.into();
                vec![("chromium/network_conditions", json!({ "network_conditions": conditions }))]
            }
            Engine::Firefox => {
                let script = format!("Services.io.offline = {offline}");
                vec![
                    ("moz/context", json!({ "context": "chrome" })),
                    ("execute/sync", json!({ "script": script, "args": [] })),
                    ("moz/context", json!({ "context": "content" })),
                ]
            }
            Engine::WebKit => return false,
        };
        for (path, body) in commands {
            assert!(self.command(path, &body).await.is_some(), "the driver refuses {path}");
        }
        true
    }

    /// What stands in the console since it was read last, where the engine tells (Chromium).
    pub async fn console(&self) -> Vec<String> {
        let entries = match self.engine {
            Engine::Chromium => self.command("se/log", &json!({ "type": "browser" })).await,
            Engine::Firefox | Engine::WebKit => None,
        };
        let entries = entries.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        entries.iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    async fn devtools(&self, command: &str, parameters: &Value) -> bool {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await.is_some()
    }
}

fn chromium(profile: &Profile, lacks: Option<Lack>) -> Value {
    let preferences = match lacks {
        Some(Lack::Storage) => json!({ "profile.default_content_setting_values.cookies": 2 }),
        Some(Lack::JavaScript) => json!({ "profile.default_content_setting_values.javascript": 2 }),
        Some(Lack::WebAssembly) | None => json!({}),
    };
    let args = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Else a tab in the background may be slowed down.
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
    ];
    let mut args: Vec<String> = args.map(str::to_owned).into();
    args.push(format!("--user-data-dir={}", profile.0.display()));
    if lacks == Some(Lack::WebAssembly) {
        // Without its compiler V8 has no WebAssembly.
        args.push("--js-flags=--jitless".into());
    }
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": { "args": args, "prefs": preferences },
    })
}

fn firefox(habits: Habits) -> Value {
    let preferences = match habits.lacks {
        Some(Lack::Storage) => json!({ "network.cookie.cookieBehavior": 2 }),
        Some(Lack::JavaScript) => json!({ "javascript.enabled": false }),
        Some(Lack::WebAssembly) => json!({ "javascript.options.wasm": false }),
        None => json!({}),
    };
    json!({ "browserName": "firefox", "moz:firefoxOptions": { "args": ["-headless"], "prefs": preferences } })
}

fn webkit(lacks: Option<Lack>) -> Value {
    match lacks {
        // The driver passes what MiniBrowser is started with, and that takes every setting of WebKit's.
        Some(Lack::JavaScript) => {
            json!({ "webkitgtk:browserOptions": { "args": ["--automation", "--enable-javascript=false"] } })
        }
        Some(Lack::Storage | Lack::WebAssembly) | None => json!({}),
    }
}

/// An empty profile's directory, gone with the browser.
#[derive(Debug)]
struct Profile(PathBuf);

impl Profile {
    fn make() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sightline-journeys-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a profile's directory can be made");
        Self(path)
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // Best effort: it is in the directory for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
