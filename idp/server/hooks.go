package server

import (
	"context"
	"net/http"
	"slices"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/loops"
)

// withHooks puts the callbacks of the chain's drivers before everything else:
// their paths must not pass a mux.
func (s *Server) withHooks(base string, next http.Handler) (http.Handler, error) {
	if s.calls == nil {
		return next, nil
	}
	o, f := &s.options, s.options.FlashCall
	handler, err := hooks.New(hooks.Options{
		Base: base, Driver: s.calledBack, Secrets: s.secretsOf, Runner: f.Runner, Limits: f.Limits, Workers: f.Workers,
		Tell: s.tell, Seen: o.Store, Hash: s.hash("callback"), Now: o.Now, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	return handler.Before(next), nil
}

// calledBack gives the driver of that name, if a route has it and its provider
// calls back.
func (s *Server) calledBack(name string) *loops.Driver {
	if r := s.routeOf(name); r != nil && slices.Contains(r.Entries, loops.EntryCallback) {
		return r.Driver
	}
	return nil
}

func (s *Server) secretsOf(ctx context.Context, d *loops.Driver) (map[string]string, error) {
	if r := s.routeOf(d.Name); r != nil {
		return r.Secrets(ctx)
	}
	return nil, nil
}

// routeOf is the first of the driver's routes: they have the same secrets.
func (s *Server) routeOf(driver string) *flashcall.Route {
	for i := range s.chain {
		if s.chain[i].Driver.Name == driver {
			return &s.chain[i]
		}
	}
	return nil
}

// tell gives the engine what a callback said.
func (s *Server) tell(ctx context.Context, d *loops.Driver, value map[string]any) error {
	return s.calls.News(ctx, flashcall.NewsOf(d, value, s.options.FlashCall.Codes.CodeLength))
}
