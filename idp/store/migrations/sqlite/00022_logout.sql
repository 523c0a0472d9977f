-- +goose Up
ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- One row for each relying party that is to be told of the end of one session.
CREATE TABLE logout_notices (
  session   TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  due_at    INTEGER NOT NULL, -- or when the lease ends, where there is a holder
  tries     INTEGER NOT NULL,
  holder    TEXT NOT NULL,
  PRIMARY KEY (session, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX logout_notices_due ON logout_notices (due_at);
CREATE INDEX logout_notices_client ON logout_notices (client_id, due_at);
CREATE INDEX logout_notices_held ON logout_notices (client_id) WHERE holder <> '';

-- +goose Down
DROP TABLE logout_notices;
ALTER TABLE sessions DROP COLUMN address;
ALTER TABLE sessions DROP COLUMN user_agent;
