-- JWTs that clients have signed and used, by a keyed hash of the client and the
-- JWT's ID. Times as in 00001.

-- +goose Up
CREATE TABLE assertions (
  digest TEXT PRIMARY KEY,
  until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX assertions_expiry ON assertions (until);

-- +goose Down
DROP TABLE assertions;
