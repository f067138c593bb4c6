//! All that one journey needs: a local Looker, a host that serves the app, and a browser.

use std::{
    net::Ipv4Addr,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Mutex,
    time::Duration,
};

use futures_util::FutureExt as _;
use local_looker::{LocalLooker, Settings};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, SemaphorePermit},
};

use crate::{
    bounds::Bounds,
    browser::{Browser, Habits},
    setting::Setting,
    site::{ConfigFile, Site},
    steer::Steer,
    trail::Trail,
};

/// Journeys that may go on at the same time, beside those that only wait; more make each other slow.
static PLACES: Semaphore = Semaphore::const_new(ALL);
const ALL: usize = 4;

/// How long anything may take to be seen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Where no page may load anything from, and nobody is.
const LAST: &str = "the-last-violation.invalid";

/// What is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// The release build.
    Sightline,
    /// A page beside it, by the name of its folder.
    Page(&'static str),
}

/// How a stage differs from the usual one.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// What is served.
    pub app: App,
    /// How the browser is set up.
    pub habits: Habits,
    /// The path that the app is served below, with a slash at both ends.
    pub base_path: &'static str,
    /// No other journey goes on meanwhile: where windows share a display, one that opens takes the keyboard.
    pub is_alone: bool,
    /// Whether the app is served by https.
    pub tls: bool,
    /// Whether the browser takes the app's address for a public one; in Chromium.
    pub is_public: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            app: App::Sightline,
            habits: Habits::default(),
            base_path: "/",
            tls: false,
            is_alone: false,
            is_public: false,
        }
    }
}

/// How a journey has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending<'a> {
    /// Well.
    Well,
    /// Well, but for pages that break this directive of their policy, as they are meant to.
    Breaking(&'a str),
    /// Well, but for modules that trap, as they are meant to.
    Trapping,
    /// Badly, by saying this.
    Badly(&'a str),
}

/// The stage of one journey. Everything on it is fresh, the browser at least [as new](crate::lending), and
/// goes when it goes.
#[derive(Debug)]
pub struct Stage {
    /// The person's browser. First, so that it is closed before what it talks to.
    pub browser: Browser,
    /// Where the app is.
    pub site: Site,
    /// Steers the local Looker.
    pub looker: Steer,
    pub(crate) looker_url: String,
    pub(crate) base_url: String,
    pub(crate) setting: Setting,
    pub(crate) trail: Trail,
    pub(crate) bounds: Bounds,
    _local_looker: LocalLooker,
    place: Mutex<Option<SemaphorePermit<'static>>>,
}

impl Stage {
    /// Opens the usual stage.
    pub async fn open() -> Self {
        Self::planned(Plan::default()).await
    }

    /// Opens a stage.
    pub async fn planned(plan: Plan) -> Self {
        let setting = Setting::read();
        let trail = Trail::begin();
        let place = PLACES.acquire_many(if plan.is_alone { ALL as u32 } else { 1 }).await.expect("nobody closes it");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
        let public_port = listener.local_addr().ok().filter(|_| plan.is_public).map(|address| address.port());
        let dist = match plan.app {
            App::Sightline => setting.dist.clone(),
            App::Page(name) => setting.pages.join(name),
        };
        let tls = plan.tls.then(crate::tls::self_signed);
        let site = Site::serve(listener, dist, plan.base_path, setting.engine, tls);
        let local_looker = local_looker::start(Settings {
            looker: (Ipv4Addr::LOCALHOST, 0).into(),
            api: (Ipv4Addr::LOCALHOST, 0).into(),
            apps: vec![site.app.clone()],
            data: None,
            tls: false,
        })
        .await
        .expect("the local Looker starts");
        let (looker_url, base_url) = (local_looker.looker_url(), local_looker.base_url());
        trail.note("the site and the local Looker are up");
        let browser = Browser::open(&setting, Habits { public_port, ..plan.habits }).await;
        trail.note("the browser is open");
        let stage = Self {
            browser,
            site,
            looker: Steer::new(looker_url.clone()),
            looker_url,
            base_url,
            setting,
            trail,
            bounds: Bounds::default(),
            _local_looker: local_looker,
            place: Mutex::new(Some(place)),
        };
        stage.site.let_connect(&stage.base_url);
        stage.site.configure(ConfigFile::Is(stage.config()));
        stage
    }

    /// The `config.json` that fits this stage's Looker.
    pub fn config(&self) -> Value {
        json!({
            "app_name": "Sightline",
            "client_id": "sightline",
            "instances": [{ "name": "Local Looker", "looker_url": self.looker_url, "base_url": self.base_url }],
            "allow_other_instances": true,
        })
    }

    /// Lets another journey begin, because this one is going to wait for what takes its time.
    pub fn leaves_its_place(&self) {
        self.place.lock().unwrap().take();
    }

    /// Ends the journey: nothing may have gone round in a loop, trapped in the page, or broken its
    /// policy, nor may it show a secret, or keep anybody from using it. After that the browser may have another.
    pub async fn end(self) {
        self.ends(Ending::Well).await;
    }

    /// Ends a journey that has to fail there, and to say this.
    pub async fn ends_badly(self, by_saying: &str) {
        self.ends(Ending::Badly(by_saying)).await;
    }

    /// Ends the journey, and begins another on the same stage, in the browser as another journey would
    /// have it after this one.
    pub async fn begins_anew(self) -> Self {
        self.was_well().await;
        self.trail.note("began anew");
        let browser = self.browser.hand_on(&self.setting).await;
        Self { browser, ..self }
    }

    /// Goes on in another browser, with other habits. The one before is closed.
    pub async fn in_another_browser(self, habits: Habits) -> Self {
        self.was_well().await;
        self.trail.note("went on in another browser");
        drop(self.browser);
        let browser = Browser::open(&self.setting, habits).await;
        Self { browser, ..self }
    }

    /// Ends a journey in which pages broke this directive of their policy, as they were meant to, and no other.
    pub async fn ends_after_breaking(self, directive: &str) {
        assert!(!self.broken_directives().await.is_empty(), "no page broke {directive}");
        self.ends(Ending::Breaking(directive)).await;
    }

    /// Ends a journey in which modules of pages trapped, as they were meant to.
    pub async fn ends_after_trapping(self) {
        self.ends(Ending::Trapping).await;
    }

    async fn ends(self, ending: Ending<'_>) {
        let end = AssertUnwindSafe(self.was_well_but_for(ending)).catch_unwind().await;
        match (end, ending) {
            (Ok(()), Ending::Badly(expected)) => panic!("the journey ends well, and had to say “{expected}”"),
            (Err(why), Ending::Badly(expected)) => {
                let said = why.downcast_ref::<String>().map(String::as_str);
                let said = said.or_else(|| why.downcast_ref::<&str>().copied()).unwrap_or_default();
                assert!(said.contains(expected), "the journey says another thing than “{expected}”: {said}");
            }
            (Ok(()), _) => {}
            (Err(why), _) => resume_unwind(why),
        }
        self.browser.give_back().await;
    }

    async fn was_well(&self) {
        self.was_well_but_for(Ending::Well).await;
    }

    /// Looks for everything that no journey may have, but for what comes with this ending.
    async fn was_well_but_for(&self, ending: Ending<'_>) {
        self.went_round_in_no_loop().await;
        self.is_for_everybody().await;
        let console = self.console().await;
        let is_trap = |line: &&String| ["panicked", "RuntimeError"].iter().any(|sign| line.contains(sign));
        let traps: Vec<_> = console.iter().filter(is_trap).collect();
        assert!(ending == Ending::Trapping || traps.is_empty(), "a module of the page trapped: {traps:#?}");
        self.shows_no_secret(&console).await;
        let mut violations = self.violations().await;
        violations.retain(|report| ending != Ending::Breaking(&directive_of(report)));
        assert!(violations.is_empty(), "the page broke its Content-Security-Policy: {violations:#?}");
    }

    /// What stands in the consoles of pages since it was read last.
    pub async fn console(&self) -> Vec<String> {
        let mut console = self.browser.console().await;
        console.extend(self.site.take_console());
        console
    }

    /// Which directives of their policy pages broke so far.
    pub async fn broken_directives(&self) -> Vec<String> {
        let mut broken = self.violations().await.iter().map(|report| directive_of(report)).collect::<Vec<_>>();
        broken.sort();
        broken
    }

    /// What pages broke of their policy so far. Browsers report it when they like; so the page that is
    /// open breaks it once more here, and that report is waited for. It may still overtake one of those
    /// before it: each report is a request of its own.
    async fn violations(&self) -> Vec<String> {
        // Pages of Looker's have another policy.
        if self.browser.runs_scripts && self.address().await.starts_with(&self.site.app) {
            // Another one each time.
            let last = format!("{}.{LAST}", self.site.violations().len());
            self.evaluate(&format!("new Image().src = 'https://{last}/'; return null")).await;
            let is_reported = || async { self.site.violations().iter().any(|report| report.contains(&last)) };
            self.waits_until("the report of what is broken on purpose", is_reported).await;
        }
        let of_the_apps = |report: &String| !report.contains(LAST) && !is_about_a_text(report);
        self.site.violations().into_iter().filter(of_the_apps).collect()
    }
}

/// Whether a report is about a text: WebKit shows one in a page of its own making, with a style that the
/// text's policy refuses.
fn is_about_a_text(report: &str) -> bool {
    let page = |json: Value| Some(json["csp-report"]["document-uri"].as_str()?.ends_with("/licences.txt"));
    serde_json::from_str(report).ok().and_then(page).unwrap_or_default()
}

/// The directive that a report is about.
fn directive_of(report: &str) -> String {
    let json: Value = serde_json::from_str(report).expect("a report is JSON");
    json["csp-report"]["effective-directive"].as_str().expect("it names a directive").to_owned()
}
