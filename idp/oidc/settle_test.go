package oidc_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// settles lets logins of signed-in browsers be answered at once; the session's
// change is change.
func (w *world) settles(change func(*idp.Session) error) (done *int) {
	done = new(int)
	w.provider.Settle = func(r *http.Request, visit browser.Visit, l *idp.Login) (*idp.Settled, error) {
		session, err := w.store.SessionByID(r.Context(), visit.Session)
		if err != nil {
			return nil, nil
		}
		user, err := w.store.UserByID(r.Context(), session.UserID)
		w.must(err)
		l.State, l.UserID, l.Session, l.AuthTime = idp.LoginAnswered, user.ID, session.ID, session.AuthTime
		l.Facts = []idp.Fact{{Method: "password", Factor: 1, AMR: []string{"pwd"}, At: session.AuthTime}}
		return &idp.Settled{User: user, Change: change, Done: func(context.Context) { *done++ }}, nil
	}
	return done
}

func TestSettledLoginsAreAnsweredAtOnce(t *testing.T) {
	w := newWorld(t)
	done := w.settles(func(s *idp.Session) error { s.UserAgent = "seen"; return nil })
	a := w.agent()
	if a.get(oidc.PathAuthorize, request("app")).query("code") == "" || *done != 0 {
		t.Fatalf("the first login: settled %d times", *done)
	}
	a = a.stopAt(oidc.PathCallback)
	first, second := a.get(oidc.PathAuthorize, request("app")), a.get(oidc.PathAuthorize, request("app"))
	if *done != 2 || first.query("code") == "" || first.query("code") == second.query("code") || first.query("iss") != w.issuer || first.query("state") == "" {
		t.Fatalf("settled %d times: %v, %v", *done, first.location, second.location)
	}
	for _, code := range []string{first.query("code"), second.query("code")} {
		if got := a.post(oidc.PathToken, codeForm(code), basic("app", secret)); got.status != http.StatusOK {
			t.Errorf("the code gives %d %s", got.status, got.body)
		}
	}
}

// A session that ends between the look at it and the grant gives nothing.
func TestSettledLoginsNeedTheirSession(t *testing.T) {
	w := newWorld(t)
	done := w.settles(func(*idp.Session) error { return idp.ErrNotFound })
	a := w.agent()
	a.get(oidc.PathAuthorize, request("app"))
	a = a.stopAt(oidc.PathCallback)
	got := a.get(oidc.PathAuthorize, request("app"))
	if *done != 0 || got.query("code") != "" || got.query("id") == "" {
		t.Errorf("settled %d times: %v, want the callback of a login", *done, got.location)
	}
}
