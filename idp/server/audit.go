package server

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// recordCall records what became of a code. The number is masked: whose it is says
// the subject.
func (s *Server) recordCall(ctx context.Context, n otp.Notice) {
	if n.Kind == otp.NoticeNews && n.State == otp.NewsPending {
		return // that a provider was asked in vain is no news
	}
	e := audit.Event{Type: callType(n), Procedure: n.LoginID, Params: map[string]any{"method": n.Method}}
	if !strings.HasPrefix(n.PersonID, otp.NumberPrefix) {
		e.Subject = n.PersonID
	}
	if ip, err := netip.ParseAddr(n.RemoteIP); err == nil {
		e.IP = ip
	}
	for name, value := range map[string]string{
		"channel": n.Channel, "driver": n.Driver, "problem": n.Problem, "budget": n.Budget, "failure": n.Failure, "state": string(n.State),
	} {
		if value != "" {
			e.Params[name] = value
		}
	}
	for name, is := range map[string]bool{"pending": n.Pending, "moved_on": n.MovedOn, "decoy": n.Decoy} {
		if is {
			e.Params[name] = true
		}
	}
	if n.Phone != "" {
		e.Params["phone"] = flashcall.Mask(n.Phone)
	}
	if n.Kind == otp.NoticeEntered {
		e.Params["used"] = n.Used
	}
	s.options.Audit.Record(ctx, e)
}

func callType(n otp.Notice) string {
	if n.Problem == otp.ProblemMethodBlocked {
		return audit.TypeMethodBlocked
	}
	switch n.Kind {
	case otp.NoticeAsked:
		return audit.TypeCallAsked
	case otp.NoticeRefused:
		return audit.TypeCallRefused
	case otp.NoticeSent:
		return audit.TypeCallPlaced
	case otp.NoticeFailed:
		return audit.TypeCallFailed
	case otp.NoticeNews:
		return audit.TypeCallNews
	case otp.NoticeConfirmed:
		return audit.TypeCodeConfirmed
	case otp.NoticeNotMine:
		return audit.TypeNumberRefused
	}
	switch n.Problem {
	case otp.ProblemCodeWrong:
		return audit.TypeCodeWrong
	case otp.ProblemCodeExhausted:
		return audit.TypeCodeExhausted
	}
	return audit.TypeCodeRefused
}

// recordsOfLogin bounds the records of one login that are looked through; most have a dozen.
const recordsOfLogin = 500

// loginRecorded says whether the end of a login is on record. It asks by the login
// alone: there are millions of records of the type. Nothing may be on its way there, or
// it would be recorded again.
func (s *Server) loginRecorded(ctx context.Context, id string) (bool, error) {
	soon, cancel := context.WithTimeout(ctx, audit.HoldAtMost)
	defer cancel()
	if err := s.options.Audit.Settle(soon); err != nil {
		return false, fmt.Errorf("waiting for audit records: %w: %w", idp.ErrUnavailable, err)
	}
	rows, err := s.options.Store.FindAudit(ctx, audit.Query{Procedure: id}, 0, recordsOfLogin)
	return slices.ContainsFunc(rows, func(r audit.Row) bool { return r.Type == audit.TypeLogin }), err
}
