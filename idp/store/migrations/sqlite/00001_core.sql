-- Times are microseconds since 1970, UTC; 0 where none is set. Lists and maps are JSON.

-- +goose Up
CREATE TABLE users (
  id              TEXT PRIMARY KEY,
  login           TEXT NOT NULL UNIQUE,
  attributes      TEXT NOT NULL,
  password_hash   TEXT NOT NULL,
  required_factor INTEGER NOT NULL,
  blocked         INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE clients (
  id                 TEXT PRIMARY KEY,
  name               TEXT NOT NULL,
  secret_hash        TEXT NOT NULL,
  auth_method        TEXT NOT NULL,
  redirect_uris      TEXT NOT NULL,
  post_logout_uris   TEXT NOT NULL,
  grants             TEXT NOT NULL,
  scopes             TEXT NOT NULL,
  signing_alg        TEXT NOT NULL,
  waive_pkce         INTEGER NOT NULL,
  ask_consent        INTEGER NOT NULL,
  required_factor    INTEGER NOT NULL,
  second_factors     TEXT NOT NULL,
  access_token_life  INTEGER NOT NULL, -- microseconds, as the other two
  id_token_life      INTEGER NOT NULL,
  refresh_token_life INTEGER NOT NULL,
  created_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE logins (
  id         TEXT PRIMARY KEY,
  browser    TEXT NOT NULL,
  request    TEXT NOT NULL,
  state      TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  session    TEXT NOT NULL,
  facts      TEXT NOT NULL,
  auth_time  INTEGER NOT NULL,
  chosen     TEXT NOT NULL,
  consented  INTEGER NOT NULL,
  error      TEXT NOT NULL,
  forms      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logins_expiry ON logins (expires_at);

CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  browser    TEXT NOT NULL,
  facts      TEXT NOT NULL,
  auth_time  INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE browsers (
  key_hash   TEXT PRIMARY KEY,
  browser    TEXT NOT NULL,
  session    TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX browsers_expiry ON browsers (expires_at);

-- +goose Down
DROP TABLE browsers;
DROP TABLE sessions;
DROP TABLE logins;
DROP TABLE clients;
DROP TABLE users;
