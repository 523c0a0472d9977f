package storetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel/queuetest"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// Sessions is what a store does for sessions: the login's part, how they end,
// and what is told of them.
type Sessions interface {
	// CreateSession stores a session without a login. ErrTaken where another has the ID;
	// an error where the user doesn't exist.
	CreateSession(ctx context.Context, session *idp.Session) error
	login.Sessions
	EndSessions(ctx context.Context, e idp.Ending, now time.Time) ([]string, error)
	SessionsOf(ctx context.Context, userID string, now time.Time) ([]*idp.Session, error)
	SessionClients(ctx context.Context, sessions ...string) ([]idp.SessionClient, error)
}

// reach stores a session of the user in which the client got a grant.
func reach(t *testing.T, s Stores, user, session, client string, change func(*idp.Session, *oidc.Grant)) {
	t.Helper()
	if _, err := s.Users.UserByID(t.Context(), user); err != nil {
		must(t, s.Users.CreateUser(t.Context(), someUser(user, "login-"+user)))
	}
	kept, g := someSession(session, user), someGrant("g-"+session+"-"+client)
	g.UserID, g.Session, g.ClientID, g.RevokedAt, g.Scopes = user, session, client, time.Time{}, []string{"openid"}
	if change != nil {
		change(kept, g)
	}
	if err := s.Sessions.CreateSession(t.Context(), kept); !errors.Is(err, idp.ErrTaken) {
		must(t, err)
	}
	must(t, s.Grants.CreateGrant(t.Context(), g))
}

// notices are what the queue holds, as client/session, sorted.
func notices(t *testing.T, s Stores) []string {
	t.Helper()
	all := []string{}
	for {
		now := Clock().Add(24 * time.Hour)
		n, err := s.Notices.TakeNotice(t.Context(), backchannel.Lease{Holder: "h", Now: now, Until: now.Add(time.Minute), PerClient: 99})
		if errors.Is(err, idp.ErrNotFound) {
			slices.Sort(all)
			return all
		}
		must(t, err)
		all = append(all, n.ClientID+"/"+n.Session)
		must(t, s.Notices.DropNotice(t.Context(), n))
	}
}

func wantNotices(t *testing.T, s Stores, want ...string) {
	t.Helper()
	if got := notices(t, s); !slices.Equal(got, want) {
		t.Errorf("queued %v, want %v", got, want)
	}
}

// endsSessions: who is named ends, and nobody else.
func endsSessions(t *testing.T, s Stores) {
	for name, c := range map[string]struct {
		user, session, browser string
		ended, notices         []string
	}{
		"one":                {"u1", "s1", "", []string{"s1"}, []string{"bank/s1", "shop/s1"}},
		"one in a browser":   {"u1", "s1", "browser", []string{"s1", "s2", "s5"}, []string{"bank/s1", "shop/s1", "shop/s2", "shop/s5"}},
		"all":                {"u1", "", "", []string{"s1", "s2", "s3", "s5"}, []string{"bank/s1", "shop/s1", "shop/s2", "shop/s3", "shop/s5"}},
		"another's":          {"u2", "s1", "", nil, nil},
		"one that was ended": {"u1", "s4", "", nil, nil},
		"none in no browser": {"u1", "s9", "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			twoPeople(t, s, name)
			e := idp.Ending{UserID: c.user + name, Browser: c.browser}
			if c.session != "" {
				e.Session = c.session + name
			}
			for _, want := range []struct{ ended, notices []string }{{c.ended, c.notices}, {}} {
				ended, err := s.Sessions.EndSessions(t.Context(), e, noon.Add(time.Minute))
				must(t, err)
				slices.Sort(ended)
				if !slices.Equal(ended, suffixed(want.ended, name)) {
					t.Errorf("ended %v, want %v", ended, want.ended)
				}
				wantNotices(t, s, suffixed(want.notices, name)...)
			}
			for _, id := range []string{"s1", "s2", "s3", "s5", "s6"} {
				session, err := s.Sessions.SessionByID(t.Context(), id+name)
				must(t, err)
				if over := session.EndedAt.Equal(noon.Add(time.Minute)); over != slices.Contains(c.ended, id) {
					t.Errorf("%s ended at %v", id, session.EndedAt)
				}
			}
		})
	}
}

func suffixed(texts []string, suffix string) (all []string) {
	for _, text := range texts {
		all = append(all, text+suffix)
	}
	return all
}

// twoPeople are u1 with the sessions s1 and s2 in one browser, s3 in another, s4
// that was ended and s5 that expired; and u2 with s6 in the first browser.
func twoPeople(t *testing.T, s Stores, suffix string) {
	t.Helper()
	reach(t, s, "u1"+suffix, "s1"+suffix, "shop", nil)
	reach(t, s, "u1"+suffix, "s1"+suffix, "bank", nil)
	reach(t, s, "u1"+suffix, "s2"+suffix, "shop", nil)
	reach(t, s, "u1"+suffix, "s3"+suffix, "shop", func(session *idp.Session, _ *oidc.Grant) { session.Browser = "another" })
	reach(t, s, "u1"+suffix, "s4"+suffix, "shop", func(session *idp.Session, _ *oidc.Grant) { session.EndedAt = noon })
	reach(t, s, "u1"+suffix, "s5"+suffix, "shop", func(session *idp.Session, _ *oidc.Grant) { session.ExpiresAt = noon })
	reach(t, s, "u2"+suffix, "s6"+suffix, "shop", nil)
}

// endsOffline: nothing is left of the person, and whoever had something is told.
func endsOffline(t *testing.T, s Stores) {
	offline := func(session *idp.Session, g *oidc.Grant) {
		session.EndedAt, g.Scopes = noon, []string{"openid", "offline_access"}
	}
	for _, user := range []string{"u1", "u2"} {
		reach(t, s, user, "now-"+user, "shop", nil)
		reach(t, s, user, "past-"+user, "sync", offline)
		l := someLogin("l-" + user)
		l.UserID, l.State = user, idp.LoginOpen
		must(t, s.Logins.CreateLogin(t.Context(), l))
	}
	ended, err := s.Sessions.EndSessions(t.Context(), idp.Ending{UserID: "u1", Offline: true}, noon.Add(time.Minute))
	must(t, err)
	if !slices.Equal(ended, []string{"now-u1"}) {
		t.Errorf("ended %v", ended)
	}
	for user, over := range map[string]bool{"u1": true, "u2": false} {
		g, err := s.Grants.GrantByCode(t.Context(), "code-g-past-"+user+"-sync")
		must(t, err)
		l, err := s.Logins.LoginByID(t.Context(), "l-"+user)
		must(t, err)
		if g.RevokedAt.IsZero() == over || (l.State == idp.LoginDenied) != over {
			t.Errorf("%s: revoked at %v, login %s", user, g.RevokedAt, l.State)
		}
	}
	wantNotices(t, s, "shop/now-u1", "sync/past-u1")
}

// endsOtherwise: whatever ends a session tells of it.
func endsOtherwise(t *testing.T, s Stores) {
	reach(t, s, "u1", "s1", "shop", nil)
	end := func(session *idp.Session) error { session.End(noon); return nil }
	for range 2 {
		_, err := s.Sessions.UpdateSession(t.Context(), "s1", end)
		must(t, err)
	}
	wantNotices(t, s, "shop/s1")

	reach(t, s, "u1", "s2", "shop", nil) // expired at Clock
	_, err := s.Sweeper.Sweep(t.Context(), Clock(), 100)
	must(t, err)
	wantNotices(t, s, "shop/s2")
	if used, err := s.Sessions.SessionClients(t.Context(), "s1", "s2"); err != nil || len(used) > 0 {
		t.Errorf("left after the sweep: %v, %v", used, err)
	}

	reach(t, s, "u1", "s3", "shop", nil)
	must(t, s.Users.ResetUser(t.Context(), "u1", func(*idp.User) error { return nil }))
	wantNotices(t, s, "shop/s3")
}

func listsSessions(t *testing.T, s Stores) {
	twoPeople(t, s, "")
	reach(t, s, "u1", "s3", "bank", func(session *idp.Session, g *oidc.Grant) { g.CreatedAt = noon.Add(-time.Second) })
	_, err := s.Sessions.UpdateSession(t.Context(), "s3", func(session *idp.Session) error {
		session.SeenAt = noon.Add(time.Hour / 2)
		return nil
	})
	must(t, err)
	sessions, err := s.Sessions.SessionsOf(t.Context(), "u1", noon)
	must(t, err)
	var ids []string
	for _, session := range sessions {
		ids = append(ids, session.ID)
	}
	if want := []string{"s3", "s1", "s2"}; !slices.Equal(ids, want) {
		t.Errorf("sessions %v, want %v", ids, want)
	}
	if one, err := s.Sessions.SessionByID(t.Context(), "s3"); err != nil || !reflect.DeepEqual(one, sessions[0]) {
		t.Errorf("listed as %+v, kept as %+v, %v", sessions[0], one, err)
	}
	used, err := s.Sessions.SessionClients(t.Context(), "s3", "none")
	must(t, err)
	want := []idp.SessionClient{{Session: "s3", ClientID: "bank", Since: noon.Add(-time.Second)}, {Session: "s3", ClientID: "shop", Since: noon}}
	if !reflect.DeepEqual(used, want) {
		t.Errorf("applications %+v, want %+v", used, want)
	}
}

// fillsNotices queues as stores do it: by ending a session.
func fillsNotices(s Stores) queuetest.Filler {
	return func(t *testing.T, session, client string) {
		t.Helper()
		reach(t, s, "u1", session, client, nil)
		_, err := s.Sessions.EndSessions(t.Context(), idp.Ending{UserID: "u1", Session: session}, queuetest.Noon)
		must(t, err)
	}
}
