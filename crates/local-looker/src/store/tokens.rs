//! Access and refresh tokens.

use super::people::Person;
use super::{Store, Stored};
use crate::clock::Seconds;
use crate::secret::Secret;
use rusqlite::{OptionalExtension as _, params};

/// How long a refresh token lives: one month.
pub(crate) const REFRESH_LIFETIME: Seconds = 30 * 86_400;

/// Whom tokens are issued to, and what they belong together by.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) person: i64,
    /// Tokens of one sign-in share a family; signing out ends the family.
    pub(crate) family: String,
    /// The OAuth app, if they came by OAuth.
    pub(crate) client_guid: Option<String>,
    /// The API3 credentials, if they came by these.
    pub(crate) api3: Option<i64>,
}

impl Holder {
    /// A family of its own, for a token that did not come from a code.
    pub(crate) fn alone(person: i64, api3: Option<i64>) -> Stored<Self> {
        let family = Secret::random()?.digest();
        Ok(Self { person, family, client_guid: None, api3 })
    }
}

/// The two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Refresh,
}

impl Kind {
    fn column(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// Who stands behind a valid token.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pub(crate) person: Person,
    pub(crate) holder: Holder,
}

/// The living tokens that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) family: String,
    /// The name of who holds them.
    pub(crate) person: String,
    pub(crate) client_guid: Option<String>,
    /// The `client_id` of the API3 credentials that they came by.
    pub(crate) api3: Option<String>,
    pub(crate) access_until: Option<Seconds>,
    pub(crate) refresh_until: Option<Seconds>,
}

impl Store {
    /// Makes a token that dies at `expires_at`.
    pub(crate) fn issue_token(&self, kind: Kind, holder: &Holder, expires_at: Seconds) -> Stored<Secret> {
        let token = Secret::random()?;
        self.db.execute(
            "INSERT INTO tokens (digest, kind, family, person_id, client_guid, api3_id, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                token.digest(),
                kind.column(),
                holder.family,
                holder.person,
                holder.client_guid,
                holder.api3,
                expires_at
            ],
        )?;
        Ok(token)
    }

    /// Who holds this token, if it lives: not expired, the person and the app not disabled.
    pub(crate) fn bearer(&self, kind: Kind, token: &Secret, now: Seconds) -> Stored<Option<Bearer>> {
        let holder: Option<Holder> = self
            .db
            .query_row(
                "SELECT person_id, family, client_guid, api3_id FROM tokens
                 WHERE digest = ?1 AND kind = ?2 AND expires_at > ?3",
                params![token.digest(), kind.column(), now],
                |row| {
                    Ok(Holder { person: row.get(0)?, family: row.get(1)?, client_guid: row.get(2)?, api3: row.get(3)? })
                },
            )
            .optional()?;
        let Some(holder) = holder else { return Ok(None) };
        let person = self.entitled(holder.person, holder.client_guid.as_deref())?;
        Ok(person.map(|person| Bearer { person, holder }))
    }

    /// The person, unless they, or the app that they came by, may not use their tokens.
    fn entitled(&self, person: i64, client_guid: Option<&str>) -> Stored<Option<Person>> {
        let may = match client_guid {
            Some(guid) => self.still_uses(guid, person)?,
            None => true,
        };
        Ok(self.person(person)?.filter(|person| may && !person.is_disabled))
    }

    /// What lives at `now`, the latest sign-in first.
    pub(crate) fn live_families(&self, now: Seconds) -> Stored<Vec<Family>> {
        let mut statement = self.db.prepare_cached(
            "SELECT family, person_id, client_guid,
               (SELECT client_id FROM api3_credentials WHERE id = api3_id),
               max(CASE kind WHEN 'access' THEN expires_at END),
               max(CASE kind WHEN 'refresh' THEN expires_at END)
             FROM tokens WHERE expires_at > ?1 GROUP BY family ORDER BY max(rowid) DESC",
        )?;
        let rows = statement.query_map([now], |row| {
            let of = Family {
                family: row.get(0)?,
                person: String::new(),
                client_guid: row.get(2)?,
                api3: row.get(3)?,
                access_until: row.get(4)?,
                refresh_until: row.get(5)?,
            };
            Ok((row.get(1)?, of))
        })?;
        let mut families = Vec::new();
        for row in rows {
            let (person, family): (i64, Family) = row?;
            if let Some(person) = self.entitled(person, family.client_guid.as_deref())? {
                families.push(Family { person: person.display_name(), ..family });
            }
        }
        Ok(families)
    }

    /// Ends one token.
    pub(crate) fn end_token(&self, token: &Secret) -> Stored<()> {
        self.db.execute("DELETE FROM tokens WHERE digest = ?1", [token.digest()])?;
        Ok(())
    }

    /// Ends all tokens that belong together; false if there are none.
    pub(crate) fn end_family(&self, family: &str) -> Stored<bool> {
        Ok(self.db.execute("DELETE FROM tokens WHERE family = ?1", [family])? > 0)
    }

    /// Lets all tokens of a kind expire at `now`.
    pub(crate) fn expire_tokens(&self, kind: Kind, now: Seconds) -> Stored<()> {
        let sql = "UPDATE tokens SET expires_at = min(expires_at, ?2) WHERE kind = ?1";
        self.db.execute(sql, params![kind.column(), now])?;
        Ok(())
    }

    /// Ends all tokens and codes of everybody.
    pub(crate) fn revoke_all(&self) -> Stored<()> {
        self.db.execute_batch("DELETE FROM tokens; DELETE FROM codes;")?;
        Ok(())
    }
}
