-- A grant that came of a token exchange ends with the one that the token was of.

-- +goose Up
ALTER TABLE grants ADD COLUMN parent TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE grants DROP COLUMN parent;
