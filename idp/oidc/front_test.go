package oidc_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	lib "github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func addHybrid(w *world) {
	w.addClient(idp.Client{ID: "hybrid", Grants: []string{idp.GrantCode, idp.GrantRefresh, idp.GrantImplicit},
		ClientMetadata: idp.ClientMetadata{ResponseTypes: idp.ResponseTypes()}})
}

// fragment is the answer that went to the relying party in the fragment.
func fragment(t *testing.T, a answer) url.Values {
	t.Helper()
	if a.location == nil || a.location.RawQuery != "" {
		t.Fatalf("%d page %q location %v", a.status, a.page, a.location)
	}
	fields, err := url.ParseQuery(a.location.Fragment)
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

// hash is at_hash or c_hash (OpenID Connect Core, section 3.1.3.6).
func hash(t *testing.T, value string) string {
	t.Helper()
	sum, err := lib.ClaimHash(value, jose.ES256)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// TestEveryResponseTypeGivesWhatItNames is OpenID Connect Core, sections 3.1.2.5,
// 3.2.2.5 and 3.3.2.5.
func TestEveryResponseTypeGivesWhatItNames(t *testing.T) {
	for _, kind := range idp.ResponseTypes()[1:] {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			addHybrid(w)
			got := fragment(t, w.agent().get(oidc.PathAuthorize, request("hybrid", "response_type", kind)))
			words := strings.Fields(kind)
			for name, word := range map[string]string{"code": "code", "access_token": "token", "id_token": "id_token"} {
				if wanted := strings.Contains(" "+kind+" ", " "+word+" "); wanted != (got.Get(name) != "") {
					t.Errorf("%s is %q", name, got.Get(name))
				}
			}
			if got.Get("state") != "state-1" || got.Get("iss") != w.issuer {
				t.Errorf("state %q, iss %q", got.Get("state"), got.Get("iss"))
			}
			if access := got.Get("access_token"); access != "" && (!w.works(access) || got.Get("expires_in") != "3600" || got.Get("token_type") != "Bearer") {
				t.Errorf("access token of %v", got)
			}
			if got.Get("id_token") != "" {
				checkFrontToken(t, got, len(words) == 1)
			}
			if code := got.Get("code"); code != "" {
				w.tokens(w.agent().post(oidc.PathToken, codeForm(code), basic("hybrid", secret)))
			}
		})
	}
}

// checkFrontToken holds the ID token to what it came with.
func checkFrontToken(t *testing.T, got url.Values, alone bool) {
	t.Helper()
	claims := payload(t, got.Get("id_token"))
	for name, value := range map[string]string{"c_hash": got.Get("code"), "at_hash": got.Get("access_token")} {
		if want := hash(t, value); value != "" && claims[name] != want || value == "" && claims[name] != nil {
			t.Errorf("%s is %v", name, claims[name])
		}
	}
	if claims["nonce"] != "nonce-1" || alone != (claims["email"] != nil) {
		t.Errorf("claims %v", claims)
	}
}

// A code of a hybrid answer that comes twice takes the answer's token along.
func TestReuseOfAHybridCodeRevokesItsToken(t *testing.T) {
	w := newWorld(t)
	addHybrid(w)
	a := w.agent()
	got := fragment(t, a.get(oidc.PathAuthorize, request("hybrid", "response_type", "code id_token token")))
	second := w.tokens(a.post(oidc.PathToken, codeForm(got.Get("code")), basic("hybrid", secret)))
	if !w.works(got.Get("access_token")) || !w.works(second.Access) {
		t.Fatal("a token doesn't work")
	}
	a.post(oidc.PathToken, codeForm(got.Get("code")), basic("hybrid", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
	if w.works(got.Get("access_token")) || w.works(second.Access) {
		t.Error("a token outlived the second use of its code")
	}
}

// Nobody is given more than the client is registered for.
func TestResponseTypesAreRegistered(t *testing.T) {
	w := newWorld(t)
	for _, kind := range idp.ResponseTypes()[1:] {
		got := w.agent().get(oidc.PathAuthorize, request("app", "response_type", kind))
		if fields := fragment(t, got); fields.Get("error") != "unauthorized_client" && fields.Get("error") != "unsupported_response_type" {
			t.Errorf("%s: %v", kind, fields)
		}
	}
}

// An implicit grant holds no code that anybody could redeem.
func TestImplicitGrantHasNoCode(t *testing.T) {
	w := newWorld(t)
	addHybrid(w)
	fields := fragment(t, w.agent().get(oidc.PathAuthorize, request("hybrid", "response_type", "id_token token")))
	grant := w.grantOf(fields.Get("access_token"))
	if grant.Kind != oidc.KindImplicit {
		t.Errorf("kind %q", grant.Kind)
	}
	won, err := w.store.RedeemCode(context.Background(), grant.Code.Hash, w.clock.Now(), nil)
	if err != nil || won {
		t.Errorf("its code was redeemed: %v, %v", won, err)
	}
}
