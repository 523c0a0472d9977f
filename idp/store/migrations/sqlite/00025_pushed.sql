-- Authorization requests that clients pushed and that no browser has brought yet.
-- Times as in 00001.

-- +goose Up
CREATE TABLE pushed_requests (
  hash       TEXT PRIMARY KEY,
  client_id  TEXT NOT NULL,
  request    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pushed_requests_expiry ON pushed_requests (expires_at);

-- +goose Down
DROP TABLE pushed_requests;
