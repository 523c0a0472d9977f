-- What sites have: access tokens of their own, numbers that they have verified,
-- and the answers that they may ask for again. No reference to clients: the
-- settings file manages some of them. Times and lists as in 00001.

-- +goose Up
CREATE TABLE client_tokens (
  hash       TEXT PRIMARY KEY,
  client_id  TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX client_tokens_expiry ON client_tokens (expires_at);

CREATE TABLE verifications (
  id          TEXT PRIMARY KEY,
  client_id   TEXT NOT NULL,
  phone       TEXT NOT NULL,
  country     TEXT NOT NULL,
  remote_ip   TEXT NOT NULL,
  lang        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  ends_at     INTEGER NOT NULL,
  verified_at INTEGER NOT NULL,
  forget_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX verifications_expiry ON verifications (forget_at);

CREATE TABLE idempotency (
  client_id TEXT NOT NULL,
  key_hash  TEXT NOT NULL,
  request   TEXT NOT NULL,
  subject   TEXT NOT NULL,
  holder    TEXT NOT NULL,
  until     INTEGER NOT NULL,
  status    INTEGER NOT NULL,
  media     TEXT NOT NULL,
  location  TEXT NOT NULL,
  body      TEXT NOT NULL,
  forget_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, key_hash)
) STRICT;
CREATE INDEX idempotency_expiry ON idempotency (forget_at);

-- +goose Down
DROP TABLE idempotency;
DROP TABLE verifications;
DROP TABLE client_tokens;
