-- By which number an account is found, where the number is what the person
-- types. One row an attribute that can be a phone number, as its digits alone;
-- numberOf in numbers.go says what can be one, and this fills in the same.

-- +goose Up
CREATE TABLE user_numbers (
  user_id   TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  attribute TEXT NOT NULL,
  number    TEXT NOT NULL,
  PRIMARY KEY (user_id, attribute)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_numbers_number ON user_numbers (attribute, number);

INSERT INTO user_numbers (user_id, attribute, number)
SELECT user_id, attribute, number FROM (
  SELECT users.id AS user_id, a.key AS attribute,
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      a.value, ' ', ''), '+', ''), '(', ''), ')', ''), '-', ''), '.', ''), char(9), ''),
      char(160), ''), char(8208), ''), char(8209), ''), char(8211), ''), char(8239), '') AS number
  FROM users, json_each(users.attributes) AS a
  WHERE a.type = 'text'
)
WHERE length(number) BETWEEN 7 AND 15 AND number NOT GLOB '*[^0-9]*'
  AND instr(number, char(0)) = 0; -- where SQLite thinks that a text ends

-- +goose Down
DROP TABLE user_numbers;
