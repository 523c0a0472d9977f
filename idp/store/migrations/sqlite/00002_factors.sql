-- +goose Up
CREATE TABLE challenges (
  login_id     TEXT NOT NULL,
  method       TEXT NOT NULL,
  id           TEXT NOT NULL,
  person_id    TEXT NOT NULL,
  phone        TEXT NOT NULL,
  remote_ip    TEXT NOT NULL,
  state        TEXT NOT NULL,
  code_length  INTEGER NOT NULL,
  code_hash    TEXT NOT NULL,
  attempts     INTEGER NOT NULL,
  wrong        INTEGER NOT NULL,
  failure      TEXT NOT NULL,
  caller_mask  TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  until        INTEGER NOT NULL,
  resend_at    INTEGER NOT NULL,
  PRIMARY KEY (login_id, method)
) STRICT, WITHOUT ROWID;
CREATE INDEX challenges_due ON challenges (method, requested_at) WHERE state = 'requested';
CREATE INDEX challenges_age ON challenges (method, requested_at);

CREATE TABLE budgets (
  person_id     TEXT NOT NULL,
  method        TEXT NOT NULL,
  used          INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  next_call     INTEGER NOT NULL,
  PRIMARY KEY (person_id, method)
) STRICT, WITHOUT ROWID;

CREATE TABLE password_counters (
  key          TEXT PRIMARY KEY,
  failures     INTEGER NOT NULL,
  not_before   INTEGER NOT NULL,
  window_start INTEGER NOT NULL,
  window_count INTEGER NOT NULL,
  forget_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX password_counters_expiry ON password_counters (forget_at);

-- +goose Down
DROP TABLE password_counters;
DROP TABLE budgets;
DROP TABLE challenges;
