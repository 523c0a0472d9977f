-- What administrators saved, as a line of revisions that are only ever added to.
-- Times as in 00001; changes and layer are JSON of idp/settings.

-- +goose Up
CREATE TABLE settings_revisions (
  number  INTEGER PRIMARY KEY CHECK (number > 0),
  at      INTEGER NOT NULL,
  by      TEXT NOT NULL,
  comment TEXT NOT NULL,
  changes TEXT NOT NULL,
  layer   TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE settings_revisions;
