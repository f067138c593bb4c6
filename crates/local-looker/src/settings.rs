//! What a local Looker is started with, and why one may not start.

use crate::app_url::AppUrlProblem;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What a local Looker is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the UI host listens; port 0 takes any free one.
    pub looker: SocketAddr,
    /// Where the API host listens; port 0 takes any free one.
    pub api: SocketAddr,
    /// The addresses of the apps to register: `sightline`, `sightline-2`, …
    pub apps: Vec<String>,
    /// Where to keep the database; in memory when absent.
    pub data: Option<PathBuf>,
    /// Serve https, by a certificate of an authority made at the start and trusted by nobody.
    pub tls: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            looker: SocketAddr::from(([127, 0, 0, 1], 9999)),
            api: SocketAddr::from(([127, 0, 0, 1], 19999)),
            apps: vec!["http://localhost:8080".to_owned()],
            data: None,
            tls: false,
        }
    }
}

/// Why a local Looker did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// Something else listens there already.
    PortBusy {
        /// Where it was to listen.
        address: SocketAddr,
        /// The flag that chooses another place.
        flag: &'static str,
    },
    /// The address cannot be listened on.
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// The flag that chooses another place.
        flag: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data directory cannot be made or written.
    Data {
        /// The directory.
        directory: PathBuf,
        /// What the system or the database said.
        reason: String,
    },
    /// The database failed while it was filled.
    Database {
        /// What the database said.
        reason: String,
    },
    /// The certificate for https could not be made.
    Tls {
        /// What went wrong.
        reason: String,
    },
    /// No app can live at that address.
    App {
        /// What was given.
        given: String,
        /// What is wrong with it.
        problem: AppUrlProblem,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortBusy { address, flag } => write!(
                f,
                "Port {} on {} is in use. End the program that uses it, or choose another with \
                 {flag} {}:PORT (port 0 takes any free one).",
                address.port(),
                address.ip(),
                address.ip()
            ),
            Self::Listen { address, flag, source } => {
                write!(f, "{address} cannot be listened on ({source}). Choose another address with {flag}.")
            }
            Self::Data { directory, reason } => write!(
                f,
                "The data directory {} cannot be used ({reason}). Choose another with --data, or \
                 leave it out to keep everything in memory.",
                directory.display()
            ),
            Self::Database { reason } => write!(f, "The database could not be filled: {reason}."),
            Self::Tls { reason } => {
                write!(f, "The certificate for https could not be made ({reason}). Leave out --tls to serve http.")
            }
            Self::App { given, problem } => {
                write!(f, "--app {given} cannot be the address of an app: {problem}.")
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            _ => None,
        }
    }
}
