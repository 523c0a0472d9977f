-- What administrators need of users: a password that has to be changed, and a
-- search by words. The words are filled in by Store.IndexUsers, because SQLite knows
-- no letters but ASCII's; words says by which rule they were made, 0 that they weren't.
-- Times as in 00001.

-- +goose Up
ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN password_set_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_blocked ON users (login) WHERE blocked = 1;
CREATE INDEX users_unindexed ON users (words);

CREATE TABLE user_words (
  word    TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (word, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_words_user ON user_words (user_id, word);

-- A file that was looked over and waits to be imported. The lines may hold hashes
-- of passwords, as users do.
CREATE TABLE user_imports (
  id         TEXT PRIMARY KEY,
  made_by    TEXT NOT NULL,
  content    BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX user_imports_expiry ON user_imports (expires_at);

-- +goose Down
DROP TABLE user_imports;
DROP TABLE user_words;
DROP INDEX users_unindexed;
DROP INDEX users_blocked;
ALTER TABLE users DROP COLUMN words;
ALTER TABLE users DROP COLUMN password_set_at;
ALTER TABLE users DROP COLUMN must_change_password;
