package pgtest_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestDatabasesAreApart(t *testing.T) {
	one, other := open(t, pgtest.URL(t)), open(t, pgtest.URL(t))
	if err := one.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "ann"}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.UserByID(t.Context(), "u1"); err == nil {
		t.Error("a user of one test's database is in another's")
	}
}

func TestAKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	server := pgtest.Start(t, pgserver.Options{Durable: true})
	s := open(t, server.URL("postgres"))
	for _, end := range []func(){server.Kill, server.Stop} {
		if err := s.CreateClient(t.Context(), &idp.Client{ID: "shop", Name: "Shop"}); err != nil {
			t.Fatal(err)
		}
		end()
		if err := s.Ping(t.Context()); err == nil {
			t.Error("a server that was ended answers")
		}
		if err := server.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteClient(t.Context(), "shop"); err != nil {
			t.Error("after the start:", err)
		}
	}
}
