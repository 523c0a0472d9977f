-- A grant with its authorization code, the tokens that it gave, and the keys
-- that sign ID tokens. Times and lists as in 00001.

-- +goose Up
CREATE TABLE grants (
  id              TEXT PRIMARY KEY,
  client_id       TEXT NOT NULL,
  user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session         TEXT NOT NULL,
  scopes          TEXT NOT NULL,
  nonce           TEXT NOT NULL,
  auth_time       INTEGER NOT NULL,
  acr             TEXT NOT NULL,
  amr             TEXT NOT NULL,
  code_hash       TEXT NOT NULL UNIQUE,
  redirect_uri    TEXT NOT NULL,
  challenge       TEXT NOT NULL,
  code_expires_at INTEGER NOT NULL,
  redeemed_at     INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,
  revoked_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_user ON grants (user_id);
CREATE INDEX grants_expiry ON grants (expires_at);

CREATE TABLE tokens (
  hash       TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  grant_id   TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  scopes     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_grant ON tokens (grant_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);

CREATE TABLE signing_keys (
  id          TEXT PRIMARY KEY,
  alg         TEXT NOT NULL,
  generation  INTEGER NOT NULL,
  sealed      BLOB NOT NULL,
  created_at  INTEGER NOT NULL,
  active_from INTEGER NOT NULL,
  UNIQUE (alg, generation)
) STRICT;

-- +goose Down
DROP TABLE signing_keys;
DROP TABLE tokens;
DROP TABLE grants;
