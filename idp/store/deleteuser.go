package store

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/idp"
)

// DeleteUser deletes the user and all that is theirs: sessions, grants and tokens
// end, logins under way are denied, consents, numbers, codes and budgets go. That
// applications are told of it is queued in the same transaction. ErrNotFound.
func (s *Store) DeleteUser(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error {
		_, ended := endSessions(tx, idp.Ending{UserID: id, Offline: true}, s.now())
		_, codes := tx.Exec(`DELETE FROM challenges WHERE person_id = ?`, id)
		_, budgets := tx.Exec(`DELETE FROM budgets WHERE person_id = ?`, id)
		if err := errors.Join(ended, codes, budgets); err != nil {
			return err
		}
		return one(tx.Exec(`DELETE FROM users WHERE id = ?`, id))
	})
}
