-- More of a client's registration, what a grant is for, and which clients a
-- session has reached, which are told when it ends. Times and lists as in 00001.

-- +goose Up
ALTER TABLE clients ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

ALTER TABLE grants ADD COLUMN kind TEXT NOT NULL DEFAULT 'code';
ALTER TABLE grants ADD COLUMN claims TEXT NOT NULL DEFAULT 'null';
ALTER TABLE grants ADD COLUMN resources TEXT NOT NULL DEFAULT 'null';
ALTER TABLE grants ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN audience TEXT NOT NULL DEFAULT 'null';
ALTER TABLE client_tokens ADD COLUMN audience TEXT NOT NULL DEFAULT 'null';

CREATE TABLE session_clients (
  session   TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  since     INTEGER NOT NULL,
  PRIMARY KEY (session, client_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE session_clients;
ALTER TABLE client_tokens DROP COLUMN audience;
ALTER TABLE tokens DROP COLUMN audience;
ALTER TABLE grants DROP COLUMN actor;
ALTER TABLE grants DROP COLUMN resources;
ALTER TABLE grants DROP COLUMN claims;
ALTER TABLE grants DROP COLUMN kind;
ALTER TABLE clients DROP COLUMN metadata;
