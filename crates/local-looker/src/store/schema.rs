//! The tables. No token, code, secret or password is kept, only their digests.

/// Deleting somebody takes all that is theirs along: that is what the foreign keys are for.
pub(super) const PRAGMAS: &str = "
PRAGMA foreign_keys = ON;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
";

pub(super) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT UNIQUE COLLATE NOCASE,
  first_name TEXT, last_name TEXT, locale TEXT,
  password_digest TEXT,
  is_admin INTEGER NOT NULL DEFAULT 0,
  is_disabled INTEGER NOT NULL DEFAULT 0,
  email_created_at INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS memberships (
  person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
  group_id TEXT NOT NULL,
  PRIMARY KEY (person_id, group_id)
) STRICT;
CREATE TABLE IF NOT EXISTS api3_credentials (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
  client_id TEXT NOT NULL UNIQUE,
  secret_digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  purpose TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS apps (
  client_guid TEXT PRIMARY KEY,
  redirect_uri TEXT NOT NULL,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  group_id TEXT,
  tokens_invalid_before INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS activations (
  client_guid TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
  PRIMARY KEY (client_guid, person_id)
) STRICT;
CREATE TABLE IF NOT EXISTS codes (
  digest TEXT PRIMARY KEY,
  client_guid TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
  person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  challenge TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  family TEXT NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
  digest TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
  family TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
  client_guid TEXT REFERENCES apps ON DELETE CASCADE,
  api3_id INTEGER REFERENCES api3_credentials ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS tokens_by_family ON tokens (family);
CREATE TABLE IF NOT EXISTS browser_sessions (
  digest TEXT PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE
) STRICT;
CREATE TABLE IF NOT EXISTS allowlist (
  position INTEGER PRIMARY KEY,
  origin TEXT NOT NULL
) STRICT;
";

pub(super) const CLEAR: &str = "
BEGIN;
DELETE FROM browser_sessions;
DELETE FROM tokens;
DELETE FROM codes;
DELETE FROM activations;
DELETE FROM apps;
DELETE FROM api3_credentials;
DELETE FROM memberships;
DELETE FROM people;
DELETE FROM allowlist;
DELETE FROM sqlite_sequence;
COMMIT;
";
