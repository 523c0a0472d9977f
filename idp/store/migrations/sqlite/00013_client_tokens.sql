-- Access tokens that clients have for themselves. No reference to clients: the
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

-- +goose Down
DROP TABLE client_tokens;
