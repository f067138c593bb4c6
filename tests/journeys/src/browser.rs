//! The browser of a journey, which no other journey has at the same time.

use std::path::Path;

use fantoccini::Client;
use serde_json::{Value, json};

use crate::{
    driver::Driver,
    http, lending,
    setting::{Engine, Setting},
};

/// How a browser is set up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habits {
    /// What the browser does without.
    pub lacks: Option<Lack>,
    /// Pages are looked at while they load, and when they never finish.
    pub looks_at_once: bool,
    /// The browser may be taken offline.
    pub loses_connection: bool,
    /// Certificates are trusted whoever signed them, as when somebody has accepted them.
    pub trusts_every_certificate: bool,
    /// A port of this machine that the browser takes for one of a public address; in Chromium.
    pub public_port: Option<u16>,
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

/// What Firefox's own windows run: the messages in its console.
const TAKE_CONSOLE: &str = "
    const messages = Services.console.getMessageArray().map((message) => message.message);
    Services.console.reset();
    return messages";

/// A running browser and its driver, with the one session that there is between them. Dropping it
/// closes the browser.
#[derive(Debug)]
pub(crate) struct Running {
    driver: Driver,
    session: String,
}

impl Running {
    /// Starts a browser with an empty profile.
    pub(crate) async fn start(setting: &Setting, habits: Habits) -> Self {
        let driver = Driver::start(setting, habits).await;
        let mut capabilities = match setting.engine {
            Engine::Chromium => {
                // What a person can choose in the settings stands in a profile, and the shell reads none.
                let shell = setting.chromium_shell.as_deref().filter(|_| habits.lacks.is_none());
                chromium(&driver.directory().join("profile"), shell, habits)
            }
            Engine::Firefox => firefox(habits.lacks),
            Engine::WebKit => webkit(habits.lacks),
        };
        if habits.looks_at_once {
            capabilities["pageLoadStrategy"] = "none".into();
        }
        if habits.trusts_every_certificate {
            capabilities["acceptInsecureCerts"] = true.into();
        }
        let session = driver.open_session(&capabilities).await;
        Self { driver, session }
    }
}

/// A journey's browser. Dropping it closes it.
#[derive(Debug)]
pub struct Browser {
    /// The WebDriver session.
    pub client: Client,
    /// Which engine it is.
    pub engine: Engine,
    /// Whether scripts run in it, WebDriver's included.
    pub runs_scripts: bool,
    pub(crate) habits: Habits,
    pub(crate) running: Running,
}

impl Browser {
    /// A browser as new, or a new one.
    pub async fn open(setting: &Setting, habits: Habits) -> Self {
        let running = match lending::borrow(setting.engine, habits) {
            Some(lent) => lent,
            None => Running::start(setting, habits).await,
        };
        Self::driving(running, setting.engine, habits).await
    }

    /// Takes the reins of a running browser.
    pub(crate) async fn driving(running: Running, engine: Engine, habits: Habits) -> Self {
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = Client::with_existing_session(&running.driver.url("/"), &running.session, connector).await;
        let client = client.expect("the driver's address is one");
        // Else the session, and the browser with it, would end with this client.
        client.persist().await.expect("the client is not closed yet");
        let runs_scripts = habits.lacks != Some(Lack::JavaScript);
        let browser = Self { client, engine, runs_scripts, habits, running };
        browser.command("timeouts", &json!({ "pageLoad": 45_000, "script": 20_000, "implicit": 0 })).await;
        browser.command("window/rect", &json!({ "width": 1000, "height": 800 })).await;
        browser
    }

    /// Sends a command that fantoccini has no word for; nothing where the driver refuses it.
    pub async fn command(&self, path: &str, body: &Value) -> Option<Value> {
        let url = self.running.driver.url(&format!("/session/{}/{path}", self.running.session));
        let answer = http::client().post(url).json(body).send().await.ok()?;
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
            Engine::Chromium => self.become_sized(width, height).await,
            Engine::Firefox | Engine::WebKit => {
                self.command("window/rect", &json!({ "width": width, "height": height })).await;
            }
        }
    }

    /// Shows the page in this width, and all of it at once; in Chromium.
    pub async fn become_wide(&self, width: u32) {
        self.become_sized(width, 740).await;
        let height = self.client.execute("return document.documentElement.scrollHeight", vec![]).await;
        let height = height.ok().and_then(|height| height.as_u64()).and_then(|height| u32::try_from(height).ok());
        self.become_sized(width, height.unwrap_or_default().clamp(740, 4_000)).await;
    }

    async fn become_sized(&self, width: u32, height: u32) {
        // Pages are laid out in the same way whatever the scale, and large pictures take long to make.
        let scale = if width > 2_000 { 0.5 } else { 1.0 };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        self.must_devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
    }

    /// Shows pages as a person sees them who prefers dark ones; false where the engine can't.
    pub async fn become_dark(&self) -> bool {
        self.engine == Engine::Chromium && {
            self.prefers("prefers-color-scheme", "dark").await;
            true
        }
    }

    /// Shows pages as a person sees them who has this preference, as media queries call it, and no other; in
    /// Chromium.
    pub async fn prefers(&self, feature: &str, value: &str) {
        let media = json!({ "features": [{ "name": feature, "value": value }] });
        self.must_devtools("Emulation.setEmulatedMedia", &media).await;
    }

    /// Takes the browser offline, or brings it back. Firefox still reaches this machine, and WebKit's driver
    /// has no command for it.
    ///
    /// # Panics
    /// Without the habit to [lose its connection](Habits::loses_connection).
    pub(crate) async fn go_offline(&self, offline: bool) {
        assert!(self.habits.loses_connection, "the journey's plan does not say that its connection is lost");
        match self.engine {
            Engine::Chromium => {
                let path = "chromium/network_conditions";
                if offline {
                    let conditions =
                        json!({ "offline": true, "latency": 0, "download_throughput": -1, "upload_throughput": -1 });
                    self.must(path, &json!({ "network_conditions": conditions })).await;
                } else {
                    let url = self.running.driver.url(&format!("/session/{}/{path}", self.running.session));
                    // The driver refuses where nothing is emulated.
                    let _ = http::client().delete(url).send().await;
                }
            }
            Engine::Firefox => {
                self.in_its_own_windows("sync", &format!("Services.io.offline = {offline}")).await;
            }
            Engine::WebKit => {}
        }
    }

    /// Runs a script where Firefox's own windows run; `kind` is WebDriver's, `sync` or `async`.
    pub(crate) async fn in_its_own_windows(&self, kind: &str, script: &str) -> Value {
        self.must("moz/context", &json!({ "context": "chrome" })).await;
        let answer = self.must(&format!("execute/{kind}"), &json!({ "script": script, "args": [] })).await;
        self.must("moz/context", &json!({ "context": "content" })).await;
        answer
    }

    /// Sends a command of Chromium's own that it can't refuse; returns its answer.
    ///
    /// # Panics
    /// Where it is refused, as by other engines.
    pub async fn must_devtools(&self, command: &str, parameters: &Value) -> Value {
        self.must("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }

    async fn must(&self, path: &str, body: &Value) -> Value {
        let answer = self.command(path, body).await;
        answer.unwrap_or_else(|| panic!("the driver refuses {path} with {body}"))
    }

    /// What stands in the console since it was read last. WebKit's driver tells nothing of it, so
    /// there pages tell it themselves, to the site.
    pub async fn console(&self) -> Vec<String> {
        let (said, found) = match self.engine {
            Engine::Chromium => {
                let entries = self.command("se/log", &json!({ "type": "browser" })).await.unwrap_or_default();
                let messages = entries.as_array().into_iter().flatten().map(|entry| entry["message"].clone()).collect();
                (String::new(), messages)
            }
            // What pages say is written to where the browser writes; what it says of them is kept in it.
            Engine::Firefox => (self.running.driver.output(), self.in_its_own_windows("sync", TAKE_CONSOLE).await),
            Engine::WebKit => return Vec::new(),
        };
        let found = found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        said.lines().map(str::to_owned).chain(found).collect()
    }
}

/// Chromium with its windows where nobody sees them; or the shell, which has none, and takes two thirds of
/// the time for the same pages.
fn chromium(profile: &Path, shell: Option<&Path>, habits: Habits) -> Value {
    let preferences = match habits.lacks {
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
        // A new process for each site that comes takes longer than most pages.
        "--renderer-process-limit=1",
    ];
    let mut args: Vec<String> = args.map(str::to_owned).into();
    args.push(format!("--user-data-dir={}", profile.display()));
    if let Some(port) = habits.public_port {
        args.push(format!("--ip-address-space-overrides=127.0.0.1:{port}=public"));
    }
    if habits.lacks == Some(Lack::WebAssembly) {
        // Without its compiler V8 has no WebAssembly.
        args.push("--js-flags=--jitless".into());
    }
    let mut options = json!({ "args": args, "prefs": preferences });
    if let Some(shell) = shell {
        options["binary"] = shell.to_string_lossy().into();
    }
    json!({
        "browserName": if shell.is_some() { "chrome-headless-shell" } else { "chrome" },
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": options,
    })
}

fn firefox(lacks: Option<Lack>) -> Value {
    // Without what it does ahead of time for people: the next process, the next tab, what is new today.
    // Nor with what it keeps for their next visit, and pictures faster than anybody looks at them here.
    let mut preferences = json!({
        "accessibility.force_disabled": 1,
        "app.normandy.enabled": false,
        "browser.aboutwelcome.enabled": false,
        "browser.topsites.contile.enabled": false,
        "browser.translations.enable": false,
        "browser.urlbar.quicksuggest.enabled": false,
        "browser.urlbar.suggest.searches": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "extensions.blocklist.enabled": false,
        // No add-ons, not even its own, which take a sixth of its start.
        "extensions.enabledScopes": 0,
        "extensions.getAddons.cache.enabled": false,
        "extensions.systemAddon.update.enabled": false,
        "media.gmp-manager.updateEnabled": false,
        "messaging-system.rsexperimentloader.enabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "privacy.trackingprotection.annotate_channels": false,
        "privacy.trackingprotection.enabled": false,
        "security.remote_settings.crlite_filters.enabled": false,
        "security.remote_settings.intermediates.enabled": false,
        "toolkit.telemetry.unified": false,
        "browser.chrome.site_icons": false,
        "browser.formfill.enable": false,
        "browser.newtab.preload": false,
        "browser.newtabpage.enabled": false,
        "browser.safebrowsing.malware.enabled": false,
        "browser.safebrowsing.phishing.enabled": false,
        // Where it is as people have it, 300, the driver makes it 0: a tab that was left is asked without a pause whether
        // it is unloaded.
        "browser.tabs.remote.unloadDelayMs": 301,
        "browser.sessionstore.interval": 3_600_000,
        "browser.tabs.remote.separatePrivilegedContentProcess": false,
        "datareporting.healthreport.uploadEnabled": false,
        "dom.ipc.processPrelaunch.enabled": false,
        "extensions.webextensions.remote": false,
        "layout.frame_rate": 20,
        "network.http.speculative-parallel-limit": 0,
        "places.history.enabled": false,
        "remote.active-protocols": 2,
        "signon.rememberSignons": false,
        "toolkit.telemetry.enabled": false,
    });
    match lacks {
        Some(Lack::Storage) => preferences["network.cookie.cookieBehavior"] = 2.into(),
        Some(Lack::JavaScript) => preferences["javascript.enabled"] = false.into(),
        Some(Lack::WebAssembly) => preferences["javascript.options.wasm"] = false.into(),
        None => {}
    }
    // What pages say is in its output.
    preferences["devtools.console.stdout.content"] = true.into();
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
