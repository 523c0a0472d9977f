package oidc_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

const ordersAPI = "https://orders.example/"

func bearerForm(assertion string, pairs ...string) url.Values {
	return with(url.Values{"grant_type": {idp.GrantJWTBearer}, "assertion": {assertion}}, pairs...)
}

// newVoucher is a client that may vouch for people, by a key and with a secret.
func (w *world) newVoucher(id string, changes ...func(*idp.Client)) *signer {
	w.t.Helper()
	c := idp.Client{ID: id, Grants: []string{idp.GrantJWTBearer}, ClientMetadata: idp.ClientMetadata{Resources: []string{ordersAPI}}}
	for _, change := range changes {
		change(&c)
	}
	s := w.newSigner(c)
	_, err := w.store.UpdateClient(context.Background(), id, func(c *idp.Client) error {
		c.AuthMethod, c.SecretHash = "", clientauth.HashSecret(w.keys, id, secret)
		return nil
	})
	w.must(err)
	return s
}

func TestJWTBearer(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newVoucher("voucher")
	answer := a.post(oidc.PathToken, bearerForm(s.jwt("sub", "user-1"), "scope", "openid profile"), basic("voucher", secret))
	got := w.tokens(answer)
	if got.Refresh != "" || got.ID != "" || got.Type != "Bearer" || got.Scope != "openid profile" || got.Expires != 3600 {
		t.Errorf("the answer is %s", answer.body)
	}
	info := a.get(oidc.PathUserinfo, nil, bearer(got.Access))
	if told := info.json(t); info.status != http.StatusOK || told["sub"] != "user-1" || told["name"] != "Demo Person" || told["email"] != nil {
		t.Errorf("userinfo: %d %s", info.status, info.body)
	}
	told := w.introspect(got.Access, "voucher")
	for name, want := range map[string]any{"active": true, "sub": "user-1", "client_id": "voucher", "auth_time": nil, "acr": nil, "amr": nil, "sid": nil, "act": nil} {
		if told[name] != want {
			t.Errorf("introspection: %s is %v, want %v", name, told[name], want)
		}
	}
	if got := w.tokens(a.post(oidc.PathToken, bearerForm(s.jwt("sub", "user-1")), basic("voucher", secret))); got.Scope != "openid" {
		t.Errorf("without a scope it is %q", got.Scope)
	}
}

// A client without a secret proves itself by one JWT and vouches by another.
func TestJWTBearerOfAClientWithAKey(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newSigner(idp.Client{ID: "signer", Grants: []string{idp.GrantJWTBearer}})
	if got := w.tokens(a.post(oidc.PathToken, s.proves(bearerForm(s.jwt("sub", "user-1"))))); !w.works(got.Access) {
		t.Error("the token doesn't work")
	}
	both := s.jwt()
	form := with(bearerForm(both), "client_assertion_type", clientauth.AssertionType, "client_assertion", both)
	a.post(oidc.PathToken, form).wantError(t, http.StatusBadRequest, "invalid_grant")
	used := s.jwt("sub", "user-1", "jti", "used")
	w.tokens(a.post(oidc.PathToken, s.proves(bearerForm(used))))
	proof := with(bearerForm(s.jwt("sub", "user-1")), "client_assertion_type", clientauth.AssertionType, "client_assertion", s.jwt("jti", "used"))
	a.post(oidc.PathToken, proof).wantError(t, http.StatusUnauthorized, "invalid_client")
}

func TestJWTBearerThatIsRefused(t *testing.T) {
	w := newWorld(t)
	a, s, other := w.agent(), w.newVoucher("voucher"), w.newVoucher("voucher2")
	w.addClient(idp.Client{ID: "keyless", Grants: []string{idp.GrantJWTBearer}})
	w.addClient(idp.Client{ID: "public", AuthMethod: idp.AuthNone, Grants: []string{idp.GrantJWTBearer}}) // no registration allows this
	w.addUser("user-2", "blocked")
	_, err := w.store.UpdateUser(t.Context(), "user-2", func(u *idp.User) error { u.Blocked = true; return nil })
	w.must(err)
	now := w.clock.Now()
	for name, c := range map[string]struct {
		form   url.Values
		client string
		code   string
	}{
		"not registered":              {bearerForm(s.jwt("sub", "user-1")), "app", "unauthorized_client"},
		"public":                      {bearerForm(s.jwt("sub", "user-1"), "client_id", "public"), "", "unauthorized_client"},
		"without keys":                {bearerForm(s.jwt("sub", "user-1", "iss", "keyless")), "keyless", "invalid_grant"},
		"nobody":                      {bearerForm(s.jwt("sub", "nobody")), "voucher", "invalid_grant"},
		"no sub":                      {bearerForm(s.jwt("sub", nil)), "voucher", "invalid_grant"},
		"the client itself":           {bearerForm(s.jwt()), "voucher", "invalid_grant"},
		"a login in place of an ID":   {bearerForm(s.jwt("sub", "demo")), "voucher", "invalid_grant"},
		"a blocked person":            {bearerForm(s.jwt("sub", "user-2")), "voucher", "invalid_grant"},
		"another issuer":              {bearerForm(s.jwt("sub", "user-1", "iss", "voucher2")), "voucher", "invalid_grant"},
		"another client's":            {bearerForm(other.jwt("sub", "user-1")), "voucher", "invalid_grant"},
		"another client's, renamed":   {bearerForm(other.jwt("sub", "user-1", "iss", "voucher")), "voucher", "invalid_grant"},
		"another server's":            {bearerForm(s.jwt("sub", "user-1", "aud", "https://other.example")), "voucher", "invalid_grant"},
		"for the token endpoint":      {bearerForm(s.jwt("sub", "user-1", "aud", w.issuer+oidc.PathToken)), "voucher", "invalid_grant"},
		"for us and another":          {bearerForm(s.jwt("sub", "user-1", "aud", []string{w.issuer, "https://other.example"})), "voucher", "invalid_grant"},
		"expired":                     {bearerForm(s.jwt("sub", "user-1", "exp", now.Add(-time.Minute).Unix())), "voucher", "invalid_grant"},
		"far ahead":                   {bearerForm(s.jwt("sub", "user-1", "exp", now.Add(2*time.Hour).Unix())), "voucher", "invalid_grant"},
		"without jti":                 {bearerForm(s.jwt("sub", "user-1", "jti", nil)), "voucher", "invalid_grant"},
		"unsigned":                    {bearerForm(unsigned(s.jwt("sub", "user-1"))), "voucher", "invalid_grant"},
		"no assertion":                {bearerForm(""), "voucher", "invalid_request"},
		"two assertions":              {url.Values{"grant_type": {idp.GrantJWTBearer}, "assertion": {s.jwt("sub", "user-1"), s.jwt("sub", "user-1")}}, "voucher", "invalid_request"},
		"a refresh token's scope":     {bearerForm(s.jwt("sub", "user-1"), "scope", "openid offline_access"), "voucher", "invalid_scope"},
		"an unknown scope":            {bearerForm(s.jwt("sub", "user-1"), "scope", "openid unknown"), "voucher", "invalid_scope"},
		"a scope of clients' own":     {bearerForm(s.jwt("sub", "user-1"), "scope", idp.ScopePhoneVerification), "voucher", "invalid_scope"},
		"a resource of somebody else": {bearerForm(s.jwt("sub", "user-1"), "resource", "https://other.example/"), "voucher", "invalid_target"},
	} {
		t.Run(name, func(t *testing.T) {
			login := basic(c.client, secret)
			if c.client == "" {
				login = func(*http.Request) {}
			}
			a.post(oidc.PathToken, c.form, login).wantError(t, http.StatusBadRequest, c.code)
		})
	}
	query := func(r *http.Request) {
		basic("voucher", secret)(r)
		r.URL.RawQuery = url.Values{"assertion": {s.jwt("sub", "user-1")}}.Encode()
	}
	a.post(oidc.PathToken, bearerForm(""), query).wantError(t, http.StatusBadRequest, "invalid_request")
}

// unsigned is the JWT with alg none.
func unsigned(jwt string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + strings.Split(jwt, ".")[1] + "."
}

func TestJWTBearerOnceInParallel(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newVoucher("voucher")
	form := bearerForm(s.jwt("sub", "user-1"))
	var group sync.WaitGroup
	var won, lost atomic.Int32
	for range 64 {
		group.Go(func() {
			switch got := a.post(oidc.PathToken, form, basic("voucher", secret)); got.status {
			case http.StatusOK:
				won.Add(1)
			case http.StatusBadRequest:
				lost.Add(1)
			default:
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 || lost.Load() != 63 {
		t.Errorf("%d got a token and %d didn't, want 1 and 63", won.Load(), lost.Load())
	}
}

func TestJWTBearerEndsWithThePerson(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newVoucher("voucher")
	got := w.tokens(a.post(oidc.PathToken, bearerForm(s.jwt("sub", "user-1")), basic("voucher", secret)))
	if !w.works(got.Access) {
		t.Fatal("the token doesn't work")
	}
	_, err := w.store.UpdateUser(t.Context(), "user-1", func(u *idp.User) error { u.Blocked = true; return nil })
	w.must(err)
	if w.works(got.Access) {
		t.Error("the token works for a blocked person")
	}
}

// claimsOf are the claims of a JWT, whoever signed it.
func (w *world) claimsOf(jwt string) map[string]any {
	w.t.Helper()
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		w.t.Fatalf("%q is no JWT", jwt)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	w.must(err)
	var claims map[string]any
	w.must(json.Unmarshal(raw, &claims))
	return claims
}

func TestJWTBearerGivesJWTs(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newVoucher("voucher", func(c *idp.Client) { c.JWTAccessTokens = true })
	got := w.tokens(a.post(oidc.PathToken, bearerForm(s.jwt("sub", "user-1"), "scope", "profile", "resource", ordersAPI), basic("voucher", secret)))
	claims := w.claimsOf(got.Access)
	for name, want := range map[string]any{"iss": w.issuer, "sub": "user-1", "client_id": "voucher", "scope": "profile", "auth_time": nil, "sid": nil, "act": nil} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if aud, ok := claims["aud"].([]any); !ok || len(aud) != 1 || aud[0] != ordersAPI {
		t.Errorf("aud is %v", claims["aud"])
	}
}
