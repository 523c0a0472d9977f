package drain

import (
	"net/http"
	"sync/atomic"
)

// Gate knows whether the node leaves. Its zero value is of a node that stays.
type Gate struct {
	leaving atomic.Bool
}

// Leave begins: from now on the node isn't ready, and connections end with the
// answer that they wait for.
func (g *Gate) Leave() { g.leaving.Store(true) }

// Public answers with `Connection: close` while the node leaves, so that whoever
// keeps connections opens the next one elsewhere. Over HTTP/2 the server makes
// GOAWAY of it.
func (g *Gate) Public(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// Ops answers /readyz with 503 while the node leaves, whatever else is well.
func (g *Gate) Ops(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" && g.leaving.Load() {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "leaving", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}
