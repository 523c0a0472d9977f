package storetest

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// A grant of a token exchange ends with the one whose token was exchanged, and
// that one doesn't end with it.
func endsWithParent(t *testing.T, s Stores) {
	child := func(id, parent string) {
		t.Helper()
		g := someGrant(id)
		g.Kind, g.Parent, g.RevokedAt = oidc.KindExchange, parent, time.Time{}
		must(t, s.Grants.CreateGrant(t.Context(), g, someToken("token of "+id, id, oidc.AccessToken)))
	}
	want := func(when string, revokedOnes map[string]bool) {
		t.Helper()
		for id, want := range revokedOnes {
			if got := revoked(t, s, id); got != want {
				t.Errorf("%s: %s is revoked: %v, want %v", when, id, got, want)
			}
		}
	}
	freshGrant(t, s, "parent")
	freshGrant(t, s, "other")
	child("a", "parent")
	child("b", "parent")
	child("orphan", "nobody")
	want("at first", map[string]bool{"parent": false, "a": false, "b": false, "orphan": true})
	must(t, s.Grants.RevokeGrant(t.Context(), "a", noon))
	must(t, s.Grants.RevokeGrant(t.Context(), "other", noon))
	want("after a child's end", map[string]bool{"parent": false, "a": true, "b": false})
	must(t, s.Grants.RevokeGrant(t.Context(), "parent", noon))
	want("after the parent's end", map[string]bool{"parent": true, "a": true, "b": true})
	_, g, err := s.Tokens.TokenByHash(t.Context(), "token of b")
	must(t, err)
	if g.RevokedAt.IsZero() || g.Parent != "parent" {
		t.Errorf("the grant of a child's token is %+v", g)
	}
}

func findsGrantOfSession(t *testing.T, s Stores) {
	put := func(id string, change func(g *oidc.Grant)) {
		t.Helper()
		g := someGrant(id)
		g.RevokedAt = time.Time{}
		change(g)
		must(t, s.Grants.CreateGrant(t.Context(), g))
	}
	freshGrant(t, s, "old")
	put("new", func(g *oidc.Grant) { g.CreatedAt = noon.Add(time.Second) })
	later := func(g *oidc.Grant) { g.CreatedAt = noon.Add(time.Minute) }
	put("session", func(g *oidc.Grant) { later(g); g.Session = "s2" })
	put("client", func(g *oidc.Grant) { later(g); g.ClientID = "other" })
	put("exchange", func(g *oidc.Grant) { later(g); g.Kind, g.Parent = oidc.KindExchange, "old" })
	put("over", func(g *oidc.Grant) { later(g); g.ExpiresAt = noon.Add(30 * time.Minute) })
	find := func(user, session, client string) string {
		t.Helper()
		g, err := s.Grants.GrantOfSession(t.Context(), user, session, client, noon.Add(30*time.Minute))
		if err != nil {
			wantError(t, "nothing there", err, idp.ErrNotFound)
			return ""
		}
		return g.ID
	}
	if got := []string{find("u1", "s1", "shop"), find("u1", "s2", "shop"), find("u2", "s1", "shop"), find("u1", "s1", "nobody")}; got[0] != "new" || got[1] != "session" || got[2]+got[3] != "" {
		t.Errorf("found %q", got)
	}
	must(t, s.Grants.RevokeGrant(t.Context(), "new", noon))
	if got := find("u1", "s1", "shop"); got != "old" {
		t.Errorf("after the newest was revoked it is %q", got)
	}
	must(t, s.Grants.RevokeGrant(t.Context(), "old", noon))
	if got := find("u1", "s1", "shop"); got != "" {
		t.Errorf("after all were revoked it is %q", got)
	}
}
