package login

import (
	"context"
	"errors"

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

func (h *Handler) recordProof(ctx context.Context, x *exchange, proof *factors.Proof) {
	e := x.event(audit.TypeFactorProved, map[string]any{"method": x.Step.Method, "factor": x.Step.Factor()})
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

// recordLogin tells of the end in Blitz's shape.
func (h *Handler) recordLogin(ctx context.Context, x *exchange, session *idp.Session) {
	methods := []string{}
	factor := 0
	for _, fact := range x.Step.Facts {
		methods, factor = append(methods, fact.Method), max(factor, fact.Factor)
	}
	e := x.event(audit.TypeLogin, map[string]any{
		"used_login": x.User.Login, "auth_methods": methods, "authnDone": len(x.Login.Facts) > 0, "factors": factor,
	})
	e.Subject, e.SessionID = session.UserID, session.ID
	h.Audit.Record(ctx, e)
}
