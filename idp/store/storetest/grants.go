package storetest

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func someGrant(id string) *oidc.Grant {
	return &oidc.Grant{
		ID: id, ClientID: "shop", UserID: "u1", Session: "s1", Scopes: []string{"openid", "offline_access"},
		Nonce: "nonce", AuthTime: noon, ACR: idp.ACRTwoFactors, AMR: []string{"pwd", "tel"},
		Code: oidc.Code{
			Hash: "code-" + id, RedirectURI: "https://shop.example/callback", Challenge: "challenge",
			ExpiresAt: noon.Add(time.Minute), RedeemedAt: noon,
		},
		Kind: oidc.KindDevice, Resources: []string{"https://api.example/"}, Actor: "agent",
		Claims:    &idp.ClaimsRequest{IDToken: map[string]*idp.ClaimWish{"email": {Essential: true, Value: "a", Values: []any{"a", "b"}}, "name": nil}},
		CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), RevokedAt: noon,
	}
}

// freshGrant stores a grant whose code may be redeemed.
func freshGrant(t *testing.T, s Stores, id string) *oidc.Grant {
	t.Helper()
	if _, err := s.Users.UserByID(t.Context(), "u1"); err != nil {
		must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	}
	g := someGrant(id)
	g.Code.RedeemedAt, g.RevokedAt = time.Time{}, time.Time{}
	must(t, s.Grants.CreateGrant(t.Context(), g))
	return g
}

func someToken(hash, grant string, kind oidc.TokenKind) oidc.Token {
	return oidc.Token{
		Hash: hash, Kind: kind, GrantID: grant, Scopes: []string{"openid"}, Audience: []string{"https://api.example/"},
		CreatedAt: noon, ExpiresAt: noon.Add(2 * time.Hour), UsedAt: noon,
	}
}

func freshToken(hash, grant string) oidc.Token {
	token := someToken(hash, grant, oidc.RefreshToken)
	token.UsedAt = time.Time{}
	return token
}

func revoked(t *testing.T, s Stores, id string) bool {
	t.Helper()
	g, err := s.Grants.GrantByCode(t.Context(), "code-"+id)
	must(t, err)
	return !g.RevokedAt.IsZero()
}

func keepsGrant(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	want := someGrant("g1")
	want.Parent = "g0"
	wantFull(t, *want)
	must(t, s.Grants.CreateGrant(t.Context(), want))
	got, err := s.Grants.GrantByCode(t.Context(), want.Code.Hash)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("grant is %+v, want %+v", got, want)
	}
	_, err = s.Grants.GrantByCode(t.Context(), "none")
	wantError(t, "an unknown code", err, idp.ErrNotFound)
	_, _, err = s.Tokens.TokenByHash(t.Context(), "none")
	wantError(t, "an unknown token", err, idp.ErrNotFound)
	nobodys := someGrant("g2")
	nobodys.UserID = "nobody"
	if err := s.Grants.CreateGrant(t.Context(), nobodys); err == nil {
		t.Error("a grant of a user who doesn't exist was stored")
	}
}

func keepsToken(t *testing.T, s Stores) {
	grant := freshGrant(t, s, "g1")
	access, refresh := someToken("access", "g1", oidc.AccessToken), someToken("refresh", "g1", oidc.RefreshToken)
	wantFull(t, access)
	won, err := s.Grants.RedeemCode(t.Context(), grant.Code.Hash, noon, []oidc.Token{access, refresh})
	if !won || err != nil {
		t.Fatalf("redeeming: %v, %v", won, err)
	}
	for _, want := range []oidc.Token{access, refresh} {
		got, of, err := s.Tokens.TokenByHash(t.Context(), want.Hash)
		must(t, err)
		if !reflect.DeepEqual(got, want) || of.ID != "g1" || !of.Code.RedeemedAt.Equal(noon) {
			t.Errorf("token is %+v of %+v, want %+v of g1", got, of, want)
		}
	}
	must(t, s.Tokens.DeleteToken(t.Context(), "access"))
	must(t, s.Tokens.DeleteToken(t.Context(), "access"))
	_, _, err = s.Tokens.TokenByHash(t.Context(), "access")
	wantError(t, "a deleted token", err, idp.ErrNotFound)
}

// The attack: a code or a refresh token redeemed in parallel gives two token sets.
func redeemsOnce(t *testing.T, s Stores) {
	freshGrant(t, s, "g1")
	race(t, func(i int) (bool, error) {
		return s.Grants.RedeemCode(t.Context(), "code-g1", noon, []oidc.Token{freshToken(fmt.Sprint("t", i), "g1")})
	})
	if !revoked(t, s, "g1") {
		t.Error("a code came twice and its grant stands")
	}
}

func rotatesOnce(t *testing.T, s Stores) {
	freshGrant(t, s, "g1")
	_, err := s.Grants.RedeemCode(t.Context(), "code-g1", noon, []oidc.Token{freshToken("first", "g1")})
	must(t, err)
	race(t, func(i int) (bool, error) {
		return rotated(s.Tokens.RotateToken(t.Context(), "first", noon, 0, []oidc.Token{freshToken(fmt.Sprint("t", i), "g1")}))
	})
	if !revoked(t, s, "g1") {
		t.Error("a refresh token came twice and its grant stands")
	}
}

func rotated(r oidc.Rotation, err error) (bool, error) { return r == oidc.Rotated, err }

// Where the answer got lost, the same may be asked again: all get what the one
// that rotated got, and nothing is revoked.
func repeatsWithinGrace(t *testing.T, s Stores) {
	freshGrant(t, s, "g1")
	redeem(t, s, "g1", freshToken("first", "g1"))
	gives := []oidc.Token{someToken("access", "g1", oidc.AccessToken), freshToken("second", "g1")}
	gives[0].UsedAt = time.Time{}
	var repeats atomic.Int32
	race(t, func(int) (bool, error) {
		r, err := s.Tokens.RotateToken(t.Context(), "first", noon, time.Minute, gives)
		if r == oidc.Repeated {
			repeats.Add(1)
		}
		return r == oidc.Rotated, err
	})
	if repeats.Load() != parallel-1 || revoked(t, s, "g1") {
		t.Errorf("%d repeats of %d, revoked %v", repeats.Load(), parallel-1, revoked(t, s, "g1"))
	}
}

func revokesWhereNoAnswerWasLost(t *testing.T, s Stores) {
	second := func(id string) []oidc.Token { return []oidc.Token{freshToken("second-"+id, id)} }
	tests := []struct {
		name   string
		before func(id string)
		at     time.Time
		gives  func(id string) []oidc.Token
	}{
		{"the grace is over", func(string) {}, noon.Add(time.Minute), second},
		{"the successor was used", func(id string) {
			r, err := s.Tokens.RotateToken(t.Context(), "second-"+id, noon, 0, []oidc.Token{freshToken("third-"+id, id)})
			if must(t, err); r != oidc.Rotated {
				t.Fatal("the successor can't be used")
			}
		}, noon.Add(time.Second), second},
		{"the successor is gone", func(id string) { must(t, s.Tokens.DeleteToken(t.Context(), "second-"+id)) }, noon.Add(time.Second), second},
		{"something else is asked", func(string) {}, noon.Add(time.Second), func(id string) []oidc.Token { return []oidc.Token{freshToken("other-"+id, id)} }},
		{"nothing is asked", func(string) {}, noon.Add(time.Second), func(string) []oidc.Token { return nil }},
		{"another grant's token is asked", func(string) {
			freshGrant(t, s, "other")
			redeem(t, s, "other", freshToken("others", "other"))
		}, noon.Add(time.Second), func(string) []oidc.Token { return []oidc.Token{freshToken("others", "other")} }},
		{"the grant was revoked", func(id string) { must(t, s.Grants.RevokeGrant(t.Context(), id, noon)) }, noon.Add(time.Second), second},
	}
	for i, test := range tests {
		id := fmt.Sprint("g", i)
		freshGrant(t, s, id)
		redeem(t, s, id, freshToken("first-"+id, id))
		r, err := s.Tokens.RotateToken(t.Context(), "first-"+id, noon, time.Minute, second(id))
		if must(t, err); r != oidc.Rotated {
			t.Fatalf("%s: the first use gives %v", test.name, r)
		}
		test.before(id)
		r, err = s.Tokens.RotateToken(t.Context(), "first-"+id, test.at, time.Minute, test.gives(id))
		if must(t, err); r != oidc.Refused || !revoked(t, s, id) {
			t.Errorf("%s: %v, revoked %v", test.name, r, revoked(t, s, id))
		}
	}
}

// keepsTokensFromTheStart: a grant may come with tokens, and lives as long as they.
func keepsTokensFromTheStart(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	for _, id := range []string{"g1", "g2"} {
		must(t, s.Grants.CreateGrant(t.Context(), someGrant(id), freshToken("of "+id, id)))
		if _, g, err := s.Tokens.TokenByHash(t.Context(), "of "+id); err != nil || g.ID != id || g.ExpiresAt.Before(noon.Add(2*time.Hour)) {
			t.Errorf("a token from the start: %+v, %v", g, err)
		}
	}
}

// parallel is how many try at once.
const parallel = 64

func race(t *testing.T, try func(i int) (bool, error)) {
	t.Helper()
	var all sync.WaitGroup
	var winners atomic.Int32
	for i := range parallel {
		all.Go(func() {
			won, err := try(i)
			if err != nil {
				t.Errorf("try %d: %v", i, err)
			}
			if won {
				winners.Add(1)
			}
		})
	}
	all.Wait()
	if winners.Load() != 1 {
		t.Errorf("%d of %d parallel tries won, want 1", winners.Load(), parallel)
	}
}

func refusesRedeeming(t *testing.T, s Stores) {
	tests := []struct {
		name string
		try  func(id string) (bool, error)
	}{
		{"an expired code", func(id string) (bool, error) {
			return s.Grants.RedeemCode(t.Context(), "code-"+id, noon.Add(time.Minute), nil)
		}},
		{"a revoked grant's code", func(id string) (bool, error) {
			must(t, s.Grants.RevokeGrant(t.Context(), id, noon))
			return s.Grants.RedeemCode(t.Context(), "code-"+id, noon, nil)
		}},
		{"an unknown code", func(string) (bool, error) {
			return s.Grants.RedeemCode(t.Context(), "none", noon, nil)
		}},
		{"an expired refresh token", func(id string) (bool, error) {
			redeem(t, s, id, freshToken("expired", id))
			return rotated(s.Tokens.RotateToken(t.Context(), "expired", noon.Add(2*time.Hour), 0, nil))
		}},
		{"a revoked grant's refresh token", func(id string) (bool, error) {
			redeem(t, s, id, freshToken("revoked", id))
			must(t, s.Grants.RevokeGrant(t.Context(), id, noon))
			return rotated(s.Tokens.RotateToken(t.Context(), "revoked", noon, 0, nil))
		}},
		{"an access token instead", func(id string) (bool, error) {
			redeem(t, s, id, someToken("access", id, oidc.AccessToken))
			return rotated(s.Tokens.RotateToken(t.Context(), "access", noon, 0, nil))
		}},
		{"an unknown refresh token", func(string) (bool, error) {
			return rotated(s.Tokens.RotateToken(t.Context(), "none", noon, 0, nil))
		}},
	}
	for i, test := range tests {
		id := fmt.Sprint("g", i)
		freshGrant(t, s, id)
		if won, err := test.try(id); won || err != nil {
			t.Errorf("%s: %v, %v; want a refusal", test.name, won, err)
		}
	}
}

func redeem(t *testing.T, s Stores, id string, gives oidc.Token) {
	t.Helper()
	if won, err := s.Grants.RedeemCode(t.Context(), "code-"+id, noon, []oidc.Token{gives}); !won || err != nil {
		t.Fatalf("redeeming the code of %s: %v, %v", id, won, err)
	}
}

// A rotation may prolong the grant; its tokens go with it, never before it.
func sweepsGrants(t *testing.T, s Stores) {
	freshGrant(t, s, "g1")
	redeem(t, s, "g1", freshToken("first", "g1"))
	next := freshToken("second", "g1")
	next.ExpiresAt = noon.Add(5 * time.Hour)
	if r, err := s.Tokens.RotateToken(t.Context(), "first", noon, 0, []oidc.Token{next}); r != oidc.Rotated || err != nil {
		t.Fatalf("rotating: %v, %v", r, err)
	}
	_, err := s.Sweeper.Sweep(t.Context(), noon.Add(4*time.Hour), 100)
	must(t, err)
	if _, _, err := s.Tokens.TokenByHash(t.Context(), "second"); err != nil {
		t.Errorf("a token that is alive: %v", err)
	}
	_, err = s.Sweeper.Sweep(t.Context(), noon.Add(5*time.Hour), 100)
	must(t, err)
	_, err = s.Grants.GrantByCode(t.Context(), "code-g1")
	wantError(t, "a grant that is over", err, idp.ErrNotFound)
}
