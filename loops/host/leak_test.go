package host_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

// A secret in a failure's key, or in what the provider echoes into its cause, is not told.
func TestFailuresHideSecrets(t *testing.T) {
	const secret = "9f86d081884c7d659a2feaa0c55ad015"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.Header.Get("X-Key"))
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		_, _ = w.Write([]byte(r.URL.Query().Get("body")))
	}))
	defer server.Close()
	s := newSetup(t, demo(), nil)
	for name, source := range map[string]string{
		"key":      `function run() { return HttpLoop.error("k" + secrets.KEY, {}) }`,
		"encoding": `function run() { return HttpLoop.callBuilder("GET", secrets.URL).withHeader("X-Key", secrets.KEY) }`,
		"XML": `function run(o, r) {
			if (r == null) return HttpLoop.callBuilder("GET", secrets.URL).withQuery("body", '<?xml version="1.0" encoding="' + secrets.KEY + secrets.KEY + '"?><a/>');
			return HttpLoop.Ok(r.xml()) }`,
	} {
		t.Run(name, func(t *testing.T) {
			driver := script(source)
			driver.Manifest.Secrets = []string{"URL", "KEY"}
			_, err := s.host.Run(context.Background(), loops.Job{Driver: driver, Entry: loops.EntryStart,
				Secrets: map[string]string{"URL": server.URL, "KEY": secret}})
			var f *loops.Failure
			if !errors.As(err, &f) || f.Key != loops.BadAnswer {
				t.Fatalf("err = %v", err)
			}
			if told := err.Error() + f.Params["detail"]; strings.Contains(told, secret[:12]) {
				t.Errorf("told: %s", told)
			}
		})
	}
}
