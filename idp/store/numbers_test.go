package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"github.com/ringtail-id/ringtail/idp"
)

type numberRow struct {
	UserID    string `db:"user_id"`
	Attribute string `db:"attribute"`
	Number    string `db:"number"`
}

func numberRows(t *testing.T, s *Store) (rows []numberRow) {
	t.Helper()
	err := s.read.Select(t.Context(), &rows, `SELECT user_id, attribute, number FROM user_numbers ORDER BY user_id, attribute`)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The migration fills the table for users who are there already, in SQL; it
// must read numbers as the program does ever after.
func TestTheBackfillReadsNumbersAsTheProgramDoes(t *testing.T) {
	s := openInside(t)
	values := []string{
		"", "+79991234567", "7 (999) 123-45-67", "7.999.1234567", "89991234567", "123456", "1234567", "123456789012345",
		"1234567890123456", "+7\u00a0999\u202f111\u201000\u201105\u2013", "\t79991234567", "79991234567x", "٧٩٩٩١١١٠٠١٣",
		"1990-01-01", "79991234567\n", "79991234567\x00", "7*991234567", "7[^0-9]991234567", "7999123456\"7",
	}
	users := []*idp.User{{ID: "none", Login: "none"}}
	for i, v := range values {
		users = append(users, &idp.User{
			ID: fmt.Sprint("u", i), Login: fmt.Sprint("u", i),
			Attributes: map[string]string{"phone_number": v, "a.b \"c": v, "name": "79990000000 Anna"},
		})
	}
	for _, u := range users {
		if err := s.CreateUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	want := numberRows(t, s)
	if len(want) != 2*9 {
		t.Fatalf("%d rows: %+v", len(want), want)
	}
	provider, err := migrator(s.d, s.writer.(*writer).db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(t.Context(), 13); err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := numberRows(t, s); !slices.Equal(got, want) {
		t.Errorf("filled in\n%+v\nwant\n%+v", got, want)
	}
}

func TestNumbersAreDigitsOrNothing(t *testing.T) {
	holds := func(value string) bool {
		n := numberOf(value)
		return n == "" || len(n) >= minNumber && len(n) <= maxNumber && strings.Trim(n, "0123456789") == "" && numberOf(n) == n
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
}

func TestADeletedUserIsFoundByNoNumber(t *testing.T) {
	s := openInside(t)
	if err := s.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "u1", Attributes: map[string]string{"phone_number": "79991234567"}}); err != nil {
		t.Fatal(err)
	}
	err := s.write(t.Context(), func(tx *txn) error { return one(tx.Exec(`DELETE FROM users WHERE id = 'u1'`)) })
	if err != nil {
		t.Fatal(err)
	}
	if rows := numberRows(t, s); len(rows) != 0 {
		t.Errorf("left of the user: %+v", rows)
	}
}

// Sweeping runs often: it must not read all that was ever typed.
func TestSweepingNumbersReadsOldOnesAlone(t *testing.T) {
	s := openInside(t)
	var plan []struct {
		ID, Parent, Notused int
		Detail              string
	}
	if err := s.read.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+deleteNumbers, "flashCall", 1, 1, 1); err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(plan); !strings.Contains(text, "budgets_numbers (method=? AND next_call<?)") {
		t.Errorf("the plan is %s", text)
	}
}

// The plan of the lookup: two searches of an index, no scan, whoever is there.
func TestTheLookupByNumberScansNothing(t *testing.T) {
	s := openInside(t)
	for _, query := range []string{selectByNumber, hasNumber} {
		var plan []struct {
			ID, Parent, Notused int
			Detail              string
		}
		err := s.read.Select(t.Context(), &plan, `EXPLAIN QUERY PLAN `+query, "phone_number", "79991234567")
		if err != nil {
			t.Fatal(err)
		}
		searches := 0
		for _, step := range plan {
			if strings.Contains(step.Detail, "SCAN users") || strings.Contains(step.Detail, "SCAN user_numbers") {
				t.Errorf("the lookup scans: %s", step.Detail)
			}
			if strings.Contains(step.Detail, "SEARCH") {
				searches++
			}
		}
		if searches != 2 {
			t.Errorf("%d searches of %+v, want 2", searches, plan)
		}
	}
}
