//! The host that serves the app: a strict one, as the deployment guide wants it.
//!
//! hyper is used directly, not through `axum::serve`: a connection must be closed without an
//! answer, and hyper does that when the service returns an error.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use crate::setting::Engine;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Notify,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

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
    /// Where the app is: the origin, and the base path without the slash at its end.
    pub app: String,
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Inner {
    origin: String,
    /// The path that the app is served below, with a slash at both ends.
    base_path: &'static str,
    dist: PathBuf,
    isolated: bool,
    /// Whether the page has the hashes of its scripts, as that of a release build has.
    is_checked: bool,
    /// What pages run even before their first script.
    before_all: &'static str,
    changed: Notify,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    config: ConfigFile,
    /// What pages may connect to, beside this host.
    connect: String,
    refused: HashMap<String, Refusal>,
    held: HashSet<String>,
    sandboxed: bool,
    /// Whether browsers may keep pages, and show them again as they were left.
    kept: bool,
    /// Whether the page has lost the hashes of its scripts.
    without_hashes: bool,
    /// What pages run before anything else.
    first_script: Option<String>,
    /// Whether nobody gets through to here.
    unreachable: bool,
    /// What pages said in their consoles, where they have to tell it themselves.
    console: Vec<String>,
    requests: Vec<String>,
    strays: Vec<String>,
    redirects: Vec<String>,
    violations: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Refusal {
    Status(StatusCode),
    CutOff,
    Changed,
}

/// Where browsers report what the policy forbids.
pub(crate) const REPORTS: &str = "/_violations";

/// Where pages tell what they say in their consoles.
const CONSOLE: &str = "/_console";

/// What WebKit's driver tells nothing of and has no command for: what pages say in their consoles, with the
/// errors that nobody catches, and a device that says that it is offline.
const BEFORE_ALL_IN_WEBKIT: &str = "if (globalThis.document) {
    const send = navigator.sendBeacon.bind(navigator);
    const inWords = (said) => {
        try {
            return said instanceof Error ? `${said} ${said.stack}` : typeof said === 'object' ? JSON.stringify(said) : String(said);
        } catch {
            return '';
        }
    };
    const tell = (...said) => send('/_console', said.map(inWords).join(' '));
    for (const kind of Object.keys(console)) {
        const say = console[kind];
        if (typeof say === 'function') {
            console[kind] = (...said) => { tell(...said); say.apply(console, said); };
        }
    }
    addEventListener('error', (event) => tell(event.error ?? event.message));
    addEventListener('unhandledrejection', (event) => tell(event.reason));
    let isOnline = true;
    Object.defineProperty(Navigator.prototype, 'onLine', { configurable: true, get: () => isOnline });
    addEventListener('connection', (event) => {
        isOnline = event.detail;
        dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
    });
}
";

/// Where the script is that pages run first.
const FIRST_SCRIPT: &str = "/_first.js";

impl Site {
    /// Serves `dist` from `listener` below `base_path`, which has a slash at both ends, as is best for this
    /// engine, and by https where `tls` says how.
    pub fn serve(
        listener: TcpListener,
        dist: PathBuf,
        base_path: &'static str,
        engine: Engine,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        // WebKit isolates by a new process, and its driver loses the page when one goes back.
        let isolated = engine != Engine::WebKit;
        let html = std::fs::read_to_string(dist.join("index.html")).unwrap_or_default();
        let is_checked = html.contains(" data-integrity=");
        let before_all = if engine == Engine::WebKit { BEFORE_ALL_IN_WEBKIT } else { "" };
        let port = listener.local_addr().expect("a listener has an address").port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = format!("{scheme}://localhost:{port}");
        let state = State {
            config: ConfigFile::Missing,
            connect: String::new(),
            refused: HashMap::new(),
            held: HashSet::new(),
            sandboxed: false,
            kept: false,
            without_hashes: false,
            first_script: None,
            unreachable: false,
            console: Vec::new(),
            requests: Vec::new(),
            strays: Vec::new(),
            redirects: Vec::new(),
            violations: Vec::new(),
        };
        let inner = Arc::new(Inner {
            origin: origin.clone(),
            base_path,
            dist,
            isolated,
            is_checked,
            before_all,
            changed: Notify::new(),
            state: Mutex::new(state),
        });
        let app = format!("{origin}{}", base_path.trim_end_matches('/'));
        let task = tokio::spawn(accept(listener, tls, inner.clone()));
        Self { origin, app, inner, task }
    }

    /// Serves this `config.json` from now on.
    pub fn configure(&self, config: ConfigFile) {
        self.inner.state.lock().unwrap().config = config;
    }

    /// Lets pages connect to this API host, and no other; or to all that are named, with spaces between.
    pub fn let_connect(&self, base_url: &str) {
        self.inner.state.lock().unwrap().connect = base_url.to_owned();
    }

    /// Answers requests for this path with a status only; with none, serves it again.
    pub fn refuse(&self, path: &str, status: Option<u16>) {
        let refused = &mut self.inner.state.lock().unwrap().refused;
        match status {
            Some(status) => {
                refused.insert(path.into(), Refusal::Status(StatusCode::from_u16(status).expect("a status")))
            }
            None => refused.remove(path),
        };
    }

    /// Closes the connection when this path is asked for, without an answer; [`refuse`](Self::refuse)
    /// with no status ends it.
    pub fn cut_off(&self, path: &str) {
        self.inner.state.lock().unwrap().refused.insert(path.into(), Refusal::CutOff);
    }

    /// Serves this script, style sheet or module with bytes at its end that change nothing of what it does;
    /// [`refuse`](Self::refuse) with no status ends it.
    pub fn change(&self, path: &str) {
        self.inner.state.lock().unwrap().refused.insert(path.into(), Refusal::Changed);
    }

    /// Serves the page without the hashes of its scripts.
    pub fn lose_hashes(&self) {
        self.inner.state.lock().unwrap().without_hashes = true;
    }

    /// Lets pages run this script before any of their own, or none again.
    pub fn run_first(&self, script: Option<&str>) {
        self.inner.state.lock().unwrap().first_script = script.map(str::to_owned);
    }

    /// Lets nobody get through to here, or everybody again: connections are closed without an answer.
    pub(crate) fn become_unreachable(&self, unreachable: bool) {
        self.inner.state.lock().unwrap().unreachable = unreachable;
    }

    /// What pages said in their consoles since it was taken last, where they have to tell it themselves
    /// (WebKit).
    pub(crate) fn take_console(&self) -> Vec<String> {
        std::mem::take(&mut self.inner.state.lock().unwrap().console)
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

    /// Lets browsers keep the pages that are loaded from now on, so that Back shows them as they were
    /// left.
    pub fn let_pages_be_kept(&self) {
        self.inner.state.lock().unwrap().kept = true;
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

    /// What was asked for outside of the base path.
    pub fn strays(&self) -> Vec<String> {
        self.inner.state.lock().unwrap().strays.clone()
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

/// A connection that is closed without an answer.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut off on purpose")
    }
}

impl std::error::Error for CutOff {}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, site: Arc<Inner>) {
    // They end with this task.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.expect("the site is served");
        while connections.try_join_next().is_some() {}
        let (tls, site) = (tls.clone(), site.clone());
        connections.spawn(async move {
            match tls {
                None => converse(stream, site).await,
                // An error is a browser that does not trust the certificate.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        converse(stream, site).await;
                    }
                }
            }
        });
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: S, site: Arc<Inner>) {
    let service = service_fn(move |request: hyper::Request<_>| answer(site.clone(), request.map(Body::new)));
    // An error is a browser gone away, or a connection cut off: nothing to report.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(site: Arc<Inner>, request: Request) -> Result<Response, CutOff> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let path = match path.strip_prefix(site.base_path) {
        Some(below) => format!("/{below}"),
        None if [REPORTS, CONSOLE].contains(&path) => path.to_owned(),
        None => {
            site.state.lock().unwrap().strays.push(path.to_owned());
            return Ok(StatusCode::NOT_FOUND.into_response());
        }
    };
    if [REPORTS, CONSOLE].contains(&&*path) {
        let told = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
        let told = String::from_utf8_lossy(&told).into_owned();
        let mut state = site.state.lock().unwrap();
        let State { console, violations, .. } = &mut *state;
        (if path == REPORTS { violations } else { console }).push(told);
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    {
        let mut state = site.state.lock().unwrap();
        state.requests.push(path.clone());
        if path == "/authenticated" && parts.uri.query().is_some() {
            state.redirects.push(format!("{path}?{}", parts.uri.query().unwrap_or_default()));
        }
    }
    site.until_released(&path).await;
    let accepted = parts.headers.get(header::ACCEPT_ENCODING).and_then(|names| names.to_str().ok()).unwrap_or_default();
    site.file(&path, accepted.split(',').any(|name| name.trim() == "br"))
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

    fn file(&self, path: &str, takes_brotli: bool) -> Result<Response, CutOff> {
        let state = self.state.lock().unwrap();
        if state.unreachable {
            return Err(CutOff);
        }
        let (status, media_type, body) = match state.refused.get(path) {
            Some(Refusal::Status(status)) => (*status, "text/plain", Bytes::new()),
            Some(Refusal::CutOff) => return Err(CutOff),
            Some(Refusal::Changed) => changed(self.content(&state, path)),
            None => self.content(&state, path),
        };
        let mut headers = HeaderMap::new();
        let mut set = |name, value: &str| headers.insert(name, HeaderValue::try_from(value).expect("a header"));
        set(header::CONTENT_TYPE, media_type);
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        let is_named_by_content = path.contains('-') && status.is_success();
        let keeps = match media_type {
            "text/html;charset=utf-8" if state.kept => "no-cache",
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
            if self.is_checked {
                set(header::HeaderName::from_static("integrity-policy"), "blocked-destinations=(script)");
            }
        }
        let copy = (takes_brotli && status.is_success()).then(|| self.compressed(&state, path)).flatten();
        if copy.is_some() {
            set(header::CONTENT_ENCODING, "br");
        }
        set(header::VARY, "accept-encoding");
        if self.isolated {
            set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        }
        Ok((status, headers, copy.unwrap_or(body)).into_response())
    }

    fn content(&self, state: &State, path: &str) -> (StatusCode, &'static str, Bytes) {
        let html = || ("text/html;charset=utf-8", self.page(state));
        let found = |(media_type, body)| (StatusCode::OK, media_type, body);
        if path == "/config.json" {
            return match &state.config {
                ConfigFile::Is(json) => found(("application/json", json.to_string().into())),
                ConfigFile::Text(text) => found(("application/json", text.clone().into())),
                ConfigFile::Missing => (StatusCode::NOT_FOUND, "text/plain", Bytes::new()),
                ConfigFile::IndexHtml => found(html()),
            };
        }
        if path == FIRST_SCRIPT {
            return found(("text/javascript;charset=utf-8", self.first_script(state).into()));
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

    /// The copy in brotli of what is served as it lies in the build.
    fn compressed(&self, state: &State, path: &str) -> Option<Bytes> {
        let name = path.trim_start_matches('/');
        let is_page = !name.contains('.');
        let is_rewritten = is_page && (state.first_script.is_some() || state.without_hashes || self.base_path != "/");
        if is_rewritten || state.refused.contains_key(path) {
            return None;
        }
        let file = if is_page { "index.html" } else { name };
        self.read(&format!("{file}.br"))
    }

    fn page(&self, state: &State) -> Bytes {
        let html = self.read("index.html").unwrap_or_default();
        let mut html = for_base_path(&String::from_utf8_lossy(&html), self.base_path);
        if state.without_hashes {
            html = html.replace(" integrity=", " data-lost=");
        }
        if state.first_script.is_some() || !self.before_all.is_empty() {
            let src = format!("src=\"{}{}\"", self.base_path, &FIRST_SCRIPT[1..]);
            let hash = BASE64_STANDARD.encode(Sha256::digest(self.first_script(state)));
            let script = format!("<script {src} crossorigin=\"anonymous\" integrity=\"sha256-{hash}\"></script>");
            html = html.replacen("<head>", &format!("<head>{script}"), 1);
        }
        html.into()
    }

    fn first_script(&self, state: &State) -> String {
        [self.before_all, state.first_script.as_deref().unwrap_or_default()].concat()
    }

    fn read(&self, name: &str) -> Option<Bytes> {
        let is_plain = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
        is_plain.then(|| std::fs::read(self.dist.join(name)).ok()).flatten().map(Bytes::from)
    }
}

/// What `cargo xtask build --public-url` writes for this base path, made of the page that is built
/// without: the addresses of files begin with it, and the starter is told. That build was compared
/// with this one for `/looker/`, and nothing else is different, in no file.
pub(crate) fn for_base_path(html: &str, base_path: &str) -> String {
    ["href", "src", "data-base", "data-wasm"].iter().fold(html.to_owned(), |html, attribute| {
        html.replace(&format!(" {attribute}=\"/"), &format!(" {attribute}=\"{base_path}"))
    })
}

/// The same with a line more, and a module with a section more, of a kind that browsers skip.
fn changed((status, media_type, body): (StatusCode, &'static str, Bytes)) -> (StatusCode, &'static str, Bytes) {
    const CUSTOM_SECTION: &[u8] = &[0, 2, 1, b'x'];
    let more = if media_type == "application/wasm" { CUSTOM_SECTION } else { b"\n" };
    (status, media_type, [&body, more].concat().into())
}

impl State {
    fn policy(&self, origin: &str) -> String {
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             connect-src 'self' {}; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'; object-src 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'; report-uri {REPORTS}",
            self.connect
        );
        if self.sandboxed {
            // WebKit finds no self in a page of no origin.
            policy.replace("'self'", origin) + "; sandbox allow-scripts"
        } else {
            policy
        }
    }
}
