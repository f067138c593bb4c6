//! Carries requests and brings answers back.

use std::fmt;

use gloo_net::http::{Method, RequestBuilder, Response};
use looker::{Answer, Body, MediaType, Request};
use web_sys::{AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use super::json;

/// How long anything may take before it is given up, in milliseconds.
pub const PATIENCE: u32 = 30_000;

/// Sends a request to Looker and waits for its whole answer.
///
/// No cookies go along, nothing is cached, and redirects are errors: a token goes to the origin
/// it is meant for or nowhere.
pub async fn send(request: &Request) -> Result<Answer, TransportError> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE);
    let mut builder = request_builder(request.url(), &patience)
        .method(match request.method() {
            looker::Method::Get => Method::GET,
            looker::Method::Post => Method::POST,
            looker::Method::Patch => Method::PATCH,
            looker::Method::Delete => Method::DELETE,
        })
        .header("Accept", "application/json")
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Error);
    if let Some(authorization) = request.authorization() {
        builder = builder.header("Authorization", &authorization);
    }
    let response = match request.body() {
        None => builder.send().await,
        Some(body) => {
            let request = builder.header("Content-Type", Body::CONTENT_TYPE).body(body.expose());
            match request {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            }
        }
    }
    .map_err(|error| TransportError::of(&error, &patience, Stage::Asking))?;
    let media_type = media_type(&response);
    let text = response.text().await.map_err(|error| TransportError::of(&error, &patience, Stage::Answering))?;
    Ok(Answer {
        status: response.status(),
        media_type,
        json: if media_type == MediaType::Json { json::parse(&text).ok() } else { None },
        retry_after: response.headers().get("Retry-After").and_then(|seconds| seconds.trim().parse().ok()),
    })
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

/// Gets a file that is served with the page.
pub async fn get_file(address: &str) -> Result<File, TransportError> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE);
    let response = request_builder(address, &patience)
        .send()
        .await
        .map_err(|error| TransportError::of(&error, &patience, Stage::Asking))?;
    let text = response.text().await.map_err(|error| TransportError::of(&error, &patience, Stage::Answering))?;
    Ok(File { status: response.status(), media_type: media_type(&response), text })
}

fn request_builder(url: &str, patience: &AbortSignal) -> RequestBuilder {
    RequestBuilder::new(url).referrer_policy(ReferrerPolicy::NoReferrer).abort_signal(Some(patience))
}

fn media_type(response: &Response) -> MediaType {
    MediaType::of(&response.headers().get("Content-Type").unwrap_or_default())
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
    fn of(error: &gloo_net::Error, patience: &AbortSignal, stage: Stage) -> Self {
        // Engines name the error differently; the signal they all keep.
        if patience.aborted() {
            return Self::TimedOut;
        }
        let evidence = match error {
            gloo_net::Error::JsError(error) => error.message.clone(),
            gloo_net::Error::GlooError(message) => message.clone(),
            // Nothing here asks gloo-net to read JSON.
            gloo_net::Error::SerdeError(_) => String::new(),
        };
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
