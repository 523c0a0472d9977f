package users

import (
	"context"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Draft is a user to be made.
type Draft struct {
	Login      string
	Attributes map[string]string
	// Password in clear; empty: the user has none, and signs in otherwise or not at all.
	Password string
	// MustChange has them choose another one at their first login.
	MustChange     bool
	RequiredFactor int
}

// Create makes a user.
func (s *Service) Create(ctx context.Context, a *admin.Actor, d Draft) (*idp.User, error) {
	u, err := s.newUser(a, d)
	if err != nil {
		return nil, err
	}
	switch _, err := s.Store.UserByLogin(ctx, u.Login); {
	case err == nil:
		return nil, taken()
	case !errors.Is(err, idp.ErrNotFound):
		return nil, err
	}
	if d.Password != "" {
		if u.PasswordHash, err = s.hash(ctx, u, d.Password); err != nil {
			return nil, err
		}
		u.MustChangePassword = d.MustChange
	}
	_, is := difference(nil, u.Attributes)
	params := map[string]any{"after": is, "password": d.Password != "", "required_factor": u.RequiredFactor}
	err = s.record(ctx, a, audit.TypeUserCreated, u, params, func() error { return s.Store.CreateUser(ctx, u) })
	if errors.Is(err, idp.ErrTaken) {
		return nil, taken()
	}
	return u, err
}

func taken() error {
	return &idp.Problem{ID: problemTaken, Status: http.StatusConflict, Field: "login"}
}

func (s *Service) newUser(a *admin.Actor, d Draft) (*idp.User, error) {
	if !idp.ValidLogin(d.Login) {
		return nil, invalid(problemLogin, "login", nil)
	}
	if d.RequiredFactor < 0 || d.RequiredFactor > 2 {
		return nil, invalid(problemFactor, "required_factor", nil)
	}
	attributes, err := s.patched(a, nil, d.Attributes)
	if err != nil {
		return nil, err
	}
	id, err := idp.NewID(s.Rand)
	if err != nil {
		return nil, err
	}
	return &idp.User{ID: id, Login: idp.NormalizeLogin(d.Login), Attributes: attributes, RequiredFactor: d.RequiredFactor}, nil
}

// Change is what is to become of a user; what is nil stays.
type Change struct {
	// Base is the Version that the change was made for; empty: any.
	Base  string
	Login *string
	// Attributes to set; an empty value takes one away.
	Attributes     map[string]string
	RequiredFactor *int
}

// Edit changes a user. A new number takes with it that the old one was confirmed,
// and ends the calls to it.
func (s *Service) Edit(ctx context.Context, a *admin.Actor, id string, c Change) (*idp.User, error) {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := same(u, c.Base); err != nil {
		return nil, err
	}
	before, base := *u, Version(u)
	if err := s.apply(a, u, c); err != nil {
		return nil, err
	}
	if Version(u) == base {
		return u, nil
	}
	var updated *idp.User
	err = s.record(ctx, a, audit.TypeUserChanged, &before, editParams(&before, u), func() error {
		updated, err = s.Store.UpdateUser(ctx, id, func(now *idp.User) error {
			if err := same(now, base); err != nil {
				return err
			}
			now.Login, now.Attributes, now.RequiredFactor = u.Login, u.Attributes, u.RequiredFactor
			return nil
		})
		return err
	})
	if errors.Is(err, idp.ErrTaken) {
		return nil, taken()
	}
	return updated, err
}

// apply makes the change in u, which is a copy.
func (s *Service) apply(a *admin.Actor, u *idp.User, c Change) (err error) {
	if c.Login != nil {
		if !idp.ValidLogin(*c.Login) {
			return invalid(problemLogin, "login", nil)
		}
		u.Login = idp.NormalizeLogin(*c.Login)
	}
	if c.RequiredFactor != nil {
		if *c.RequiredFactor < 0 || *c.RequiredFactor > 2 {
			return invalid(problemFactor, "required_factor", nil)
		}
		u.RequiredFactor = *c.RequiredFactor
	}
	u.Attributes, err = s.patched(a, u.Attributes, c.Attributes)
	return err
}

// editParams say what was changed, and to what.
func editParams(before, after *idp.User) map[string]any {
	was, is := difference(before.Attributes, after.Attributes)
	if before.Login != after.Login {
		was["login"], is["login"] = before.Login, after.Login
	}
	if before.RequiredFactor != after.RequiredFactor {
		was["required_factor"], is["required_factor"] = before.RequiredFactor, after.RequiredFactor
	}
	return map[string]any{"before": was, "after": is}
}
