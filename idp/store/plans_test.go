package store

import (
	"database/sql"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

type planned struct {
	Name string           `db:"name"`
	Size int              `db:"size"`
	On   bool             `db:"on"`
	At   stamp            `db:"at"`
	List jsonOf[[]string] `db:"list"`
	Raw  []byte           `db:"raw"`
}

// inside runs read in a write transaction, on the bare connection.
func inside(t *testing.T, read func(*txn) error) error {
	t.Helper()
	return openInside(t).write(t.Context(), read)
}

func TestRowsFillTheirFields(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	want := planned{"x", 7, true, at(noon), asJSON([]string{"a", "b"}), []byte{1, 2}}
	var got planned
	var all []planned
	err := inside(t, func(tx *txn) error {
		const query = `SELECT ? AS at, ? AS name, ? AS size, ? AS "on", ? AS list, ? AS raw`
		args := []any{want.At, want.Name, want.Size, want.On, want.List, want.Raw}
		return errors.Join(tx.Get(&got, query, args...), tx.Select(&all, query+` UNION ALL `+query+` ORDER BY 1`, append(args, args...)...))
	})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if len(all) != 2 || !reflect.DeepEqual(all, []planned{want, want}) {
		t.Errorf("all: %+v", all)
	}
}

func TestRowsThatDoNotFitAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		into  any
		query string
		says  string
	}{
		"no field":         {new(planned), `SELECT 1 AS other`, "no field for other"},
		"a text in an int": {new(planned), `SELECT 'x' AS size`, "column size"},
		"NULL":             {new(planned), `SELECT NULL AS name`, "column name"},
		"2 as a bool":      {new(planned), `SELECT 2 AS "on"`, "column on"},
		"two columns":      {new(int), `SELECT 1, 2`, "2 columns"},
		"too large":        {new(int8), `SELECT 300`, "int64"},
	} {
		t.Run(name, func(t *testing.T) {
			err := inside(t, func(tx *txn) error { return tx.Get(c.into, c.query) })
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want one that says %q", err, c.says)
			}
		})
	}
}

func TestNamesBecomePlaces(t *testing.T) {
	p := newPlans()
	row := planned{Name: "x", Size: 7}
	for range 2 { // found out, and remembered
		query, args, err := p.bind(`UPDATE t SET size = :size, a = :name WHERE name = :name`, row)
		if err != nil || query != `UPDATE t SET size = ?, a = ? WHERE name = ?` || !reflect.DeepEqual(args, []any{7, "x", "x"}) {
			t.Errorf("%q %v %v", query, args, err)
		}
	}
	if query, args, err := p.bind(`DELETE FROM t`, &row); query != `DELETE FROM t` || len(args) != 0 || err != nil {
		t.Errorf("%q %v %v", query, args, err)
	}
	if _, _, err := p.bind(`DELETE FROM t WHERE a = :other`, row); err == nil {
		t.Error("a name without a field was bound")
	}
}

func TestNoRowIsSaid(t *testing.T) {
	s := openInside(t)
	b := bare{conn: nil, plans: s.d.plans}
	conn, err := s.read.db.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		b.conn = c.(bareConn)
		var n int
		return b.get(t.Context(), &n, `SELECT 1 WHERE ? = 2`, []any{1})
	})
	if !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("%v, want sql.ErrNoRows", err)
	}
}
