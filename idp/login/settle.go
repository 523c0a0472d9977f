package login

import (
	"context"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Settle ends a login as it begins, where Next has nothing more to ask of who is
// signed in in the browser, and fills in how it ended. It stores nothing. Nil
// where the login has to be gone through, which a client that speaks JSON always
// does: it is told step by step.
func (h *Handler) Settle(r *http.Request, visit browser.Visit, l *idp.Login) (*idp.Settled, error) {
	if visit.Session == "" || l.Browser != visit.Browser || pages.WantsJSON(r) {
		return nil, nil
	}
	x := &exchange{r: r, id: l.ID, visit: visit}
	x.Login = l
	if err := h.look(r.Context(), x); err != nil {
		return nil, err
	}
	if x.Step.Kind != Done || x.Session == nil || x.User == nil || x.Session.UserID != x.User.ID {
		return nil, nil
	}
	l.State, l.UserID, l.Session = idp.LoginAnswered, x.User.ID, x.Session.ID
	l.Facts, l.AuthTime = x.Step.Facts, lastProof(x.Step.Facts)
	return &idp.Settled{
		User:   x.User,
		Change: func(s *idp.Session) error { return h.renew(x, nil, s) },
		Done:   func(ctx context.Context) { h.recordLogin(ctx, x, nil, x.Session) },
	}, nil
}
