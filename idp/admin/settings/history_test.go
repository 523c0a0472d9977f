package settings_test

import (
	"net/http"
	"strings"
	"testing"
)

// saveThrice makes three revisions.
func (w *world) saveThrice() {
	w.t.Helper()
	for i, length := range []string{"5", "6", "7"} {
		w.as([]string{"anna", "olga", "anna"}[i])
		w.post(calls, with(w.get(calls).form(), v("codeLength"), length, "comment", "length "+length))
	}
}

func TestHistoryTellsWhoChangedWhat(t *testing.T) {
	w := worldOnDisk(t, fileOf(withDriver))
	if !strings.Contains(w.get("/settings/history").Find("main").Text(), "Nothing was saved") {
		t.Error("an empty history says nothing")
	}
	w.saveThrice()
	page := w.get("/settings/history")
	newest := page.Find(".revision").First()
	cells := newest.Find("tbody td")
	if page.Find(".revision").Length() != 3 || !strings.Contains(newest.Text(), "anna") || !strings.Contains(newest.Text(), "length 7") ||
		cells.Eq(0).Text() != "6" || cells.Eq(1).Text() != "7" {
		t.Errorf("the newest: %s", newest.Text())
	}
	if oldest := page.Find(".revision").Last().Find("tbody td").First().Text(); oldest != "the file's value" {
		t.Errorf("before the first: %q", oldest)
	}
	one := w.get("/settings/history/2")
	if !strings.Contains(one.Find("main").Text(), "olga") || one.Find(`a[href$="/settings/history/2/restore"]`).Length() != 1 {
		t.Errorf("revision 2: %s", one.Find("main").Text())
	}
	if w.get("/settings/history/3").Find(`a[href$="/restore"]`).Length() != 0 {
		t.Error("the newest can be restored")
	}
	for _, path := range []string{"/settings/history/9", "/settings/history/x", "/settings/history/-1", "/settings/history/diff?from=9"} {
		if got := w.send(http.MethodGet, base+path, nil); got.status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, got.status)
		}
	}
}

func TestAnyTwoRevisionsAreCompared(t *testing.T) {
	w := worldOnDisk(t, fileOf(withDriver))
	w.saveThrice()
	for query, want := range map[string]string{"": "6 7", "?from=1&to=3": "5 7", "?from=3&to=1": "7 5", "?from=0&to=2": "the file's value 6"} {
		cells := w.get("/settings/history/diff" + query).Find("tbody td")
		if got := cells.Eq(0).Text() + " " + cells.Eq(1).Text(); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	if !strings.Contains(w.get("/settings/history/diff?from=2&to=2").Find("main").Text(), "Nothing differs") {
		t.Error("a revision differs from itself")
	}
}

func TestRestoreTakesAClickAndAConfirmation(t *testing.T) {
	w := worldOnDisk(t, fileOf(withDriver))
	w.saveThrice()
	const path = "/settings/history/1/restore"
	ask := w.get(path)
	cells := ask.Find("tbody td")
	if cells.Eq(0).Text() != "7" || cells.Eq(1).Text() != "5" || w.served().Login.Methods.FlashCall.CodeLength != 7 {
		t.Fatalf("it asks: %s", ask.Find("main").Text())
	}
	form := ask.form()
	w.as("olga")
	w.post(calls, with(w.get(calls).form(), v("validity"), "60"))
	told := w.send(http.MethodPost, base+path, form)
	if told.status != http.StatusConflict || !strings.Contains(told.errors(), "olga changed this") || !strings.Contains(told.Find("tbody").Text(), "validity") {
		t.Fatalf("%d: %s", told.status, told.Find("main").Text())
	}
	w.post(path, with(told.form(), "comment", "too long"))
	rev, err := w.service.Current(t.Context())
	if err != nil || rev.Number != 5 || rev.Comment != "too long" || w.served().Login.Methods.FlashCall.CodeLength != 5 {
		t.Errorf("%+v, %v", rev, err)
	}
	again := w.send(http.MethodPost, base+path, with(form, "base", "5"))
	if again.notice != "There was nothing to save." {
		t.Errorf("restoring what is: %d %q", again.status, again.notice)
	}
}
