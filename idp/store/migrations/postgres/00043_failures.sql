-- +goose Up

-- Few calls fail for a reason, and those are what somebody looks for.
CREATE INDEX calls_failure ON calls (failure, at, id) WHERE failure <> '';

-- +goose Down
DROP INDEX calls_failure;
