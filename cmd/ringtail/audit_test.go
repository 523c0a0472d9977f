package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3"
)

// What commands change is recorded; the trail is listed, exported and verified, and
// a record that somebody changed in the database shows.
func TestAuditByCommand(t *testing.T) {
	file := settingsFile(t, "")
	do := func(want int, stdin string, arguments ...string) (out string) {
		t.Helper()
		code, out, errOut := ringtail(t, stdin, append(arguments, "--conf", file)...)
		if code != want {
			t.Fatalf("%v: exit code %d: %s%s", arguments, code, out, errOut)
		}
		return out
	}
	do(exitOK, "a long password\n", "user", "add", "ann", "--password", "-")
	do(exitOK, "", "user", "block", "ann")
	do(exitOK, "", "client", "add", "shop", "--redirect", "https://shop.example/cb")
	do(exitOK, "", "client", "remove", "shop")
	do(exitOK, "", "keys", "rotate", "--alg", "ES256")
	do(exitRefused, "", "client", "remove", "shop")
	var rows []struct {
		Seq  int64
		Type string
		Prms struct{ By, Account, Login, What string }
	}
	if err := json.Unmarshal([]byte(do(exitOK, "", "audit", "list", "--json")), &rows); err != nil || len(rows) != 5 {
		t.Fatalf("%v: %+v", err, rows)
	}
	var kinds []string
	for _, r := range rows {
		if kinds = append(kinds, r.Type); r.Prms.By != "command_line" || r.Prms.Account == "" {
			t.Errorf("%+v", r)
		}
	}
	if got := strings.Join(kinds, " "); got != "keys_rotated client_deleted client_registered user_changed user_created" || rows[3].Prms.What != "blocked" {
		t.Errorf("%s: %+v", got, rows)
	}
	if out := do(exitOK, "", "audit", "list", "--type", "user_created"); strings.Count(out, "\n") != 2 || strings.Contains(out, "a long password") {
		t.Errorf("list:\n%s", out)
	}
	if out := do(exitOK, "", "audit", "export", "--format", "csv", "--type", "client_deleted"); strings.Count(out, "\n") != 2 || !strings.Contains(out, ",client_deleted,") {
		t.Errorf("export:\n%s", out)
	}
	whole := do(exitOK, "", "audit", "verify")
	head := strings.TrimSpace(whole[strings.LastIndex(whole, " ")+1:])
	if !strings.HasPrefix(whole, "6 records are whole, from 1 to 6\n") || !strings.HasPrefix(head, "6:") {
		t.Errorf("verify:\n%s", whole)
	}
	do(exitOK, "", "audit", "verify", "--head", head)
	do(exitRefused, "", "audit", "verify", "--head", "5:"+strings.TrimPrefix(head, "6:"))
	do(exitUsage, "", "audit", "verify", "--head", "x")
	do(exitUsage, "", "audit", "export", "--format", "xml")
	do(exitUsage, "", "audit", "list", "--from", "yesterday")
	databases, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.db"))
	if err != nil || len(databases) != 1 {
		t.Fatalf("%v, %v", databases, err)
	}
	db := sqlx.MustConnect("sqlite3", databases[0])
	db.MustExec(`DROP TRIGGER audit_unchanged`)
	db.MustExec(`UPDATE audit SET subject = 'somebody else' WHERE seq = 3`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if out := do(exitRefused, "", "audit", "verify"); !strings.HasPrefix(out, "3: ") {
		t.Errorf("verify:\n%s", out)
	}
	if text, err := os.ReadFile(databases[0]); err != nil || strings.Contains(string(text), "a long password") {
		t.Error("the password is in the database")
	}
}
