-- +goose Up

-- At most one row: what "db move" did or does to this database.
CREATE TABLE moves (
  id    TEXT    PRIMARY KEY, -- of the move, the same in both databases
  state TEXT    NOT NULL,    -- arriving: rows are being moved in; moved: the other one has them
  other TEXT    NOT NULL,    -- the other database, without passwords
  at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE moves;
