package login_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
)

func TestSignedInLoginsSettle(t *testing.T) {
	for name, c := range map[string]struct {
		request func(*http.Request)
		visit   func(*browser.Visit)
		login   func(*idp.Login)
		world   func(*provider, string)
		settles bool
	}{
		"nothing more is asked":    {settles: true},
		"prompt=none":              {login: func(l *idp.Login) { l.Request.Prompt = []string{idp.PromptNone} }, settles: true},
		"prompt=login":             {login: func(l *idp.Login) { l.Request.Prompt = []string{idp.PromptLogin} }},
		"prompt=consent":           {login: func(l *idp.Login) { l.Request.Prompt = []string{idp.PromptConsent} }},
		"max_age=0":                {login: func(l *idp.Login) { l.Request.MaxAge = new(int64) }},
		"another person is meant":  {login: func(l *idp.Login) { l.Request.HintSubject = "somebody" }},
		"another browser's login":  {login: func(l *idp.Login) { l.Browser = "other" }},
		"nobody is signed in":      {visit: func(v *browser.Visit) { v.Session = "" }},
		"another session's cookie": {visit: func(v *browser.Visit) { v.Session = "other" }},
		"another browser's":        {visit: func(v *browser.Visit) { v.Browser = "other" }, login: func(l *idp.Login) { l.Browser = "other" }},
		"a client that wants JSON": {request: func(r *http.Request) { r.Header.Set("Accept", "application/json") }},
		"the session was idle":     {world: func(p *provider, _ string) { p.wait(2 * time.Hour) }, login: func(l *idp.Login) { l.ExpiresAt = l.ExpiresAt.Add(24 * time.Hour) }},
		"the session ended":        {world: func(p *provider, id string) { p.memory.sessions[id].End(p.now()) }},
		"the person is blocked":    {world: func(p *provider, id string) { p.memory.users[p.memory.sessions[id].UserID].Blocked = true }},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			a := p.agent()
			p.begin(a)
			p.signIn(a)
			p.wait(time.Second)
			named, session := a.visit()
			path := p.begin(a)
			l := copyLogin(p.login(path))
			visit := browser.Visit{Browser: named, Session: session}
			r := httptest.NewRequest(http.MethodGet, "/blitz/oauth/ae", nil)
			if c.request != nil {
				c.request(r)
			}
			if c.visit != nil {
				c.visit(&visit)
			}
			if c.login != nil {
				c.login(l)
			}
			if c.world != nil {
				c.world(p, session)
			}
			settled, err := p.handler.Settle(r, visit, l)
			if err != nil || (settled != nil) != c.settles {
				t.Fatalf("settled %+v, %v; want one: %v", settled, err, c.settles)
			}
			if !c.settles {
				if l.State != idp.LoginOpen || l.UserID != "" {
					t.Errorf("the login was changed: %+v", l)
				}
				return
			}
			if l.State != idp.LoginAnswered || l.Session != session || l.UserID != settled.User.ID || len(l.Facts) != 2 || l.AuthTime.IsZero() {
				t.Errorf("it ended as %+v", l)
			}
			kept := copySession(p.memory.sessions[session])
			if err := settled.Change(kept); err != nil || !kept.SeenAt.Equal(p.now()) || len(kept.Facts) != 2 {
				t.Errorf("the session goes on as %+v, %v", kept, err)
			}
			kept.End(p.now())
			if err := settled.Change(kept); !errors.Is(err, idp.ErrNotFound) {
				t.Errorf("a session that ended meanwhile: %v", err)
			}
		})
	}
}
