package rules_test

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
	"github.com/ringtail-id/ringtail/idp/server"
)

// openRegistration lets anybody register what the suite registers: confidential
// clients that send no PKCE.
func openRegistration(o *server.Options) {
	o.Registration = &server.Registration{Open: true, Most: 1000, PerNetworkHour: 1000, UnusedFor: 24 * time.Hour, Policy: register.Policy{
		Grants: []string{idp.GrantCode, idp.GrantRefresh}, ResponseTypes: []string{idp.ResponseCode},
		Scopes:      []string{"openid", "profile", "email", "address", "phone", "offline_access"},
		AuthMethods: []string{idp.AuthSecretBasic, idp.AuthSecretPost}, WaivePKCE: true,
	}}
}

// another is a client with that way to authenticate: the one that is registered
// beforehand under the id, or one that registers itself now, as the suite's do.
func (r *trial) another(id, method string, grants ...string) *party {
	r.Helper()
	if r.registration == "static_client" {
		return r.party(id)
	}
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: r.key.Public(), KeyID: "one", Algorithm: "ES256", Use: "sig"}}}
	body, err := json.Marshal(map[string]any{
		"client_name": "A certified client", "redirect_uris": []string{callback}, "grant_types": append([]string{idp.GrantCode}, grants...), "response_types": []string{"code"},
		"post_logout_redirect_uris": []string{goodbye}, "jwks": keys, "token_endpoint_auth_method": method, "contacts": []string{"certification@rp.example"},
	})
	r.must(err)
	at, _ := r.discovery()["registration_endpoint"].(string)
	got := r.party("").browser.send(http.MethodPost, at, string(body), header("Content-Type", "application/json"))
	made := got.json()
	text := func(name string) string { value, _ := made[name].(string); return value }
	if got.status != http.StatusCreated || text("client_id") == "" || text("client_secret") == "" || made["client_secret_expires_at"] != 0.0 || made["client_id_issued_at"] == nil {
		r.Fatalf("not registered at %q: %d %s", at, got.status, got.body)
	}
	r.Cleanup(func() { r.unregister(text("registration_client_uri"), text("registration_access_token")) })
	p := r.party(text("client_id"))
	p.secret = text("client_secret")
	return p
}

// unregister is how the suite leaves (RFC 7592, section 2.3).
func (r *trial) unregister(at, token string) {
	r.Helper()
	if got := r.party("").browser.send(http.MethodDelete, at, "", bearer(token)); got.status != http.StatusNoContent {
		r.Errorf("the client is not taken away: %d %s", got.status, got.body)
	}
}
