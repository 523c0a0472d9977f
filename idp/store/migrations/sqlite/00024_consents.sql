-- What people allowed applications: scopes, and claims asked for by name. Times
-- as in 00001. Clients of the settings file have no row in clients.

-- +goose Up
CREATE TABLE consents (
  user_id   TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  kind      TEXT NOT NULL,
  name      TEXT NOT NULL,
  since     INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id, kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_client ON consents (client_id);

-- +goose Down
DROP TABLE consents;
