-- The whole schema, as the files up to this number make it in SQLite. Times are
-- microseconds since 1970, UTC; 0 where none is set. Lists and maps are JSON. Texts
-- sort by their bytes, as they do in SQLite; truths are 0 and 1.

-- +goose Up
CREATE TABLE users (
  id                   TEXT COLLATE "C" PRIMARY KEY,
  login                TEXT COLLATE "C" NOT NULL UNIQUE,
  attributes           TEXT COLLATE "C" NOT NULL,
  password_hash        TEXT COLLATE "C" NOT NULL,
  required_factor      BIGINT NOT NULL,
  blocked              BIGINT NOT NULL,
  created_at           BIGINT NOT NULL,
  updated_at           BIGINT NOT NULL,
  must_change_password BIGINT NOT NULL DEFAULT 0,
  password_set_at      BIGINT NOT NULL DEFAULT 0,
  words                BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX users_blocked ON users (login) WHERE blocked = 1;
CREATE INDEX users_unindexed ON users (words);

CREATE TABLE clients (
  id                 TEXT COLLATE "C" PRIMARY KEY,
  name               TEXT COLLATE "C" NOT NULL,
  secret_hash        TEXT COLLATE "C" NOT NULL,
  auth_method        TEXT COLLATE "C" NOT NULL,
  redirect_uris      TEXT COLLATE "C" NOT NULL,
  post_logout_uris   TEXT COLLATE "C" NOT NULL,
  grants             TEXT COLLATE "C" NOT NULL,
  scopes             TEXT COLLATE "C" NOT NULL,
  signing_alg        TEXT COLLATE "C" NOT NULL,
  waive_pkce         BIGINT NOT NULL,
  ask_consent        BIGINT NOT NULL,
  required_factor    BIGINT NOT NULL,
  second_factors     TEXT COLLATE "C" NOT NULL,
  access_token_life  BIGINT NOT NULL,
  id_token_life      BIGINT NOT NULL,
  refresh_token_life BIGINT NOT NULL,
  created_at         BIGINT NOT NULL,
  metadata           TEXT COLLATE "C" NOT NULL DEFAULT '{}'
);

CREATE TABLE logins (
  id         TEXT COLLATE "C" PRIMARY KEY,
  browser    TEXT COLLATE "C" NOT NULL,
  request    TEXT COLLATE "C" NOT NULL,
  state      TEXT COLLATE "C" NOT NULL,
  user_id    TEXT COLLATE "C" NOT NULL,
  session    TEXT COLLATE "C" NOT NULL,
  facts      TEXT COLLATE "C" NOT NULL,
  auth_time  BIGINT NOT NULL,
  chosen     TEXT COLLATE "C" NOT NULL,
  consented  BIGINT NOT NULL,
  error      TEXT COLLATE "C" NOT NULL,
  forms      TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX logins_expiry ON logins (expires_at);

CREATE TABLE sessions (
  id         TEXT COLLATE "C" PRIMARY KEY,
  user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  browser    TEXT COLLATE "C" NOT NULL,
  facts      TEXT COLLATE "C" NOT NULL,
  auth_time  BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL,
  user_agent TEXT COLLATE "C" NOT NULL DEFAULT '',
  address    TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE browsers (
  key_hash   TEXT COLLATE "C" PRIMARY KEY,
  browser    TEXT COLLATE "C" NOT NULL,
  session    TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX browsers_expiry ON browsers (expires_at);

CREATE TABLE challenges (
  login_id     TEXT COLLATE "C" NOT NULL,
  method       TEXT COLLATE "C" NOT NULL,
  id           TEXT COLLATE "C" NOT NULL,
  person_id    TEXT COLLATE "C" NOT NULL,
  phone        TEXT COLLATE "C" NOT NULL,
  remote_ip    TEXT COLLATE "C" NOT NULL,
  state        TEXT COLLATE "C" NOT NULL,
  code_length  BIGINT NOT NULL,
  code_hash    TEXT COLLATE "C" NOT NULL,
  attempts     BIGINT NOT NULL,
  wrong        BIGINT NOT NULL,
  failure      TEXT COLLATE "C" NOT NULL,
  caller_mask  TEXT COLLATE "C" NOT NULL,
  requested_at BIGINT NOT NULL,
  until        BIGINT NOT NULL,
  resend_at    BIGINT NOT NULL,
  country      TEXT COLLATE "C" NOT NULL DEFAULT '',
  lang         TEXT COLLATE "C" NOT NULL DEFAULT '',
  decoy        BIGINT NOT NULL DEFAULT 0,
  blind        BIGINT NOT NULL DEFAULT 0,
  route        TEXT COLLATE "C" NOT NULL DEFAULT '',
  channel      TEXT COLLATE "C" NOT NULL DEFAULT 'flashCall',
  driver       TEXT COLLATE "C" NOT NULL DEFAULT '',
  by_provider  BIGINT NOT NULL DEFAULT 0,
  call_id      TEXT COLLATE "C" NOT NULL DEFAULT '',
  prefix       TEXT COLLATE "C" NOT NULL DEFAULT '',
  early        TEXT COLLATE "C" NOT NULL DEFAULT '',
  placed_at    BIGINT NOT NULL DEFAULT 0,
  called_at    BIGINT NOT NULL DEFAULT 0,
  poll_at      BIGINT NOT NULL DEFAULT 0,
  charged      BIGINT NOT NULL DEFAULT 0,
  price        BIGINT NOT NULL DEFAULT 0,
  cost         BIGINT NOT NULL DEFAULT 0,
  currency     TEXT COLLATE "C" NOT NULL DEFAULT '',
  passed       TEXT COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (login_id, method)
);
CREATE INDEX challenges_due ON challenges (method, requested_at) WHERE state = 'requested';
CREATE INDEX challenges_age ON challenges (method, requested_at);
CREATE INDEX challenges_polls ON challenges (method, poll_at) WHERE state = 'placed' AND poll_at > 0;
CREATE INDEX challenges_id ON challenges (id);
CREATE INDEX challenges_call ON challenges (driver, call_id) WHERE call_id <> '';
CREATE INDEX challenges_person ON challenges (person_id, requested_at);
CREATE INDEX challenges_phone ON challenges (phone, requested_at);

CREATE TABLE budgets (
  person_id     TEXT COLLATE "C" NOT NULL,
  method        TEXT COLLATE "C" NOT NULL,
  used          BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  next_call     BIGINT NOT NULL,
  agreed        TEXT COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (person_id, method)
);
CREATE INDEX budgets_numbers ON budgets (method, next_call) WHERE person_id >= 'number:' AND person_id < 'number;';

CREATE TABLE password_counters (
  key          TEXT COLLATE "C" PRIMARY KEY,
  failures     BIGINT NOT NULL,
  not_before   BIGINT NOT NULL,
  window_start BIGINT NOT NULL,
  window_count BIGINT NOT NULL,
  forget_at    BIGINT NOT NULL
);
CREATE INDEX password_counters_expiry ON password_counters (forget_at);

CREATE TABLE grants (
  id              TEXT COLLATE "C" PRIMARY KEY,
  client_id       TEXT COLLATE "C" NOT NULL,
  user_id         TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session         TEXT COLLATE "C" NOT NULL,
  scopes          TEXT COLLATE "C" NOT NULL,
  nonce           TEXT COLLATE "C" NOT NULL,
  auth_time       BIGINT NOT NULL,
  acr             TEXT COLLATE "C" NOT NULL,
  amr             TEXT COLLATE "C" NOT NULL,
  code_hash       TEXT COLLATE "C" NOT NULL UNIQUE,
  redirect_uri    TEXT COLLATE "C" NOT NULL,
  challenge       TEXT COLLATE "C" NOT NULL,
  code_expires_at BIGINT NOT NULL,
  redeemed_at     BIGINT NOT NULL,
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL,
  revoked_at      BIGINT NOT NULL,
  kind            TEXT COLLATE "C" NOT NULL DEFAULT 'code',
  claims          TEXT COLLATE "C" NOT NULL DEFAULT 'null',
  resources       TEXT COLLATE "C" NOT NULL DEFAULT 'null',
  actor           TEXT COLLATE "C" NOT NULL DEFAULT '',
  parent          TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX grants_user ON grants (user_id);
CREATE INDEX grants_expiry ON grants (expires_at);
CREATE INDEX grants_client ON grants (client_id);

CREATE TABLE tokens (
  hash       TEXT COLLATE "C" PRIMARY KEY,
  kind       TEXT COLLATE "C" NOT NULL,
  grant_id   TEXT COLLATE "C" NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  scopes     TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL,
  audience   TEXT COLLATE "C" NOT NULL DEFAULT 'null'
);
CREATE INDEX tokens_grant ON tokens (grant_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);

CREATE TABLE signing_keys (
  id          TEXT COLLATE "C" PRIMARY KEY,
  alg         TEXT COLLATE "C" NOT NULL,
  generation  BIGINT NOT NULL,
  sealed      BYTEA NOT NULL,
  created_at  BIGINT NOT NULL,
  active_from BIGINT NOT NULL,
  UNIQUE (alg, generation)
);

CREATE TABLE driver_secrets (
  driver     TEXT COLLATE "C" NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,
  sealed     BYTEA NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (driver, name)
);

CREATE TABLE driver_tokens (
  key           TEXT COLLATE "C" PRIMARY KEY,
  id            TEXT COLLATE "C" NOT NULL,
  value         TEXT COLLATE "C" NOT NULL,
  until         BIGINT NOT NULL,
  holder        TEXT COLLATE "C" NOT NULL,
  claimed_until BIGINT NOT NULL,
  forget_at     BIGINT NOT NULL
);
CREATE INDEX driver_tokens_expiry ON driver_tokens (forget_at);

CREATE TABLE counters (
  key   TEXT COLLATE "C" PRIMARY KEY,
  count BIGINT NOT NULL,
  until BIGINT NOT NULL
);
CREATE INDEX counters_expiry ON counters (until);

CREATE TABLE client_tokens (
  hash       TEXT COLLATE "C" PRIMARY KEY,
  client_id  TEXT COLLATE "C" NOT NULL,
  scopes     TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  audience   TEXT COLLATE "C" NOT NULL DEFAULT 'null'
);
CREATE INDEX client_tokens_expiry ON client_tokens (expires_at);
CREATE INDEX client_tokens_client ON client_tokens (client_id);

CREATE TABLE verifications (
  id          TEXT COLLATE "C" PRIMARY KEY,
  client_id   TEXT COLLATE "C" NOT NULL,
  phone       TEXT COLLATE "C" NOT NULL,
  country     TEXT COLLATE "C" NOT NULL,
  remote_ip   TEXT COLLATE "C" NOT NULL,
  lang        TEXT COLLATE "C" NOT NULL,
  created_at  BIGINT NOT NULL,
  ends_at     BIGINT NOT NULL,
  verified_at BIGINT NOT NULL,
  forget_at   BIGINT NOT NULL
);
CREATE INDEX verifications_expiry ON verifications (forget_at);

CREATE TABLE idempotency (
  client_id TEXT COLLATE "C" NOT NULL,
  key_hash  TEXT COLLATE "C" NOT NULL,
  request   TEXT COLLATE "C" NOT NULL,
  subject   TEXT COLLATE "C" NOT NULL,
  holder    TEXT COLLATE "C" NOT NULL,
  until     BIGINT NOT NULL,
  status    BIGINT NOT NULL,
  media     TEXT COLLATE "C" NOT NULL,
  location  TEXT COLLATE "C" NOT NULL,
  body      TEXT COLLATE "C" NOT NULL,
  forget_at BIGINT NOT NULL,
  PRIMARY KEY (client_id, key_hash)
);
CREATE INDEX idempotency_expiry ON idempotency (forget_at);

CREATE TABLE user_numbers (
  user_id   TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  attribute TEXT COLLATE "C" NOT NULL,
  number    TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, attribute)
);
CREATE INDEX user_numbers_number ON user_numbers (attribute, number);

CREATE TABLE callbacks (
  digest TEXT COLLATE "C" PRIMARY KEY,
  until  BIGINT NOT NULL
);
CREATE INDEX callbacks_expiry ON callbacks (until);

CREATE TABLE code_windows (
  driver TEXT COLLATE "C" PRIMARY KEY,
  serial BIGINT NOT NULL,
  until  BIGINT NOT NULL,
  counts TEXT COLLATE "C" NOT NULL
);

CREATE TABLE code_hashes (
  hash   TEXT COLLATE "C" PRIMARY KEY,
  driver TEXT COLLATE "C" NOT NULL,
  count  BIGINT NOT NULL,
  until  BIGINT NOT NULL
);
CREATE INDEX code_hashes_driver ON code_hashes (driver);
CREATE INDEX code_hashes_expiry ON code_hashes (until);

CREATE TABLE code_phones (
  hash   TEXT COLLATE "C" PRIMARY KEY,
  driver TEXT COLLATE "C" NOT NULL,
  code   TEXT COLLATE "C" NOT NULL,
  until  BIGINT NOT NULL
);
CREATE INDEX code_phones_driver ON code_phones (driver);
CREATE INDEX code_phones_expiry ON code_phones (until);

CREATE TABLE session_clients (
  session   TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  client_id TEXT COLLATE "C" NOT NULL,
  user_id   TEXT COLLATE "C" NOT NULL,
  since     BIGINT NOT NULL,
  PRIMARY KEY (session, client_id)
);

CREATE TABLE assertions (
  digest TEXT COLLATE "C" PRIMARY KEY,
  until  BIGINT NOT NULL
);
CREATE INDEX assertions_expiry ON assertions (until);

CREATE TABLE devices (
  id         TEXT COLLATE "C" PRIMARY KEY,
  code_hash  TEXT COLLATE "C" NOT NULL UNIQUE,
  user_hash  TEXT COLLATE "C" NOT NULL UNIQUE,
  client_id  TEXT COLLATE "C" NOT NULL,
  scopes     TEXT COLLATE "C" NOT NULL,
  resources  TEXT COLLATE "C" NOT NULL,
  state      TEXT COLLATE "C" NOT NULL,
  interval   BIGINT NOT NULL,
  polled_at  BIGINT NOT NULL,
  too_soon   BIGINT NOT NULL,
  login      TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  forget_at  BIGINT NOT NULL
);
CREATE INDEX devices_forget ON devices (forget_at);

CREATE TABLE logout_notices (
  session   TEXT COLLATE "C" NOT NULL,
  client_id TEXT COLLATE "C" NOT NULL,
  user_id   TEXT COLLATE "C" NOT NULL,
  queued_at BIGINT NOT NULL,
  due_at    BIGINT NOT NULL,
  tries     BIGINT NOT NULL,
  holder    TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (session, client_id)
);
CREATE INDEX logout_notices_due ON logout_notices (due_at);
CREATE INDEX logout_notices_client ON logout_notices (client_id, due_at);
CREATE INDEX logout_notices_held ON logout_notices (client_id) WHERE holder <> '';

CREATE TABLE initial_tokens (
  id         TEXT COLLATE "C" PRIMARY KEY,
  hash       TEXT COLLATE "C" NOT NULL UNIQUE,
  software   TEXT COLLATE "C" NOT NULL,
  grants     TEXT COLLATE "C" NOT NULL,
  scopes     TEXT COLLATE "C" NOT NULL,
  uses_left  BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX initial_tokens_expiry ON initial_tokens (expires_at);

CREATE TABLE registrations (
  client_id     TEXT COLLATE "C" PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
  previous      TEXT COLLATE "C" NOT NULL,
  initial_token TEXT COLLATE "C" NOT NULL,
  grants        TEXT COLLATE "C" NOT NULL,
  scopes        TEXT COLLATE "C" NOT NULL,
  used_at       BIGINT NOT NULL,
  rotated_at    BIGINT NOT NULL DEFAULT 0,
  held          BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX registrations_use ON registrations (used_at);

CREATE TABLE consents (
  user_id   TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT COLLATE "C" NOT NULL,
  kind      TEXT COLLATE "C" NOT NULL,
  name      TEXT COLLATE "C" NOT NULL,
  since     BIGINT NOT NULL,
  PRIMARY KEY (user_id, client_id, kind, name)
);
CREATE INDEX consents_client ON consents (client_id);

CREATE TABLE pushed_requests (
  hash       TEXT COLLATE "C" PRIMARY KEY,
  client_id  TEXT COLLATE "C" NOT NULL,
  request    TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX pushed_requests_expiry ON pushed_requests (expires_at);

CREATE TABLE administrators (
  user_id  TEXT COLLATE "C" PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  roles    TEXT COLLATE "C" NOT NULL,
  given_by TEXT COLLATE "C" NOT NULL,
  given_at BIGINT NOT NULL
);

CREATE TABLE console_sessions (
  key_hash   TEXT COLLATE "C" PRIMARY KEY,
  id         TEXT COLLATE "C" NOT NULL,
  user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session    TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  proved_at  BIGINT NOT NULL
);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);
CREATE INDEX console_sessions_user ON console_sessions (user_id);

CREATE TABLE settings_revisions (
  number  BIGINT PRIMARY KEY CHECK (number > 0),
  at      BIGINT NOT NULL,
  "by"    TEXT COLLATE "C" NOT NULL,
  comment TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL,
  layer   TEXT COLLATE "C" NOT NULL
);

CREATE TABLE driver_drafts (
  driver     TEXT COLLATE "C" PRIMARY KEY,
  language   TEXT COLLATE "C" NOT NULL,
  source     TEXT COLLATE "C" NOT NULL,
  manifest   TEXT COLLATE "C" NOT NULL,
  cases      TEXT COLLATE "C" NOT NULL,
  base       BIGINT NOT NULL,
  edition    BIGINT NOT NULL,
  author_id  TEXT COLLATE "C" NOT NULL,
  author     TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE driver_versions (
  driver    TEXT COLLATE "C" NOT NULL,
  number    BIGINT NOT NULL,
  language  TEXT COLLATE "C" NOT NULL,
  source    TEXT COLLATE "C" NOT NULL,
  manifest  TEXT COLLATE "C" NOT NULL,
  cases     TEXT COLLATE "C" NOT NULL,
  base      BIGINT NOT NULL,
  author_id TEXT COLLATE "C" NOT NULL,
  author    TEXT COLLATE "C" NOT NULL,
  comment   TEXT COLLATE "C" NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (driver, number)
);

CREATE TABLE driver_releases (
  driver       TEXT COLLATE "C" NOT NULL,
  number       BIGINT NOT NULL,
  released_by  TEXT COLLATE "C" NOT NULL,
  confirmed_by TEXT COLLATE "C" NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (driver, number)
);

CREATE TABLE driver_requests (
  driver      TEXT COLLATE "C" PRIMARY KEY,
  number      BIGINT NOT NULL,
  digest      TEXT COLLATE "C" NOT NULL,
  published   BIGINT NOT NULL,
  asked_by_id TEXT COLLATE "C" NOT NULL,
  asked_by    TEXT COLLATE "C" NOT NULL,
  comment     TEXT COLLATE "C" NOT NULL,
  at          BIGINT NOT NULL
);

CREATE TABLE driver_trials (
  id       TEXT COLLATE "C" PRIMARY KEY,
  driver   TEXT COLLATE "C" NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  tried_by TEXT COLLATE "C" NOT NULL,
  at       BIGINT NOT NULL,
  digest   TEXT COLLATE "C" NOT NULL,
  entry    TEXT COLLATE "C" NOT NULL,
  outcome  TEXT COLLATE "C" NOT NULL,
  detail   TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  fault    TEXT COLLATE "C" NOT NULL,
  phone    TEXT COLLATE "C" NOT NULL,
  millis   BIGINT NOT NULL
);
CREATE INDEX driver_trials_newest ON driver_trials (driver, at);

CREATE TABLE user_words (
  word    TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (word, user_id)
);
CREATE INDEX user_words_user ON user_words (user_id, word);

CREATE TABLE user_imports (
  id         TEXT COLLATE "C" PRIMARY KEY,
  made_by    TEXT COLLATE "C" NOT NULL,
  content    BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX user_imports_expiry ON user_imports (expires_at);

CREATE TABLE audit (
  seq        BIGINT PRIMARY KEY,
  at         BIGINT NOT NULL,
  type       TEXT COLLATE "C" NOT NULL,
  subject    TEXT COLLATE "C" NOT NULL,
  object     TEXT COLLATE "C" NOT NULL,
  client_id  TEXT COLLATE "C" NOT NULL,
  session_id TEXT COLLATE "C" NOT NULL,
  procedure  TEXT COLLATE "C" NOT NULL,
  ip         TEXT COLLATE "C" NOT NULL,
  body       TEXT COLLATE "C" NOT NULL,
  hash       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_type ON audit (type);
CREATE INDEX audit_subject ON audit (subject) WHERE subject <> '';
CREATE INDEX audit_object ON audit (object) WHERE object <> '';
CREATE INDEX audit_client ON audit (client_id) WHERE client_id <> '';
CREATE INDEX audit_session ON audit (session_id) WHERE session_id <> '';
CREATE INDEX audit_procedure ON audit (procedure) WHERE procedure <> '';
CREATE INDEX audit_ip ON audit (ip) WHERE ip <> '';

CREATE TABLE audit_marks (
  name  TEXT COLLATE "C" PRIMARY KEY,
  seq   BIGINT NOT NULL,
  hash  TEXT COLLATE "C" NOT NULL,
  proof TEXT COLLATE "C" NOT NULL
);

CREATE TABLE audit_emitters (
  name   TEXT COLLATE "C" PRIMARY KEY,
  seq    BIGINT NOT NULL,
  holder TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  tries  BIGINT NOT NULL
);

CREATE TABLE nodes (
  id       TEXT COLLATE "C" PRIMARY KEY,
  host     TEXT COLLATE "C" NOT NULL,
  version  TEXT COLLATE "C" NOT NULL,
  started  BIGINT NOT NULL,
  seen     BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  state    TEXT COLLATE "C" NOT NULL
);

CREATE TABLE calls (
  id           TEXT COLLATE "C" PRIMARY KEY,
  login_id     TEXT COLLATE "C" NOT NULL,
  person_id    TEXT COLLATE "C" NOT NULL,
  phone        TEXT COLLATE "C" NOT NULL,
  remote_ip    TEXT COLLATE "C" NOT NULL,
  country      TEXT COLLATE "C" NOT NULL,
  operator     TEXT COLLATE "C" NOT NULL,
  route        TEXT COLLATE "C" NOT NULL,
  channel      TEXT COLLATE "C" NOT NULL,
  driver       TEXT COLLATE "C" NOT NULL,
  state        TEXT COLLATE "C" NOT NULL,
  failure      TEXT COLLATE "C" NOT NULL,
  attempts     BIGINT NOT NULL,
  price        BIGINT NOT NULL,
  cost         BIGINT NOT NULL,
  currency     TEXT COLLATE "C" NOT NULL,
  at           BIGINT NOT NULL,
  requested_at BIGINT NOT NULL,
  placed_at    BIGINT NOT NULL,
  called_at    BIGINT NOT NULL,
  ended_at     BIGINT NOT NULL,
  until        BIGINT NOT NULL
);
CREATE INDEX calls_at ON calls (at, id);
CREATE INDEX calls_login ON calls (login_id, at);
CREATE INDEX calls_phone ON calls (phone, at, id);
CREATE INDEX calls_country ON calls (country, at, id);
CREATE INDEX calls_state ON calls (state, at, id);
CREATE INDEX calls_open ON calls (until) WHERE ended_at = 0;

CREATE TABLE call_figures (
  at        BIGINT NOT NULL,
  route     TEXT COLLATE "C" NOT NULL,
  driver    TEXT COLLATE "C" NOT NULL,
  channel   TEXT COLLATE "C" NOT NULL,
  country   TEXT COLLATE "C" NOT NULL,
  operator  TEXT COLLATE "C" NOT NULL,
  failure   TEXT COLLATE "C" NOT NULL,
  currency  TEXT COLLATE "C" NOT NULL,
  calls     BIGINT NOT NULL,
  underway  BIGINT NOT NULL,
  confirmed BIGINT NOT NULL,
  expired   BIGINT NOT NULL,
  exhausted BIGINT NOT NULL,
  failed    BIGINT NOT NULL,
  refused   BIGINT NOT NULL,
  replaced  BIGINT NOT NULL,
  unsent    BIGINT NOT NULL,
  unknown   BIGINT NOT NULL,
  placed    BIGINT NOT NULL,
  reached   BIGINT NOT NULL,
  spent     BIGINT NOT NULL,
  told      BIGINT NOT NULL,
  wait0     BIGINT NOT NULL,
  wait1     BIGINT NOT NULL,
  wait2     BIGINT NOT NULL,
  wait3     BIGINT NOT NULL,
  wait4     BIGINT NOT NULL,
  wait5     BIGINT NOT NULL,
  wait6     BIGINT NOT NULL,
  wait7     BIGINT NOT NULL,
  wait8     BIGINT NOT NULL,
  wait9     BIGINT NOT NULL,
  wait10    BIGINT NOT NULL,
  wait11    BIGINT NOT NULL,
  PRIMARY KEY (at, route, driver, channel, country, operator, failure, currency)
);

CREATE TABLE recovery_codes (
  user_id    TEXT COLLATE "C" PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  codes      TEXT COLLATE "C" NOT NULL,
  made_at    BIGINT NOT NULL,
  wrong      BIGINT NOT NULL,
  not_before BIGINT NOT NULL
);

-- These keep mistakes away, not attackers: against those is the chain.
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.seq > coalesce((SELECT seq FROM audit_marks WHERE name = 'anchor'), 0) THEN
    RAISE EXCEPTION 'the audit trail is only deleted from its beginning';
  END IF;
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER driver_versions_never_change BEFORE UPDATE ON driver_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('a version of a driver never changes');
CREATE TRIGGER driver_versions_stay BEFORE DELETE ON driver_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('a version of a driver is never deleted');
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_change('the audit trail is only appended to');
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION keep_audit();

-- +goose Down
DROP TABLE administrators, assertions, audit, audit_emitters, audit_marks, browsers, budgets, call_figures, callbacks, calls, challenges, client_tokens, clients, code_hashes, code_phones, code_windows, consents, console_sessions, counters, devices, driver_drafts, driver_releases, driver_requests, driver_secrets, driver_tokens, driver_trials, driver_versions, grants, idempotency, initial_tokens, logins, logout_notices, nodes, password_counters, pushed_requests, recovery_codes, registrations, session_clients, sessions, settings_revisions, signing_keys, tokens, user_imports, user_numbers, user_words, users, verifications;
DROP FUNCTION refuse_change, keep_audit;
