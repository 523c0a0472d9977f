package oidc_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// customWorld has a scope of each sort beside the standard ones, and a person
// whose attributes are named after what no attribute may say.
func customWorld(t *testing.T) *world {
	w := newWorldWithin(t, 0,
		claims.Scope{Name: "employee", Claims: map[string]string{
			"department": "${department-$unit}", "level": "${level&number}", "staff": "${staff&boolean}", "roles": "${roles&list}",
			"phone_masked": "${phone_number&digits&maskInMiddle(4,2)}", "nobody": "${missing}", "greeting": "Dear ${name}",
		}},
		claims.Scope{Name: "orders.read", ClientLevel: true},
		claims.Scope{Name: "retired", Disabled: true, Claims: map[string]string{"old": "x"}},
	)
	_, err := w.store.UpdateUser(context.Background(), "user-1", func(u *idp.User) error {
		for name, value := range map[string]string{
			"unit": "${email}", "level": "7", "staff": "true", "roles": "admin,editor", "sub": "evil", "iss": "evil", "acr": "evil", "department": "",
		} {
			u.Attributes[name] = value
		}
		return nil
	})
	w.must(err)
	return w
}

func (w *world) userinfo(access string) map[string]any {
	w.t.Helper()
	got := w.agent().get(oidc.PathUserinfo, nil, bearer(access))
	if got.status != http.StatusOK {
		w.t.Fatalf("userinfo: %d %s", got.status, got.body)
	}
	return got.json(w.t)
}

func TestCustomScope(t *testing.T) {
	w := customWorld(t)
	got := w.agent().signIn("app", "scope", "openid employee retired orders.read")
	if got.Scope != "openid employee" {
		t.Errorf("granted %q", got.Scope)
	}
	want := map[string]any{
		"sub": "user-1", "department": "${email}", "level": 7.0, "staff": true, "roles": []any{"admin", "editor"},
		"phone_masked": "7999*****01", "greeting": "Dear Demo Person",
	}
	if info := w.userinfo(got.Access); !reflect.DeepEqual(info, want) {
		t.Errorf("userinfo is %v, want %v", info, want)
	}
	id := w.claimsOf(got.ID)
	if id["sub"] != "user-1" || id["iss"] != w.issuer || id["acr"] != idp.ACRTwoFactors || id["department"] != nil {
		t.Errorf("the ID token says %v", id)
	}
	doc := w.agent().get(oidc.PathDiscovery, nil).json(t)
	for name, listed := range map[string][]string{
		"scopes_supported": {"employee", "orders.read", "address"}, "claims_supported": {"department", "phone_masked", "address"},
	} {
		for _, one := range listed {
			if !slices.Contains(values(doc, name), one) {
				t.Errorf("%s lacks %s", name, one)
			}
		}
	}
	if slices.Contains(values(doc, "scopes_supported"), "retired") || slices.Contains(values(doc, "claims_supported"), "old") {
		t.Error("a scope that is off is announced")
	}
}

// Whatever it asks for and however: a client gets what it is registered for, and
// is told where that is less (RFC 6749, section 3.3).
func TestAClientGetsNoScopeThatItMayNotAskFor(t *testing.T) {
	w := customWorld(t)
	w.addClient(idp.Client{ID: "limited", Scopes: []string{"openid", "employee", "offline_access"}})
	wishes, err := json.Marshal(map[string]any{
		"userinfo": map[string]any{"email": map[string]any{"essential": true}, "level": nil, "sub": nil},
		"id_token": map[string]any{"email": nil, "phone_number": nil, "staff": nil, "iss": map[string]any{"value": "evil"}},
	})
	w.must(err)
	got := w.agent().signIn("limited", "scope", "openid email employee phone offline_access orders.read phone_verification", "claims", string(wishes))
	if got.Scope != "openid employee offline_access" {
		t.Errorf("granted %q", got.Scope)
	}
	info, id := w.userinfo(got.Access), w.claimsOf(got.ID)
	for _, claim := range []string{"email", "email_verified", "phone_number", "name"} {
		if info[claim] != nil || id[claim] != nil {
			t.Errorf("%s is told: %v, %v", claim, info[claim], id[claim])
		}
	}
	if info["level"] != 7.0 || id["staff"] != true || id["iss"] != w.issuer {
		t.Errorf("what it may ask for: %v, %v", info, id)
	}
	if answer := w.introspect(got.Access, "limited"); answer["scope"] != "openid employee offline_access" {
		t.Errorf("introspection: %v", answer)
	}
	for _, more := range []string{"openid email", "orders.read", "openid employee phone"} {
		w.agent().post(oidc.PathToken, refreshForm(got.Refresh, "scope", more), basic("limited", secret)).wantError(t, http.StatusBadRequest, "invalid_scope")
	}
}

// A scope that the registration lost is gone from the next tokens, and from what
// tokens show at once.
func TestAScopeTakenAwayFromAClient(t *testing.T) {
	w := customWorld(t)
	w.addClient(idp.Client{ID: "limited", Scopes: []string{"employee", "email", "offline_access"}})
	got := w.agent().signIn("limited", "scope", "openid email employee offline_access")
	_, err := w.store.UpdateClient(context.Background(), "limited", func(c *idp.Client) error {
		c.Scopes = []string{"employee", "offline_access"}
		return nil
	})
	w.must(err)
	if info := w.userinfo(got.Access); info["email"] != nil || info["staff"] != true {
		t.Errorf("userinfo is %v", info)
	}
	next := w.tokens(w.agent().post(oidc.PathToken, refreshForm(got.Refresh), basic("limited", secret)))
	if next.Scope != "openid employee offline_access" {
		t.Errorf("the next tokens have %q", next.Scope)
	}
	if info := w.userinfo(next.Access); info["email"] != nil {
		t.Errorf("userinfo is %v", info)
	}
}

// Scopes for clients themselves are had by those alone that are registered for
// them by name, and a person's never.
func TestScopesOfClients(t *testing.T) {
	w := customWorld(t)
	w.addClient(idp.Client{ID: "api", Grants: []string{idp.GrantClientCredentials}, Scopes: []string{"orders.read", "employee", "openid"}})
	w.addClient(idp.Client{ID: "every", Grants: []string{idp.GrantClientCredentials}})
	ask := func(client, scope string) answer {
		return w.agent().post(oidc.PathToken, url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}, basic(client, secret))
	}
	if got := w.tokens(ask("api", "orders.read")); got.Scope != "orders.read" || got.ID != "" || got.Refresh != "" {
		t.Errorf("tokens %+v", got)
	}
	for _, c := range [][2]string{{"every", "orders.read"}, {"api", "employee"}, {"api", "openid"}, {"api", "orders.read employee"}, {"api", "orders.READ"}, {"api", "retired"}} {
		ask(c[0], c[1]).wantError(t, http.StatusBadRequest, "invalid_scope")
	}
}

// ID tokens carry what the registration says beside the standard's, as far as the
// client may ask for it.
func TestExtraClaimsInIDTokens(t *testing.T) {
	w := customWorld(t)
	w.addClient(idp.Client{ID: "extra", Scopes: []string{"employee"}, ClientMetadata: idp.ClientMetadata{IDTokenClaims: []string{"roles", "email", "sub", "acr"}}})
	got := w.agent().signIn("extra", "scope", "openid employee")
	id := w.claimsOf(got.ID)
	if !reflect.DeepEqual(id["roles"], []any{"admin", "editor"}) || id["email"] != nil || id["sub"] != "user-1" || id["acr"] != idp.ACRTwoFactors {
		t.Errorf("the ID token says %v", id)
	}
	if strings.Contains(string(w.agent().get(oidc.PathUserinfo, nil, bearer(got.Access)).body), "evil") {
		t.Error("an attribute stands in for a claim of the protocol")
	}
}
