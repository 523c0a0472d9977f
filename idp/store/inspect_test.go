package store

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/store/pgtest/pgserver"
)

func inspected(t *testing.T, url string) Inspection {
	t.Helper()
	found, err := Inspect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAWholeDatabaseHasNoFaults(t *testing.T) {
	url := sqliteURL(t)
	if err := opens(t, url); err != nil {
		t.Fatal(err)
	}
	change(t, strings.TrimPrefix(url, "sqlite:"), `INSERT INTO callbacks VALUES ('a', 1), ('b', 2)`)
	found := inspected(t, url)
	if len(found.Faults) > 0 || found.Refusal != "" || found.Version != found.Known || found.Known < 37 {
		t.Errorf("found %+v", found)
	}
	if !slices.Contains(found.Tables, TableRows{"callbacks", 2}) || !slices.Contains(found.Tables, TableRows{"users", 0}) {
		t.Errorf("tables %v", found.Tables)
	}
}

func TestFaultsOfADatabase(t *testing.T) {
	const trail = `INSERT INTO audit SELECT value, 1, 't', '', '', '', '', '', '', '{}', 'h' || value FROM json_each('[1,2,3,4]');
		INSERT INTO audit_marks VALUES ('head', 4, 'h4', '');`
	tests := []struct{ name, change, check, want string }{
		{"a newer version", `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`, "schema", "99999"},
		{"a migration that was left out", `DELETE FROM goose_db_version WHERE version_id = 20`, "schema", "20"},
		{"rows that refer to nothing", `PRAGMA foreign_keys = 0; INSERT INTO user_words VALUES ('w', 'nobody')`, "references", "user_words"},
		{"a record in the middle is missing", trail + `DROP TRIGGER audit_kept; DELETE FROM audit WHERE seq = 2`, "audit", "1 records between 1 and 4"},
		{"the first records are missing", trail + `DROP TRIGGER audit_kept; DELETE FROM audit WHERE seq <= 2`, "audit", "the first record is 3"},
		{"the last record is missing", trail + `DROP TRIGGER audit_kept; DELETE FROM audit WHERE seq = 4`, "audit", "the last record is 3"},
		{"all records are missing", trail + `DROP TRIGGER audit_kept; DELETE FROM audit`, "audit", "all records are missing"},
		{"another last record", trail + `UPDATE audit_marks SET hash = 'x'`, "audit", "isn't the one that the head names"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ringtail.db")
			change(t, path, test.change)
			found := inspected(t, "sqlite:"+path)
			if len(found.Faults) != 1 || found.Faults[0].Check != test.check || !strings.Contains(found.Faults[0].What, test.want) {
				t.Errorf("faults %v, want one of %s with %q", found.Faults, test.check, test.want)
			}
		})
	}
}

func TestATrailThatWasSweptIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	change(t, path, `INSERT INTO audit SELECT value, 1, 't', '', '', '', '', '', '', '{}', 'h' || value FROM json_each('[3,4]');
		INSERT INTO audit_marks VALUES ('head', 4, 'h4', ''), ('anchor', 2, 'h2', '')`)
	if found := inspected(t, "sqlite:"+path); len(found.Faults) > 0 {
		t.Errorf("faults %v", found.Faults)
	}
	if faults := trailShape(audit.Tail{Head: audit.Mark{Seq: 2}, Anchor: audit.Mark{Seq: 2}}, 0, 0, nil); len(faults) > 0 {
		t.Errorf("a trail that was swept whole has faults %v", faults)
	}
}

func TestAMoveIsTold(t *testing.T) {
	o := MoveOptions{From: sqliteURL(t), To: sqliteURL(t)}
	fill(t, o.From, 1)
	if _, err := Move(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if found := inspected(t, o.From); !strings.Contains(found.Refusal, "was moved to") {
		t.Errorf("the source: %+v", found)
	}
}

func TestADatabaseThatCannotBeChecked(t *testing.T) {
	for name, url := range map[string]string{
		"nothing": "sqlite:" + filepath.Join(t.TempDir(), "nothing.db"), "no URL": "", "a password": "mysql://u:hunter2@db",
	} {
		if _, err := Inspect(t.Context(), url); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestFaultsOfPostgreSQL(t *testing.T) {
	url := pgserver.Database(t)
	fill(t, url, 2)
	execute(t, url, `DROP TRIGGER audit_kept ON audit; DELETE FROM audit; INSERT INTO audit_marks VALUES ('head', 0, '', '')`)
	if found := inspected(t, url); len(found.Faults) > 0 || !slices.Contains(found.Tables, TableRows{"users", 2}) || found.Version != found.Known {
		t.Errorf("a whole database: %+v", found)
	}
	execute(t, url, `SET session_replication_role = replica; DELETE FROM users; DELETE FROM goose_db_version WHERE version_id = 37;
		UPDATE audit_marks SET seq = 7 WHERE name = 'head'`)
	var got []string
	for _, fault := range inspected(t, url).Faults {
		got = append(got, fault.Check)
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, []string{"audit", "references", "schema"}) {
		t.Errorf("a broken database has the faults %v", got)
	}
	if _, err := Inspect(t.Context(), pgserver.Shared(t).URL("postgres")); err == nil || !strings.Contains(err.Error(), "there is no database of Ringtail") {
		t.Errorf("an empty one: %v", err)
	}
}
