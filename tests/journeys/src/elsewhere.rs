//! A host that is nobody's: every page may ask it for anything, and it remembers what came.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, Response, header},
};
use hyper::{Request, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// What lets every page in, with a body and with an `Authorization` header; of a page that was sent on to here
/// from another host, browsers do not say which it is.
const LETS_EVERYBODY_IN: [(header::HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
];

/// A running host. Dropping it stops it.
#[derive(Debug)]
pub struct Elsewhere {
    /// Its origin, `http://localhost:…`.
    pub origin: String,
    requests: Requests,
    task: JoinHandle<()>,
}

type Requests = Arc<Mutex<Vec<String>>>;

impl Elsewhere {
    /// Opens one.
    pub async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
        let port = listener.local_addr().expect("a listener has an address").port();
        let requests = Requests::default();
        let task = tokio::spawn(accept(listener, requests.clone()));
        Self { origin: format!("http://localhost:{port}"), requests, task }
    }

    /// What came so far, each with what it carried: `POST /api/token with a body`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, requests: Requests) {
    // They end with this task.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.expect("the host is served");
        connections.spawn(converse(stream, requests.clone()));
    }
}

async fn converse(stream: TcpStream, requests: Requests) {
    let service = service_fn(move |request: Request<_>| answer(requests.clone(), request.map(Body::new)));
    // An error is a browser gone away: nothing to report.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(requests: Requests, request: Request<Body>) -> Result<Response<Body>, std::convert::Infallible> {
    let (parts, body) = request.into_parts();
    let mut said = format!("{} {}", parts.method, parts.uri.path());
    if parts.headers.contains_key(header::AUTHORIZATION) {
        said += " with a token";
    }
    if !to_bytes(body, 1 << 20).await.unwrap_or_default().is_empty() {
        said += " with a body";
    }
    requests.lock().unwrap().push(said);
    let mut answer = Response::new(Body::from(Bytes::from_static(b"{}")));
    for (name, value) in LETS_EVERYBODY_IN.into_iter().chain([(header::CONTENT_TYPE, "application/json")]) {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(answer)
}
