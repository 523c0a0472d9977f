package store

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

var _ login.PasswordStore = (*Store)(nil)

// ChangePassword implements login.PasswordStore. The one UPDATE decides whose change
// counts; the flag goes with it.
func (s *Store) ChangePassword(ctx context.Context, c login.PasswordChange) error {
	now := s.now()
	return s.write(ctx, func(tx *txn) error {
		err := one(tx.Exec(`UPDATE users SET password_hash = ?, must_change_password = 0, password_set_at = ?, updated_at = ?
			WHERE id = ? AND password_hash = ? AND must_change_password = 1 AND blocked = 0`, c.New, at(now), at(now), c.UserID, c.Old))
		if err != nil {
			return err
		}
		// Other logins on their way may rest on the password that is gone.
		_, err = tx.Exec(`UPDATE logins SET state = ?, error = ? WHERE user_id = ? AND id <> ? AND state IN (?, ?)`,
			idp.LoginDenied, login.ErrorAccessDenied, c.UserID, c.Login, idp.LoginOpen, idp.LoginDone)
		if err != nil || !c.EndOthers {
			return err
		}
		const others = `s.user_id = ? AND s.ended_at = 0 AND s.id <> ?`
		if err := noticeSessions(tx, now, others, c.UserID, c.Session); err != nil {
			return err
		}
		return only(tx.Exec(`UPDATE sessions AS s SET ended_at = ? WHERE `+others, at(now), c.UserID, c.Session))
	})
}
