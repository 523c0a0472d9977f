package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

type importRow struct {
	ID        string `db:"id"`
	MadeBy    string `db:"made_by"`
	Content   []byte `db:"content"`
	ExpiresAt stamp  `db:"expires_at"`
}

// StageImport keeps a file of users until it expires. Whoever sent it before sends
// it anew: of each of them one waits.
func (s *Store) StageImport(ctx context.Context, f idp.StagedImport) error {
	row := importRow{ID: f.ID, MadeBy: f.MadeBy, Content: f.Content, ExpiresAt: at(f.ExpiresAt)}
	return s.write(ctx, func(tx *txn) error {
		if _, err := tx.Exec(`DELETE FROM user_imports WHERE made_by = ?`, f.MadeBy); err != nil {
			return err
		}
		return only(tx.NamedExec(`INSERT INTO user_imports (id, made_by, content, expires_at)
			VALUES (:id, :made_by, :content, :expires_at)`, row))
	})
}

// StagedImport finds a file that whoever sent it may still import. ErrNotFound.
func (s *Store) StagedImport(ctx context.Context, id, madeBy string, now time.Time) (idp.StagedImport, error) {
	var row importRow
	err := s.read.Get(ctx, &row, `SELECT id, made_by, content, expires_at FROM user_imports
		WHERE id = ? AND made_by = ? AND expires_at > ?`, id, madeBy, at(now))
	if err != nil {
		return idp.StagedImport{}, err
	}
	return idp.StagedImport{ID: row.ID, MadeBy: row.MadeBy, Content: row.Content, ExpiresAt: row.ExpiresAt.Time}, nil
}

// DropImport forgets a file; one that isn't there is no error.
func (s *Store) DropImport(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM user_imports WHERE id = ?`, id))
	})
}

// CreateUsers is CreateUser for many, as one transaction.
func (s *Store) CreateUsers(ctx context.Context, users []*idp.User) error {
	rows := make([]userRow, len(users))
	for i, u := range users {
		rows[i] = s.newRow(u)
	}
	return s.write(ctx, func(tx *txn) error {
		for _, row := range rows {
			if err := createUser(tx, row); err != nil {
				return err
			}
		}
		return nil
	})
}
