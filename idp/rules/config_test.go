package rules_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// configModules are those of the plan oidcc-config-certification-test-plan.
func configModules() []module {
	return []module{{"oidcc-discovery-endpoint-verification", "the discovery document is JSON at the right place and says what it must: issuer, endpoints (https all), response types, subject types, RS256 among the algorithms, " +
		"openid among the scopes, claims_supported; the key set has public keys with distinct ids; RS256 among the algorithms of request objects where they are listed", discoveryDocument}}
}

func discoveryDocument(r *trial) {
	got := r.client.get(oidc.PathDiscovery, nil)
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
		r.Fatalf("%d %s", got.status, got.header.Get("Content-Type"))
	}
	doc := got.json()
	if doc["issuer"] != r.issuer {
		r.Errorf("issuer %v", doc["issuer"])
	}
	r.httpsEndpoints(doc, "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
	for name, wanted := range map[string]string{
		"response_types_supported": "code", "subject_types_supported": "public", "id_token_signing_alg_values_supported": "RS256",
		"scopes_supported": "openid", "claims_supported": "sub", "grant_types_supported": "authorization_code",
		"token_endpoint_auth_methods_supported": "client_secret_basic",
	} {
		if !slices.Contains(list(doc, name), wanted) {
			r.Errorf("%s is %v, without %s", name, doc[name], wanted)
		}
	}
	for _, name := range []string{"userinfo_signing_alg_values_supported", "request_object_signing_alg_values_supported"} {
		if doc[name] != nil && !slices.Contains(list(doc, name), "RS256") {
			r.Errorf("%s is %v, without RS256", name, doc[name])
		}
	}
	for _, name := range []string{"claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"} {
		if _, ok := doc[name].(bool); doc[name] != nil && !ok {
			r.Errorf("%s is %v", name, doc[name])
		}
	}
	r.publicKeys()
}

// httpsEndpoints checks that the endpoints named are there, and that all are https.
func (r *trial) httpsEndpoints(doc map[string]any, needed ...string) {
	r.Helper()
	for _, name := range needed {
		if doc[name] == nil {
			r.Errorf("%s is missing", name)
		}
	}
	for name, value := range doc {
		if !strings.HasSuffix(name, "_endpoint") && !strings.HasSuffix(name, "_uri") {
			continue
		}
		text, _ := value.(string)
		if u, err := url.Parse(text); err != nil || u.Scheme != "https" || u.Host == "" || u.Fragment != "" {
			r.Errorf("%s is %v", name, value)
		}
	}
}

// publicKeys checks the key set (RFC 7517).
func (r *trial) publicKeys() {
	r.Helper()
	seen := map[string]bool{}
	for _, key := range r.keySet().Keys {
		switch key.Key.(type) {
		case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		default:
			r.Errorf("key %s is %T", key.KeyID, key.Key)
		}
		if key.KeyID == "" || seen[key.KeyID] || key.Use != "sig" || !key.Valid() {
			r.Errorf("key %q: use %q, twice %v", key.KeyID, key.Use, seen[key.KeyID])
		}
		seen[key.KeyID] = true
	}
	if len(seen) == 0 {
		r.Error("there are no keys")
	}
}
