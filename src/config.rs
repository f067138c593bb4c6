//! Gets `config.json`, which is served beside the page and can be edited after deployment.

use std::fmt;

use looker::{Config, ConfigError, MediaType};

use crate::{
    net::{self, TransportError, json},
    page,
};

/// Where it is, seen from the base path.
pub const CONFIG_FILE: &str = "config.json";

/// Gets and reads `config.json`.
pub async fn load() -> Result<Config, ConfigTrouble> {
    let file = net::get_file(&page::address(CONFIG_FILE)).await.map_err(ConfigTrouble::Unreachable)?;
    match (file.status, file.media_type) {
        // Hosts that answer every unknown path with index.html say 200 to a missing file.
        (404 | 410, _) | (200..=299, MediaType::Html) => return Err(ConfigTrouble::Missing),
        (200..=299, _) => {}
        (status, _) => return Err(ConfigTrouble::Status { status }),
    }
    let json = json::parse(&file.text).map_err(|error| ConfigTrouble::NotJson(error.message))?;
    Config::from_json(&json).map_err(ConfigTrouble::Invalid)
}

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigTrouble {
    /// It could not be fetched.
    Unreachable(TransportError),
    /// The host has no such file.
    Missing,
    /// The host did not give it out.
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// It is no JSON; in the browser's words.
    NotJson(String),
    /// It is JSON, but not what it should be.
    Invalid(ConfigError),
}

impl fmt::Display for ConfigTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(error) => error.fmt(f),
            Self::Missing => write!(f, "{CONFIG_FILE}: not found"),
            Self::Status { status } => write!(f, "{CONFIG_FILE}: status {status}"),
            Self::NotJson(message) => write!(f, "{CONFIG_FILE}: {message}"),
            Self::Invalid(error) => write!(f, "{CONFIG_FILE}: {error}"),
        }
    }
}

impl std::error::Error for ConfigTrouble {}
