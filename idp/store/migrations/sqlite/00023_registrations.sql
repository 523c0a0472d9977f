-- Clients that registered themselves, and the tokens that let them in. What a
-- client was given is found by the client, to be deleted with it. Times and lists
-- as in 00001.

-- +goose Up
CREATE TABLE initial_tokens (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  software   TEXT NOT NULL,
  grants     TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  uses_left  INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX initial_tokens_expiry ON initial_tokens (expires_at);

CREATE TABLE registrations (
  client_id     TEXT PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
  previous      TEXT NOT NULL,
  initial_token TEXT NOT NULL,
  grants        TEXT NOT NULL,
  scopes        TEXT NOT NULL,
  used_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX registrations_use ON registrations (used_at);

CREATE INDEX grants_client ON grants (client_id);
CREATE INDEX client_tokens_client ON client_tokens (client_id);

-- +goose Down
DROP INDEX client_tokens_client;
DROP INDEX grants_client;
DROP TABLE registrations;
DROP TABLE initial_tokens;
