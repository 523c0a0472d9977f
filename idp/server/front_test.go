package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// One address is refused with what it asks too often, and the metric tells of it.
func TestRateLimits(t *testing.T) {
	s, _ := newServer(t)
	var last int
	var after string
	for range 400 {
		rec := ask(s.Handler(), "GET", "/blitz/oauth/ae", "")
		last, after = rec.Code, rec.Header().Get("Retry-After")
	}
	if last != http.StatusTooManyRequests || after != "1" {
		t.Errorf("request 400 of one address: %d, Retry-After %q", last, after)
	}
	if rec := ask(s.Handler(), "GET", "/blitz/profile", ""); rec.Code == http.StatusTooManyRequests {
		t.Error("another route is refused too")
	}
	metrics := ask(s.Ops(), "GET", "/metrics", "").Body.String()
	if !strings.Contains(metrics, `ringtail_rate_limited_total{rule="authorize"}`) {
		t.Error("no metric tells of it")
	}
}
