-- Drivers that administrators write: one draft a driver, versions that never
-- change, which of them may serve, publications that wait for a second
-- administrator, and the log of trials. Times as in 00001; cases are JSON.

-- +goose Up
CREATE TABLE driver_drafts (
  driver     TEXT PRIMARY KEY,
  language   TEXT NOT NULL,
  source     TEXT NOT NULL,
  manifest   TEXT NOT NULL,
  cases      TEXT NOT NULL,
  base       INTEGER NOT NULL,
  edition    INTEGER NOT NULL,
  author_id  TEXT NOT NULL,
  author     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE driver_versions (
  driver    TEXT NOT NULL,
  number    INTEGER NOT NULL,
  language  TEXT NOT NULL,
  source    TEXT NOT NULL,
  manifest  TEXT NOT NULL,
  cases     TEXT NOT NULL,
  base      INTEGER NOT NULL,
  author_id TEXT NOT NULL,
  author    TEXT NOT NULL,
  comment   TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (driver, number)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER driver_versions_never_change BEFORE UPDATE ON driver_versions
BEGIN SELECT RAISE(ABORT, 'a version of a driver never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER driver_versions_stay BEFORE DELETE ON driver_versions
BEGIN SELECT RAISE(ABORT, 'a version of a driver is never deleted'); END;
-- +goose StatementEnd

CREATE TABLE driver_releases (
  driver       TEXT NOT NULL,
  number       INTEGER NOT NULL,
  released_by  TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  at           INTEGER NOT NULL,
  PRIMARY KEY (driver, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE driver_requests (
  driver       TEXT PRIMARY KEY,
  number       INTEGER NOT NULL,
  digest       TEXT NOT NULL,
  published    INTEGER NOT NULL,
  asked_by_id  TEXT NOT NULL,
  asked_by     TEXT NOT NULL,
  comment      TEXT NOT NULL,
  at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE driver_trials (
  id       TEXT PRIMARY KEY,
  driver   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  tried_by TEXT NOT NULL,
  at       INTEGER NOT NULL,
  digest   TEXT NOT NULL,
  entry    TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  detail   TEXT NOT NULL,
  provider TEXT NOT NULL,
  fault    TEXT NOT NULL,
  phone    TEXT NOT NULL,
  millis   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX driver_trials_newest ON driver_trials (driver, at);

-- +goose Down
DROP TABLE driver_trials;
DROP TABLE driver_requests;
DROP TABLE driver_releases;
DROP TRIGGER driver_versions_stay;
DROP TRIGGER driver_versions_never_change;
DROP TABLE driver_versions;
DROP TABLE driver_drafts;
