package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
)

var _ administrators.Store = (*Store)(nil)

type administratorRow struct {
	UserID  string               `db:"user_id"`
	Login   string               `db:"login"`
	Blocked bool                 `db:"blocked"`
	Roles   jsonOf[[]admin.Role] `db:"roles"`
	GivenBy string               `db:"given_by"`
	GivenAt stamp                `db:"given_at"`
}

const selectAdministrators = `SELECT a.user_id, u.login, u.blocked, a.roles, a.given_by, a.given_at
	FROM administrators a JOIN users u ON u.id = a.user_id`

// RolesOf implements administrators.Store.
func (s *Store) RolesOf(ctx context.Context, userID string) ([]admin.Role, error) {
	var row struct {
		Roles jsonOf[[]admin.Role] `db:"roles"`
	}
	err := s.read.Get(ctx, &row, `SELECT roles FROM administrators WHERE user_id = ?`, userID)
	if errors.Is(err, idp.ErrNotFound) {
		return []admin.Role{}, nil
	}
	if err != nil {
		return nil, err
	}
	return row.Roles.V, nil
}

// Administrators implements administrators.Store.
func (s *Store) Administrators(ctx context.Context) ([]administrators.Administrator, error) {
	var rows []administratorRow
	if err := s.read.Select(ctx, &rows, selectAdministrators+` ORDER BY u.login`); err != nil {
		return nil, err
	}
	all := make([]administrators.Administrator, len(rows))
	for i, r := range rows {
		all[i] = administrators.Administrator{
			UserID: r.UserID, Login: r.Login, Blocked: r.Blocked, Roles: r.Roles.V, GivenBy: r.GivenBy, GivenAt: r.GivenAt.Time,
		}
	}
	return all, nil
}

// ChangeRoles implements administrators.Store.
func (s *Store) ChangeRoles(ctx context.Context, userID, by string, when time.Time, change func([]admin.Role) ([]admin.Role, error)) error {
	return s.write(ctx, func(tx *txn) error {
		var user userRow
		if err := tx.Get(&user, selectUser+` WHERE id = ?`, userID); err != nil {
			return err
		}
		var all []administratorRow
		if err := tx.Select(&all, selectAdministrators); err != nil {
			return err
		}
		before := []admin.Role{}
		if i := slices.IndexFunc(all, func(r administratorRow) bool { return r.UserID == userID }); i >= 0 {
			before = all[i].Roles.V
		}
		after, err := change(slices.Clone(before))
		if err != nil {
			return err
		}
		if slices.Contains(before, admin.RoleRoot) && !slices.Contains(after, admin.RoleRoot) && !otherRoot(all, userID) {
			return administrators.ErrLastRoot
		}
		return putRoles(tx, userID, by, when, after)
	})
}

func otherRoot(all []administratorRow, userID string) bool {
	return slices.ContainsFunc(all, func(r administratorRow) bool {
		return r.UserID != userID && !r.Blocked && slices.Contains(r.Roles.V, admin.RoleRoot)
	})
}

func putRoles(tx *txn, userID, by string, when time.Time, roles []admin.Role) error {
	if len(roles) == 0 {
		_, err := tx.Exec(`DELETE FROM console_sessions WHERE user_id = ?`, userID)
		return errors.Join(err, only(tx.Exec(`DELETE FROM administrators WHERE user_id = ?`, userID)))
	}
	return only(tx.Exec(`INSERT INTO administrators (user_id, roles, given_by, given_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET roles = excluded.roles, given_by = excluded.given_by, given_at = excluded.given_at`,
		userID, asJSON(roles), by, at(when)))
}
