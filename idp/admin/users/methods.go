package users

import (
	"context"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Enrolled is a method by which the user can prove who they are.
type Enrolled struct {
	// Method is the ID in the settings.
	Method string
	// Set says that the user has what the method needs.
	Set bool
	// Since is when; zero where that isn't known.
	Since time.Time
	// Blocked is until when it isn't taken; zero where it is.
	Blocked time.Time
	// Left is how many recovery codes weren't used.
	Left int
}

// Methods are those of the user.
func (s *Service) Methods(ctx context.Context, u *idp.User) ([]Enrolled, error) {
	standing, err := s.Passwords.Standing(ctx, u.Login)
	if err != nil {
		return nil, err
	}
	own := Enrolled{Method: password.ID, Set: u.PasswordHash != "", Blocked: standing.Until}
	if own.Set {
		own.Since = u.PasswordSetAt
	}
	methods := []Enrolled{own}
	if s.Calls != nil {
		status, err := s.Calls.Engine.Status(ctx, "", u.ID)
		if err != nil {
			return nil, err
		}
		methods = append(methods, Enrolled{Method: flashcall.ID, Set: s.number(u) != "", Blocked: status.BlockedUntil})
	}
	kept, err := s.Store.Recovery(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	return append(methods, Enrolled{
		Method: recovery.ID, Set: len(kept.Codes) > 0, Since: kept.MadeAt, Left: len(kept.Codes), Blocked: kept.NotBefore,
	}), nil
}

// Reset takes away what the user has set up of the method. Of the password it ends
// all sessions; of the call it is the agreement and that the number was confirmed.
func (s *Service) Reset(ctx context.Context, a *admin.Actor, id, method string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	var do func() error
	switch {
	case method == password.ID:
		do = func() error { return s.Store.ResetUser(ctx, id, dropPassword) }
	case method == flashcall.ID && s.Calls != nil:
		do = func() error { return s.resetCalls(ctx, u) }
	case method == recovery.ID:
		do = func() error { return recovery.Reset(ctx, s.Store, id) }
	default:
		return problem(problemMethod, http.StatusNotFound)
	}
	return s.record(ctx, a, audit.TypeUserMethodReset, u, map[string]any{"method": method}, do)
}

func dropPassword(u *idp.User) error {
	u.PasswordHash, u.MustChangePassword = "", false
	return nil
}

func (s *Service) resetCalls(ctx context.Context, u *idp.User) error {
	if err := s.Calls.Engine.Forget(ctx, u.ID); err != nil {
		return err
	}
	if err := s.Calls.Engine.Unblock(ctx, u.ID); err != nil {
		return err
	}
	_, err := s.Store.UpdateUser(ctx, u.ID, func(u *idp.User) error {
		delete(u.Attributes, idp.AttributePhoneVerified)
		delete(u.Attributes, idp.AttributePhoneVerifiedAt)
		return nil
	})
	return err
}

// IssueCodes makes recovery codes for the user; those before count no more. They
// are told this once.
func (s *Service) IssueCodes(ctx context.Context, a *admin.Actor, id string) (codes []string, err error) {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return nil, err
	}
	err = s.record(ctx, a, audit.TypeUserCodesIssued, u, map[string]any{"count": recovery.Count}, func() error {
		codes, err = recovery.Issue(ctx, s.Store, s.RecoveryHash, s.Rand, id, s.Now())
		return err
	})
	return codes, err
}
