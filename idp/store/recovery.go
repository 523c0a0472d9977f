package store

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/idp"
)

var _ recovery.Store = (*Store)(nil)

type recoveryRow struct {
	UserID    string           `db:"user_id"`
	Codes     jsonOf[[]string] `db:"codes"`
	MadeAt    stamp            `db:"made_at"`
	Wrong     int              `db:"wrong"`
	NotBefore stamp            `db:"not_before"`
}

func (r recoveryRow) kept() recovery.Kept {
	return recovery.Kept{Codes: r.Codes.V, MadeAt: r.MadeAt.Time, Wrong: r.Wrong, NotBefore: r.NotBefore.Time}
}

const (
	selectRecovery = `SELECT user_id, codes, made_at, wrong, not_before FROM recovery_codes WHERE user_id = ?`
	putRecovery    = `INSERT INTO recovery_codes (user_id, codes, made_at, wrong, not_before)
		VALUES (:user_id, :codes, :made_at, :wrong, :not_before)
		ON CONFLICT (user_id) DO UPDATE SET codes = excluded.codes, made_at = excluded.made_at,
		wrong = excluded.wrong, not_before = excluded.not_before`
)

// UpdateRecovery implements recovery.Store. The person must be a user.
func (s *Store) UpdateRecovery(ctx context.Context, userID string, change func(*recovery.Kept) error) error {
	return s.writeHolding(ctx, []string{"recovery " + userID}, func(tx *txn) error {
		var row recoveryRow
		if err := tx.Get(&row, selectRecovery, userID); err != nil && !errors.Is(err, idp.ErrNotFound) {
			return err
		}
		kept := row.kept()
		if err := change(&kept); err != nil {
			return err
		}
		return only(tx.NamedExec(putRecovery, recoveryRow{
			UserID: userID, Codes: asJSON(kept.Codes), MadeAt: at(kept.MadeAt), Wrong: kept.Wrong, NotBefore: at(kept.NotBefore),
		}))
	})
}

// Recovery implements recovery.Store.
func (s *Store) Recovery(ctx context.Context, userID string) (recovery.Kept, error) {
	var row recoveryRow
	if err := s.read.Get(ctx, &row, selectRecovery, userID); err != nil && !errors.Is(err, idp.ErrNotFound) {
		return recovery.Kept{}, err
	}
	return row.kept(), nil
}
