package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
	"github.com/ringtail-id/ringtail/idp/store/storetest"
)

// spans is a store.Tracer of contexts that hold inTrace.
type spans struct {
	mu   sync.Mutex
	list []string
}

type inTrace struct{}

func (*spans) Recording(ctx context.Context) bool { return ctx.Value(inTrace{}) != nil }

func (s *spans) Begin(_ context.Context, system, operation string, writes bool) func(string) {
	access := "read"
	if writes {
		access = "write"
	}
	return func(code string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.list = append(s.list, system+" "+access+" "+operation+" "+code)
	}
}

func traced(t testing.TB, url string) (*store.Store, *spans, context.Context) {
	t.Helper()
	told := &spans{}
	s, err := store.Open(t.Context(), store.Options{URL: url, Now: storetest.Clock, Tracer: told})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, told, context.WithValue(t.Context(), inTrace{}, true)
}

// Spans are named by the methods that were called, and what merely isn't there, is
// taken, or was decided against is no failure.
func TestSpansOfReadsAndWrites(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		spansOf(t, "sqlite", "sqlite:"+filepath.Join(t.TempDir(), "ringtail.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) { spansOf(t, "postgresql", pgtest.URL(t)) })
}

func spansOf(t *testing.T, system, url string) {
	s, told, ctx := traced(t, url)
	against := errors.New("decided against")
	u := &idp.User{ID: "u1", Login: "anna"}
	steps := []struct {
		do   func(ctx context.Context) error
		fail bool
		want string
	}{
		{func(ctx context.Context) error { return s.CreateUser(ctx, u) }, false, "write CreateUser "},
		{func(ctx context.Context) error { return s.CreateUser(ctx, u) }, true, "write CreateUser "},
		{func(ctx context.Context) error { _, err := s.UserByLogin(ctx, "anna"); return err }, false, "read UserByLogin "},
		{func(ctx context.Context) error { _, err := s.UserByID(ctx, "nobody"); return err }, true, "read UserByID "},
		{func(ctx context.Context) error {
			_, err := s.UpdateUser(ctx, "u1", func(*idp.User) error { return against })
			return err
		}, true, "write UpdateUser "},
		{func(ctx context.Context) error {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return s.CreateLogin(ctx, benchLogin(1))
		}, true, "write CreateLogin canceled"},
	}
	for _, step := range steps {
		told.list = nil
		if err := step.do(ctx); (err != nil) != step.fail {
			t.Errorf("%s: %v", step.want, err)
		}
		if !slices.Contains(told.list, system+" "+step.want) {
			t.Errorf("told of %q, want %q", told.list, system+" "+step.want)
		}
		told.list = nil
		if err := step.do(t.Context()); err == nil && len(told.list) > 0 {
			t.Errorf("outside of a trace told of %q", told.list)
		}
	}
}

// BenchmarkTracer reads a user. Without a trace it is as without a tracer: no byte is
// allocated more.
func BenchmarkTracer(b *testing.B) {
	s, _, within := traced(b, "sqlite:"+filepath.Join(b.TempDir(), "ringtail.db"))
	plain := openURL(b, "sqlite:"+filepath.Join(b.TempDir(), "ringtail.db"))
	for _, each := range []*store.Store{s, plain} {
		if err := each.CreateUser(b.Context(), &idp.User{ID: "u1", Login: "anna"}); err != nil {
			b.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		s    *store.Store
		ctx  context.Context
	}{{"no tracer", plain, b.Context()}, {"no trace", s, b.Context()}, {"in a trace", s, within}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.s.UserByID(c.ctx, "u1"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
