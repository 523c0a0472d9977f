package oidc_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
