package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/ringtail-id/ringtail/idp/store"
)

func TestTheProviderServesInsideAnotherProgram(t *testing.T) {
	data, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "embed.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	var handler http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	defer web.Close()
	if handler, _, err = mount(web.URL, data); err != nil {
		t.Fatal(err)
	}
	provider, err := oidc.NewProvider(t.Context(), web.URL+"/blitz")
	if err != nil {
		t.Fatal(err)
	}
	if want := web.URL + "/blitz/oauth/ae"; provider.Endpoint().AuthURL != want {
		t.Errorf("authorization endpoint %s, want %s", provider.Endpoint().AuthURL, want)
	}
	for path, want := range map[string]int{"/": 200, "/blitz/oauth/keys": 200, "/blitz/login/unknown": 404, "/metrics": 404} {
		res, err := http.Get(web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s answers %s, want %d", path, res.Status, want)
		}
	}
}
