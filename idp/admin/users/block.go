package users

import (
	"context"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Block keeps the user from signing in and ends all that is theirs: sessions, also
// of the console, tokens, and logins under way.
func (s *Service) Block(ctx context.Context, a *admin.Actor, id string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	if u.ID == a.UserID {
		return problem(problemOwn, http.StatusConflict)
	}
	if u.Blocked {
		return nil
	}
	return s.record(ctx, a, audit.TypeUserBlocked, u, nil, func() error {
		return s.Store.ResetUser(ctx, id, func(u *idp.User) error {
			u.Blocked = true
			return nil
		})
	})
}

// Unblock lets the user sign in again.
func (s *Service) Unblock(ctx context.Context, a *admin.Actor, id string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil || !u.Blocked {
		return err
	}
	return s.record(ctx, a, audit.TypeUserUnblocked, u, nil, func() error {
		_, err := s.Store.UpdateUser(ctx, id, func(u *idp.User) error {
			u.Blocked = false
			return nil
		})
		return err
	})
}

// Delete deletes the user with all that is theirs. Whoever is an administrator has
// to lose the roles first, so that no last root goes.
func (s *Service) Delete(ctx context.Context, a *admin.Actor, id string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	if u.ID == a.UserID {
		return problem(problemOwn, http.StatusConflict)
	}
	roles, err := s.Store.RolesOf(ctx, id)
	if err != nil {
		return err
	}
	if len(roles) > 0 {
		return problem(problemHasRoles, http.StatusConflict)
	}
	was, _ := difference(u.Attributes, nil)
	return s.record(ctx, a, audit.TypeUserDeleted, u, map[string]any{"before": was}, func() error { return s.Store.DeleteUser(ctx, id) })
}
