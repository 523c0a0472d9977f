package server

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/templates"
)

// What has no row in the table can't be mounted: New fails.
func TestRoutesWithoutARow(t *testing.T) {
	render, err := templates.New(templates.Options{Asset: func(name string) string { return name }})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{options: Options{Metrics: NewMetrics(""), RateLimits: ratelimit.Options{Memory: ratelimit.NewMemory(nil)}}}
	f, err := s.newFront("/blitz", pages.New(render, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	for pattern, mounted := range map[string]bool{
		"/blitz/oauth/te": true, "GET /blitz/profile": true, "/blitz/login/": true, "/blitz/console": true,
		"/.well-known/oauth-authorization-server/blitz": true,
		"/blitz/oauth/new": false, "POST /blitz/new/": false, "/": false, "/blitz/oauth/": false, "/oauth/te": false,
	} {
		m := newRoutes(f)
		m.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
		if err := m.check(); (err == nil) != mounted {
			t.Errorf("%s: %v", pattern, err)
		} else if err != nil && !strings.Contains(err.Error(), "no row in the table of public routes") {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}
