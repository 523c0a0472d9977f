package observe_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/observe"
)

func TestAnOutageDoesNotFillTheLog(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1000, 0)
	log := slog.New(observe.OutageHandler(slog.NewTextHandler(&out, nil), func() time.Time { return now }))
	away := fmt.Errorf("reading a session: %w", idp.ErrUnavailable)
	lines := func() []string {
		defer out.Reset()
		return strings.Split(strings.TrimSpace(out.String()), "\n")
	}
	observe.RequestIDs(func(*http.Request) bool { return false }, nil, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for range 100 {
			log.With("node", "n1").ErrorContext(r.Context(), "problem shown", "error", away)
		}
		log.ErrorContext(r.Context(), "openid endpoint failed", "error", away)
		log.InfoContext(r.Context(), "problem shown", "error", away)
		if got := lines(); len(got) != 3 || strings.Contains(got[0], "left_out") || !strings.Contains(got[1], "openid endpoint failed") {
			t.Errorf("in the first second: %q", got)
		}

		now = now.Add(time.Second)
		for range 2 {
			log.ErrorContext(r.Context(), "problem shown", "error", away)
		}
		if got := lines(); len(got) != 1 || !strings.Contains(got[0], "left_out=99") {
			t.Errorf("in the next: %q", got)
		}

		now = now.Add(time.Hour)
		log.ErrorContext(r.Context(), "problem shown", "error", away)
		if got := lines(); len(got) != 1 || strings.Contains(got[0], "left_out") {
			t.Errorf("in another outage: %q", got)
		}

		for range 3 {
			log.ErrorContext(r.Context(), "problem shown", "error", errors.New("a fault of ours"))
			log.InfoContext(r.Context(), "login")
			log.Error("an audit record was not kept", "record", "{}", "error", away) // of no request, and it must not be lost
		}
		if got := lines(); len(got) != 9 {
			t.Errorf("of what is no outage, or no request's: %q", got)
		}
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}
