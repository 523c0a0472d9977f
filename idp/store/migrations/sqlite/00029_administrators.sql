-- +goose Up

-- Who may use the console, and as what: a JSON list of roles, never empty.
CREATE TABLE administrators (
  user_id  TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  roles    TEXT NOT NULL,
  given_by TEXT NOT NULL, -- a login, "client ID", or the command line
  given_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions of the console, under hashes of their keys.
CREATE TABLE console_sessions (
  key_hash   TEXT NOT NULL PRIMARY KEY,
  id         TEXT NOT NULL,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session    TEXT NOT NULL, -- at the provider
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  proved_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);
CREATE INDEX console_sessions_user ON console_sessions (user_id);

-- +goose Down
DROP TABLE console_sessions;
DROP TABLE administrators;
