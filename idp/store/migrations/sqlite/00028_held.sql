-- Whether a client that registered itself is held to what it has, because an
-- administrator changed that. Nobody knows which were changed before: they all are.

-- +goose Up
ALTER TABLE registrations ADD COLUMN held INTEGER NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE registrations DROP COLUMN held;
