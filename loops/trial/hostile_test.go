package trial_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// Somebody else's folder holds up nobody: what isn't a file of some size is no case.
func TestCasesThatAreNoFiles(t *testing.T) {
	pool := workers(t)
	for name, place := range map[string]func(file string) error{
		"pipe":   func(file string) error { return syscall.Mkfifo(file, 0o600) },
		"device": func(file string) error { return os.Symlink("/dev/zero", file) },
		"folder": func(file string) error { return os.Mkdir(file, 0o700) },
		"huge":   func(file string) error { return os.WriteFile(file, make([]byte, 2<<20), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "driver.js"), "function run() {}")
			if err := os.Mkdir(filepath.Join(dir, "cases"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := place(filepath.Join(dir, "cases", "a.json")); err != nil {
				t.Fatal(err)
			}
			d, err := drivers.ReadFolder(dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := trial.Cases(context.Background(), os.DirFS(dir), trial.Options{Driver: d, Workers: pool}); err == nil || !strings.Contains(err.Error(), "cases/a.json: not a file of at most") {
				t.Errorf("err = %v", err)
			}
		})
	}
}
