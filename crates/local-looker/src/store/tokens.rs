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
        let Some(person) = self.person(holder.person)?.filter(|person| !person.is_disabled) else {
            return Ok(None);
        };
        if let Some(guid) = &holder.client_guid
            && !self.still_uses(guid, person.id)?
        {
            return Ok(None);
        }
        Ok(Some(Bearer { person, holder }))
    }

    /// Ends one token.
    pub(crate) fn end_token(&self, token: &Secret) -> Stored<()> {
        self.db.execute("DELETE FROM tokens WHERE digest = ?1", [token.digest()])?;
        Ok(())
    }

    /// Ends all tokens that belong together.
    pub(crate) fn end_family(&self, family: &str) -> Stored<()> {
        self.db.execute("DELETE FROM tokens WHERE family = ?1", [family])?;
        Ok(())
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
