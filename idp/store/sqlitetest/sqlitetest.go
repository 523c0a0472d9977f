// Package sqlitetest gives tests databases that are migrated already: migrating
// an empty one costs more than most tests. It owns the copy that the others are
// copied from; it does not own what is in a database, nor the tests of migrations,
// which begin with an empty one.
package sqlitetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/idp/store"
)

// URL is the address of a new database that this version has migrated and that
// holds nothing else. It goes when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ringtail.db")
	Put(t, path)
	return "sqlite:" + path
}

// Put makes such a database at path, whose folder is there.
func Put(t testing.TB, path string) {
	t.Helper()
	file, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// migrated is the file of a database that was closed, its log written back.
var migrated = sync.OnceValues(func() (file []byte, err error) {
	folder, err := os.MkdirTemp("", "ringtail-")
	if err != nil {
		return nil, fmt.Errorf("making a database to copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "ringtail.db")
	s, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + path})
	if err != nil {
		return nil, fmt.Errorf("making a database to copy: %w", err)
	}
	if err := s.Close(); err != nil {
		return nil, fmt.Errorf("making a database to copy: %w", err)
	}
	return os.ReadFile(path)
})
