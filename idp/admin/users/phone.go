package users

import (
	"context"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Phone is what is known of a user's number.
type Phone struct {
	flashcall.Description
	// Confirmed says that a call reached the user there, ConfirmedAt when (Unix seconds
	// as text, as the attribute has it).
	Confirmed   bool
	ConfirmedAt string
	// Agreed says that the user agreed to be called at it.
	Agreed bool
	// Stopped says that calls to it are stopped, by the user or for them.
	Stopped bool
	// Ways are those of the chain by which a code would go now, in order; none where
	// nobody is called.
	Ways []Way
}

// Way is a route of the chain.
type Way struct {
	Channel, Driver string
	// Broken: it failed again and again, and is passed over for a while.
	Broken bool
}

// Phone tells of the user's number.
func (s *Service) Phone(ctx context.Context, u *idp.User) (Phone, error) {
	now := s.Now()
	var numbers flashcall.Numbers
	if s.Calls != nil {
		numbers = s.Calls.Numbers
	}
	p := Phone{
		Description: numbers.Describe(u.Attribute(s.PhoneAttribute), "", now),
		Confirmed:   u.PhoneVerified(), ConfirmedAt: u.Attribute(idp.AttributePhoneVerifiedAt),
	}
	if s.Calls == nil || p.E164 == "" {
		return p, nil
	}
	status, err := s.Calls.Engine.Status(ctx, "", u.ID)
	if err != nil {
		return Phone{}, err
	}
	p.Agreed = status.Agreed == s.Calls.Engine.Agreement(p.E164)
	if p.Stopped, err = s.Calls.Engine.Stopped(ctx, p.E164); err != nil || p.Problem != "" {
		return p, err
	}
	for _, r := range s.Calls.Routes(p.E164, now) {
		p.Ways = append(p.Ways, Way{Channel: r.Channel, Driver: r.Driver, Broken: r.Broken})
	}
	return p, nil
}

// number is the user's number for the engine of codes; empty where nobody is called
// or it can't be read.
func (s *Service) number(u *idp.User) string {
	if s.Calls == nil {
		return ""
	}
	e164, _, err := flashcall.Number(u.Attribute(s.PhoneAttribute), "")
	if err != nil {
		return ""
	}
	return e164
}

// StopCalls keeps everybody from being called at the user's number, or allows it again.
func (s *Service) StopCalls(ctx context.Context, a *admin.Actor, id string, stop bool) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	number := s.number(u)
	if number == "" {
		return problem(problemNoNumber, http.StatusConflict)
	}
	kind, do := audit.TypeUserCallsAllowed, s.Calls.Engine.Allow
	if stop {
		kind, do = audit.TypeUserCallsStopped, s.Calls.Engine.Stop
	}
	return s.record(ctx, a, kind, u, map[string]any{"number": flashcall.Mask(number)}, func() error { return do(ctx, number) })
}

// forms are how a number that was typed may be on file: the digits with the country
// code of each country whose national form it can be.
func (s *Service) forms(text string) []string {
	var forms []string
	for _, region := range append([]string{""}, s.Countries...) {
		if e164, _, err := flashcall.Number(text, region); err == nil {
			forms = append(forms, strings.TrimPrefix(e164, "+"))
		}
	}
	return forms
}
