-- A challenge goes by a route of its method's chain, and counted budgets are
-- shared by all logins. Times as in 00001.

-- +goose Up
ALTER TABLE challenges ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN decoy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN blind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN route TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN channel TEXT NOT NULL DEFAULT 'flashCall';
ALTER TABLE challenges ADD COLUMN driver TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN by_provider INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN call_id TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN early TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN placed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN called_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN poll_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE budgets ADD COLUMN agreed TEXT NOT NULL DEFAULT '';
CREATE INDEX challenges_polls ON challenges (method, poll_at) WHERE state = 'placed' AND poll_at > 0;
CREATE INDEX challenges_id ON challenges (id);
CREATE INDEX challenges_call ON challenges (driver, call_id) WHERE call_id <> '';

CREATE TABLE counters (
  key   TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counters_expiry ON counters (until);

-- +goose Down
DROP TABLE counters;
DROP INDEX challenges_call;
DROP INDEX challenges_id;
DROP INDEX challenges_polls;
ALTER TABLE budgets DROP COLUMN agreed;
ALTER TABLE challenges DROP COLUMN poll_at;
ALTER TABLE challenges DROP COLUMN called_at;
ALTER TABLE challenges DROP COLUMN placed_at;
ALTER TABLE challenges DROP COLUMN early;
ALTER TABLE challenges DROP COLUMN prefix;
ALTER TABLE challenges DROP COLUMN call_id;
ALTER TABLE challenges DROP COLUMN by_provider;
ALTER TABLE challenges DROP COLUMN driver;
ALTER TABLE challenges DROP COLUMN channel;
ALTER TABLE challenges DROP COLUMN route;
ALTER TABLE challenges DROP COLUMN blind;
ALTER TABLE challenges DROP COLUMN decoy;
ALTER TABLE challenges DROP COLUMN lang;
ALTER TABLE challenges DROP COLUMN country;
