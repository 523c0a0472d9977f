package oidc_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

const api = "https://api.example/"

// part is one part of a JWT, decoded and not verified.
func part(t *testing.T, token string, i int) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("not a JWT: %q", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[i])
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func payload(t *testing.T, token string) map[string]any { return part(t, token, 1) }

func (w *world) grantOf(access string) *oidc.Grant {
	w.t.Helper()
	_, grant, err := w.store.TokenByHash(w.t.Context(), w.keys.Hash("token", access))
	w.must(err)
	return grant
}

func jwtWorld(t *testing.T) *world {
	w := newWorld(t)
	more := idp.ClientMetadata{JWTAccessTokens: true, Resources: []string{api, "https://other.example/"}}
	w.addClient(idp.Client{ID: "jwt", ClientMetadata: more, Grants: []string{idp.GrantCode, idp.GrantRefresh, idp.GrantClientCredentials},
		Scopes: []string{"openid", "email", "offline_access", idp.ScopePhoneVerification}})
	w.addClient(idp.Client{ID: "opaque", ClientMetadata: idp.ClientMetadata{Resources: more.Resources}})
	w.addClient(idp.Client{ID: "api", ClientMetadata: idp.ClientMetadata{Serves: []string{api}}})
	return w
}

// TestJWTAccessToken is RFC 9068, section 2.
func TestJWTAccessToken(t *testing.T) {
	w := jwtWorld(t)
	got := w.agent().signIn("jwt", "scope", "openid email")
	if header := part(t, got.Access, 0); header["typ"] != "at+jwt" || header["alg"] != "ES256" || header["kid"] == nil {
		t.Errorf("header %v", header)
	}
	claims := payload(t, got.Access)
	names := []string{"acr", "amr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "scope", "sid", "sub"}
	if slices.Sorted(maps.Keys(claims)) == nil || !slices.Equal(slices.Sorted(maps.Keys(claims)), names) {
		t.Errorf("claims %v, want %v", claims, names)
	}
	if claims["iss"] != w.issuer || claims["sub"] != "user-1" || claims["client_id"] != "jwt" || claims["scope"] != "openid email" ||
		claims["exp"].(float64)-claims["iat"].(float64) != 3600 {
		t.Errorf("claims %v", claims)
	}
	info := w.agent().post(oidc.PathUserinfo, nil, bearer(got.Access)).json(t)
	seen := w.agent().post(oidc.PathIntrospect, url.Values{"token": {got.Access}}, basic("jwt", secret)).json(t)
	if info["email"] != "demo@example.com" || seen["active"] != true || seen["sub"] != "user-1" {
		t.Errorf("userinfo %v, introspection %v", info, seen)
	}
	w.agent().post(oidc.PathRevoke, url.Values{"token": {got.Access}}, basic("jwt", secret))
	if w.works(got.Access) {
		t.Error("it outlived its revocation")
	}
}

func TestWhatPassesForNoJWTAccessToken(t *testing.T) {
	w := jwtWorld(t)
	got := w.agent().signIn("jwt", "scope", "openid email offline_access")
	if !w.works(got.Access) {
		t.Fatal("the token itself doesn't work")
	}
	id, _ := payload(t, got.Access)["jti"].(string)
	parts := strings.Split(got.Access, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`))
	for name, token := range map[string]string{
		"its id":             id,
		"the ID token":       got.ID,
		"the refresh token":  got.Refresh,
		"no signature":       parts[0] + "." + parts[1] + ".",
		"the algorithm none": none + "." + parts[1] + ".",
		"another payload":    parts[0] + "." + strings.Split(got.ID, ".")[1] + "." + parts[2],
		"with a colon":       got.Access + ":x",
	} {
		if w.works(token) {
			t.Errorf("%s opens the userinfo endpoint", name)
		}
	}
	w.clock.advance(time.Hour)
	if w.works(got.Access) {
		t.Error("it outlived its life")
	}
}

// TestResources is RFC 8707: tokens are for what was asked, and for nothing that
// the client may not ask for.
func TestResources(t *testing.T) {
	for _, client := range []string{"jwt", "opaque"} {
		t.Run(client, func(t *testing.T) {
			w := jwtWorld(t)
			audience := func(access string) any {
				return w.agent().post(oidc.PathIntrospect, url.Values{"token": {access}}, basic(client, secret)).json(t)["aud"]
			}
			a := w.agent()
			code := a.code(client, "scope", "openid email offline_access", "resource", api)
			got := w.tokens(a.post(oidc.PathToken, codeForm(code), basic(client, secret)))
			if aud, _ := audience(got.Access).([]any); len(aud) != 2 || aud[0] != api || aud[1] != w.issuer {
				t.Errorf("audience %v", aud)
			}
			a.post(oidc.PathToken, refreshForm(got.Refresh, "resource", "https://other.example/"), basic(client, secret)).
				wantError(t, http.StatusBadRequest, "invalid_target")
			narrow := w.tokens(a.post(oidc.PathToken, refreshForm(got.Refresh, "scope", "email", "resource", api), basic(client, secret)))
			if aud, _ := audience(narrow.Access).([]any); len(aud) != 1 || aud[0] != api || narrow.ID != "" {
				t.Errorf("audience %v, ID token %q", aud, narrow.ID)
			}
			if w.works(narrow.Access) {
				t.Error("a token for another resource opens the userinfo endpoint")
			}
		})
	}
}

// A resource server may look at tokens for its own resource alone.
func TestAResourceServerIntrospects(t *testing.T) {
	w := jwtWorld(t)
	active := func(access string) any {
		return w.agent().post(oidc.PathIntrospect, url.Values{"token": {access}}, basic("api", secret)).json(t)["active"]
	}
	a := w.agent()
	for resource, want := range map[string]bool{api: true, "https://other.example/": false} {
		for _, client := range []string{"jwt", "opaque"} {
			got := w.tokens(a.post(oidc.PathToken, codeForm(a.code(client, "resource", resource)), basic(client, secret)))
			if active(got.Access) != want {
				t.Errorf("%s, %s: active is not %v", client, resource, want)
			}
		}
	}
	if own := w.agent().signIn("app"); active(own.Access) != false {
		t.Error("another client's token is shown")
	}
}

func TestAClientsOwnTokenAsJWT(t *testing.T) {
	w := jwtWorld(t)
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {idp.ScopePhoneVerification}, "resource": {api}}
	got := w.tokens(w.agent().post(oidc.PathToken, form, basic("jwt", secret)))
	claims := payload(t, got.Access)
	if aud, _ := claims["aud"].([]any); claims["sub"] != "jwt" || len(aud) != 1 || aud[0] != api || claims["auth_time"] != nil {
		t.Errorf("claims %v", claims)
	}
	if id, _, err := w.provider.ClientToken(t.Context(), got.Access); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("a token for another's resource opens endpoints of ours: %q %v", id, err)
	}
	ours := w.tokens(w.agent().post(oidc.PathToken, with(maps.Clone(form), "resource", ""), basic("jwt", secret)))
	id, scopes, err := w.provider.ClientToken(t.Context(), ours.Access)
	if err != nil || id != "jwt" || !slices.Equal(scopes, []string{idp.ScopePhoneVerification}) {
		t.Errorf("%q %v %v", id, scopes, err)
	}
	if w.works(got.Access) {
		t.Error("it opens the userinfo endpoint")
	}
	form.Set("resource", "https://evil.example/")
	w.agent().post(oidc.PathToken, form, basic("jwt", secret)).wantError(t, http.StatusBadRequest, "invalid_target")
}
