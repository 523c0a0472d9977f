package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// EndSessions ends what e names at now, and queues a notice for each relying
// party that took part, as one transaction. It returns the sessions that it
// ended; those that were ended already aren't among them.
func (s *Store) EndSessions(ctx context.Context, e idp.Ending, now time.Time) (ended []string, err error) {
	err = s.write(ctx, func(tx *txn) error {
		ended, err = endSessions(tx, e, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ended, nil
}

// endingSessions are the sessions s of an idp.Ending that weren't ended before.
const endingSessions = `s.user_id = ? AND s.ended_at = 0
	AND (? OR s.id = ? OR (s.browser = ? AND s.browser <> ''))`

func endSessions(tx *txn, e idp.Ending, now time.Time) (ended []string, err error) {
	which := []any{e.UserID, e.Session == "" && e.Browser == "", e.Session, e.Browser}
	if err := tx.Select(&ended, `SELECT s.id FROM sessions s WHERE `+endingSessions, which...); err != nil {
		return nil, err
	}
	if err := noticeSessions(tx, now, endingSessions, which...); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE sessions AS s SET ended_at = ? WHERE `+endingSessions, append([]any{at(now)}, which...)...)
	if err != nil || !e.Offline {
		return ended, err
	}
	return ended, errors.Join(revokeGrants(tx, e.UserID, now), denyLogins(tx, e.UserID))
}

// revokeGrants revokes all that the user granted, and queues a notice for whoever
// has something of it, which a client with an offline grant has after its session.
func revokeGrants(tx *txn, userID string, now time.Time) error {
	_, queued := tx.Exec(queueNotices+`SELECT DISTINCT session, client_id, user_id, CAST(? AS BIGINT), CAST(? AS BIGINT), 0, '' FROM grants
		WHERE user_id = ? AND revoked_at = 0 AND expires_at > ? AND session <> '' ON CONFLICT DO NOTHING`,
		at(now), at(now), userID, at(now))
	_, revoked := tx.Exec(`UPDATE grants SET revoked_at = ? WHERE user_id = ? AND revoked_at = 0`, at(now), userID)
	return errors.Join(queued, revoked)
}

func denyLogins(tx *txn, userID string) error {
	return only(tx.Exec(`UPDATE logins SET state = ?, error = 'access_denied' WHERE user_id = ? AND state IN (?, ?)`,
		idp.LoginDenied, userID, idp.LoginOpen, idp.LoginDone))
}

// queueNotices is followed by a SELECT of a row's values.
const queueNotices = `INSERT INTO logout_notices (session, client_id, user_id, queued_at, due_at, tries, holder) `

// noticeSessions queues a notice for everybody who took part in the sessions s
// that where says. Call it before they are marked as ended.
func noticeSessions(tx *txn, now time.Time, where string, args ...any) error {
	args = append([]any{at(now), at(now)}, args...)
	return only(tx.Exec(queueNotices+`SELECT c.session, c.client_id, c.user_id, CAST(? AS BIGINT), CAST(? AS BIGINT), 0, ''
		FROM session_clients c JOIN sessions s ON s.id = c.session WHERE `+where+` ON CONFLICT DO NOTHING`, args...))
}

// SessionClients returns the applications that were used in the sessions, in the
// order of their first use.
func (s *Store) SessionClients(ctx context.Context, sessions ...string) ([]idp.SessionClient, error) {
	var found []idp.SessionClient
	for _, id := range sessions {
		var rows []struct {
			ClientID string `db:"client_id"`
			Since    stamp  `db:"since"`
		}
		err := s.read.Select(ctx, &rows, `SELECT client_id, since FROM session_clients WHERE session = ? ORDER BY since, client_id`, id)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			found = append(found, idp.SessionClient{Session: id, ClientID: row.ClientID, Since: row.Since.Time})
		}
	}
	return found, nil
}

// sweepSessions deletes sessions whose life is over. Nobody ended them, so their
// relying parties are to be told now.
func (s *Store) sweepSessions(ctx context.Context, now time.Time, limit int) (int, error) {
	const over = `id IN (SELECT id FROM sessions WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?)`
	which := []any{at(now), max(limit, 0)}
	var n int64
	err := s.write(ctx, func(tx *txn) (err error) {
		if err := noticeSessions(tx, now, `s.ended_at = 0 AND s.`+over, which...); err != nil {
			return err
		}
		n, err = tx.Exec(`DELETE FROM sessions WHERE `+over, which...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}
