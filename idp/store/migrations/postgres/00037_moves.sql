-- +goose Up

-- At most one row: what "db move" did or does to this database.
CREATE TABLE moves (
  id    TEXT COLLATE "C" PRIMARY KEY, -- of the move, the same in both databases
  state TEXT COLLATE "C" NOT NULL,    -- arriving: rows are being moved in; moved: the other one has them
  other TEXT COLLATE "C" NOT NULL,    -- the other database, without passwords
  at    BIGINT NOT NULL
);

-- +goose Down
DROP TABLE moves;
