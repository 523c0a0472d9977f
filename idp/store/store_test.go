package store_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/idp/store/storetest"
)

// open opens the database at path, a migrated one where there is none yet.
func open(t testing.TB, path string) *store.Store {
	t.Helper()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		sqlitetest.Put(t, path)
	}
	return openAsItIs(t, path)
}

// openAsItIs makes and migrates what isn't there, as a first start does.
func openAsItIs(t testing.TB, path string) *store.Store {
	t.Helper()
	return openURL(t, "sqlite:"+path)
}

func openURL(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url, Now: storetest.Clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return s
}

// onBoth runs a test on each database; fresh gives the URL of a new one.
func onBoth(t *testing.T, test func(t *testing.T, fresh func(testing.TB) string)) {
	t.Run("SQLite", func(t *testing.T) {
		test(t, sqlitetest.URL)
	})
	t.Run("PostgreSQL", func(t *testing.T) { test(t, pgtest.URL) })
}

func TestSuite(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		storetest.Run(t, func(t *testing.T) storetest.Stores {
			s := openURL(t, fresh(t))
			return storetest.Stores{
				Users: s, Imports: s, Clients: s, Logins: s, Sessions: s, Notices: s, Browsers: s, Sweeper: s,
				Grants: s, Tokens: s, ClientTokens: s, Pushed: s, Verifications: s, Answers: s, Devices: s, Keys: s, Secrets: s, Drivers: s,
				Callbacks: s, Assertions: s, Pools: s, Challenges: s.Challenges(), Calls: s, Ledger: s, Counters: s, Recovery: s, Accounts: s, Registrations: s,
				Consents: s, Scripts: s, Administrators: s, ConsoleSessions: s,
			}
		})
	})
}
