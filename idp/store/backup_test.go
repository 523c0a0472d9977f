package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
)

// A backup that is made while a node writes holds everything that was acknowledged
// before it began, and a node serves from it once it lies where the file was.
func TestABackupIsRestored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	serving := open(t, path)
	create := func(i int) error {
		return serving.CreateUser(t.Context(), &idp.User{ID: fmt.Sprint("u", i), Login: fmt.Sprint("user", i)})
	}
	for i := range 200 {
		if err := create(i); err != nil {
			t.Fatal(err)
		}
	}
	stop, stopped := make(chan bool), make(chan error, 1)
	go func() {
		for i := 200; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := create(i); err != nil {
				stopped <- err
				return
			}
		}
	}()
	copied := filepath.Join(t.TempDir(), "backup.db")
	done, err := store.Backup(t.Context(), "sqlite:"+path, copied)
	close(stop)
	if err := errors.Join(err, <-stopped, serving.Close()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(copied)
	if err != nil || info.Mode() != 0o600 || done.Bytes != info.Size() || done.File != copied || len(done.Tables) < 40 {
		t.Errorf("the backup is %v, %v; told %+v", info, err, done)
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(copied), "*")); len(files) != 1 {
		t.Errorf("the backup is in more than one file: %v", files)
	}
	// What docs/how-to/back-up-and-move.md says.
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix)
	}
	if err := os.Rename(copied, path); err != nil {
		t.Fatal(err)
	}
	restored := open(t, path)
	for i := range 200 {
		if _, err := restored.UserByLogin(t.Context(), fmt.Sprint("user", i)); err != nil {
			t.Errorf("user%d, from before the backup: %v", i, err)
		}
	}
	if err := restored.CreateUser(t.Context(), &idp.User{ID: "new", Login: "new"}); err != nil {
		t.Errorf("writing to what was restored: %v", err)
	}
}

func TestBackupsThatAreRefused(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "ringtail.db")
	open(t, path).Close()
	damaged := filepath.Join(folder, "damaged.db")
	damage(t, path, damaged)
	there := filepath.Join(folder, "there")
	if err := os.WriteFile(there, []byte("an older backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	tests := []struct {
		name, url, to string
		ctx           context.Context
		want          error
	}{
		{"no database", "sqlite:" + filepath.Join(folder, "nothing.db"), "new", t.Context(), nil},
		{"a file that is there", "sqlite:" + path, "there", t.Context(), fs.ErrExist},
		{"no folder", "sqlite:" + path, "nowhere/new", t.Context(), fs.ErrNotExist},
		{"an interrupt", "sqlite:" + path, "new", stopped, context.Canceled},
		{"a damaged database", "sqlite:" + damaged, "new", t.Context(), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := store.Backup(test.ctx, test.url, filepath.Join(folder, test.to))
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			if parts, _ := filepath.Glob(filepath.Join(folder, "*part*")); len(parts) > 0 {
				t.Errorf("it leaves %v", parts)
			}
		})
	}
	if found, err := store.Inspect(t.Context(), "sqlite:"+damaged); err != nil || len(found.Faults) == 0 || found.Faults[0].Check != "integrity" {
		t.Errorf("what is damaged: %+v, %v", found, err)
	}
	if text, err := os.ReadFile(there); err != nil || string(text) != "an older backup" {
		t.Errorf("the older backup is %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "new")); err == nil {
		t.Error("a backup that failed is there")
	}
}

// damage copies a database and overwrites its last pages, not those in
// which the schema is.
func damage(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(data) - 3*4096; i < len(data); i++ {
		data[i] ^= 0x5a
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
