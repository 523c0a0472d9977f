-- When a registration access token was replaced: the one before serves for a short
-- while. One that was replaced before this column was there is void.

-- +goose Up
ALTER TABLE registrations ADD COLUMN rotated_at INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE registrations DROP COLUMN rotated_at;
