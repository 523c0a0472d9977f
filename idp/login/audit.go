package login

import (
	"context"
	"errors"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// event is the record of something in the login that x has. Whom the login names
// is its subject, and nobody before: a session that is there may be somebody else's.
func (x *exchange) event(kind string, params map[string]any) audit.Event {
	return audit.Event{
		Type: kind, At: x.Now, Subject: x.Login.UserID, ClientID: x.Login.Request.ClientID, Procedure: x.Login.ID, SessionID: x.Login.Session,
		Params: params,
	}
}

func (h *Handler) recordProof(ctx context.Context, x *exchange, step Step, proof *factors.Proof) {
	e := x.event(audit.TypeFactorProved, map[string]any{"method": step.Method, "factor": step.Factor()})
	e.Subject = proof.PersonID
	h.Audit.Record(ctx, e)
}

// recordFailure tells of an answer that proved nothing. Calls tell of theirs
// themselves. What was typed as a login is recorded only where it is somebody's:
// people type passwords there too.
func (h *Handler) recordFailure(ctx context.Context, x *exchange, f form, err error) {
	var problem *idp.Problem
	if x.Step.Method == idp.PhoneMethod || !errors.As(err, &problem) {
		return
	}
	params := map[string]any{"method": x.Step.Method, "factor": x.Step.Factor(), "problem": problem.ID}
	e := x.event(audit.TypeFactorFailed, params)
	if typed := f.fields[fieldLogin]; x.Step.Factor() == 1 {
		e.Subject = ""
		if user, err := h.Users.UserByLogin(ctx, typed); err == nil {
			e.Subject, params["used_login"] = user.ID, user.Login
		}
	}
	h.Audit.Record(ctx, e)
}

// recordLogin tells of the end in Blitz's shape; proved is what the login proved itself.
func (h *Handler) recordLogin(ctx context.Context, x *exchange, proved []idp.Fact, session *idp.Session) {
	h.recordEnd(ctx, x, x.Step.Facts, len(proved) > 0, session.UserID, session.ID)
}

// recordLost tells of a login that is done already and isn't on record: its node died
// between the two, or the database failed. Whoever comes back is told of the login now,
// so it must be. Two nodes may each put it there: where two come back at once, or where the
// first record still waits on a node that is cut off.
func (h *Handler) recordLost(ctx context.Context, x *exchange) error {
	there, err := h.Recorded(ctx, x.Login.ID)
	if err != nil || there || x.User == nil {
		return err
	}
	proved := slices.ContainsFunc(x.Login.Facts, func(f idp.Fact) bool { return !f.At.Before(x.Login.CreatedAt) })
	h.recordEnd(ctx, x, x.Login.Facts, proved, x.Login.UserID, x.Login.Session)
	return nil
}

func (h *Handler) recordEnd(ctx context.Context, x *exchange, facts []idp.Fact, proved bool, user, session string) {
	methods := []string{}
	factor := 0
	for _, fact := range facts {
		methods, factor = append(methods, fact.Method), max(factor, fact.Factor)
	}
	e := x.event(audit.TypeLogin, map[string]any{
		"used_login": x.User.Login, "auth_methods": methods, "authnDone": proved, "factors": factor,
	})
	e.Subject, e.SessionID = user, session
	h.Audit.Record(ctx, e)
}
