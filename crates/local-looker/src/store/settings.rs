//! The Embedded Domain Allowlist: the origins that may call the API from a browser.

use super::{Store, Stored};
use rusqlite::params;

/// Whether Looker's own pages and API would take this for an entry: a scheme, a host (`*.` before
/// it means all below it) and perhaps a port.
pub(crate) fn is_entry(entry: &str) -> bool {
    entry.split_once("://").is_some_and(|(scheme, host)| {
        matches!(scheme, "http" | "https")
            && !host.is_empty()
            && !host.contains(|char: char| char.is_whitespace() || char == '/')
    })
}

impl Store {
    /// The entries in their order.
    pub(crate) fn allowlist(&self) -> Stored<Vec<String>> {
        let sql = "SELECT origin FROM allowlist ORDER BY position";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Replaces them.
    pub(crate) fn set_allowlist(&self, origins: &[impl AsRef<str>]) -> Stored<()> {
        self.db.execute("DELETE FROM allowlist", [])?;
        for origin in origins {
            self.db.execute("INSERT INTO allowlist (origin) VALUES (?1)", params![origin.as_ref()])?;
        }
        Ok(())
    }
}
