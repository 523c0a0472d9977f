-- Recovery codes: what is left of them (keyed hashes, as JSON), and wrong guesses.
-- Times as in 00001.

-- +goose Up
CREATE TABLE recovery_codes (
  user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  codes      TEXT NOT NULL,
  made_at    INTEGER NOT NULL,
  wrong      INTEGER NOT NULL,
  not_before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE recovery_codes;
