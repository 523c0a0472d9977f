package users

import (
	"context"
	"net/http"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// hash is that of a new password; its problems are about the field "password".
func (s *Service) hash(ctx context.Context, u *idp.User, typed string) (string, error) {
	hash, err := s.Passwords.Make(ctx, u.Login, "", typed)
	p := factors.AsProblem(err)
	if p == nil || p.ID == factors.ProblemBusy {
		return hash, err
	}
	at := *p
	at.Field, at.Status = "password", http.StatusUnprocessableEntity
	return "", &at
}

// SetPassword gives the user a password and signs them out everywhere. With
// mustChange they choose another one at their next login.
func (s *Service) SetPassword(ctx context.Context, a *admin.Actor, id, typed string, mustChange bool) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	hash, err := s.hash(ctx, u, typed)
	if err != nil {
		return err
	}
	return s.record(ctx, a, audit.TypeUserPasswordSet, u, map[string]any{"must_change": mustChange}, func() error {
		return s.Store.ResetUser(ctx, id, func(u *idp.User) error {
			u.PasswordHash, u.MustChangePassword = hash, mustChange
			return nil
		})
	})
}

// RequireChange has the user choose another password at the next login, or takes
// that back. With signOut they are signed out everywhere, so that it is soon.
func (s *Service) RequireChange(ctx context.Context, a *admin.Actor, id string, must, signOut bool) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	if must && u.PasswordHash == "" {
		return problem(problemNoPassword, http.StatusConflict)
	}
	change := func(u *idp.User) error {
		u.MustChangePassword = must
		return nil
	}
	return s.record(ctx, a, audit.TypeUserPasswordChange, u, map[string]any{"must_change": must, "signed_out": signOut}, func() error {
		if signOut {
			return s.Store.ResetUser(ctx, id, change)
		}
		_, err := s.Store.UpdateUser(ctx, id, change)
		return err
	})
}
