//! People, their passwords and groups.

use super::{Store, Stored};
use crate::clock::Seconds;
use crate::secret::digest;
use rusqlite::{OptionalExtension as _, Row, params};

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: i64,
    pub(crate) email: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) is_admin: bool,
    pub(crate) is_disabled: bool,
    pub(crate) email_created_at: Option<Seconds>,
}

impl Person {
    /// First and last name, or what there is of them.
    pub(crate) fn display_name(&self) -> String {
        [self.first_name.as_deref(), self.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// What can be changed, as it is.
    pub(crate) fn unchanged(&self) -> NewPerson {
        NewPerson {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            locale: self.locale.clone(),
            is_admin: self.is_admin,
            is_disabled: self.is_disabled,
        }
    }
}

/// What a new account is made from, or an account changed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewPerson {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) is_admin: bool,
    pub(crate) is_disabled: bool,
}

const COLUMNS: &str = "id, email, first_name, last_name, locale, is_admin, is_disabled, email_created_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        email: row.get(1)?,
        first_name: row.get(2)?,
        last_name: row.get(3)?,
        locale: row.get(4)?,
        is_admin: row.get(5)?,
        is_disabled: row.get(6)?,
        email_created_at: row.get(7)?,
    })
}

fn password_digest(person: i64, password: &str) -> String {
    digest(&format!("password of {person}"), password)
}

impl Store {
    /// Everybody, by id, from `offset` on, at most `limit`.
    pub(crate) fn people(&self, offset: i64, limit: i64) -> Stored<Vec<Person>> {
        let sql = format!("SELECT {COLUMNS} FROM people ORDER BY id LIMIT ?2 OFFSET ?1");
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([offset, limit], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many there are.
    pub(crate) fn count_people(&self) -> Stored<i64> {
        Ok(self.db.query_row("SELECT count(*) FROM people", [], |row| row.get(0))?)
    }

    /// One of them.
    pub(crate) fn person(&self, id: i64) -> Stored<Option<Person>> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE id = ?1");
        Ok(self.db.query_row(&sql, [id], read).optional()?)
    }

    /// Who signs in with this address and password; nobody who is disabled.
    pub(crate) fn person_by_password(&self, email: &str, password: &str) -> Stored<Option<Person>> {
        let sql = format!("SELECT {COLUMNS}, password_digest FROM people WHERE email = ?1");
        let found: Option<(Person, Option<String>)> =
            self.db.query_row(&sql, [email.trim()], |row| Ok((read(row)?, row.get(8)?))).optional()?;
        Ok(found.and_then(|(person, stored)| {
            let right = stored == Some(password_digest(person.id, password));
            (right && !person.is_disabled).then_some(person)
        }))
    }

    /// Makes an account and returns its id.
    pub(crate) fn add_person(&self, new: &NewPerson) -> Stored<i64> {
        self.db.execute(
            "INSERT INTO people (first_name, last_name, locale, is_admin, is_disabled)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![new.first_name, new.last_name, new.locale, new.is_admin, new.is_disabled],
        )?;
        let id = self.db.last_insert_rowid();
        self.set_groups(id, &["1"])?;
        Ok(id)
    }

    /// Changes what an account says about itself.
    pub(crate) fn change_person(&self, id: i64, to: &NewPerson) -> Stored<()> {
        self.db.execute(
            "UPDATE people SET first_name = ?2, last_name = ?3, locale = ?4, is_admin = ?5,
             is_disabled = ?6 WHERE id = ?1",
            params![id, to.first_name, to.last_name, to.locale, to.is_admin, to.is_disabled],
        )?;
        Ok(())
    }

    /// Ends an account, and with it everything that is theirs.
    pub(crate) fn delete_person(&self, id: i64) -> Stored<()> {
        self.db.execute("DELETE FROM people WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Who signs in with this address.
    pub(crate) fn person_by_email(&self, email: &str) -> Stored<Option<Person>> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE email = ?1");
        Ok(self.db.query_row(&sql, [email.trim()], read).optional()?)
    }

    /// What is wrong with an address for somebody to sign in with.
    pub(crate) fn email_problem(&self, email: &str) -> Stored<Option<&'static str>> {
        Ok(if !email.trim().contains('@') {
            Some("This is no email address.")
        } else if self.person_by_email(email)?.is_some() {
            Some("This email is already in use.")
        } else {
            None
        })
    }

    /// Lets somebody sign in with an address and a password.
    pub(crate) fn set_email(&self, id: i64, email: &str, password: &str, now: Seconds) -> Stored<()> {
        self.db.execute(
            "UPDATE people SET email = ?2, password_digest = ?3, email_created_at = ?4
             WHERE id = ?1",
            params![id, email.trim(), password_digest(id, password), now],
        )?;
        Ok(())
    }

    /// Takes address and password away, and ends the browser sessions opened with them.
    pub(crate) fn remove_email(&self, id: i64) -> Stored<()> {
        self.db.execute(
            "UPDATE people SET email = NULL, password_digest = NULL, email_created_at = NULL
             WHERE id = ?1",
            [id],
        )?;
        self.db.execute("DELETE FROM browser_sessions WHERE person_id = ?1", [id])?;
        Ok(())
    }

    /// The groups somebody is in. `1` is everybody, `2` the admins.
    pub(crate) fn groups(&self, id: i64) -> Stored<Vec<String>> {
        let sql = "SELECT group_id FROM memberships WHERE person_id = ?1 ORDER BY group_id";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts somebody into exactly these groups.
    pub(crate) fn set_groups(&self, id: i64, groups: &[impl AsRef<str>]) -> Stored<()> {
        self.db.execute("DELETE FROM memberships WHERE person_id = ?1", [id])?;
        for group in groups {
            self.db.execute(
                "INSERT OR IGNORE INTO memberships (person_id, group_id) VALUES (?1, ?2)",
                params![id, group.as_ref()],
            )?;
        }
        Ok(())
    }
}
