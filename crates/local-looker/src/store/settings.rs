//! The Embedded Domain Allowlist: the origins that may call the API from a browser.

use super::{Store, Stored};
use rusqlite::params;

impl Store {
    /// The entries in their order.
    pub(crate) fn allowlist(&self) -> Stored<Vec<String>> {
        let sql = "SELECT origin FROM allowlist ORDER BY position";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Replaces them.
    pub(crate) fn set_allowlist(&self, origins: &[String]) -> Stored<()> {
        self.db.execute("DELETE FROM allowlist", [])?;
        for origin in origins {
            self.db.execute("INSERT INTO allowlist (origin) VALUES (?1)", params![origin])?;
        }
        Ok(())
    }
}
