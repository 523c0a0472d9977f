-- What drivers have: secrets that an administrator gave, and login tokens with
-- the claim of the one node that logs in. Times as in 00001.

-- +goose Up
CREATE TABLE driver_secrets (
  driver     TEXT NOT NULL,
  name       TEXT NOT NULL,
  sealed     BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (driver, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE driver_tokens (
  key           TEXT PRIMARY KEY,
  id            TEXT NOT NULL,
  value         TEXT NOT NULL,
  until         INTEGER NOT NULL,
  holder        TEXT NOT NULL,
  claimed_until INTEGER NOT NULL,
  forget_at     INTEGER NOT NULL -- the later one of until and claimed_until
) STRICT, WITHOUT ROWID;
CREATE INDEX driver_tokens_expiry ON driver_tokens (forget_at);

-- +goose Down
DROP TABLE driver_tokens;
DROP TABLE driver_secrets;
