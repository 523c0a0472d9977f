-- The last calls of a person and to a number are found without reading all; see
-- Store.RecentCalls.

-- +goose Up
CREATE INDEX challenges_person ON challenges (person_id, requested_at);
CREATE INDEX challenges_phone ON challenges (phone, requested_at);

-- +goose Down
DROP INDEX challenges_phone;
DROP INDEX challenges_person;
