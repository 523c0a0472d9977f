package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/store"
)

// The whole life of a database by commands: checked, backed up, restored, moved.
func TestTheDatabaseByCommands(t *testing.T) {
	file := settingsFile(t, "")
	folder := filepath.Dir(file)
	old, copied, moved := filepath.Join(folder, "ringtail.db"), filepath.Join(folder, "copy.db"), filepath.Join(folder, "moved.db")
	ok := func(arguments ...string) string {
		t.Helper()
		code, out, errOut := ringtail(t, "a good password", arguments...)
		if code != exitOK {
			t.Fatalf("%v: exit code %d: %s%s", arguments, code, out, errOut)
		}
		return out
	}
	ok("user", "add", "alice", "--conf", file, "--password", "-")
	if out := ok("db", "check", "--conf", file); !strings.Contains(out, "is whole") {
		t.Errorf("db check: %s", out)
	}
	var backup store.BackedUp
	if err := json.Unmarshal([]byte(ok("db", "backup", "--conf", file, "--to", copied, "--json")), &backup); err != nil || backup.File != copied {
		t.Errorf("db backup: %+v, %v", backup, err)
	}
	if code, _, errOut := ringtail(t, "", "db", "backup", "--conf", file, "--to", copied); code != exitRefused || !strings.Contains(errOut, "exists") {
		t.Errorf("a second backup to the same file: exit code %d: %s", code, errOut)
	}
	ok("user", "add", "bob", "--conf", file, "--password", "-")
	if err := os.Rename(copied, old); err != nil { // restored
		t.Fatal(err)
	}
	if out := ok("user", "list", "--conf", file); !strings.Contains(out, "alice") || strings.Contains(out, "bob") {
		t.Errorf("users after the backup was restored: %s", out)
	}
	if out := ok("db", "move", "--from", "sqlite:"+old, "--to", "sqlite:"+moved); !strings.Contains(out, "set store.url to "+moved) {
		t.Errorf("db move: %s", out)
	}
	if code, _, errOut := ringtail(t, "", "user", "list", "--conf", file); code != exitRefused || !strings.Contains(errOut, "was moved to "+moved) {
		t.Errorf("the old database: exit code %d: %s", code, errOut)
	}
	if out := ok("user", "list", "--conf", file, "--set", "store.url=sqlite:"+moved); !strings.Contains(out, "alice") {
		t.Errorf("the new database: %s", out)
	}
	if out := ok("audit", "verify", "--conf", file, "--set", "store.url=sqlite:"+moved); !strings.Contains(out, "are whole") {
		t.Errorf("the trail in the new database: %s", out)
	}
}

func TestDatabaseCommandsThatAreRefused(t *testing.T) {
	file := settingsFile(t, "")
	broken := filepath.Join(t.TempDir(), "broken.db")
	if err := os.WriteFile(broken, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		arguments []string
		code      int
		want      string
	}{
		"no database":              {[]string{"db", "check"}, exitUsage, "--conf or --url"},
		"two databases":            {[]string{"db", "check", "--conf", file, "--url", "sqlite:x"}, exitUsage, "--conf or --url"},
		"none there":               {[]string{"db", "check", "--conf", file}, exitRefused, "there is no database"},
		"another file":             {[]string{"db", "check", "--url", "sqlite:" + broken}, exitRefused, "not a database"},
		"no target":                {[]string{"db", "move", "--from", "sqlite:x"}, exitUsage, "--to"},
		"both from standard input": {[]string{"db", "move", "--from", "-", "--to", "-"}, exitUsage, "standard input"},
		"move nothing":             {[]string{"db", "move", "--from", "sqlite:" + broken + "x", "--to", "sqlite:y"}, exitRefused, "there is no database"},
		"backup nowhere":           {[]string{"db", "backup", "--conf", file}, exitUsage, "--to"},
		"backup of PostgreSQL":     {[]string{"db", "backup", "--url", "postgres://u:hunter2@db.example/ringtail", "--to", broken + "y"}, exitRefused, "pg_dump --format=custom"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errOut := ringtail(t, "", c.arguments...)
			if code != c.code || strings.Contains(errOut, "hunter2") || !strings.Contains(errOut, c.want) {
				t.Errorf("exit code %d, want %d: %q lacks %q", code, c.code, errOut, c.want)
			}
		})
	}
}
