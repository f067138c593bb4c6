//! What happens around every request, whatever it asks for: it is listed, faults are applied,
//! and the API host's answer gets its CORS headers.

use crate::api::cors;
use crate::state::Shared;
use crate::steering::faults::{Cut, Fault};
use crate::steering::guard;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tokio::sync::watch;
use tower::ServiceExt as _;

/// Which of the two hosts a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Host {
    /// `looker_url`.
    Ui,
    /// `base_url`.
    Api,
}

/// What [`carry_out`] needs beside the request.
#[derive(Clone)]
pub(crate) struct Around {
    pub(crate) host: Host,
    pub(crate) router: Router,
    pub(crate) looker: Shared,
    pub(crate) running: watch::Receiver<bool>,
    /// Whether the connection comes from this machine.
    pub(crate) from_here: bool,
}

/// The connection is to be closed without an answer, or in the middle of one.
#[derive(Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

/// Answers one request, or drops its connection.
pub(crate) async fn carry_out(around: Around, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let request = request.map(Body::new);
    if around.host == Host::Ui && guard::is_for_steering(request.uri().path()) {
        let looker_url = &around.looker.looker_url;
        return Ok(match guard::judge(looker_url, around.from_here, request.method(), request.headers()) {
            Ok(()) => answer(&around.router, request).await,
            Err(refusal) => refusal.page(),
        });
    }
    let looker = around.looker.clone();
    let about = About::of(&request);
    let line = looker.log().begin(around.host, about.method.as_str(), &about.path, about.origin.clone());
    // First, so that they are not cleared between the one and the other.
    let cleared = looker.until_cleared();
    let fault = looker.faults().take(around.host, &about.method, &about.path);
    let mut answer = faulty(around, about, request, fault, cleared).await;
    if let Ok(answer) = &mut answer {
        if looker.faults().close_connections() {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        looker.log().answered(line, answer.status().as_u16());
    }
    answer
}

/// What is asked about a request after it is gone.
#[derive(Debug)]
struct About {
    method: Method,
    path: String,
    origin: Option<String>,
    headers: HeaderMap,
}

impl About {
    fn of(request: &Request<Body>) -> Self {
        let origin = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok());
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            origin: origin.map(str::to_owned),
            headers: request.headers().clone(),
        }
    }
}

async fn faulty(
    mut around: Around,
    about: About,
    request: Request<Body>,
    fault: Option<Fault>,
    cleared: impl Future<Output = ()>,
) -> Result<Response<Body>, Dropped> {
    let Some(fault) = fault else {
        let answer = plain(&around, &about, request).await;
        return Ok(with_cors(&around, &about, answer));
    };
    let mut cleared = pin!(cleared);
    if let Some(delay) = fault.delay {
        tokio::select! {
            () = tokio::time::sleep(delay) => {}
            _ = around.running.changed() => return Err(Dropped),
        }
    }
    match fault.cut {
        Some(cut @ (Cut::Hold | Cut::Hang)) => {
            // What nobody let go is not carried out when the server ends.
            let goes_on = is_cleared(cleared.as_mut(), &mut around.running).await && cut == Cut::Hold;
            if !goes_on {
                return Err(Dropped);
            }
        }
        Some(Cut::DropBefore) => return Err(Dropped),
        _ => {}
    }
    let answer = match fault.reply {
        Some(reply) => reply.into_response(),
        None => plain(&around, &about, request).await,
    };
    let answer = match fault.cut {
        Some(Cut::NoCors) => answer,
        _ => with_cors(&around, &about, answer),
    };
    match fault.cut {
        Some(Cut::HangAfter) => {
            is_cleared(cleared.as_mut(), &mut around.running).await;
            Err(Dropped)
        }
        Some(Cut::DropAfter) => Err(Dropped),
        Some(Cut::Truncate) => Ok(cut(answer, false).await),
        Some(Cut::BreakOff) => Ok(cut(answer, true).await),
        _ => Ok(answer),
    }
}

/// Waits until faults are cleared, or the server ends; says whether they were.
async fn is_cleared(cleared: impl Future<Output = ()>, running: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        _ = running.changed() => false,
        () = cleared => true,
    }
}

/// The answer without faults, and without CORS headers.
async fn plain(around: &Around, about: &About, request: Request<Body>) -> Response<Body> {
    if around.host == Host::Api && cors::is_preflight(&about.method, &about.headers) {
        return Response::new(Body::empty());
    }
    answer(&around.router, request).await
}

async fn answer(router: &Router, request: Request<Body>) -> Response<Body> {
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn with_cors(around: &Around, about: &About, mut answer: Response<Body>) -> Response<Body> {
    let looker = &around.looker;
    let answers = looker.answers();
    let applies = match around.host {
        Host::Api => cors::applies_to(&about.path),
        Host::Ui => answers.metadata_has_cors && about.path == crate::ui::metadata::PATH,
    };
    if !applies {
        return answer;
    }
    // Without its allowlist the server allows nobody.
    let allowlist = looker.store().allowlist().unwrap_or_default();
    let asked = cors::Asked {
        origin: about.origin.as_deref(),
        preflight: cors::is_preflight(&about.method, &about.headers),
        status: answer.status(),
    };
    for (name, value) in cors::headers(&allowlist, &answers, &asked) {
        answer.headers_mut().append(name, value);
    }
    answer
}

/// Half of an answer: either as if that were all, or with the connection closed after it.
async fn cut(answer: Response<Body>, close: bool) -> Response<Body> {
    let (parts, body) = answer.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        let mut broken = Response::new(Body::empty());
        *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return broken;
    };
    let half = whole.slice(..whole.len() / 2);
    let mut cut = Response::from_parts(parts, Body::empty());
    cut.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
    cut.headers_mut().entry(CONTENT_TYPE).or_insert(crate::api::JSON);
    *cut.body_mut() = if close {
        Body::new(CutOff { step: Step::Half(half), promised: whole.len() as u64 })
    } else {
        Body::from(half)
    };
    cut
}

/// A body that promises more than it gives, and then fails.
struct CutOff {
    step: Step,
    promised: u64,
}

/// What a [`CutOff`] does next.
#[derive(Default)]
enum Step {
    Half(Bytes),
    Wait,
    #[default]
    Fail,
}

impl Step {
    fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        match self.step.take() {
            Step::Half(half) => {
                self.step = Step::Wait;
                Poll::Ready(Some(Ok(Frame::data(half))))
            }
            Step::Wait => {
                // hyper writes what it has when there is no more at the moment, and only then.
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Step::Fail => Poll::Ready(Some(Err(Dropped))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
