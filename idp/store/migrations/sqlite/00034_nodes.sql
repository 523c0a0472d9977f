-- What serving processes tell of themselves. Times as in 00001; state is JSON of
-- idp/admin/health.

-- +goose Up
CREATE TABLE nodes (
  id       TEXT PRIMARY KEY,
  host     TEXT NOT NULL,
  version  TEXT NOT NULL,
  started  INTEGER NOT NULL,
  seen     INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  state    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE nodes;
