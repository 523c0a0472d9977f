package fill

import (
	"database/sql"
	"io"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
)

// What is filled in is what the store itself would have written, and every
// operation is measured at every size.
func TestFilledUsersAreWhatTheStoreWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	all, err := Run(t.Context(), Options{URL: "sqlite:" + path, Sizes: []int{expired, expired + 1000}, Most: 2, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || len(all[1].Figures) < 25 || all[1].Bytes <= all[0].Bytes {
		t.Errorf("the figures are %+v", all)
	}
	found, err := store.Inspect(t.Context(), "sqlite:"+path)
	if err != nil || len(found.Faults) > 0 {
		t.Errorf("the database has the faults %v, %v", found.Faults, err)
	}
	before := words(t, path)
	exec(t, path, `UPDATE users SET words = 0`)
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for {
		n, err := s.IndexUsers(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if after := words(t, path); !reflect.DeepEqual(after, before) || len(after) < 4*expired {
		t.Errorf("the store makes %d words of the users, %d were filled in", len(after), len(before))
	}
	session, err := s.SessionByID(t.Context(), idOf(usersPerSession))
	if err != nil || len(session.Facts) != 2 || !session.Stands(time.Now()) {
		t.Errorf("a session is %+v, %v", session, err)
	}
	token, grant, err := s.TokenByHash(t.Context(), hashOf(usersPerSession))
	if err != nil || grant.UserID != session.UserID || len(token.Scopes) != 3 {
		t.Errorf("a token is %+v of %+v, %v", token, grant, err)
	}
	u, err := s.UserByNumber(t.Context(), idp.AttributePhone, "+79000000007")
	if err != nil || u.ID != idOf(7) || u.Login != "person7" {
		t.Errorf("the user of a number is %+v, %v", u, err)
	}
}

func exec(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func words(t *testing.T, path string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT word || ' ' || user_id FROM user_words ORDER BY word, user_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var w string
		if err := rows.Scan(&w); err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	return all
}

func TestPostgreSQLIsFilled(t *testing.T) {
	url := pgtest.URL(t)
	all, err := Run(t.Context(), Options{URL: url, Sizes: []int{expired}, Most: 2, Log: io.Discard})
	if err != nil || len(all[0].Figures) < 25 {
		t.Fatalf("the figures are %+v, %v", all, err)
	}
	found, err := store.Inspect(t.Context(), url)
	if err != nil || len(found.Faults) > 0 {
		t.Errorf("the database has the faults %v, %v", found.Faults, err)
	}
}
