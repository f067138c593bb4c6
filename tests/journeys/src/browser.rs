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
    /// Sites may store nothing, as a person can choose in the browser's settings.
    pub blocks_storage: bool,
}

/// An open browser. Dropping it closes it.
#[derive(Debug)]
pub struct Browser {
    /// The WebDriver session.
    pub client: Client,
    /// Which engine it is.
    pub engine: Engine,
    session: String,
    driver: Driver,
    _profile: Option<Profile>,
}

impl Browser {
    /// Opens a browser.
    pub async fn open(setting: &Setting, habits: Habits) -> Self {
        let mut driver = Driver::start(setting).await;
        let profile = (setting.engine == Engine::Chromium).then(Profile::make);
        let capabilities = match (setting.engine, &profile) {
            (_, Some(profile)) => chromium(profile, habits),
            (Engine::Firefox, None) => firefox(habits),
            (_, None) => json!({}),
        };
        let session = driver.open_session(&capabilities).await;
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = Client::with_existing_session(&driver.url("/"), &session, connector).await;
        let client = client.expect("the driver's address is one");
        let browser = Self { client, engine: setting.engine, session, driver, _profile: profile };
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

fn chromium(profile: &Profile, habits: Habits) -> Value {
    let mut preferences = json!({});
    if habits.blocks_storage {
        preferences["profile.default_content_setting_values.cookies"] = 2.into();
    }
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
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": { "args": args, "prefs": preferences },
    })
}

fn firefox(habits: Habits) -> Value {
    let mut preferences = json!({});
    if habits.blocks_storage {
        preferences["network.cookie.cookieBehavior"] = 2.into();
    }
    json!({ "browserName": "firefox", "moz:firefoxOptions": { "args": ["-headless"], "prefs": preferences } })
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
