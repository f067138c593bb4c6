//! What this Looker remembers, in one SQLite database: in memory, or in a directory.
//!
//! One file per kind of thing; each adds its methods to [`Store`].

pub(crate) mod apps;
pub(crate) mod codes;
pub(crate) mod credentials;
pub(crate) mod people;
mod schema;
mod seed;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod tokens;

use crate::secret::NoRandomness;
use rusqlite::Connection;
use std::fmt;
use std::path::Path;

pub use seed::client_id;
pub(crate) use seed::{API3_CLIENT_ID, API3_CLIENT_SECRET, PASSWORD, Seed};

/// The database.
#[derive(Debug)]
pub(crate) struct Store {
    db: Connection,
}

/// The database, or what it needs, did not work.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// There was nothing random to make a secret from.
    NoRandomness(NoRandomness),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<NoRandomness> for StoreError {
    fn from(error: NoRandomness) -> Self {
        Self::NoRandomness(error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "the database failed: {error}"),
            Self::NoRandomness(error) => write!(f, "no random bytes could be had: {}", error.0),
        }
    }
}

/// Short for what every method of the store returns.
pub(crate) type Stored<T> = Result<T, StoreError>;

impl Store {
    /// Opens the database in memory, or in `file`, and makes its tables where they are missing.
    pub(crate) fn open(file: Option<&Path>) -> Stored<Self> {
        let db = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        db.execute_batch(schema::PRAGMAS)?;
        db.execute_batch(schema::TABLES)?;
        Ok(Self { db })
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Stored<()> {
        Ok(self.db.execute_batch(schema::CLEAR)?)
    }
}
