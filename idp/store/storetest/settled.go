package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

func grantsInSession(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	must(t, s.Sessions.CreateSession(t.Context(), someSession("s1", "u1")))
	seen := noon.Add(9 * time.Minute)
	see := func(session *idp.Session) error { session.SeenAt = seen; return nil }
	must(t, s.Grants.CreateGrantInSession(t.Context(), someGrant("g1"), see, freshToken("t1", "g1")))
	session, err := s.Sessions.SessionByID(t.Context(), "s1")
	must(t, err)
	if !session.SeenAt.Equal(seen) {
		t.Errorf("the session was seen at %v, want %v", session.SeenAt, seen)
	}
	if _, g, err := s.Tokens.TokenByHash(t.Context(), "t1"); err != nil || g.ID != "g1" {
		t.Errorf("the token's grant: %+v, %v", g, err)
	}
	refusal := errors.New("refused")
	refuse := func(session *idp.Session) error { session.SeenAt = noon; return refusal }
	if err := s.Grants.CreateGrantInSession(t.Context(), someGrant("g2"), refuse); err != refusal {
		t.Errorf("error is %v, want that of change itself", err)
	}
	gone := someGrant("g3")
	gone.Session = "none"
	wantError(t, "without its session", s.Grants.CreateGrantInSession(t.Context(), gone, see), idp.ErrNotFound)
	for _, id := range []string{"g2", "g3"} {
		_, err := s.Grants.GrantByCode(t.Context(), "code-"+id)
		wantError(t, "the grant "+id, err, idp.ErrNotFound)
	}
}
