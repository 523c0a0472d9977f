package server

import (
	"net/http"
	"net/http/pprof"
)

// mountProfiles serves the profiles of the Go runtime, for go tool pprof. The
// program's arguments (/debug/pprof/cmdline) are left out: --set may hold secrets.
func mountProfiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
}
