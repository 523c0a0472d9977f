-- What providers have sent to us lately, and what was counted of the codes that
-- they choose. Times and lists as in 00001.

-- +goose Up
CREATE TABLE callbacks (
  digest TEXT PRIMARY KEY,
  until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX callbacks_expiry ON callbacks (until);

CREATE TABLE code_windows (
  driver TEXT PRIMARY KEY,
  serial INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  counts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a window has seen: codes and numbers, as keyed hashes that hold the driver
-- too.
CREATE TABLE code_hashes (
  hash   TEXT PRIMARY KEY,
  driver TEXT NOT NULL,
  count  INTEGER NOT NULL,
  until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX code_hashes_driver ON code_hashes (driver);
CREATE INDEX code_hashes_expiry ON code_hashes (until);

CREATE TABLE code_phones (
  hash   TEXT PRIMARY KEY,
  driver TEXT NOT NULL,
  code   TEXT NOT NULL,
  until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX code_phones_driver ON code_phones (driver);
CREATE INDEX code_phones_expiry ON code_phones (until);

-- +goose Down
DROP TABLE code_phones;
DROP TABLE code_hashes;
DROP TABLE code_windows;
DROP TABLE callbacks;
