//! `sessionStorage`: this tab's, gone with the tab. And `localStorage`, for what is no secret.

use std::fmt;

use crate::page;

/// Everything of this app stands under keys that begin so.
const PREFIX: &str = "sightline.";

/// A storage of the browser's, known to be there.
///
/// Browsers block it as a whole (cookies blocked, a sandboxed frame), and then even looking at it
/// throws; so it is looked at in one place, and what is blocked is a value from there on.
#[derive(Clone)]
pub struct Storage(web_sys::Storage);

impl Storage {
    /// Opens the tab's `sessionStorage`.
    pub fn open() -> Result<Self, StorageError> {
        Self::found(page::window().session_storage())
    }

    /// Opens `localStorage`, which is every tab's and stays: for nothing that is a secret.
    pub fn lasting() -> Result<Self, StorageError> {
        Self::found(page::window().local_storage())
    }

    fn found<E>(storage: Result<Option<web_sys::Storage>, E>) -> Result<Self, StorageError> {
        storage.ok().flatten().map(Self).ok_or(StorageError::Blocked)
    }

    /// What stands under `key`.
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.get_item(&full(key)).ok().flatten()
    }

    /// Puts `value` under `key`.
    pub fn set(&self, key: &str, value: &str) -> Result<(), StorageError> {
        self.0.set_item(&full(key), value).map_err(|_| StorageError::Full)
    }

    /// Removes what stands under `key`.
    pub fn remove(&self, key: &str) {
        // Throws only where getting throws.
        let _ = self.0.remove_item(&full(key));
    }

    /// Takes out what stands under `key`.
    pub fn take(&self, key: &str) -> Option<String> {
        let value = self.get(key);
        self.remove(key);
        value
    }

    /// The keys of this app that begin with `prefix`.
    pub fn keys(&self, prefix: &str) -> Vec<String> {
        let count = self.0.length().unwrap_or(0);
        let wanted = full(prefix);
        (0..count)
            .filter_map(|index| self.0.key(index).ok().flatten())
            .filter(|key| key.starts_with(&wanted))
            .filter_map(|key| key.strip_prefix(PREFIX).map(str::to_owned))
            .collect()
    }
}

fn full(key: &str) -> String {
    [PREFIX, key].concat()
}

/// Why nothing can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageError {
    /// The browser does not let this page store anything.
    Blocked,
    /// There is no room left, or none at all.
    Full,
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blocked => "sessionStorage is blocked",
            Self::Full => "sessionStorage takes nothing more",
        })
    }
}

impl std::error::Error for StorageError {}
