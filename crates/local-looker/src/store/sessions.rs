//! Who is signed in to Looker's own pages, by browser.

use super::people::Person;
use super::{Store, Stored};
use crate::secret::Secret;
use rusqlite::{OptionalExtension as _, params};

impl Store {
    /// Opens a session and returns what its cookie carries.
    pub(crate) fn open_session(&self, person: i64) -> Stored<Secret> {
        let session = Secret::random()?;
        self.db.execute(
            "INSERT INTO browser_sessions (digest, person_id) VALUES (?1, ?2)",
            params![session.digest(), person],
        )?;
        Ok(session)
    }

    /// Whose session it is.
    pub(crate) fn session(&self, session: &Secret) -> Stored<Option<Person>> {
        let id: Option<i64> = self
            .db
            .query_row("SELECT person_id FROM browser_sessions WHERE digest = ?1", [session.digest()], |row| row.get(0))
            .optional()?;
        let person = id.map(|id| self.person(id)).transpose()?.flatten();
        Ok(person.filter(|person| !person.is_disabled))
    }

    /// Ends it.
    pub(crate) fn close_session(&self, session: &Secret) -> Stored<()> {
        self.db.execute("DELETE FROM browser_sessions WHERE digest = ?1", [session.digest()])?;
        Ok(())
    }
}
