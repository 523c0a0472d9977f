package oidc_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestDiscoveryIsTheGoldenDocument(t *testing.T) {
	w := newWorld(t)
	got := w.agent().get(oidc.PathDiscovery, nil)
	var pretty bytes.Buffer
	w.must(json.Indent(&pretty, bytes.ReplaceAll(got.body, []byte(w.server.URL), []byte("https://id.example")), "", "  "))
	pretty.WriteByte('\n')
	file := filepath.Join("testdata", "discovery.json")
	if *update {
		w.must(os.WriteFile(file, pretty.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	w.must(err)
	if pretty.String() != string(want) {
		t.Errorf("the document changed (go test -update writes it):\n%s", pretty.String())
	}
	if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("headers %v", got.header)
	}
}

// TestDiscoveryIsTrue asks the endpoints whether what the document says holds.
func TestDiscoveryIsTrue(t *testing.T) {
	w := newWorld(t)
	doc := w.agent().get(oidc.PathDiscovery, nil).json(t)
	if doc["issuer"] != w.issuer {
		t.Errorf("issuer %v", doc["issuer"])
	}
	for name, value := range doc {
		address, _ := value.(string)
		if !strings.HasSuffix(name, "_endpoint") && name != "jwks_uri" {
			continue
		}
		path, ok := strings.CutPrefix(address, w.issuer)
		if got := w.agent().get(path, nil); !ok || got.status == http.StatusNotFound {
			t.Errorf("%s: %s is not there", name, address)
		}
	}
	for _, grant := range values(doc, "grant_types_supported") {
		got := w.agent().post(oidc.PathToken, url.Values{"grant_type": {grant}, "code": {"x"}, "refresh_token": {"x"}}, basic("app", secret))
		want := map[string]string{idp.GrantClientCredentials: "unauthorized_client", idp.GrantExchange: "unauthorized_client", idp.GrantJWTBearer: "unauthorized_client"}[grant] // known, but not this client's
		got.wantError(t, http.StatusBadRequest, cmp.Or(want, "invalid_grant"))
	}
	for _, response := range values(doc, "response_types_supported") {
		w.agent().code("app", "response_type", response)
	}
	for _, mode := range values(doc, "response_modes_supported") {
		if got := w.agent().get(oidc.PathAuthorize, request("app", "response_mode", mode)); got.query("error") != "" {
			t.Errorf("response mode %s: %v", mode, got.location)
		}
	}
	if methods := values(doc, "code_challenge_methods_supported"); !slices.Equal(methods, []string{"S256"}) {
		t.Errorf("challenge methods %v", methods)
	}
	checkScopes(t, w, slices.DeleteFunc(values(doc, "scopes_supported"), func(scope string) bool { return scope == idp.ScopePhoneVerification }))
	checkKeys(t, w, values(doc, "id_token_signing_alg_values_supported"))
}

func checkScopes(t *testing.T, w *world, scopes []string) {
	asked := strings.Join(scopes, " ")
	if got := w.agent().signIn("app", "scope", asked+" unheard-of"); got.Scope != asked {
		t.Errorf("granted %q of %q", got.Scope, asked)
	}
}

func checkKeys(t *testing.T, w *world, algorithms []string) {
	got := w.agent().get(oidc.PathKeys, nil)
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	w.must(json.Unmarshal(got.body, &set))
	var found []string
	for _, key := range set.Keys {
		found = append(found, key["alg"])
		if key["use"] != "sig" || key["kid"] == "" || key["d"] != "" || key["p"] != "" {
			t.Errorf("key %v", key)
		}
	}
	if slices.Sort(found); !slices.Equal(found, slices.Sorted(slices.Values(algorithms))) {
		t.Errorf("keys for %v, document says %v", found, algorithms)
	}
	if got.header.Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(got.header.Get("Cache-Control"), "public") {
		t.Errorf("headers %v", got.header)
	}
}

func values(doc map[string]any, name string) []string {
	list, _ := doc[name].([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		text, _ := v.(string)
		out = append(out, text)
	}
	return out
}

func TestNothingElseOfTheLibraryIsServed(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/healthz", "/ready", "/device_authorization", "/authorize", "/oauth/token", "/oauth/introspection", "/revoke", "/keys"} {
		for _, base := range []string{w.issuer, w.server.URL} {
			a := w.agent()
			a.base = base
			if got := a.get(path, nil); got.status != http.StatusNotFound {
				t.Errorf("%s%s: %d", base, path, got.status)
			}
		}
	}
}
