//! Carries requests and brings answers back.

use std::fmt;

use looker::{Answer, Body, MediaType, Request, Timestamp};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response};

use super::{Try, json, limit::Limit, log};
use crate::page;

/// How long anything may take before it is given up, in milliseconds.
pub const PATIENCE: u32 = 30_000;

/// Sends a request to Looker and waits for its whole answer.
///
/// No cookies go along, nothing is cached, and redirects are errors: a token goes to the origin
/// it is meant for or nowhere. What becomes of it is in the [`log`].
///
/// To drop what this returns cancels the request.
pub async fn send(request: &Request, of: Try) -> Result<Answer, TransportError> {
    let started_at = page::now();
    log::begin(request, of, started_at);
    let mut unlogged = Unlogged { request, of, started_at: Some(started_at) };
    let fetched = match to_looker(request) {
        Ok(init) => fetch(request.url(), &init).await,
        Err(error) => Err(TransportError::NoAnswer { evidence: json::message_of(&error) }),
    };
    unlogged.started_at = None;
    log::record(request, of, started_at, fetched.as_ref().ok().map(|answer| (answer.status, answer.text.len())));
    let Fetched { status, media_type, retry_after, text } = fetched?;
    let json = if media_type == MediaType::Json { json::parse(&text).ok() } else { None };
    Ok(Answer { status, media_type, json, retry_after })
}

/// Records a request that is dropped before it has ended.
struct Unlogged<'a> {
    request: &'a Request,
    of: Try,
    /// Nothing when the request has ended.
    started_at: Option<Timestamp>,
}

impl Drop for Unlogged<'_> {
    fn drop(&mut self) {
        if let Some(started_at) = self.started_at {
            log::record(self.request, self.of, started_at, None);
        }
    }
}

/// A file that is served beside the page.
#[derive(Debug, Clone)]
pub struct File {
    /// The HTTP status.
    pub status: u16,
    /// What it claims to be.
    pub media_type: MediaType,
    /// Its text.
    pub text: String,
}

/// Gets a file that is served with the page. To drop what this returns cancels the request.
pub async fn get_file(address: &str) -> Result<File, TransportError> {
    let Fetched { status, media_type, text, .. } = fetch(address, &RequestInit::new()).await?;
    Ok(File { status, media_type, text })
}

/// A request as fetch wants it. The browser refuses a header that can't be one.
fn to_looker(request: &Request) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.append("Accept", "application/json")?;
    if let Some(authorization) = request.authorization() {
        headers.append("Authorization", &authorization)?;
    }
    let init = RequestInit::new();
    if let Some(body) = request.body() {
        headers.append("Content-Type", Body::CONTENT_TYPE)?;
        init.set_body(&body.expose().into());
    }
    init.set_method(request.method().as_str());
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    Ok(init)
}

struct Fetched {
    status: u16,
    media_type: MediaType,
    retry_after: Option<u64>,
    text: String,
}

async fn fetch(url: &str, init: &RequestInit) -> Result<Fetched, TransportError> {
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    let limit = Limit::set(init, PATIENCE);
    let response = JsFuture::from(page::window().fetch_with_str_and_init(url, init)).await;
    let response: Response =
        response.map_err(|error| TransportError::of(&error, &limit, Stage::Asking))?.unchecked_into();
    let broken_off = |error: JsValue| TransportError::of(&error, &limit, Stage::Answering);
    let text = JsFuture::from(response.text().map_err(broken_off)?).await.map_err(broken_off)?;
    let headers = response.headers();
    let header = |name| headers.get(name).ok().flatten();
    Ok(Fetched {
        status: response.status(),
        media_type: MediaType::of(&header("Content-Type").unwrap_or_default()),
        // A date is none: the clocks of both sides may differ by an hour.
        retry_after: header("Retry-After").and_then(|seconds| seconds.trim().parse().ok()),
        text: text.as_string().unwrap_or_default(),
    })
}

enum Stage {
    Asking,
    Answering,
}

/// Why no answer came. The browser tells a page very little about it; see
/// [`diagnosis`](super::diagnosis).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// Nothing came within [`PATIENCE`].
    TimedOut,
    /// No answer that this page may read: the host can't be reached, or does not let this origin
    /// in, or answered with a redirect.
    NoAnswer {
        /// What the browser says.
        evidence: String,
    },
    /// The answer began and broke off.
    BrokenOff {
        /// What the browser says.
        evidence: String,
    },
}

impl TransportError {
    fn of(error: &JsValue, limit: &Limit, stage: Stage) -> Self {
        // Engines name the error differently; the signal they all keep.
        if limit.is_up() {
            return Self::TimedOut;
        }
        let evidence = json::message_of(error);
        match stage {
            Stage::Asking => Self::NoAnswer { evidence },
            Stage::Answering => Self::BrokenOff { evidence },
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => write!(f, "no answer within {} seconds", PATIENCE / 1000),
            Self::NoAnswer { evidence } | Self::BrokenOff { evidence } => f.write_str(evidence),
        }
    }
}

impl std::error::Error for TransportError {}
