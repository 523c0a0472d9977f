package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// plan is what SQLite says that it would do.
func plan(t *testing.T, s *Store, query string, args ...any) string {
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
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.Detail)
	}
	return strings.Join(lines, "\n")
}

// TestCallsAreReadByAnIndex: however many calls there are, a page reads those of
// its time alone, and no query of figures reads calls.
func TestCallsAreReadByAnIndex(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	month := ledger.Filter{From: time.Now().AddDate(0, -1, 0), To: time.Now()}
	in := func(change func(*ledger.Find)) *conditions {
		f := ledger.Find{Filter: month}
		change(&f)
		return ofFind(f)
	}
	russia := month
	russia.Country, russia.Driver = "RU", "test"
	for name, c := range map[string]struct {
		query string
		args  []any
		want  string
	}{
		"sums":               {sumsQuery(ofFilter(month)), ofFilter(month).args, "SEARCH call_figures USING PRIMARY KEY (at>? AND at<?)"},
		"sums of a country":  {sumsQuery(ofFilter(russia)), ofFilter(russia).args, "SEARCH call_figures USING PRIMARY KEY (at>? AND at<?)"},
		"moments":            {momentsQuery(ofFilter(month)), ofFilter(month).args, "SEARCH call_figures USING PRIMARY KEY (at>? AND at<?)"},
		"series":             {selectSeries, []any{at(time.Now()), 1, 1}, "SEARCH calls USING INDEX calls_at (at>?)"},
		"what is over":       {selectOver, []any{at(time.Now()), 1}, "SEARCH calls USING INDEX calls_open (until<?)"},
		"of a login":         {selectOfLogin, []any{"login"}, "SEARCH calls USING INDEX calls_login (login_id=?)"},
		"list":               {findQuery(in(func(*ledger.Find) {})), append(in(func(*ledger.Find) {}).args, 1), "SEARCH calls USING INDEX calls_at (at>? AND at<?)"},
		"list of a number":   {findQuery(in(func(f *ledger.Find) { f.Phone = "+7" })), append(in(func(f *ledger.Find) { f.Phone = "+7" }).args, 1), "SEARCH calls USING INDEX calls_phone (phone=? AND at>? AND at<?)"},
		"list of a country":  {findQuery(in(func(f *ledger.Find) { f.Country = "RU" })), append(in(func(f *ledger.Find) { f.Country = "RU" }).args, 1), "SEARCH calls USING INDEX calls_country (country=? AND at>? AND at<?)"},
		"list of an outcome": {findQuery(in(func(f *ledger.Find) { f.State = "failed" })), append(in(func(f *ledger.Find) { f.State = "failed" }).args, 1), "SEARCH calls USING INDEX calls_state (state=? AND at>? AND at<?)"},
		"list of a failure":  {findQuery(in(func(f *ledger.Find) { f.Failure = "unreachable" })), append(in(func(f *ledger.Find) { f.Failure = "unreachable" }).args, 1), "SEARCH calls USING INDEX calls_failure (failure=? AND at>? AND at<?)"},
	} {
		got := plan(t, s, c.query, c.args...)
		if first, _, _ := strings.Cut(got, "\n"); first != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
		if strings.HasPrefix(name, "list") && strings.Contains(got, "TEMP B-TREE") {
			t.Errorf("%s is sorted after it was read:\n%s", name, got)
		}
	}
}

// TestWorkIsFoundByItsOwnIndex: however many challenges are kept, claiming reads none
// but those that wait.
func TestWorkIsFoundByItsOwnIndex(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for query, want := range map[string]string{
		fmt.Sprintf(selectWork, s.d.by(dueIndex)):               "USING INDEX challenges_due (method=?)",
		fmt.Sprintf(selectDue, s.d.by(dueIndex)):                "USING INDEX challenges_due (method=?)",
		fmt.Sprintf(claimDue, s.d.by(dueIndex), s.d.skipLocked): "USING INDEX challenges_due (method=?)",
		selectPoll:                             "USING INDEX challenges_polls (method=? AND poll_at>? AND poll_at<?)",
		fmt.Sprintf(claimPoll, s.d.skipLocked): "USING INDEX challenges_polls (method=? AND poll_at>? AND poll_at<?)",
	} {
		if got := plan(t, s, query, make([]any, strings.Count(query, "?"))...); !strings.Contains(got, want) {
			t.Errorf("%s\n%s\nwant %s", query, got, want)
		}
	}
}
