package audit_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// answering records and answers, as any endpoint does.
func answering(w *world, kind string, answer func(http.ResponseWriter)) http.Handler {
	return audit.Held(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.Record(r.Context(), audit.Event{Type: kind})
		answer(out)
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

// What can't be kept any more holds up nobody.
func TestAClosedJournalHoldsUpNobody(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	out, over := serve(answering(w, audit.TypeLogin, func(out http.ResponseWriter) { out.WriteHeader(http.StatusFound) }))
	<-over
	if out.Code != http.StatusFound {
		t.Errorf("status %d", out.Code)
	}
}
