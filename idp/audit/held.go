package audit

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"time"
)

// HoldAtMost bounds how long an answer waits for its records.
const HoldAtMost = 5 * time.Second

// held are the records that one request's answer waits for: what was told to somebody
// is on record, though the node is killed in the next moment.
type held struct {
	mu   sync.Mutex
	list []<-chan bool
}

type heldKey struct{}

func heldOf(ctx context.Context) *held {
	h, _ := ctx.Value(heldKey{}).(*held)
	return h
}

func (h *held) add(kept <-chan bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, kept)
}

// wait returns when all is written that was recorded until now. It is false where
// that takes too long, or will never be.
func (h *held) wait() bool {
	h.mu.Lock()
	list := h.list
	h.list = nil
	h.mu.Unlock()
	if len(list) == 0 {
		return true
	}
	limit := time.NewTimer(HoldAtMost)
	defer limit.Stop()
	for _, kept := range list {
		select {
		case written := <-kept:
			if !written {
				return false
			}
		case <-limit.C:
			return false
		}
	}
	return true
}

// holding lets an answer out when its records are written, and that of unrecorded
// instead where they aren't.
type holding struct {
	http.ResponseWriter
	held       *held
	before     http.Header // what stood in the header when the request came
	unrecorded func(http.ResponseWriter)
	out        bool // an answer is on its way
	replaced   bool // it is that of unrecorded
}

// ready waits, and is false where nothing of the answer may go out. An answer that has
// begun goes on.
func (w *holding) ready() bool {
	if written := w.held.wait(); !written && !w.out {
		w.replace()
	}
	w.out = true
	return !w.replaced
}

func (w *holding) replace() {
	w.replaced = true
	clear(w.Header())
	maps.Copy(w.Header(), w.before)
	w.unrecorded(w.ResponseWriter)
}

// WriteHeader implements http.ResponseWriter.
func (w *holding) WriteHeader(status int) {
	if status < http.StatusOK || w.ready() { // before 200 nothing is told yet
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter. What nobody is told goes nowhere.
func (w *holding) Write(p []byte) (int, error) {
	if !w.ready() {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// FlushError is what http.ResponseController flushes by.
func (w *holding) FlushError() error {
	if !w.ready() {
		return nil
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (w *holding) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Held has every answer wait for what its request recorded, except for what only
// begins: nothing was proved or given then, so its loss with a node hides nothing.
// Where a record isn't written within HoldAtMost, unrecorded answers instead and should say
// that the database is unavailable: what was done stays, nobody is told of it, and
// its record is tried again as long as the process lives.
func Held(next, unrecorded http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := &holding{ResponseWriter: w, held: &held{}, before: maps.Clone(w.Header())}
		own.unrecorded = func(w http.ResponseWriter) { unrecorded.ServeHTTP(w, r) }
		next.ServeHTTP(own, r.WithContext(context.WithValue(r.Context(), heldKey{}, own.held)))
		own.ready() // of an answer without a body nothing was written until now
	})
}

// begins says whether the kind tells of a beginning alone.
func begins(kind string) bool {
	return kind == TypeLoginBegun || kind == TypeDeviceBegun || kind == TypeMethodChosen
}
