//! The host that serves the app: a strict one, as the deployment guide wants it.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{
    body::Bytes,
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// What `config.json` is.
#[derive(Debug, Clone)]
pub enum ConfigFile {
    /// This JSON.
    Is(Value),
    /// This text, served as JSON.
    Text(String),
    /// Not there: 404.
    Missing,
    /// Not there, and the host answers with index.html, as many do.
    IndexHtml,
}

/// A running host. Dropping it stops it.
#[derive(Debug)]
pub struct Site {
    /// Its origin, `http://localhost:…`.
    pub origin: String,
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Inner {
    origin: String,
    dist: PathBuf,
    isolated: bool,
    changed: Notify,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    config: ConfigFile,
    /// What pages may connect to, beside this host.
    connect: String,
    refused: HashMap<String, StatusCode>,
    held: HashSet<String>,
    sandboxed: bool,
    base: &'static str,
    requests: Vec<String>,
    redirects: Vec<String>,
    violations: Vec<String>,
}

/// Where browsers report what the policy forbids.
const REPORTS: &str = "/_violations";

impl Site {
    /// Serves `dist` from `listener`; `isolated` from windows of other origins, as it should be.
    pub fn serve(listener: TcpListener, dist: PathBuf, isolated: bool) -> Self {
        let port = listener.local_addr().expect("a listener has an address").port();
        let origin = format!("http://localhost:{port}");
        let state = State {
            config: ConfigFile::Missing,
            connect: String::new(),
            refused: HashMap::new(),
            held: HashSet::new(),
            sandboxed: false,
            base: "'self'",
            requests: Vec::new(),
            redirects: Vec::new(),
            violations: Vec::new(),
        };
        let inner = Arc::new(Inner {
            origin: origin.clone(),
            dist,
            isolated,
            changed: Notify::new(),
            state: Mutex::new(state),
        });
        let app = axum::Router::new().fallback(answer).with_state(inner.clone());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("the site is served") });
        Self { origin, inner, task }
    }

    /// Serves this `config.json` from now on.
    pub fn configure(&self, config: ConfigFile) {
        self.inner.state.lock().unwrap().config = config;
    }

    /// Lets pages connect to this API host, and no other.
    pub fn let_connect(&self, base_url: &str) {
        self.inner.state.lock().unwrap().connect = base_url.to_owned();
    }

    /// Answers requests for this path with a status only; with none, serves it again.
    pub fn refuse(&self, path: &str, status: Option<u16>) {
        let refused = &mut self.inner.state.lock().unwrap().refused;
        match status {
            Some(status) => refused.insert(path.into(), StatusCode::from_u16(status).expect("a status")),
            None => refused.remove(path),
        };
    }

    /// Lets requests for this path wait until [`release`](Self::release).
    pub fn hold(&self, path: &str) {
        self.inner.state.lock().unwrap().held.insert(path.into());
    }

    /// Answers everything that waits.
    pub fn release(&self) {
        self.inner.state.lock().unwrap().held.clear();
        self.inner.changed.notify_waiters();
    }

    /// Serves pages into a sandbox, where nothing can be stored.
    pub fn sandbox(&self, sandboxed: bool) {
        self.inner.state.lock().unwrap().sandboxed = sandboxed;
    }

    /// Lets pages have no `<base>` at all.
    pub fn forbid_base(&self) {
        self.inner.state.lock().unwrap().base = "'none'";
    }

    /// How many requests came for this path.
    pub fn count(&self, path: &str) -> usize {
        self.inner.state.lock().unwrap().requests.iter().filter(|requested| *requested == path).count()
    }

    /// How many pages were loaded.
    pub fn pages(&self) -> usize {
        let is_page = |path: &&String| !path.contains('.');
        self.inner.state.lock().unwrap().requests.iter().filter(is_page).count()
    }

    /// The last place, with code and state, that Looker sent somebody back to.
    pub fn last_redirect(&self) -> String {
        self.inner.state.lock().unwrap().redirects.last().expect("somebody came back from Looker").clone()
    }

    /// The path of a file of the build that begins so and ends so.
    pub fn path_of(&self, begins: &str, ends: &str) -> String {
        let files = std::fs::read_dir(&self.inner.dist).expect("the build can be read").flatten();
        let mut names = files.filter_map(|file| file.file_name().into_string().ok());
        let name = names.find(|name| name.starts_with(begins) && name.ends_with(ends));
        format!("/{}", name.expect("the build has this file"))
    }

    /// What browsers reported that the policy forbids.
    pub fn violations(&self) -> Vec<String> {
        self.inner.state.lock().unwrap().violations.clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(Shared(site): Shared<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if path == REPORTS {
        let report = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
        site.state.lock().unwrap().violations.push(String::from_utf8_lossy(&report).into_owned());
        return StatusCode::NO_CONTENT.into_response();
    }
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    {
        let mut state = site.state.lock().unwrap();
        state.requests.push(path.clone());
        if path == "/authenticated" && parts.uri.query().is_some() {
            state.redirects.push(parts.uri.to_string());
        }
    }
    site.until_released(&path).await;
    site.file(&path)
}

impl Inner {
    async fn until_released(&self, path: &str) {
        loop {
            let changed = self.changed.notified();
            if !self.state.lock().unwrap().held.contains(path) {
                return;
            }
            changed.await;
        }
    }

    fn file(&self, path: &str) -> Response {
        let state = self.state.lock().unwrap();
        let (status, media_type, body) = match state.refused.get(path) {
            Some(status) => (*status, "text/plain", Bytes::new()),
            None => self.content(&state, path),
        };
        let mut headers = HeaderMap::new();
        let mut set = |name, value: &str| headers.insert(name, HeaderValue::try_from(value).expect("a header"));
        set(header::CONTENT_TYPE, media_type);
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        let is_named_by_content = path.contains('-') && status.is_success();
        let keeps = match media_type {
            "text/html;charset=utf-8" | "application/json" | "text/plain" => "no-store",
            _ if is_named_by_content => "public, max-age=31536000, immutable",
            _ => "no-cache",
        };
        set(header::CACHE_CONTROL, keeps);
        if state.sandboxed {
            // A sandboxed page is of no origin, this host's neither.
            set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        }
        if media_type.starts_with("text/html") {
            set(header::CONTENT_SECURITY_POLICY, &state.policy(&self.origin));
        }
        if self.isolated {
            set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        }
        (status, headers, body).into_response()
    }

    fn content(&self, state: &State, path: &str) -> (StatusCode, &'static str, Bytes) {
        let html = || ("text/html;charset=utf-8", self.read("index.html").unwrap_or_default());
        let found = |(media_type, body)| (StatusCode::OK, media_type, body);
        if path == "/config.json" {
            return match &state.config {
                ConfigFile::Is(json) => found(("application/json", json.to_string().into())),
                ConfigFile::Text(text) => found(("application/json", text.clone().into())),
                ConfigFile::Missing => (StatusCode::NOT_FOUND, "text/plain", Bytes::new()),
                ConfigFile::IndexHtml => found(html()),
            };
        }
        let name = path.trim_start_matches('/');
        let extension = name.rsplit('/').next().and_then(|last| last.rsplit_once('.')).map(|(_, extension)| extension);
        let media_type = match extension {
            None => return found(html()),
            Some("html") => "text/html;charset=utf-8",
            Some("js") => "text/javascript;charset=utf-8",
            Some("css") => "text/css;charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            Some(_) => "application/octet-stream",
        };
        match self.read(name) {
            Some(body) => found((media_type, body)),
            None => (StatusCode::NOT_FOUND, "text/plain", Bytes::new()),
        }
    }

    fn read(&self, name: &str) -> Option<Bytes> {
        let is_plain = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
        is_plain.then(|| std::fs::read(self.dist.join(name)).ok()).flatten().map(Bytes::from)
    }
}

impl State {
    fn policy(&self, origin: &str) -> String {
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             connect-src 'self' {}; img-src 'self' data: blob:; base-uri {}; form-action 'none'; \
             frame-ancestors 'none'; object-src 'none'; report-uri {REPORTS}",
            self.connect, self.base
        );
        if self.sandboxed {
            // WebKit finds no self in a page of no origin.
            policy.replace("'self'", origin) + "; sandbox allow-scripts"
        } else {
            policy
        }
    }
}
