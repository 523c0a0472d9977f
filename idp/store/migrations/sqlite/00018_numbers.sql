-- What was used up for a number that anybody may type is forgotten once it
-- wasn't called for long; see Challenges.SweepNumbers.

-- +goose Up
CREATE INDEX budgets_numbers ON budgets (method, next_call) WHERE person_id >= 'number:' AND person_id < 'number;';

-- +goose Down
DROP INDEX budgets_numbers;
