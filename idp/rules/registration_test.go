package rules_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/register"
	"github.com/ringtail-id/ringtail/idp/server"
)

// registering is a site where software registers itself.
func registering(o *server.Options) {
	oneFactor(o)
	o.Registration = &server.Registration{
		Most: 100, PerNetworkHour: 3, UnusedFor: 24 * time.Hour,
		Policy: register.Policy{
			Grants: []string{idp.GrantCode, idp.GrantRefresh}, ResponseTypes: []string{"code"}, Scopes: []string{"openid", "email", "offline_access"}, AuthMethods: idp.AuthMethods(),
		},
	}
}

func (s *site) initialToken() string {
	s.Helper()
	token, err := idp.NewSecret(nil)
	s.must(err)
	s.must(s.data.CreateInitialToken(context.Background(), &register.InitialToken{
		ID: "token", Hash: register.HashInitialToken(s.keys, token), UsesLeft: 1, CreatedAt: s.clock.Now(), ExpiresAt: s.clock.Now().Add(time.Hour),
	}))
	return token
}

// From a token to tokens, by what discovery says.
func TestSoftwareThatRegistersItself(t *testing.T) {
	s := newSite(t, registering)
	endpoint, _ := s.discovery()["registration_endpoint"].(string)
	if endpoint != s.issuer+oidc.PathRegister || endpoint != s.issuer+register.Path {
		t.Fatalf("registration_endpoint is %q", endpoint)
	}
	server := s.party("")
	asJSON := header("Content-Type", "application/json")
	document := `{"client_name":"Walk-in","redirect_uris":["` + callback + `"],"grant_types":["authorization_code","refresh_token"]}`
	if r := server.browser.send("POST", endpoint, document, asJSON); r.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", r.status)
	}
	r := server.browser.send("POST", endpoint, document, asJSON, bearer(s.initialToken()))
	client := r.json()
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.body)
	}
	p := s.party(client["client_id"].(string))
	p.secret = client["client_secret"].(string)

	b := s.browser(s.person("ada"))
	if at := b.submit(b.authorize(p.id), "input[name=password]", "login", b.name, "password", passport); !at.has("button[value=allow]") {
		t.Errorf("people aren't asked:\n%s", at.body)
	}
	got := p.tokens(b)
	if got.Scope != "openid email offline_access" || !p.works(got.Access) {
		t.Errorf("tokens %+v", got)
	}
	got = p.send(oidc.PathToken, refreshForm(got.Refresh)).tokens()

	management := client["registration_client_uri"].(string)
	if r := server.browser.send("GET", management, "", bearer(client["registration_access_token"].(string))); r.json()["client_name"] != "Walk-in" {
		t.Errorf("read: %d %s", r.status, r.body)
	}
	if r := server.browser.send("DELETE", management, "", bearer(client["registration_access_token"].(string))); r.status != http.StatusNoContent {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if p.works(got.Access) {
		t.Error("an access token of a client that is gone")
	}
	if r := p.send(oidc.PathToken, refreshForm(got.Refresh)); r.status != http.StatusUnauthorized {
		t.Errorf("a refresh token of a client that is gone: %d %s", r.status, r.body)
	}
	if r := b.authorize(p.id); r.status < 400 || r.out != nil {
		t.Errorf("a login to a client that is gone: %d out %v", r.status, r.out)
	}
}

func TestOpenRegistrationIsBoundedByNetwork(t *testing.T) {
	s := newSite(t, func(o *server.Options) {
		registering(o)
		o.Registration.Open = true
	})
	for i := range 4 {
		r := s.party("").browser.send("POST", s.issuer+register.Path, `{"redirect_uris":["`+callback+`"]}`, header("Content-Type", "application/json"))
		if want := map[bool]int{true: http.StatusCreated, false: http.StatusTooManyRequests}[i < 3]; r.status != want {
			t.Errorf("registration %d: %d %s", i+1, r.status, r.body)
		}
	}
}

func TestRegistrationIsOffByItself(t *testing.T) {
	s := newSite(t, oneFactor)
	if r := s.party("").browser.send("POST", s.issuer+register.Path, `{}`, header("Content-Type", "application/json")); r.status != http.StatusNotFound {
		t.Errorf("%d %s", r.status, r.body)
	}
	if endpoint, ok := s.discovery()["registration_endpoint"]; ok {
		t.Errorf("discovery names %v", endpoint)
	}
}
