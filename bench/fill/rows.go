package fill

import (
	"context"
	"fmt"
	"strings"
)

// batch is how many users one transaction brings.
const batch = 250_000

// One of so many users has a session, a call and a login under way. A session has
// one application with a grant, an access and a refresh token.
const (
	usersPerSession = 20
	usersPerCall    = 50
	usersPerLogin   = 1000
)

// FamilyNames and GivenNames are how many different ones there are.
const (
	FamilyNames = 49_999
	GivenNames  = 997
)

// Texts that all rows share: only their lengths matter.
const (
	passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9mIDE2$5q3mS8cTnBq8sDkq0JkTQ9j3mC3l3d8w1y0m0Yb8b9E"
	idRest       = "qrstuvwxyzabcdef" // after ten digits
	hashRest     = "0123456789abcdef0123456789abcdef0123456789abcdef012345"
	facts        = `[{"method":"password","factor":1,"amr":["pwd"],"at":"2026-03-01T10:00:00Z"},{"method":"flashCall","factor":2,"amr":["tel"],"at":"2026-03-01T10:00:20Z"}]`
	userAgent    = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	auditBody    = `{"type":"login","ts":1772359200000,"ip":167772161,"ua":"Mozilla/5.0","cId":"shop","cAthM":"client_secret_basic","prms":{"used_login":"person","auth_methods":"password,flashCall","authnDone":"true"}}`
)

// The times of rows, in microseconds: what is over, what was, and what isn't over.
const (
	began   = 1_767_225_600_000_000 // 2026-01-01
	endless = 4_102_444_800_000_000 // 2100-01-01
)

// insertion fills one table from the numbers that its condition leaves.
type insertion struct{ table, columns, values, where, order string }

// insertions are in the order in which rows need each other. OWN is the row's own ID, and
// USER the user's, which are the same but in rows that are expired.
func insertions() []insertion {
	session := fmt.Sprintf("i %% %d = 0", usersPerSession)
	return []insertion{
		{"users", "id, login, attributes, password_hash, required_factor, blocked, created_at, updated_at, must_change_password, password_set_at, words",
			`OWN, 'person' || i, '{"family_name":"Family' || FAMILY || '","given_name":"Given' || GIVEN || '","phone_number":"+' || NUMBER || '"}',
			'` + passwordHash + `', 0, 0, STAMP, STAMP, 0, STAMP, 1`, "", ""},
		{"user_numbers", "user_id, attribute, number", "OWN, 'phone_number', CAST(NUMBER AS TEXT)", "", ""},
		{"user_words", "word, user_id", "'family' || FAMILY AS word, OWN", "", "word"},
		{"user_words", "word, user_id", "'given' || GIVEN AS word, OWN", "", "word"},
		{"user_words", "word, user_id", "'person' || i AS word, OWN", "", "word"},
		{"user_words", "word, user_id", "CAST(NUMBER AS TEXT) AS word, OWN", "", "word"},
		{"browsers", "key_hash, browser, session, expires_at", "HASH, OWN, OWN, ENDLESS", session, ""},
		{"sessions", "id, user_id, browser, facts, auth_time, created_at, seen_at, expires_at, ended_at, user_agent, address",
			"OWN, USER, OWN, '" + facts + "', STAMP, STAMP, STAMP, ENDLESS, 0, '" + userAgent + "', '10.0.0.1'", session, ""},
		{"session_clients", "session, client_id, user_id, since", "OWN, 'shop', USER, STAMP", session, ""},
		{"grants", `id, client_id, user_id, session, scopes, nonce, auth_time, acr, amr, code_hash, redirect_uri, challenge,
			code_expires_at, redeemed_at, created_at, expires_at, revoked_at, kind, claims, resources, actor, parent`,
			`OWN, 'shop', USER, OWN, '["openid","profile","offline_access"]', 'nonce of a request', STAMP, 'urn:ringtail:2', '["pwd","tel","mca","mfa"]', HASH,
			'https://shop.example/callback', '` + hashRest[:43] + `', STAMP, STAMP, STAMP, ENDLESS, 0, 'code', 'null', 'null', '', ''`, session, ""},
		{"tokens", "hash, kind, grant_id, scopes, audience, created_at, expires_at, used_at",
			`HASH, 'refresh', OWN, '["openid","profile","offline_access"]', 'null', STAMP, ENDLESS, 0`, session, ""},
		{"tokens", "hash, kind, grant_id, scopes, audience, created_at, expires_at, used_at",
			`HASH || 'a', 'access', OWN, '["openid","profile"]', 'null', STAMP, ENDLESS, 0`, session, ""},
		{"budgets", "person_id, method, used, blocked_until, next_call, agreed", "OWN, 'flashCall', 1, 0, STAMP, ''", session, ""},
		{"audit", "seq, at, type, subject, object, client_id, session_id, procedure, ip, body, hash",
			fmt.Sprintf(`(SELECT coalesce(max(seq), 0) FROM audit) + row_number() OVER (ORDER BY i), STAMP, 'type' || (i / %d %% 12), OWN, '', 'shop', OWN, OWN, '10.' || (i %% 250) || '.' || (i / 250 %% 250) || '.1', '`+auditBody+`', HASH`,
				usersPerSession), session, ""},
		{"calls", `id, login_id, person_id, phone, remote_ip, country, operator, route, channel, driver, state, failure, attempts,
			price, cost, currency, at, requested_at, placed_at, called_at, ended_at, until`,
			`OWN, OWN, OWN, '+' || NUMBER, '10.0.0.1', 'RU', 'mts', '1-flashCall-example', 'flashCall', 'example', 'confirmed', '', 1,
			400000, 400000, 'RUB', STAMP, STAMP, STAMP, STAMP, STAMP, STAMP`, fmt.Sprintf("i %% %d = 0", usersPerCall), ""},
		{"logins", "id, browser, request, state, user_id, session, facts, auth_time, chosen, consented, error, forms, created_at, expires_at",
			"OWN, OWN, '{}', 'open', '', '', '[]', 0, '', 0, '', '[]', STAMP, ENDLESS", fmt.Sprintf("i %% %d = 0", usersPerLogin), ""},
	}
}

// form is how the rows of an insertion are: the beginning of their own IDs, and
// when they are over.
type form struct{ before, until string }

// sql is the insertion of the numbers from first to last.
func (n insertion) sql(d *database, f form, first, last int) string {
	query := "INSERT INTO " + n.table + " (" + n.columns + ") SELECT " + n.values + " FROM " + fmt.Sprintf(d.numbers, first, last)
	if n.where != "" {
		query += " WHERE " + n.where
	}
	if n.order != "" {
		query += " ORDER BY " + n.order
	}
	return strings.NewReplacer(
		"USER", d.pad+" || '"+idRest+"'", "OWN", "'"+f.before+"' || "+d.pad+" || '"+idRest+"'", "HASH", "'"+f.before+"' || "+d.pad+" || '"+hashRest+"'",
		"FAMILY", fmt.Sprintf("(i * 7919 %% %d)", FamilyNames), "GIVEN", fmt.Sprintf("(i * 31 %% %d)", GivenNames),
		"NUMBER", "(79000000000 + i)", "STAMP", fmt.Sprintf("(%d + i * 1000)", began), "ENDLESS", f.until,
	).Replace(query)
}

// add fills in the users from first to last.
func (d *database) add(ctx context.Context, first, last int) error {
	for ; first <= last; first += batch {
		if err := d.addBatch(ctx, first, min(last, first+batch-1)); err != nil {
			return fmt.Errorf("filling in users from %d on: %w", first, err)
		}
	}
	for _, statement := range append(d.settle, markHead()) {
		if _, err := d.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) addBatch(ctx context.Context, first, last int) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	alive := form{until: fmt.Sprintf("(%d + i)", endless)}
	for _, n := range insertions() {
		if _, err := tx.ExecContext(ctx, n.sql(d, alive, first, last)); err != nil {
			_ = tx.Rollback()
			return fmt.Errorf("the table %s: %w", n.table, err)
		}
	}
	return tx.Commit()
}

// markHead makes the last record the head of the audit chain.
func markHead() string {
	return `INSERT INTO audit_marks (name, seq, hash, proof) SELECT 'head', seq, hash, '' FROM audit ORDER BY seq DESC LIMIT 1
		ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`
}

// expire adds n grants of the first users, each with two tokens, n logins and n
// sessions, whose time is over. Their IDs come before all others.
func (d *database) expire(ctx context.Context, round, n int) error {
	over := form{before: fmt.Sprintf("-%d-", round), until: fmt.Sprintf("(%d + i)", began)}
	for _, ins := range insertions() {
		switch ins.table {
		case "grants", "tokens", "logins", "sessions":
		default:
			continue
		}
		ins.where = ""
		if _, err := d.ExecContext(ctx, ins.sql(d, over, 1, n)); err != nil {
			return fmt.Errorf("expired rows of %s: %w", ins.table, err)
		}
	}
	return nil
}
