-- What is kept of calls when their challenges are gone: one row a call, and sums
-- per quarter of an hour, which outlive the rows. Both are written in the very
-- transaction that changes the challenge, so the sums are those of the rows. Times
-- as in 00001; a quarter is named by its beginning.

-- +goose Up
ALTER TABLE challenges ADD COLUMN price INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE challenges ADD COLUMN currency TEXT NOT NULL DEFAULT '';
ALTER TABLE challenges ADD COLUMN passed TEXT NOT NULL DEFAULT '';

CREATE TABLE calls (
  id           TEXT PRIMARY KEY,
  login_id     TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  phone        TEXT NOT NULL,
  remote_ip    TEXT NOT NULL,
  country      TEXT NOT NULL,
  operator     TEXT NOT NULL,
  route        TEXT NOT NULL,
  channel      TEXT NOT NULL,
  driver       TEXT NOT NULL,
  state        TEXT NOT NULL,
  failure      TEXT NOT NULL,
  attempts     INTEGER NOT NULL,
  price        INTEGER NOT NULL,
  cost         INTEGER NOT NULL,
  currency     TEXT NOT NULL,
  at           INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  placed_at    INTEGER NOT NULL,
  called_at    INTEGER NOT NULL,
  ended_at     INTEGER NOT NULL,
  until        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_at ON calls (at, id);
CREATE INDEX calls_login ON calls (login_id, at);
CREATE INDEX calls_phone ON calls (phone, at, id);
CREATE INDEX calls_country ON calls (country, at, id);
CREATE INDEX calls_state ON calls (state, at, id);
CREATE INDEX calls_open ON calls (until) WHERE ended_at = 0;

CREATE TABLE call_figures (
  at        INTEGER NOT NULL,
  route     TEXT NOT NULL,
  driver    TEXT NOT NULL,
  channel   TEXT NOT NULL,
  country   TEXT NOT NULL,
  operator  TEXT NOT NULL,
  failure   TEXT NOT NULL,
  currency  TEXT NOT NULL,
  calls     INTEGER NOT NULL,
  underway  INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  expired   INTEGER NOT NULL,
  exhausted INTEGER NOT NULL,
  failed    INTEGER NOT NULL,
  refused   INTEGER NOT NULL,
  replaced  INTEGER NOT NULL,
  unsent    INTEGER NOT NULL,
  unknown   INTEGER NOT NULL,
  placed    INTEGER NOT NULL,
  reached   INTEGER NOT NULL,
  spent     INTEGER NOT NULL,
  told      INTEGER NOT NULL,
  wait0     INTEGER NOT NULL,
  wait1     INTEGER NOT NULL,
  wait2     INTEGER NOT NULL,
  wait3     INTEGER NOT NULL,
  wait4     INTEGER NOT NULL,
  wait5     INTEGER NOT NULL,
  wait6     INTEGER NOT NULL,
  wait7     INTEGER NOT NULL,
  wait8     INTEGER NOT NULL,
  wait9     INTEGER NOT NULL,
  wait10    INTEGER NOT NULL,
  wait11    INTEGER NOT NULL,
  PRIMARY KEY (at, route, driver, channel, country, operator, failure, currency)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE call_figures;
DROP TABLE calls;
ALTER TABLE challenges DROP COLUMN passed;
ALTER TABLE challenges DROP COLUMN currency;
ALTER TABLE challenges DROP COLUMN cost;
ALTER TABLE challenges DROP COLUMN price;
