package server

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/health"
	"github.com/ringtail-id/ringtail/idp/settings"
)

func (s *Server) healthSection(c *consoleParts) (admin.Section, error) {
	o := &s.options
	return health.NewSection(health.Options{
		Nodes: o.Store, Keys: s.signing, Database: s.database, Self: c.Node, Now: o.Now,
		Latest: func(ctx context.Context) (settings.Revision, error) { return settings.Latest(ctx, o.Store) },
	}, c.view)
}

// database asks the database how it stands.
func (s *Server) database(ctx context.Context) (health.Database, error) {
	data := s.options.Store
	began := time.Now() // a span, not a date: the clock of the options may stand still
	if err := data.Ping(ctx); err != nil {
		return health.Database{}, err
	}
	answered, stats := time.Since(began), data.Stats()
	bytes, err := data.Size(ctx)
	return health.Database{Answered: answered, Bytes: bytes, Writes: stats.Writes, Commits: stats.Commits, Waiting: stats.Waiting}, err
}

// RouteStates are how the routes of the chain stand; nothing where flashCall is not
// in use.
func (s *Server) RouteStates() []flashcall.RouteState {
	if s.sender == nil {
		return nil
	}
	return s.sender.RouteStates()
}
