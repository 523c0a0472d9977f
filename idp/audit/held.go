package audit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// holdAtMost bounds how long an answer waits for its records. Where a database takes
// longer, the answer goes out: what it tells of is done, and the records are tried
// again as long as the process lives.
const holdAtMost = 5 * time.Second

// held are the records that one request's answer waits for: what was told to somebody
// is on record, though the node is killed in the next moment.
type held struct {
	mu   sync.Mutex
	list []<-chan struct{}
}

type heldKey struct{}

func heldOf(ctx context.Context) *held {
	h, _ := ctx.Value(heldKey{}).(*held)
	return h
}

func (h *held) add(kept <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, kept)
}

// wait returns when all is written that was recorded until now.
func (h *held) wait() {
	h.mu.Lock()
	list := h.list
	h.list = nil
	h.mu.Unlock()
	if len(list) == 0 {
		return
	}
	limit := time.NewTimer(holdAtMost)
	defer limit.Stop()
	for _, kept := range list {
		select {
		case <-kept:
		case <-limit.C:
			return
		}
	}
}

// holding lets an answer out when its records are written.
type holding struct {
	http.ResponseWriter
	held *held
}

// WriteHeader implements http.ResponseWriter.
func (w *holding) WriteHeader(status int) {
	w.held.wait()
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *holding) Write(p []byte) (int, error) {
	w.held.wait()
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *holding) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Held has every answer wait for what its request recorded, except for what only
// begins: nothing was proved or given then, so its loss with a node hides nothing.
func Held(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := &held{}
		next.ServeHTTP(&holding{w, h}, r.WithContext(context.WithValue(r.Context(), heldKey{}, h)))
		h.wait() // of an answer without a body nothing was written until now
	})
}

// begins says whether the kind tells of a beginning alone.
func begins(kind string) bool {
	return kind == TypeLoginBegun || kind == TypeDeviceBegun || kind == TypeMethodChosen
}
