//! API3 credentials: a `client_id` and a `client_secret` that run as one person.

use super::people::Person;
use super::{Store, Stored};
use crate::clock::Seconds;
use crate::secret::Secret;
use rusqlite::{OptionalExtension as _, Row, params};

/// A pair, without its secret.
#[derive(Clone, Debug)]
pub(crate) struct Api3 {
    pub(crate) id: i64,
    pub(crate) client_id: String,
    pub(crate) created_at: Seconds,
    pub(crate) purpose: Option<String>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Api3> {
    Ok(Api3 { id: row.get(0)?, client_id: row.get(1)?, created_at: row.get(2)?, purpose: row.get(3)? })
}

impl Store {
    /// Stores a pair for somebody and returns its id.
    pub(crate) fn put_api3(
        &self,
        person: i64,
        client_id: &str,
        secret: &Secret,
        purpose: Option<&str>,
        now: Seconds,
    ) -> Stored<i64> {
        self.db.execute(
            "INSERT INTO api3_credentials (person_id, client_id, secret_digest, created_at, purpose)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![person, client_id, secret.digest(), now, purpose],
        )?;
        Ok(self.db.last_insert_rowid())
    }

    /// Makes a new pair for somebody. The secret is returned this once.
    pub(crate) fn make_api3(&self, person: i64, purpose: Option<String>, now: Seconds) -> Stored<(Api3, Secret)> {
        let (client_id, secret) = (Secret::random()?.reveal().to_owned(), Secret::random()?);
        let id = self.put_api3(person, &client_id, &secret, purpose.as_deref(), now)?;
        Ok((Api3 { id, client_id, created_at: now, purpose }, secret))
    }

    /// The pairs of somebody.
    pub(crate) fn api3_of(&self, person: i64) -> Stored<Vec<Api3>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, client_id, created_at, purpose FROM api3_credentials
             WHERE person_id = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([person], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Deletes a pair of somebody, and the tokens that came from it.
    pub(crate) fn delete_api3(&self, person: i64, id: i64) -> Stored<bool> {
        let sql = "DELETE FROM api3_credentials WHERE person_id = ?1 AND id = ?2";
        Ok(self.db.execute(sql, [person, id])? > 0)
    }

    /// Whose pair this is, with the pair's id; nobody's who is disabled.
    pub(crate) fn api3_login(&self, client_id: &str, secret: &Secret) -> Stored<Option<(Person, i64)>> {
        let found: Option<(i64, i64)> = self
            .db
            .query_row(
                "SELECT person_id, id FROM api3_credentials
                 WHERE client_id = ?1 AND secret_digest = ?2",
                params![client_id, secret.digest()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((person, id)) = found else { return Ok(None) };
        Ok(self.person(person)?.filter(|person| !person.is_disabled).map(|person| (person, id)))
    }
}
