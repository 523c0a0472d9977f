-- What a challenge has taken from the budget for spending, in millionths: what a
-- provider says that it cost takes the place of that, once.

-- +goose Up
ALTER TABLE challenges ADD COLUMN charged INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE challenges DROP COLUMN charged;
