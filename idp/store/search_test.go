package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

// stepsOfPlan are how SQLite runs the query.
func stepsOfPlan(t *testing.T, s *Store, query string, args ...any) []string {
	t.Helper()
	var rows []struct {
		ID      int    `db:"id"`
		Parent  int    `db:"parent"`
		NotUsed int    `db:"notused"`
		Detail  string `db:"detail"`
	}
	if err := s.read.Select(t.Context(), &rows, `EXPLAIN QUERY PLAN `+query, args...); err != nil {
		t.Fatal(err)
	}
	var details []string
	for _, r := range rows {
		details = append(details, r.Detail)
	}
	return details
}

// TestTheSearchReadsIndices: none of its statements reads a whole table, or sorts.
func TestTheSearchReadsIndices(t *testing.T) {
	s := openInside(t)
	queries := map[string]struct {
		query string
		args  []any
		first string // how the plan begins
	}{
		"everybody":   {listQuery(false), []any{"anna", 10}, "SEARCH users USING INDEX sqlite_autoindex_users_2 (login>?)"},
		"the blocked": {listQuery(true), []any{"anna", 10}, "SEARCH users USING INDEX users_blocked (login>?)"},
		"by id":       {selectUser + ` WHERE id = ?`, []any{"u1"}, "SEARCH users USING INDEX sqlite_autoindex_users_1 (id=?)"},
		"the last place": {`SELECT word, user_id FROM user_words WHERE (word, user_id) > (?, ?) AND word < ? ORDER BY word, user_id LIMIT 1 OFFSET ?`,
			[]any{"a", "u", "b", 10}, "SEARCH user_words USING PRIMARY KEY ((word,user_id)>(?,?) AND word<?)"},
		"unindexed": {selectUser + ` WHERE words < ? LIMIT ?`, []any{1, 10}, "SEARCH users USING INDEX users_unindexed (words<?)"},
	}
	for text, numbers := range map[string][]string{"анна": nil, "анна петрова ив": nil, "+7 (999) 000": {"8999000"}, "anna@shop": nil} {
		ways := readQuery(text, numbers)
		for i := range ways {
			query, args := wordsQuery(ways[:i+1], endOf(i%2 == 0), place{}, place{}, 10)
			q := queries[text]
			q.query, q.args, q.first = query, args, "SEARCH w USING PRIMARY KEY ((word,user_id)>(?,?) AND word<?)"
			queries[fmt.Sprint(text, i)] = q
			q.query, q.args = wordsQuery(ways[:i+1], endOf(false), place{}, place{"x", "u"}, 10)
			queries[fmt.Sprint(text, i, " to a place")] = q
		}
	}
	for name, q := range queries {
		if q.query == "" {
			continue
		}
		details := stepsOfPlan(t, s, q.query, q.args...)
		if details[0] != q.first {
			t.Errorf("%s begins with %s, want %s", name, details[0], q.first)
		}
		for _, d := range details {
			if strings.HasPrefix(d, "SCAN") || strings.Contains(d, "TEMP B-TREE") {
				t.Errorf("%s: %s in\n%s", name, d, strings.Join(details, "\n"))
			}
		}
	}
}

// TestManyWordsInVain: where two words are everybody's, but nobody's together, a page
// ends before it is full, and the pages come to an end.
func TestManyWordsInVain(t *testing.T) {
	s := openInside(t)
	must(t, s.write(t.Context(), func(tx *txn) error {
		for _, query := range []string{
			`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11999)
				INSERT INTO users (id, login, attributes, password_hash, required_factor, blocked, created_at, updated_at, words)
				SELECT printf('u%05d', i), printf('login%05d', i), '{}', '', 0, 0, 1, 1, 1 FROM n`,
			`INSERT INTO user_words SELECT CASE WHEN id < 'u06000' THEN 'left' ELSE 'right' END, id FROM users`,
			`INSERT INTO user_words VALUES ('right', 'u05999')`,
		} {
			if _, err := tx.Exec(query); err != nil {
				return err
			}
		}
		return nil
	}))
	var found []*idp.User
	q, pages := idp.UserQuery{Text: "left right", Limit: 10}, 0
	for {
		page, err := s.SearchUsers(t.Context(), q)
		must(t, err)
		found = append(found, page.Users...)
		if pages++; page.Next == "" || pages > 3 {
			break
		}
		q.After = page.Next
	}
	if pages != 2 || len(found) != 1 || found[0].ID != "u05999" {
		t.Errorf("%d pages, %d users", pages, len(found))
	}
}

// TestWordsOfAnOlderVersion: users of a database from before the search are found
// once IndexUsers is through.
func TestWordsOfAnOlderVersion(t *testing.T) {
	s := openInside(t)
	for i := range 5 {
		must(t, s.CreateUser(t.Context(), &idp.User{ID: fmt.Sprint("u", i), Login: fmt.Sprint("login", i), Attributes: map[string]string{"name": "Анна"}}))
	}
	must(t, s.write(t.Context(), func(tx *txn) error {
		if _, err := tx.Exec(`DELETE FROM user_words`); err != nil {
			return err
		}
		return only(tx.Exec(`UPDATE users SET words = 0`))
	}))
	// Whoever is changed meanwhile is found from then on.
	_, err := s.UpdateUser(t.Context(), "u4", func(u *idp.User) error { u.Blocked = true; return nil })
	must(t, err)
	for _, want := range []int{3, 1, 0} {
		if n, err := s.IndexUsers(t.Context(), 3); err != nil || n != want {
			t.Errorf("%d users, %v, want %d", n, err, want)
		}
	}
	found, err := s.SearchUsers(t.Context(), idp.UserQuery{Text: "анна"})
	if err != nil || len(found.Users) != 5 {
		t.Errorf("%d found, %v", len(found.Users), err)
	}
}

func TestReadQuery(t *testing.T) {
	long := strings.Repeat("я", 100)
	for text, want := range map[string][]wanted{
		"": nil, "...": nil, "ann  ивАНОВ": {{"иванов", "ann"}}, "a-b_c": {{"a", "b", "c"}}, "A@b.C x": {{"a@b.c", "x"}},
		"7 999": {{"7 999"}, {"7999"}}, "7999": {{"7999"}}, "12": {{"12"}}, "1 2": {{"1 2"}, {"12"}}, "1 2 3 4 5 6 7 8 a": {{"1", "2", "3", "4", "5", "6"}},
		long: {{strings.Repeat("я", 32)}}, "same same": {{"same"}},
	} {
		got := readQuery(text, nil)
		if !slices.EqualFunc(got, want, func(a, b wanted) bool { return slices.Equal(a, b) }) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := readQuery("8 999 123", []string{"7999123", "7999123456"}); len(got) != 3 {
		t.Errorf("forms of a number: %q", got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
