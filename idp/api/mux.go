package api

import (
	"net/http"
	"strings"
)

// Route is one endpoint; its path is as the description has it, below the issuer.
type Route struct {
	Method, Path string
	Serve        http.HandlerFunc
}

// Mux serves the routes below base. A path that isn't there, and a method that an
// endpoint doesn't take, are told as problems.
func (t *Teller) Mux(base string, routes []Route) *http.ServeMux {
	mux := http.NewServeMux()
	allowed := map[string][]string{}
	for _, r := range routes {
		mux.HandleFunc(r.Method+" "+base+r.Path, r.Serve)
		allowed[r.Path] = append(allowed[r.Path], r.Method)
	}
	for path, methods := range allowed {
		mux.HandleFunc(base+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			t.Refuse(w, r, Problem(ProblemMethod, http.StatusMethodNotAllowed))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		t.Refuse(w, r, Problem(ProblemPath, http.StatusNotFound))
	})
	return mux
}
