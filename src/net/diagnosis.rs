//! Finds out what hides behind a request without an answer.
//!
//! To a page, a dead host, a bad certificate, a missing allowlist entry and an unplugged cable
//! all look the same. A request whose answer the page does not ask to read (`no-cors`) still
//! succeeds when host and certificate are fine, which tells the allowlist from the rest.

use looker::BaseUrl;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode};

use super::limit::Limit;
use crate::page;

/// How far a request to an API host gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nobody answers there, and the browser itself says that it is offline.
    Offline,
    /// Nobody answers there: wrong address, no server, no route, or a certificate that the
    /// browser does not trust.
    Silent,
    /// The host answers, but does not let this page read it.
    Answers,
}

/// How long the probe may take, in milliseconds.
pub const PATIENCE: u32 = 5_000;

/// Tries how far a request to this API host gets. Sends no token. To drop what this returns cancels it.
pub async fn reach(base_url: &BaseUrl) -> Reach {
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    let _limit = Limit::set(&init, PATIENCE);
    let url = [base_url.as_str(), "/alive"].concat();
    let answer = JsFuture::from(page::window().fetch_with_str_and_init(&url, &init)).await;
    if answer.is_ok() {
        Reach::Answers
    } else if page::window().navigator().on_line() {
        Reach::Silent
    } else {
        // Asked last: without any network a browser says so, and still reaches its own machine.
        Reach::Offline
    }
}
