package oidc_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	rp "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// TestCodeFlowWithARealClient walks the flow with go-oidc and x/oauth2, once for
// each algorithm.
func TestCodeFlowWithARealClient(t *testing.T) {
	for _, alg := range []string{"", signing.RS256, signing.ES256, signing.EdDSA} {
		t.Run("alg="+alg, func(t *testing.T) {
			w := newWorld(t)
			client := idp.Client{ID: "real", RedirectURIs: []string{redirect}, Grants: []string{idp.GrantCode, idp.GrantRefresh},
				SigningAlg: alg, SecretHash: clientauth.HashSecret(w.keys, "real", secret)}
			w.must(w.store.CreateClient(context.Background(), &client))
			walk(t, w, client)
		})
	}
}

func walk(t *testing.T, w *world, client idp.Client) {
	ctx := context.Background()
	provider, err := rp.NewProvider(ctx, w.issuer)
	w.must(err)
	config := oauth2.Config{ClientID: client.ID, ClientSecret: secret, Endpoint: provider.Endpoint(), RedirectURL: redirect,
		Scopes: []string{"openid", "profile", "email", "phone", "offline_access"}}
	a := w.agent()
	r, err := http.NewRequest("GET", config.AuthCodeURL("state-1", oauth2.S256ChallengeOption(verifier), rp.Nonce("nonce-1")), nil)
	w.must(err)
	got := a.send(r)
	if got.query("state") != "state-1" || got.query("iss") != w.issuer {
		t.Errorf("answer %v lacks state or iss", got.location)
	}
	token, err := config.Exchange(ctx, got.query("code"), oauth2.VerifierOption(verifier))
	w.must(err)
	if left := time.Until(token.Expiry); left < 58*time.Minute || left > time.Hour+time.Second {
		t.Errorf("access token lives %v, want an hour", left)
	}
	checkIDToken(t, w, provider, client, token, "nonce-1")

	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	w.must(err)
	var claims map[string]any
	w.must(info.Claims(&claims))
	for name, want := range map[string]any{"sub": "user-1", "name": "Demo Person", "preferred_username": "demo", "email": "demo@example.com",
		"email_verified": true, "phone_number": "+79990000001", "phone_number_verified": false} {
		if claims[name] != want {
			t.Errorf("userinfo %s is %v, want %v", name, claims[name], want)
		}
	}
	token.Expiry = time.Now().Add(-time.Minute)
	next, err := config.TokenSource(ctx, token).Token()
	w.must(err)
	if next.RefreshToken == token.RefreshToken || next.AccessToken == token.AccessToken {
		t.Error("a token stayed the same over the refresh")
	}
	checkIDToken(t, w, provider, client, next, "")
}

func checkIDToken(t *testing.T, w *world, provider *rp.Provider, client idp.Client, token *oauth2.Token, nonce string) {
	t.Helper()
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&rp.Config{ClientID: client.ID}).Verify(context.Background(), raw)
	w.must(err)
	w.must(id.VerifyAccessToken(token.AccessToken))
	var claims struct {
		ACR      string   `json:"acr"`
		AMR      []string `json:"amr"`
		SID      string   `json:"sid"`
		AuthTime int64    `json:"auth_time"`
		Name     string   `json:"name"`
	}
	w.must(id.Claims(&claims))
	if id.Subject != "user-1" || id.Nonce != nonce || claims.ACR != idp.ACRTwoFactors || claims.SID == "" || claims.Name != "" {
		t.Errorf("sub %q nonce %q claims %+v", id.Subject, id.Nonce, claims)
	}
	if len(claims.AMR) != 4 || claims.AMR[0] != "pwd" || claims.AMR[1] != "tel" || claims.AMR[2] != "mca" || claims.AMR[3] != "mfa" {
		t.Errorf("amr %v", claims.AMR)
	}
	var all map[string]any
	w.must(id.Claims(&all))
	documented := readReference(t).claims
	if nonce == "" { // after a refresh
		documented = slices.DeleteFunc(documented, func(name string) bool { return name == "nonce" || name == "c_hash" })
	}
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, slices.Sorted(slices.Values(documented))) {
		t.Errorf("claims %v, the reference says %v", got, documented)
	}
	if now := w.clock.Now().Unix(); claims.AuthTime < now-120 || claims.AuthTime > now {
		t.Errorf("auth_time %d, now %d", claims.AuthTime, now)
	}
}
