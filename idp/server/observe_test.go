package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp/observe"
	"github.com/ringtail-id/ringtail/idp/server"
)

// Whoever asks for help can tell the id, and whoever helps finds it in the log.
func TestErrorsTellTheRequestID(t *testing.T) {
	s := newServerWith(t, func(o *server.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	send := func(method, path, accept, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, issuer+path, strings.NewReader(body)) // from 192.0.2.1
		r.Header.Set(observe.HeaderRequestID, "id-of-the-proxy")
		r.Header.Set("Accept", accept)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, r)
		if got := rec.Header().Get(observe.HeaderRequestID); got != "id-of-the-proxy" {
			t.Errorf("%s: the header has %q", path, got)
		}
		return rec
	}
	t.Run("page", func(t *testing.T) {
		doc, err := goquery.NewDocumentFromReader(send("GET", "/login/unknown", "text/html", "").Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Find("[data-request]").AttrOr("data-request", ""); got != "id-of-the-proxy" {
			t.Errorf("the page tells %q", got)
		}
	})
	t.Run("login in JSON", func(t *testing.T) {
		var got struct {
			Problem struct {
				RequestID string `json:"request_id"`
			}
		}
		read(t, send("GET", "/login/unknown", "application/json", ""), &got)
		if got.Problem.RequestID != "id-of-the-proxy" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("sessions' API", func(t *testing.T) {
		var got struct {
			RequestID string `json:"request_id"`
		}
		read(t, send("POST", "/api/v3/users/u/sessions", "application/json", "grant_type=x"), &got)
		if got.RequestID != "id-of-the-proxy" {
			t.Errorf("%+v", got)
		}
	})
	// OAuth's errors have the members of RFC 6749 alone: the header tells it.
	for name, path := range map[string]string{"token endpoint": "/oauth/te", "userinfo endpoint": "/oauth/me"} {
		t.Run(name, func(t *testing.T) {
			var got map[string]any
			rec := send("POST", path, "application/json", "grant_type=x")
			read(t, rec, &got)
			if id := rec.Header().Get("X-Request-Id"); id != "id-of-the-proxy" || got["error"] == nil || got["request_id"] != nil {
				t.Errorf("id %q, %v", id, got)
			}
		})
	}
}

func read(t *testing.T, rec *httptest.ResponseRecorder, into any) {
	t.Helper()
	if rec.Code < http.StatusBadRequest {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), into); err != nil {
		t.Fatalf("%v: %s", err, rec.Body)
	}
}
