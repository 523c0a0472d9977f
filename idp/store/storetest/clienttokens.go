package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func someClientToken(hash string) oidc.ClientToken {
	return oidc.ClientToken{
		Hash: hash, ClientID: "shop", Scopes: []string{idp.ScopePhoneVerification}, Audience: []string{"https://api.example/"},
		CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
}

func keepsClientToken(t *testing.T, s Stores) {
	want := someClientToken("t1")
	wantFull(t, want)
	must(t, s.ClientTokens.CreateClientToken(t.Context(), want))
	got, err := s.ClientTokens.ClientTokenByHash(t.Context(), "t1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("token is %+v, want %+v", got, want)
	}
	wantError(t, "the same token again", s.ClientTokens.CreateClientToken(t.Context(), want), idp.ErrTaken)
	_, err = s.ClientTokens.ClientTokenByHash(t.Context(), "none")
	wantError(t, "an unknown token", err, idp.ErrNotFound)
	_, _, err = s.Tokens.TokenByHash(t.Context(), "t1")
	wantError(t, "a client's own token among those of grants", err, idp.ErrNotFound)

	later := someClientToken("t2")
	later.ExpiresAt = noon.Add(2 * time.Hour)
	must(t, s.ClientTokens.CreateClientToken(t.Context(), later))
	_, err = s.Sweeper.Sweep(t.Context(), noon.Add(time.Hour), 100)
	must(t, err)
	_, err = s.ClientTokens.ClientTokenByHash(t.Context(), "t1")
	wantError(t, "a token that is over", err, idp.ErrNotFound)
	must(t, s.ClientTokens.DeleteClientToken(t.Context(), "t2"))
	must(t, s.ClientTokens.DeleteClientToken(t.Context(), "t2"))
	_, err = s.ClientTokens.ClientTokenByHash(t.Context(), "t2")
	wantError(t, "a deleted token", err, idp.ErrNotFound)
}
