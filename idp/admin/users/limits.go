package users

import (
	"context"
	"fmt"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Names of limits beside those of package otp.
const (
	// limitPasswords are passwords that were wrong, in a row.
	limitPasswords = "password_failures"
	// limitTyped is the total of who types the number before they sign in.
	limitTyped = "total_by_number"
)

// Limits tell how much of what bounds the user's tries is used up.
func (s *Service) Limits(ctx context.Context, u *idp.User) ([]otp.Use, error) {
	standing, err := s.Passwords.Standing(ctx, u.Login)
	if err != nil {
		return nil, err
	}
	uses := []otp.Use{{
		Budget: limitPasswords, Used: int64(standing.Failures), Limit: int64(standing.BlockAfter), Until: standing.Until, Over: !standing.Until.IsZero(),
	}}
	if s.Calls == nil {
		return uses, nil
	}
	number := s.number(u)
	calls, err := s.Calls.Engine.Uses(ctx, u.ID, number)
	if err != nil {
		return nil, err
	}
	uses = append(uses, calls...)
	if number == "" {
		return uses, nil
	}
	typed, err := s.Calls.Engine.Uses(ctx, s.Calls.Engine.NumberKey(number), "")
	for _, u := range typed {
		u.Budget = limitTyped
		uses = append(uses, u)
	}
	return uses, err
}

// Lift begins all of the user's limits anew, at once: passwords, attempts, and calls
// to their number. A stop of calls stays, and so does the block of the account.
func (s *Service) Lift(ctx context.Context, a *admin.Actor, id string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	before, err := s.Limits(ctx, u)
	if err != nil {
		return err
	}
	was := map[string]any{}
	for _, use := range before {
		if use.Used > 0 {
			was[use.Budget] = fmt.Sprintf("%d of %d", use.Used, use.Limit)
		}
	}
	return s.record(ctx, a, audit.TypeUserLimitsLifted, u, map[string]any{"before": was}, func() error { return s.lift(ctx, u) })
}

func (s *Service) lift(ctx context.Context, u *idp.User) error {
	if err := s.Passwords.Lift(ctx, u.Login); err != nil || s.Calls == nil {
		return err
	}
	people := []string{u.ID}
	number := s.number(u)
	if number != "" {
		people = append(people, s.Calls.Engine.NumberKey(number))
	}
	for _, person := range people {
		if err := s.Calls.Engine.Unblock(ctx, person); err != nil {
			return err
		}
	}
	if number == "" {
		return nil
	}
	return s.Calls.Engine.RenewNumber(ctx, number)
}
