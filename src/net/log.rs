//! The log of what this tab exchanged with Looker.
//!
//! `boot.js` holds it, because door and workbench are two modules with a memory each, and the page
//! is one. It stays in the page's memory while a page is shown, and in `sessionStorage` between
//! two pages of the tab. Where there is no `boot.js`, as in an app that is built on this crate,
//! nothing is kept.

use looker::{LookerUrl, Request, Timestamp};
use wasm_bindgen::prelude::*;

use super::{
    exchange::{Exchange, Method, without_values},
    json,
};
use crate::page;

/// Whether a request is made for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// It is.
    First,
    /// The same was asked before, and is asked once more.
    Again,
}

/// The event at the window when something was added to the log.
pub const CHANGED: &str = "sightline:log";

#[wasm_bindgen]
extern "C" {
    /// Adds an exchange; status 0 stands for no answer.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = log)]
    fn add(
        method: &str,
        url: &str,
        status: u16,
        start: f64,
        duration: f64,
        bytes: u32,
        again: bool,
    ) -> Result<(), JsValue>;

    /// Adds the way to Looker's pages and back, which ended when this page was opened.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = logReturn)]
    fn add_return(method: &str, url: &str, start: f64) -> Result<(), JsValue>;

    /// The log as JSON.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = readLog)]
    fn read_log() -> Result<String, JsValue>;

    /// Empties the log; nothing that this page adds from now on is kept for the next.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = forgetLog)]
    fn forget_log() -> Result<(), JsValue>;
}

/// Records a request that ended just now; `answer` is the status and the length of the body, where
/// the whole answer came.
pub(super) fn record(request: &Request, of: Try, started_at: Timestamp, answer: Option<(u16, usize)>) {
    let (status, bytes) = answer.unwrap_or_default();
    // Milliseconds and lengths in these ranges are whole numbers to JavaScript.
    let (start, now) = (started_at.as_millis() as f64, page::now().as_millis() as f64);
    // The clock of a machine can be set back.
    let duration = (now - start).max(0.0);
    let method = Method::Request(request.method()).name();
    // Fails where there is no log, and then nothing is missed.
    let _ = add(method, &without_values(request.url()), status, start, duration, bytes as u32, of == Try::Again);
}

/// Records that Looker sent the person back here, who went there at `started_at`.
pub fn came_back(looker_url: &LookerUrl, started_at: Timestamp) {
    let url = [looker_url.as_str(), "/auth"].concat();
    let _ = add_return(Method::Navigate.name(), &url, started_at.as_millis() as f64);
}

/// What is in the log, the latest last.
pub fn read() -> Vec<Exchange> {
    let log = read_log().ok().and_then(|text| json::parse(&text).ok());
    log.map(|log| Exchange::list(&log)).unwrap_or_default()
}

/// Empties the log, for good: what this page still does is not kept for the next.
pub fn forget() {
    let _ = forget_log();
}
