//! Authorization codes: good for one use, for one minute, for one client, address and proof.

use super::{Store, Stored};
use crate::clock::Seconds;
use crate::pkce;
use crate::secret::Secret;
use rusqlite::{OptionalExtension as _, params};

/// How long a code lives, in seconds.
pub(crate) const LIFETIME: Seconds = 60;

/// What a code is issued for.
#[derive(Debug)]
pub(crate) struct CodeFor<'a> {
    pub(crate) client_guid: &'a str,
    pub(crate) person: i64,
    pub(crate) redirect_uri: &'a str,
    pub(crate) challenge: &'a str,
}

/// A code as it is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) client_guid: String,
    pub(crate) person: i64,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) expires_at: Seconds,
    /// What is issued for the code carries the same mark, so that it can be ended together.
    pub(crate) family: String,
    pub(crate) used: bool,
}

/// Why a code is not redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    Used,
    Expired,
    OtherClient,
    OtherRedirectUri,
    WrongVerifier,
}

impl CodeRefusal {
    /// For `error_description`.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Used => "The code was used before.",
            Self::Expired => "The code has expired.",
            Self::OtherClient => "The code was issued to another client_id.",
            Self::OtherRedirectUri => "The redirect_uri is not the one the code was issued for.",
            Self::WrongVerifier => "The code_verifier does not match the code_challenge.",
        }
    }
}

impl Code {
    /// Whether the code may be exchanged by this client, from this address, with this proof.
    pub(crate) fn judge(
        &self,
        client_id: &str,
        redirect_uri: &str,
        verifier: &str,
        now: Seconds,
    ) -> Result<(), CodeRefusal> {
        if self.client_guid != client_id {
            Err(CodeRefusal::OtherClient)
        } else if self.used {
            Err(CodeRefusal::Used)
        } else if now >= self.expires_at {
            Err(CodeRefusal::Expired)
        } else if self.redirect_uri != redirect_uri {
            Err(CodeRefusal::OtherRedirectUri)
        } else if !pkce::proves(verifier, &self.challenge) {
            Err(CodeRefusal::WrongVerifier)
        } else {
            Ok(())
        }
    }
}

impl Store {
    /// Makes a code. Old ones are swept on the way.
    pub(crate) fn issue_code(&self, what: &CodeFor<'_>, now: Seconds) -> Stored<Secret> {
        let (code, family) = (Secret::random()?, Secret::random()?.digest());
        self.db.execute("DELETE FROM codes WHERE expires_at < ?1", [now - 86_400])?;
        self.db.execute(
            "INSERT INTO codes (digest, client_guid, person_id, redirect_uri, challenge,
               expires_at, family)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                code.digest(),
                what.client_guid,
                what.person,
                what.redirect_uri,
                what.challenge,
                now + LIFETIME,
                family
            ],
        )?;
        Ok(code)
    }

    /// What is remembered about a code.
    pub(crate) fn code(&self, code: &Secret) -> Stored<Option<Code>> {
        Ok(self
            .db
            .query_row(
                "SELECT client_guid, person_id, redirect_uri, challenge, expires_at, family, used
                 FROM codes WHERE digest = ?1",
                [code.digest()],
                |row| {
                    Ok(Code {
                        client_guid: row.get(0)?,
                        person: row.get(1)?,
                        redirect_uri: row.get(2)?,
                        challenge: row.get(3)?,
                        expires_at: row.get(4)?,
                        family: row.get(5)?,
                        used: row.get(6)?,
                    })
                },
            )
            .optional()?)
    }

    /// A code works once.
    pub(crate) fn use_up(&self, code: &Secret) -> Stored<()> {
        self.db.execute("UPDATE codes SET used = 1 WHERE digest = ?1", [code.digest()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn code() -> Code {
        Code {
            client_guid: "app".to_owned(),
            person: 1,
            redirect_uri: "https://a.example/authenticated".to_owned(),
            challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
            expires_at: 1_060,
            family: "f".to_owned(),
            used: false,
        }
    }

    #[test]
    fn a_code_is_good_for_one_client_address_proof_and_minute() {
        let at = "https://a.example/authenticated";
        for (client, redirect_uri, verifier, now, verdict) in [
            ("app", at, VERIFIER, 1_000, Ok(())),
            ("app", at, VERIFIER, 1_059, Ok(())),
            ("app", at, VERIFIER, 1_060, Err(CodeRefusal::Expired)),
            ("App", at, VERIFIER, 1_000, Err(CodeRefusal::OtherClient)),
            ("app", "https://a.example/authenticated/", VERIFIER, 1_000, Err(CodeRefusal::OtherRedirectUri)),
            ("app", at, "x", 1_000, Err(CodeRefusal::WrongVerifier)),
        ] {
            assert_eq!(code().judge(client, redirect_uri, verifier, now), verdict);
        }
        let used = Code { used: true, ..code() };
        assert_eq!(used.judge("app", at, VERIFIER, 1_000), Err(CodeRefusal::Used));
    }
}
