package rules_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/server"
)

// ways is how many send the same at once.
const ways = 64

// stores are what a provider can keep its data in.
func stores() map[string]int {
	return map[string]int{"SQLite": 1, "SQLite, two nodes": 2}
}

// atOnce sends the same form from many connections at once.
func atOnce(p *party, form func() reply) []reply {
	p.Helper()
	answers := make([]reply, ways)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			<-start
			answers[i] = form()
		})
	}
	close(start)
	all.Wait()
	return answers
}

// won are the answers with tokens; every other one must be invalid_grant.
func won(p *party, answers []reply) []tokens {
	p.Helper()
	var got []tokens
	for _, a := range answers {
		a.shaped()
		if a.status == http.StatusOK {
			got = append(got, a.tokens())
		} else if a.status != http.StatusBadRequest || a.json()["error"] != "invalid_grant" {
			p.Errorf("%d %s", a.status, a.body)
		}
	}
	return got
}

// A code gives tokens once, however many come with it at once; that it came twice
// revokes what it gave (RFC 6749, section 4.1.2).
func TestOneCodeRedeemedManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	for name, nodes := range stores() {
		t.Run(name, func(t *testing.T) {
			s := newSiteOf(t, nodes, nil)
			app, ada := s.party("app"), s.browser(s.person("ada"))
			code := ada.code("app")
			got := won(app, atOnce(app, func() reply { return app.send(oidc.PathToken, codeForm(code)) }))
			if len(got) != 1 {
				t.Fatalf("%d of %d got tokens, want 1", len(got), ways)
			}
			if app.works(got[0].Access) {
				t.Error("the tokens of a code that came twice work")
			}
			if again := app.send(oidc.PathToken, refreshForm(got[0].Refresh)); again.status == http.StatusOK {
				t.Error("the refresh token of a code that came twice works")
			}
			app.tokens(ada) // and the next login is as good as ever
		})
	}
}

// Within the grace a refresh token that comes many times at once has one successor,
// and everybody is told of it.
func TestOneRefreshTokenUsedManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	for name, nodes := range stores() {
		t.Run(name, func(t *testing.T) {
			s := newSiteOf(t, nodes, func(o *server.Options) { o.Lives.RefreshGrace = 10 * time.Second })
			app, ada := s.party("app"), s.browser(s.person("ada"))
			first := app.tokens(ada)
			use := func(token string) func() reply {
				return func() reply { return app.send(oidc.PathToken, refreshForm(token)) }
			}
			got := won(app, atOnce(app, use(first.Refresh)))
			if len(got) != ways {
				t.Errorf("%d of %d got the answer", len(got), ways)
			}
			for _, one := range got {
				if one.Refresh != got[0].Refresh || one.Access != got[0].Access || one.Scope != got[0].Scope {
					t.Fatalf("two successors: %+v and %+v", one, got[0])
				}
			}
			if got[0].Refresh == first.Refresh || !app.works(got[0].Access) {
				t.Errorf("the successor %+v of %+v", got[0], first)
			}
			next := use(got[0].Refresh)().tokens()
			if again := use(first.Refresh)(); again.status == http.StatusOK || app.works(next.Access) {
				t.Error("the family outlived the reuse after its successor was used")
			}
		})
	}
}

// Without a grace one wins, and the family is revoked.
func TestOneRefreshTokenUsedManyTimesWithoutGrace(t *testing.T) {
	t.Parallel()
	for name, nodes := range stores() {
		t.Run(name, func(t *testing.T) {
			s := newSiteOf(t, nodes, func(o *server.Options) { o.Lives.RefreshGrace = 0 })
			app, ada := s.party("app"), s.browser(s.person("ada"))
			first := app.tokens(ada)
			got := won(app, atOnce(app, func() reply { return app.send(oidc.PathToken, refreshForm(first.Refresh)) }))
			if len(got) != 1 {
				t.Fatalf("%d of %d won, want 1", len(got), ways)
			}
			if app.works(got[0].Access) || app.works(first.Access) {
				t.Error("the family outlived the reuse")
			}
		})
	}
}

// Another client's parallel tries leave the token as good as it was.
func TestARefreshTokenInManyWrongHands(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	app, other := s.party("app"), s.party("other")
	first := app.tokens(s.browser(s.person("ada")))
	if got := won(other, atOnce(other, func() reply { return other.send(oidc.PathToken, refreshForm(first.Refresh)) })); len(got) != 0 {
		t.Errorf("another client got %+v", got)
	}
	if next := app.send(oidc.PathToken, refreshForm(first.Refresh)).tokens(); !app.works(next.Access) {
		t.Error("the token's own client can't use it any more")
	}
}

// A narrowed refresh narrows its access token alone; nothing widens the grant (RFC
// 6749, section 6).
func TestScopesOfARefresh(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	app := s.party("app")
	first := app.tokens(s.browser(s.person("ada")), "scope", "openid profile email offline_access")
	narrow := app.send(oidc.PathToken, refreshForm(first.Refresh, "scope", "openid email")).tokens()
	info := app.get(oidc.PathUserinfo, nil, bearer(narrow.Access)).json()
	if narrow.Scope != "openid email" || info["email"] == nil || info["name"] != nil {
		t.Errorf("narrowed to %q: %v", narrow.Scope, info)
	}
	if wide := app.send(oidc.PathToken, refreshForm(narrow.Refresh, "scope", "openid profile email phone offline_access")); wide.json()["error"] != "invalid_scope" {
		t.Errorf("widened: %d %s", wide.status, wide.body)
	}
	again := app.send(oidc.PathToken, refreshForm(narrow.Refresh)).tokens()
	if info := app.get(oidc.PathUserinfo, nil, bearer(again.Access)).json(); again.Scope != first.Scope || info["name"] == nil {
		t.Errorf("scope %q after %q: %v", again.Scope, first.Scope, info)
	}
}
