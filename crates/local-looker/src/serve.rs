//! Sockets and connections.
//!
//! hyper is used directly, not through `axum::serve`: faults must be able to close a connection
//! without an answer, and hyper does that when the service returns an error.

use crate::app_url::AppUrl;
use crate::clock::Clock;
use crate::exchange::{self, Host};
use crate::settings::{Settings, StartError};
use crate::state::{Looker, Shared};
use crate::store::{Seed, Store};
use crate::tls::Tls;
use crate::{admin, api, steering, ui};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// How long connections get to finish what they do when the server stops.
const GRACE: Duration = Duration::from_secs(2);
/// How long a client may take for its part of the handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A running local Looker. Dropping it stops it; [`LocalLooker::stop`] also waits for the end.
#[derive(Debug)]
pub struct LocalLooker {
    looker: Shared,
    running: watch::Sender<bool>,
    ended: watch::Receiver<()>,
    hosts: Vec<JoinHandle<()>>,
    authority: Option<String>,
}

/// Starts both hosts; they answer when this returns.
pub async fn start(settings: Settings) -> Result<LocalLooker, StartError> {
    let apps = settings
        .apps
        .iter()
        .map(|given| AppUrl::parse(given).map_err(|problem| StartError::App { given: given.clone(), problem }))
        .collect::<Result<_, _>>()?;
    let ui = listen(settings.looker, "--looker").await?;
    let api = listen(settings.api, "--api").await?;
    let store = open(settings.data.as_deref())?;
    let tls =
        settings.tls.then(|| Tls::make(&[ui.address.ip(), api.address.ip()], Clock::default().now())).transpose()?;
    let (acceptor, authority) = tls.map(|tls| (tls.acceptor, tls.authority)).unzip();
    let scheme = if settings.tls { "https" } else { "http" };
    let looker = Looker::new(
        format!("{scheme}://{}", name(ui.address)),
        format!("{scheme}://{}", name(api.address)),
        format!("local_looker_{}", ui.address.port()),
        Seed { apps },
        store,
    )
    .map_err(|error| StartError::Database { reason: error.to_string() })?;
    let looker = Shared::new(looker);

    let running = watch::Sender::new(true);
    // Each host holds a sender of this until it has ended; nothing is ever sent.
    let (alive, ended) = watch::channel(());
    let mut hosts = Vec::new();
    for (listening, host, router) in
        [(ui, Host::Ui, ui::router().merge(steering::router()).merge(admin::router())), (api, Host::Api, api::router())]
    {
        let router = router.with_state(looker.clone());
        let exchange =
            exchange::Around { host, router, looker: looker.clone(), running: running.subscribe(), from_here: false };
        let (acceptor, alive) = (acceptor.clone(), alive.clone());
        hosts.push(tokio::spawn(async move {
            accept(listening.listener, acceptor, exchange).await;
            drop(alive);
        }));
    }
    Ok(LocalLooker { looker, running, ended, hosts, authority })
}

impl LocalLooker {
    /// The UI host, for example `http://localhost:9999`.
    pub fn looker_url(&self) -> String {
        self.looker.looker_url.clone()
    }

    /// The API host, for example `http://localhost:19999`.
    pub fn base_url(&self) -> String {
        self.looker.base_url.clone()
    }

    /// With [`Settings::tls`]: the certificate, in PEM, of the authority that a client has to trust.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// Resolves when both hosts have ended.
    pub async fn stopped(&self) {
        let mut ended = self.ended.clone();
        while ended.changed().await.is_ok() {}
    }

    /// Stops both hosts and waits until they have ended: at most two seconds, whatever hangs.
    pub async fn stop(mut self) {
        self.running.send_replace(false);
        for host in self.hosts.drain(..) {
            // A host that panicked has ended, too.
            let _ = host.await;
        }
    }
}

struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

async fn listen(address: SocketAddr, flag: &'static str) -> Result<Listening, StartError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::PortBusy { address, flag },
        _ => StartError::Listen { address, flag, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Listening { listener, address })
}

/// `localhost:PORT` for this machine, since apps and people call it so.
fn name(address: SocketAddr) -> String {
    let ip = address.ip();
    // No other loopback address goes by that name.
    let is_localhost = ip == Ipv4Addr::LOCALHOST || ip == Ipv6Addr::LOCALHOST || ip.is_unspecified();
    if is_localhost { format!("localhost:{}", address.port()) } else { address.to_string() }
}

fn open(directory: Option<&Path>) -> Result<Store, StartError> {
    let Some(directory) = directory else {
        return Store::open(None).map_err(|error| StartError::Database { reason: error.to_string() });
    };
    let failed = |reason: String| StartError::Data { directory: directory.to_owned(), reason };
    std::fs::create_dir_all(directory).map_err(|error| failed(error.to_string()))?;
    Store::open(Some(&directory.join("looker.sqlite"))).map_err(|error| failed(error.to_string()))
}

async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, exchange: exchange::Around) {
    let mut running = exchange.running.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // False, or the handle is gone: both mean stop.
            _ = running.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let here = stream.local_addr().map(|address| address.ip());
                    let from_here = is_from_here(peer.ip(), here.ok());
                    let exchange = exchange::Around { from_here, ..exchange.clone() };
                    connections.spawn(welcome(stream, acceptor.clone(), exchange));
                }
                // Too many open files, for example: others may end meanwhile.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done by then is cut off when the set is dropped.
    let _ = tokio::time::timeout(GRACE, ended).await;
}

/// Whether a connection that came in at `here` is from the same machine.
fn is_from_here(peer: IpAddr, here: Option<IpAddr>) -> bool {
    peer.to_canonical().is_loopback() || Some(peer) == here
}

/// The handshake, where there is one, and the conversation.
async fn welcome(stream: TcpStream, acceptor: Option<TlsAcceptor>, exchange: exchange::Around) {
    let mut renewed = exchange.looker.until_renewed();
    let Some(acceptor) = acceptor else { return converse(stream, exchange, renewed).await };
    let mut running = exchange.running.clone();
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)) => shaken,
        _ = running.changed() => return,
        _ = renewed.changed() => return,
    };
    // An error is a client that does not trust the certificate, speaks http, or nothing: it knows.
    if let Ok(Ok(stream)) = shaken {
        converse(stream, exchange, renewed).await;
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    exchange: exchange::Around,
    mut renewed: watch::Receiver<()>,
) {
    let mut running = exchange.running.clone();
    let service = service_fn(move |request| exchange::carry_out(exchange.clone(), request));
    let mut connection =
        pin!(http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service));
    // An error is a browser gone away, or a connection dropped on purpose: nothing to report.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = running.changed() => {}
        _ = renewed.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    // Polled once, it takes no more requests; whoever waits for that may go on.
    let ended = poll_fn(|context| Poll::Ready(connection.as_mut().poll(context).is_ready())).await;
    drop(renewed);
    if !ended {
        // Another error that nobody needs to hear of.
        let _ = connection.await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_and_the_own_address_are_this_machine() {
        for (peer, here, is) in [
            ("127.0.0.1", Some("127.0.0.1"), true),
            ("::1", Some("::1"), true),
            ("::ffff:127.0.0.1", None, true),
            ("192.0.2.7", Some("192.0.2.7"), true),
            ("192.0.2.8", Some("192.0.2.7"), false),
            ("192.0.2.8", None, false),
        ] {
            let here = here.map(|here| here.parse().unwrap());
            assert_eq!(is_from_here(peer.parse().unwrap(), here), is, "{peer} {here:?}");
        }
    }
}
