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
    /// Adds an exchange that ended just now, or when this page was opened if it was the way to
    /// Looker's pages and back; status 0 stands for no answer.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = log)]
    fn add(method: &str, url: &str, status: u16, start: f64, bytes: u32, again: bool) -> Result<(), JsValue>;

    /// Says that an exchange begins. Where the page goes before it has ended, it is added without an answer.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = begin)]
    fn begin_exchange(method: &str, url: &str, start: f64, again: bool) -> Result<(), JsValue>;

    /// The log as JSON.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = readLog)]
    fn read_log() -> Result<String, JsValue>;

    /// Says who is signed in; what another person left in the log goes.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = ownLog)]
    fn own_log(person: &str) -> Result<(), JsValue>;

    /// Empties the log; nothing that this page adds from now on is kept for the next.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = forgetLog)]
    fn forget_log() -> Result<(), JsValue>;
}

/// Notes a request that is about to be sent. It is in the log when it has [ended](record), or its page has.
pub(super) fn begin(request: &Request, of: Try, started_at: Timestamp) {
    let (method, url) = (Method::Request(request.method()), without_values(request.url()));
    // As with `write`.
    let _ = begin_exchange(method.name(), &url, started_at.as_millis() as f64, of == Try::Again);
}

/// Records a request that ended just now; `answer` is the status and the length of the body, where
/// the whole answer came.
pub(super) fn record(request: &Request, of: Try, started_at: Timestamp, answer: Option<(u16, usize)>) {
    let (status, bytes) = answer.unwrap_or_default();
    write(Method::Request(request.method()), &without_values(request.url()), status, started_at, bytes, of);
}

/// Records that Looker sent the person back here, who went there at `started_at`.
pub fn came_back(looker_url: &LookerUrl, started_at: Timestamp) {
    let url = [looker_url.as_str(), "/auth"].concat();
    write(Method::Navigate, &url, 0, started_at, 0, Try::First);
}

fn write(method: Method, url: &str, status: u16, started_at: Timestamp, bytes: usize, of: Try) {
    // Milliseconds and lengths in these ranges are whole numbers to JavaScript. Fails where there
    // is no log, and then nothing is missed.
    let _ = add(method.name(), url, status, started_at.as_millis() as f64, bytes as u32, of == Try::Again);
}

/// What is in the log, the latest last.
pub fn read() -> Vec<Exchange> {
    let log = read_log().ok().and_then(|text| json::parse(&text).ok());
    log.map(|log| Exchange::list(&log)).unwrap_or_default()
}

/// Says who is signed in, by any name that is always the same for the same person. What another one
/// left in the log, whose session Looker ended, goes; until then it is not read.
pub fn own(person: &str) {
    let _ = own_log(person);
}

/// Empties the log, for good: what this page still does is not kept for the next.
pub fn forget() {
    let _ = forget_log();
}
