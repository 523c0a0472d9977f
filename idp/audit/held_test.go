package audit_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// answering records and answers, as any endpoint does.
func answering(w *world, kind string, answer func(http.ResponseWriter)) http.Handler {
	return audit.Held(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.Record(r.Context(), audit.Event{Type: kind})
		answer(out)
	}), http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		http.Error(out, "unrecorded", http.StatusServiceUnavailable)
	}))
}

// serve has the handler answer a request, and is closed when it has.
func serve(h http.Handler) (*httptest.ResponseRecorder, <-chan struct{}) {
	out, over := httptest.NewRecorder(), make(chan struct{})
	go func() {
		defer close(over)
		h.ServeHTTP(out, httptest.NewRequest(http.MethodGet, "/", nil))
	}()
	return out, over
}

// Whatever way an answer is given, its records are written before it.
func TestAnswersWaitForTheirRecords(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"status": func(w http.ResponseWriter) { w.WriteHeader(http.StatusFound) },
		"body":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("ok")) },
		"none":   func(http.ResponseWriter) {},
	} {
		t.Run(name, func(t *testing.T) {
			// A linger that nobody lives to see: who waits is not left waiting for it.
			w := newWorld(t, func(o *audit.Options) { o.Linger = time.Hour })
			release := w.records.Hold()
			_, over := serve(answering(w, audit.TypeLogin, answer))
			select {
			case <-over:
				t.Error("the answer went out before its record was written")
			case <-time.After(20 * time.Millisecond):
			}
			release()
			<-over
			if rows, err := w.records.AuditChain(t.Context(), 0, 10); err != nil || len(rows) != 1 {
				t.Errorf("%d records, %v", len(rows), err)
			}
		})
	}
}

func TestBeginningsAreNotWaitedFor(t *testing.T) {
	w := newWorld(t, func(o *audit.Options) { o.Linger = time.Hour })
	release := w.records.Hold()
	defer release()
	_, over := serve(answering(w, audit.TypeLoginBegun, func(out http.ResponseWriter) { out.WriteHeader(http.StatusFound) }))
	<-over
}

// What can't be kept any more is told to nobody, at once.
func TestAClosedJournalHasNothingTold(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	refused(t, w, nil)
}

// A record that isn't written in time: nobody is told of what was done, not by a
// status, not by a cookie or a line of the answer that was meant for them.
func TestWhatIsNotOnRecordIsToldToNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		release := w.records.Hold()
		defer release()
		refused(t, w, http.Header{"X-Request-Id": {"before"}})
	})
}

// Nothing of an answer is flushed before its records are written, and what only
// announces one is no answer.
func TestFlushingWaitsToo(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	out, over := serve(answering(w, audit.TypeLogin, func(out http.ResponseWriter) {
		out.WriteHeader(http.StatusEarlyHints)
		if err := http.NewResponseController(out).Flush(); err != nil {
			t.Error(err)
		}
		out.WriteHeader(http.StatusFound)
	}))
	<-over
	if out.Code == http.StatusFound || out.Body.String() != "unrecorded\n" {
		t.Errorf("told: %d %s", out.Code, out.Body)
	}
}

func refused(t *testing.T, w *world, before http.Header) {
	t.Helper()
	h := answering(w, audit.TypeLogin, func(out http.ResponseWriter) {
		out.Header().Set("Location", "/secret")
		out.Header().Add("Set-Cookie", "secret")
		out.WriteHeader(http.StatusFound)
		if n, err := out.Write([]byte("secret")); n != len("secret") || err != nil {
			t.Errorf("written: %d, %v", n, err)
		}
	})
	out := httptest.NewRecorder()
	maps.Copy(out.Header(), before)
	h.ServeHTTP(out, httptest.NewRequest(http.MethodGet, "/", nil))
	if said := fmt.Sprint(out.Code, out.Header(), out.Body); out.Code != http.StatusServiceUnavailable || strings.Contains(said, "secret") {
		t.Errorf("told: %s", said)
	}
	for name := range before {
		if out.Header().Get(name) != before.Get(name) {
			t.Errorf("the header %s is gone", name)
		}
	}
}
