package storetest

import (
	"testing"
	"time"

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
