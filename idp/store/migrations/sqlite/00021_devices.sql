-- Device authorizations (RFC 8628): which device waits, under which codes, how
-- often it may ask, and what a person decided. Times and lists as in 00001.

-- +goose Up
CREATE TABLE devices (
  id         TEXT PRIMARY KEY,
  code_hash  TEXT NOT NULL UNIQUE,
  user_hash  TEXT NOT NULL UNIQUE,
  client_id  TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  resources  TEXT NOT NULL,
  state      TEXT NOT NULL,
  interval   INTEGER NOT NULL, -- microseconds
  polled_at  INTEGER NOT NULL,
  too_soon   INTEGER NOT NULL, -- whether the last poll was
  login      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  forget_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_forget ON devices (forget_at);

-- +goose Down
DROP TABLE devices;
