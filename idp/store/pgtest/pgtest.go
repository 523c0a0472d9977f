// Package pgtest hands out PostgreSQL databases with Ringtail's schema to tests.
//
// One private server serves a test process; each test has a database of its own on
// it. Where the machine has no PostgreSQL the test is skipped, or fails with
// RINGTAIL_POSTGRES=require. It does not own the server, see pgserver, nor what the
// schema is.
package pgtest

import (
	"context"
	"testing"

	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

// migrated is copied for each test, which takes less than migrating.
var migrated = &pgserver.Prepared{Prepare: func(url string) error {
	s, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		return err
	}
	return s.Close()
}}

// URL is that of a fresh database with the schema of this version.
func URL(t testing.TB) string {
	t.Helper()
	return migrated.Database(t)
}

// Empty is the URL of a fresh database without a table.
func Empty(t testing.TB) string {
	t.Helper()
	return pgserver.Database(t)
}

// Start makes a server for one test alone, which it may Stop, Kill and Start again;
// its URL("postgres") is an empty database. See pgserver.Server.
func Start(t testing.TB, o pgserver.Options) *pgserver.Server {
	t.Helper()
	return pgserver.Start(t, o)
}
