package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func scope(name string) consent.Item { return consent.Item{Kind: consent.Scope, Name: name} }

func claim(name string) consent.Item { return consent.Item{Kind: consent.Claim, Name: name} }

func people(t *testing.T, s Stores) {
	t.Helper()
	for _, id := range []string{"u1", "u2"} {
		must(t, s.Users.CreateUser(t.Context(), someUser(id, "user-"+id)))
		must(t, s.Sessions.CreateSession(t.Context(), &idp.Session{ID: "s-" + id, UserID: id, Browser: "b", CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour)}))
	}
}

func wantGiven(t *testing.T, s Stores, user, client string, want ...consent.Item) {
	t.Helper()
	got, err := s.Consents.GivenConsent(t.Context(), user, client)
	must(t, err)
	if !slices.Equal(got, want) {
		t.Errorf("%s allowed %s %v, want %v", user, client, got, want)
	}
}

func keepsConsent(t *testing.T, s Stores) {
	people(t, s)
	give := func(user, client string, after time.Duration, items ...consent.Item) error {
		return s.Consents.GiveConsent(t.Context(), user, client, items, noon.Add(after))
	}
	wantGiven(t, s, "u1", "shop")
	must(t, give("u1", "shop", 0, scope("openid"), scope("email")))
	must(t, give("u1", "shop", time.Minute, scope("email"), claim("email"), scope("a' OR '1'='1")))
	must(t, give("u1", "other", 0, scope("phone")))
	must(t, give("u2", "shop", 0, scope("address")))
	wantGiven(t, s, "u1", "shop", scope("email"), scope("openid"), claim("email"), scope("a' OR '1'='1"))
	wantGiven(t, s, "u1", "other", scope("phone"))
	wantGiven(t, s, "u2", "shop", scope("address"))
	wantGiven(t, s, "u2", "SHOP")
	if err := give("nobody", "shop", 0, scope("openid")); err == nil {
		t.Error("nobody allowed something")
	}
}

// accessGrant is a redeemed grant with a refresh token, both of the grant's name.
func accessGrant(t *testing.T, s Stores, id, user, client string, change func(*oidc.Grant)) {
	t.Helper()
	g := someGrant(id)
	g.UserID, g.ClientID, g.Session, g.Actor, g.RevokedAt = user, client, "s-"+user, "", time.Time{}
	if change != nil {
		change(g)
	}
	must(t, s.Grants.CreateGrant(t.Context(), g, freshToken("refresh-"+id, id)))
}

func tellsAccesses(t *testing.T, s Stores) {
	people(t, s)
	now := noon.Add(10 * time.Minute)
	must(t, s.Consents.GiveConsent(t.Context(), "u1", "shop", []consent.Item{scope("openid"), claim("email")}, noon.Add(time.Minute)))
	online := func(g *oidc.Grant) { g.Scopes = []string{"openid", "phone"} }
	accessGrant(t, s, "shop", "u1", "shop", online)
	accessGrant(t, s, "first-party", "u1", "first", nil)
	accessGrant(t, s, "revoked", "u1", "revoked", func(g *oidc.Grant) { g.RevokedAt = noon })
	accessGrant(t, s, "over", "u1", "over", func(g *oidc.Grant) { g.CreatedAt = noon.Add(-time.Hour) })
	accessGrant(t, s, "no-session", "u1", "no-session", func(g *oidc.Grant) { online(g); g.Session = "gone" })
	accessGrant(t, s, "somebody-else", "u2", "else", nil)

	want := []consent.Access{
		{ClientID: "first", Items: []consent.Item{scope("openid"), scope("offline_access")}, Since: noon},
		{ClientID: "over", Items: []consent.Item{scope("openid"), scope("offline_access")}, Since: noon.Add(-time.Hour)},
		{ClientID: "shop", Items: []consent.Item{claim("email"), scope("openid"), scope("phone")}, Since: noon},
	}
	wantAccesses(t, s, now, want...)
	wantAccesses(t, s, noon.Add(2*time.Hour), consent.Access{ClientID: "shop", Items: want[2].Items[:2], Since: noon.Add(time.Minute)})

	_, err := s.Sessions.UpdateSession(t.Context(), "s-u1", func(session *idp.Session) error {
		session.EndedAt = noon
		return nil
	})
	must(t, err)
	wantAccesses(t, s, now, want[0], want[1], consent.Access{ClientID: "shop", Items: want[2].Items[:2], Since: noon.Add(time.Minute)})
}

func wantAccesses(t *testing.T, s Stores, now time.Time, want ...consent.Access) {
	t.Helper()
	got, err := s.Consents.Accesses(t.Context(), "u1", now)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("at %s accesses are\n%+v\nwant\n%+v", now, got, want)
	}
}

func revokesAccess(t *testing.T, s Stores) {
	people(t, s)
	for _, user := range []string{"u1", "u2"} {
		for _, client := range []string{"shop", "other"} {
			must(t, s.Consents.GiveConsent(t.Context(), user, client, []consent.Item{scope("openid")}, noon))
			accessGrant(t, s, user+client, user, client, nil)
		}
	}
	accessGrant(t, s, "acted", "u1", "api", func(g *oidc.Grant) { g.Actor = "shop" })
	unredeemed := func(g *oidc.Grant) { g.Code.RedeemedAt = time.Time{} }
	accessGrant(t, s, "code", "u1", "shop", unredeemed)

	must(t, s.Consents.RevokeAccess(t.Context(), "u1", "shop", noon))
	must(t, s.Consents.RevokeAccess(t.Context(), "u1", "shop", noon.Add(time.Minute)))
	wantNotices(t, s, "shop/s-u1")
	if reached, err := s.Sessions.SessionClients(t.Context(), "s-u1"); err != nil || len(reached) != 2 {
		t.Errorf("the session's clients are %v, %v; want api and other", reached, err)
	}
	wantGiven(t, s, "u1", "shop")
	wantGiven(t, s, "u1", "other", scope("openid"))
	wantGiven(t, s, "u2", "shop", scope("openid"))
	for id, over := range map[string]bool{"u1shop": true, "acted": true, "code": true, "u1other": false, "u2shop": false, "u2other": false} {
		if revoked(t, s, id) != over {
			t.Errorf("the grant %s is revoked: %v, want %v", id, !over, over)
		}
	}
	if won, err := s.Grants.RedeemCode(t.Context(), "code-code", noon, nil); won || err != nil {
		t.Errorf("a code is redeemed after its client's access was revoked: %v, %v", won, err)
	}
	got, err := s.Tokens.RotateToken(t.Context(), "refresh-u1shop", noon.Add(time.Second), 0, []oidc.Token{freshToken("next", "u1shop")})
	if got != oidc.Refused || err != nil {
		t.Errorf("a refresh token is rotated after its client's access was revoked: %v, %v", got, err)
	}
	must(t, s.Consents.RevokeAccess(t.Context(), "nobody", "nothing", noon))
}

func forgetsConsent(t *testing.T, s Stores) {
	people(t, s)
	must(t, s.Clients.CreateClient(t.Context(), someClient("shop")))
	for _, user := range []string{"u1", "u2"} {
		for _, client := range []string{"shop", "other"} {
			must(t, s.Consents.GiveConsent(t.Context(), user, client, []consent.Item{scope("openid")}, noon))
		}
	}
	must(t, s.Clients.DeleteClient(t.Context(), "shop"))
	wantError(t, "deleting a client that there isn't", s.Clients.DeleteClient(t.Context(), "other"), idp.ErrNotFound)
	wantGiven(t, s, "u1", "shop")
	wantGiven(t, s, "u2", "shop")
	wantGiven(t, s, "u1", "other", scope("openid"))
	must(t, s.Users.ResetUser(t.Context(), "u1", func(*idp.User) error { return nil }))
	wantGiven(t, s, "u1", "other")
	wantGiven(t, s, "u2", "other", scope("openid"))
}

// A client refreshes as fast as it can while the person takes its access back:
// what it got in the last moment is as dead as the rest.
func revokesWhileRotated(t *testing.T, s Stores) {
	people(t, s)
	const clients = 8
	for i := range clients {
		accessGrant(t, s, fmt.Sprint("g", i), "u1", "shop", nil)
	}
	var rotated atomic.Int32
	var group sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for i := range clients {
		group.Go(func() {
			id := fmt.Sprint("g", i)
			hash := "refresh-" + id
			for n := 0; ctx.Err() == nil && n < 1000; n++ {
				next := fmt.Sprint(hash, "-", n)
				got, err := s.Tokens.RotateToken(ctx, hash, noon.Add(time.Second), 0, []oidc.Token{freshToken(next, id)})
				if err != nil {
					t.Errorf("rotating: %v", err)
					stop()
				}
				if got != oidc.Rotated {
					return
				}
				rotated.Add(1)
				hash = next
			}
		})
	}
	for rotated.Load() < clients && ctx.Err() == nil {
		must(t, s.Consents.GiveConsent(t.Context(), "u1", "shop", []consent.Item{scope("openid")}, noon))
	}
	must(t, s.Consents.RevokeAccess(t.Context(), "u1", "shop", noon))
	group.Wait()
	for i := range clients {
		if id := fmt.Sprint("g", i); !revoked(t, s, id) {
			t.Errorf("the grant %s stands", id)
		}
	}
	wantGiven(t, s, "u1", "shop")
	if accesses, err := s.Consents.Accesses(t.Context(), "u1", noon); err != nil || len(accesses) != 0 {
		t.Errorf("accesses are left: %v, %v", accesses, err)
	}
}
