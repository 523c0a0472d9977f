package server

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/ringtail-id/ringtail/idp/observe"
)

// followed gives each request what it can be followed by. It stands outermost.
func (s *Server) followed(next http.Handler) http.Handler {
	return observe.RequestIDs(proxies(s.options.TrustedProxies).passedOn, s.options.Rand, next)
}

// passedOn says whether a trusted proxy passed the request on.
func (p proxies) passedOn(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.trusted(at.Addr().Unmap())
}

// traceOf is where the trace of a login goes on.
func (s *Server) traceOf(ctx context.Context, loginID string) string {
	l, err := s.options.Store.LoginByID(ctx, loginID)
	if err != nil {
		return "" // of a verification over REST there is no login
	}
	return l.Request.Trace
}
