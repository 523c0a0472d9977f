package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// TestChangesReachOtherNodes: what one node saves, the others are told of.
func TestChangesReachOtherNodes(t *testing.T) {
	url := pgtest.URL(t)
	one, other := openURL(t, url), openURL(t, url)
	changes := other.Changes(t.Context())
	heard := func(what string) {
		t.Helper()
		select {
		case <-changes:
		case <-time.After(time.Minute):
			t.Fatal("the other node isn't told of", what)
		}
	}
	heard("the beginning")
	if err := one.AppendRevision(t.Context(), settings.Revision{Number: 1}); err != nil {
		t.Fatal(err)
	}
	heard("saved settings")
	if err := one.AddSigningKey(t.Context(), signing.Record{ID: "k", Alg: "ES256", Generation: 1, Sealed: []byte{1}}); err != nil {
		t.Fatal(err)
	}
	heard("a new key")
}

// TestManyNodesMigrateOnce: all start at once on an empty database.
func TestManyNodesMigrateOnce(t *testing.T) {
	url := pgtest.Empty(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			s, err := store.Open(t.Context(), store.Options{URL: url})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.CreateClient(t.Context(), &idp.Client{ID: fmt.Sprint(i), Name: "x"}); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if clients, err := openURL(t, url).ListClients(t.Context(), "", 0); err != nil || len(clients) != 4 {
		t.Errorf("%d clients, %v", len(clients), err)
	}
}

// TestKeysSortAsInSQLite: by their bytes, which other collations don't.
func TestKeysSortAsInSQLite(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		s := openURL(t, fresh(t))
		for _, id := range []string{"b", "B", "a-b", "ab", "ё", "_"} {
			if err := s.CreateClient(t.Context(), &idp.Client{ID: id, Name: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		clients, err := s.ListClients(t.Context(), "", 0)
		var ids []string
		for _, c := range clients {
			ids = append(ids, c.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != "B _ a-b ab b ё" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestTextsThatAreNone: made-up keys are found nowhere, and fail nothing.
func TestTextsThatAreNone(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		s := openURL(t, fresh(t))
		for _, text := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
			if _, err := s.UserByID(t.Context(), text); !errors.Is(err, idp.ErrNotFound) {
				t.Errorf("a user %q: %v", text, err)
			}
			if _, err := s.SearchUsers(t.Context(), idp.UserQuery{Text: text}); err != nil {
				t.Errorf("searching %q: %v", text, err)
			}
			if err := s.DeleteToken(t.Context(), text); err != nil {
				t.Errorf("deleting %q: %v", text, err)
			}
		}
	})
}

// TestWritesOutliveTheServer: those that came while it was away wait for it.
func TestWritesOutliveTheServer(t *testing.T) {
	server := pgtest.Start(t, pgserver.Options{Durable: true})
	s := openURL(t, server.URL("postgres"))
	server.Stop()
	written := make(chan error)
	go func() { written <- s.CreateClient(context.Background(), &idp.Client{ID: "shop", Name: "x"}) }()
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	if _, err := s.ClientByID(t.Context(), "shop"); err != nil {
		t.Error(err)
	}
}
