package tracing_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	spans "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/tracing"
)

var _ store.Tracer = tracing.Database{}

// What a request reads and writes is below it, without a value.
func TestTheDatabaseIsTraced(t *testing.T) {
	r := newReceiver(t)
	traced := newTracing(t, r, 1)
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db"), Tracer: tracing.Database{}})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /me", func(_ http.ResponseWriter, q *http.Request) {
		if err := s.CreateUser(q.Context(), &idp.User{ID: "u1", Login: "alice"}); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := s.UserByLogin(q.Context(), "alice"); err == nil {
			t.Error("a store that is closed was read")
		}
	})
	traced.Requests(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/me", nil))
	if err := traced.Close(); err != nil {
		t.Fatal(err)
	}
	root := r.named(t, "GET /me")
	for name, want := range map[string]map[string]string{
		"CreateUser":  {"db.system.name": "sqlite", "db.operation.name": "CreateUser", "ringtail.access": "write"},
		"UserByLogin": {"db.system.name": "sqlite", "db.operation.name": "UserByLogin", "ringtail.access": "read", "error.type": "unavailable"},
	} {
		span := r.named(t, name)
		if span.Kind != spans.Span_SPAN_KIND_CLIENT || string(span.ParentSpanId) != string(root.SpanId) {
			t.Errorf("%s is %v below %x", name, span.Kind, span.ParentSpanId)
		}
		if failed := span.Status.GetCode() == spans.Status_STATUS_CODE_ERROR; failed != (want["error.type"] != "") {
			t.Errorf("%s: %v", name, span.Status)
		}
		if len(span.Attributes) != len(want) {
			t.Errorf("%s has %v", name, span.Attributes)
		}
		for _, a := range span.Attributes {
			if a.Value.GetStringValue() != want[a.Key] {
				t.Errorf("%s: %s is %q, want %q", name, a.Key, a.Value.GetStringValue(), want[a.Key])
			}
		}
	}
}
