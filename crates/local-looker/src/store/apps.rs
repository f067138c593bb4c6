//! OAuth client apps, and who has allowed them.

use super::people::Person;
use super::{Store, Stored};
use crate::clock::Seconds;
use rusqlite::{OptionalExtension as _, Row, params};

/// A registered app. Looker's API calls the `client_id` of OAuth `client_guid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct App {
    pub(crate) client_guid: String,
    pub(crate) redirect_uri: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) enabled: bool,
    pub(crate) group_id: Option<String>,
    pub(crate) tokens_invalid_before: Seconds,
}

impl App {
    /// A new one, enabled and for everybody, that has no address yet.
    pub(crate) fn named(client_guid: String) -> Self {
        Self {
            redirect_uri: String::new(),
            display_name: client_guid.clone(),
            description: String::new(),
            enabled: true,
            group_id: None,
            tokens_invalid_before: 0,
            client_guid,
        }
    }
}

/// Whether an app can be called so.
pub(crate) fn is_client_guid(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte))
}

const COLUMNS: &str = "client_guid, redirect_uri, display_name, description, enabled, group_id,
    tokens_invalid_before";

fn read(row: &Row<'_>) -> rusqlite::Result<App> {
    Ok(App {
        client_guid: row.get(0)?,
        redirect_uri: row.get(1)?,
        display_name: row.get(2)?,
        description: row.get(3)?,
        enabled: row.get(4)?,
        group_id: row.get(5)?,
        tokens_invalid_before: row.get(6)?,
    })
}

impl Store {
    /// All apps.
    pub(crate) fn apps(&self) -> Stored<Vec<App>> {
        let sql = format!("SELECT {COLUMNS} FROM apps ORDER BY client_guid");
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One app.
    pub(crate) fn app(&self, client_guid: &str) -> Stored<Option<App>> {
        let sql = format!("SELECT {COLUMNS} FROM apps WHERE client_guid = ?1");
        Ok(self.db.query_row(&sql, [client_guid], read).optional()?)
    }

    /// Stores an app and returns it as it is then: to disable one is to invalidate its tokens.
    pub(crate) fn put_app(&self, app: App, now: Seconds) -> Stored<App> {
        self.db.execute(
            "INSERT INTO apps (client_guid, redirect_uri, display_name, description, enabled,
               group_id, tokens_invalid_before)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (client_guid) DO UPDATE SET redirect_uri = ?2, display_name = ?3,
               description = ?4, enabled = ?5, group_id = ?6, tokens_invalid_before = ?7",
            params![
                app.client_guid,
                app.redirect_uri,
                app.display_name,
                app.description,
                app.enabled,
                app.group_id,
                app.tokens_invalid_before
            ],
        )?;
        if app.enabled {
            return Ok(app);
        }
        self.invalidate_app(&app.client_guid, now)?;
        Ok(App { tokens_invalid_before: now, ..app })
    }

    /// Removes an app with everything issued to it.
    pub(crate) fn delete_app(&self, client_guid: &str) -> Stored<()> {
        self.db.execute("DELETE FROM apps WHERE client_guid = ?1", [client_guid])?;
        Ok(())
    }

    /// Ends all codes and tokens of an app.
    pub(crate) fn invalidate_app(&self, client_guid: &str, now: Seconds) -> Stored<()> {
        let sql = "UPDATE apps SET tokens_invalid_before = ?2 WHERE client_guid = ?1";
        self.db.execute(sql, params![client_guid, now])?;
        self.end_app(client_guid)
    }

    fn end_app(&self, client_guid: &str) -> Stored<()> {
        self.db.execute("DELETE FROM tokens WHERE client_guid = ?1", [client_guid])?;
        self.db.execute("DELETE FROM codes WHERE client_guid = ?1", [client_guid])?;
        Ok(())
    }

    /// Whether somebody may use the app: everybody, or the members of its group.
    pub(crate) fn may_use(&self, app: &App, person: i64) -> Stored<bool> {
        Ok(match &app.group_id {
            None => true,
            Some(group) => self.groups(person)?.contains(group),
        })
    }

    /// Whether the app is enabled, and somebody, not disabled, may still use it.
    pub(crate) fn still_uses(&self, client_guid: &str, person: i64) -> Stored<bool> {
        let Some(app) = self.app(client_guid)?.filter(|app| app.enabled) else {
            return Ok(false);
        };
        let disabled = self.person(person)?.is_none_or(|person| person.is_disabled);
        Ok(!disabled && self.may_use(&app, person)?)
    }

    /// Whether somebody was told what the app may do, and allowed it.
    pub(crate) fn has_allowed(&self, client_guid: &str, person: i64) -> Stored<bool> {
        Ok(self.db.query_row(
            "SELECT EXISTS (SELECT 1 FROM activations WHERE client_guid = ?1 AND person_id = ?2)",
            params![client_guid, person],
            |row| row.get(0),
        )?)
    }

    /// Remembers that somebody allowed the app.
    pub(crate) fn allow(&self, client_guid: &str, person: i64) -> Stored<()> {
        self.db.execute(
            "INSERT OR IGNORE INTO activations (client_guid, person_id) VALUES (?1, ?2)",
            params![client_guid, person],
        )?;
        Ok(())
    }

    /// Takes that back, and ends what the app holds for them.
    pub(crate) fn disallow(&self, client_guid: &str, person: i64) -> Stored<()> {
        for table in ["activations", "tokens", "codes"] {
            self.db.execute(
                &format!("DELETE FROM {table} WHERE client_guid = ?1 AND person_id = ?2"),
                params![client_guid, person],
            )?;
        }
        Ok(())
    }

    /// Everybody who allowed the app.
    pub(crate) fn allowed_by(&self, client_guid: &str) -> Stored<Vec<Person>> {
        let sql = "SELECT person_id FROM activations WHERE client_guid = ?1 ORDER BY person_id";
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement.query_map([client_guid], |row| row.get(0))?;
        let mut people = Vec::new();
        for id in ids {
            people.extend(self.person(id?)?);
        }
        Ok(people)
    }
}
