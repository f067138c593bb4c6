//! What is measured: a first visit, and the page that Looker sends people back to, with what the first
//! visit left in the cache and without it.

use std::fmt;

use journeys::{App, Plan, Stage};
use serde::Serialize;
use serde_json::json;

use crate::{
    slow::{hurry_up, slow_down},
    watch::{self, Sight},
};

/// Where Looker sends people back to.
const REDIRECT: &str = "/authenticated";

/// The times of one page in one run, in milliseconds since the navigation began.
#[derive(Debug)]
pub struct Visit {
    /// The browser and its version.
    pub browser: String,
    first_visit: f64,
    redirect_cold: f64,
    redirect_warm: f64,
}

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first_visit, redirect_cold, redirect_warm, .. } = self;
        write!(f, "button {first_visit:.0} ms, answer {redirect_cold:.0} ms cold, {redirect_warm:.0} ms warm")
    }
}

/// The times of one page in all runs, in milliseconds.
#[derive(Debug, Default, Serialize)]
pub struct Times {
    /// First visit, until the sign-in button can be used.
    first_visit: Vec<f64>,
    /// Redirect, until the first answer is on the page, with nothing in the cache.
    redirect_cold: Vec<f64>,
    /// The same with the page in the cache.
    redirect_warm: Vec<f64>,
}

impl Times {
    /// Adds a run.
    pub fn add(&mut self, visit: &Visit) {
        self.first_visit.push(visit.first_visit);
        self.redirect_cold.push(visit.redirect_cold);
        self.redirect_warm.push(visit.redirect_warm);
    }
}

/// Visits a page twice, each time in a browser with an empty profile: what one sign-in leaves in memory
/// must be no help to the other.
pub async fn visit(app: App) -> Visit {
    let plan = Plan { app, ..Plan::default() };
    let stage = Stage::planned(plan).await;
    let version = stage.browser.must_devtools("Browser.getVersion", &json!({})).await;
    let browser = version["product"].as_str().unwrap_or_default().to_owned();
    watch::begin(&stage).await;
    slow_down(&stage.browser).await;
    stage.open_page("/").await;
    let first_visit = watch::time_of(&stage, Sight::Button).await;
    hurry_up(&stage.browser).await;
    let redirect_warm = come_back(&stage).await;
    drop(stage);

    let stage = Stage::planned(plan).await;
    watch::begin(&stage).await;
    stage.open_page("/").await;
    let redirect = sign_in(&stage).await;
    stage.browser.must_devtools("Network.clearBrowserCache", &json!({})).await;
    let redirect_cold = arrive(&stage, &redirect).await;
    Visit { browser, first_visit, redirect_cold, redirect_warm }
}

async fn come_back(stage: &Stage) -> f64 {
    let redirect = sign_in(stage).await;
    arrive(stage, &redirect).await
}

/// Signs in at Looker, and stops short of the page; returns the address that leads back to it.
async fn sign_in(stage: &Stage) -> String {
    // So the sign-in stays under way, and what follows is the page's own time, not Looker's.
    stage.site.refuse(REDIRECT, Some(503));
    stage.passes_looker().await;
    stage.waits_until("the way back from Looker", || async { stage.site.count(REDIRECT) > 0 }).await;
    stage.site.refuse(REDIRECT, None);
    // To open an address where one is already would be a reload.
    stage.open_address("about:blank").await;
    [&*stage.site.app, &stage.site.last_redirect()].concat()
}

async fn arrive(stage: &Stage, redirect: &str) -> f64 {
    slow_down(&stage.browser).await;
    stage.open_address(redirect).await;
    watch::time_of(stage, Sight::Answer).await
}
