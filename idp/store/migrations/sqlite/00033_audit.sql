-- The audit trail: only ever appended to, and deleted from its beginning as far as
-- the anchor reaches. body is what hash is over; the other columns say the same for
-- searching. See idp/audit.

-- +goose Up
CREATE TABLE audit (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    object     TEXT    NOT NULL,
    client_id  TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    procedure  TEXT    NOT NULL,
    ip         TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    hash       TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_type ON audit (type);
CREATE INDEX audit_subject ON audit (subject) WHERE subject <> '';
CREATE INDEX audit_object ON audit (object) WHERE object <> '';
CREATE INDEX audit_client ON audit (client_id) WHERE client_id <> '';
CREATE INDEX audit_session ON audit (session_id) WHERE session_id <> '';
CREATE INDEX audit_procedure ON audit (procedure) WHERE procedure <> '';
CREATE INDEX audit_ip ON audit (ip) WHERE ip <> '';

CREATE TABLE audit_marks (
    name  TEXT    PRIMARY KEY, -- head or anchor
    seq   INTEGER NOT NULL,
    hash  TEXT    NOT NULL,
    proof TEXT    NOT NULL
) STRICT;

-- How far each emitter has come.
CREATE TABLE audit_emitters (
    name   TEXT    PRIMARY KEY,
    seq    INTEGER NOT NULL,
    holder TEXT    NOT NULL, -- who sends now; empty where nobody does
    due_at INTEGER NOT NULL, -- the end of the holder's lease, or when to try again
    tries  INTEGER NOT NULL  -- that failed in a row
) STRICT;

-- These keep mistakes away, not attackers: against those is the chain.
-- +goose StatementBegin
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only appended to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
    WHEN OLD.seq > coalesce((SELECT seq FROM audit_marks WHERE name = 'anchor'), 0) BEGIN
    SELECT RAISE(ABORT, 'the audit trail is only deleted from its beginning');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit_emitters;
DROP TABLE audit;
DROP TABLE audit_marks;
