package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, url string
		want      []string
	}{
		{"no URL", "", []string{"sqlite:PATH"}},
		{"no file", "sqlite:", []string{"lacks a file", "sqlite:PATH"}},
		{"memory", "sqlite::memory:", []string{"names no file", "sqlite:PATH"}},
		{"a URL with a host", "sqlite://ringtail.db", []string{"names no file", "sqlite:PATH"}},
		{"a port that is none", "postgres://u:hunter2@db:port/ringtail", []string{"PostgreSQL", "postgres://"}},
		{"too few connections", "postgres://u:hunter2@db/ringtail?pool_max_conns=1", []string{"pool_max_conns"}},
		{"an unknown database", "mysql://u:hunter2@db/ringtail", []string{"mysql", "sqlite:PATH"}},
		{"a folder", "sqlite:" + folder, []string{folder}},
		{"a file in the way of the folder", "sqlite:" + text + "/ringtail.db", []string{text, "not a directory"}},
		{"a file of another kind", "sqlite:" + text, []string{text, "not a database"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Options{URL: test.url})
			if err == nil {
				s.Close()
				t.Fatal("it opened")
			}
			for _, want := range append(test.want, "") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %q shows the password", err)
			}
		})
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	path := filepath.Join(folder, "odd name?#%.db")
	s := openAsItIs(t, path)
	if err := s.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]fs.FileMode{folder: 0o700 | fs.ModeDir, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600}
	for name, mode := range want {
		info, err := os.Stat(name)
		if err != nil || info.Mode() != mode {
			t.Errorf("%s has mode %v, %v; want %v", filepath.Base(name), info.Mode(), err, mode)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 3 {
		t.Errorf("the folder holds %v, %v; want the three files", files, err)
	}
}

func TestAFileThatCantBeWritten(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "ringtail.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]fs.FileMode{path: 0o444, folder: 0o555, filepath.Dir(folder): 0o755} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	var err error
	asNobody(t, func() { _, err = store.Open(t.Context(), store.Options{URL: "sqlite:" + path}) })
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "can't be written") {
		t.Errorf("error is %v, want the file and that it can't be written", err)
	}
}

// asNobody runs open without root's rights over files, which no mode stops. The
// rights are one thread's, so the goroutine keeps its thread.
func asNobody(t *testing.T, open func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		open()
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Setfsuid(0); err != nil {
			t.Fatal(err)
		}
	}()
	open()
}

func TestManyStoresOnOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	const handles, updates = 6, 20
	stores := make([]*store.Store, handles)
	var all sync.WaitGroup
	for i := range stores { // A new file, opened and migrated by all at once.
		all.Go(func() {
			s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
			if err != nil {
				t.Errorf("opening: %v", err)
				return
			}
			stores[i] = s
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	if err := stores[0].CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna"}); err != nil {
		t.Fatal(err)
	}
	for _, s := range stores {
		for range updates {
			all.Go(func() {
				if _, err := s.UpdateUser(t.Context(), "u1", count); err != nil {
					t.Errorf("updating: %v", err)
				}
			})
		}
	}
	all.Wait()
	for _, s := range stores {
		if got := counted(t, s); got != handles*updates {
			t.Errorf("a handle reads %d of %d updates", got, handles*updates)
		}
	}
	for _, s := range stores {
		if err := s.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
}

// count adds one to a number that the user bears, twice: the two always agree
// in a database that is consistent.
func count(u *idp.User) error {
	var n int
	_, _ = fmt.Sscan(u.Attribute("n"), &n)
	u.RequiredFactor, u.Attributes = n+1, map[string]string{"n": fmt.Sprint(n + 1)}
	return nil
}

func counted(t *testing.T, s *store.Store) int {
	t.Helper()
	u, err := s.UserByID(context.WithoutCancel(t.Context()), "u1")
	if err != nil {
		t.Fatal(err)
	}
	if u.Attribute("n") != fmt.Sprint(u.RequiredFactor) {
		t.Fatalf("half an update is there: %v and %d", u.Attributes, u.RequiredFactor)
	}
	return u.RequiredFactor
}
