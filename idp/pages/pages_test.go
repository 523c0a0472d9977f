package pages_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/templates"
)

func newPages(t *testing.T) (*pages.Pages, *bytes.Buffer) {
	t.Helper()
	render, err := templates.New(templates.Options{Asset: func(name string) string { return "/static/" + name }})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return pages.New(render, slog.New(slog.NewTextHandler(&log, nil))), &log
}

func request(accept string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept", accept)
	return r
}

func parse(t *testing.T, w *httptest.ResponseRecorder) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestProblem(t *testing.T) {
	p, log := newPages(t)
	problem := &idp.Problem{ID: "login_expired", Status: http.StatusGone, Cause: errors.New("the cause")}

	w := httptest.NewRecorder()
	p.Problem(w, request("text/html"), problem)
	if doc := parse(t, w); w.Code != http.StatusGone || doc.Find("[data-problem=login_expired]").Length() != 1 {
		t.Errorf("page %d %s", w.Code, w.Body)
	}
	w = httptest.NewRecorder()
	p.Problem(w, request("application/json"), problem)
	var got struct{ Problem pages.Description }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusGone || got.Problem.ID != "login_expired" || got.Problem.Text == "" || got.Problem.Hint == "" {
		t.Errorf("JSON %d %+v", w.Code, got)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error("a problem may be cached")
	}
	if strings.Contains(w.Body.String(), "the cause") || !strings.Contains(log.String(), "the cause") {
		t.Errorf("the cause belongs into the log alone, which has %q", log)
	}
	p.LogCause(t.Context(), problem, "login_id", "l1")
	if !strings.Contains(log.String(), `problem=login_expired error="the cause" login_id=l1`) {
		t.Errorf("the log has %q", log)
	}
}

func TestAsProblem(t *testing.T) {
	known := &idp.Problem{ID: "known"}
	if got := pages.AsProblem(errors.Join(errors.New("x"), known)); got != known {
		t.Errorf("%v", got)
	}
	fault := errors.New("disk full")
	if got := pages.AsProblem(fault); got.ID != idp.ProblemInternal || got.HTTPStatus() != 500 || !errors.Is(got, fault) {
		t.Errorf("%v", got)
	}
}

func TestLogoutPages(t *testing.T) {
	p, _ := newPages(t)
	w := httptest.NewRecorder()
	p.ConfirmLogout(w, request(""), oidc.LogoutPage{
		Action: "/blitz/logout/confirm", Hidden: map[string]string{"proof": "p", "state": `"x`}, Person: "demo",
		FormTargets: []string{"https://shop.example/bye"},
	})
	form := parse(t, w).Find("form[method=post]")
	if form.AttrOr("action", "") != "/blitz/logout/confirm" || form.Find("[name=state]").AttrOr("value", "") != `"x` {
		t.Errorf("the form is %v", form.Nodes)
	}
	if !strings.Contains(w.Header().Get("Content-Security-Policy"), "form-action 'self' https://shop.example;") {
		t.Errorf("policy %s", w.Header().Get("Content-Security-Policy"))
	}
	w = httptest.NewRecorder()
	p.SignedOut(w, request(""))
	if w.Code != http.StatusOK || parse(t, w).Find("h1").Text() != "You are signed out" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The answer goes to the redirect URI exactly as it is registered.
func TestFormPost(t *testing.T) {
	p, _ := newPages(t)
	for _, uri := range []string{"https://shop.example/cb?a=1&b=%20c", "http://127.0.0.1:7000/cb"} {
		w := httptest.NewRecorder()
		p.FormPost(w, request(""), oidc.FormPostPage{Action: uri, Fields: map[string]string{"code": "c+/=", "state": "<s>"}})
		form := parse(t, w).Find("form[method=post][data-submit]")
		if got := form.AttrOr("action", ""); got != uri {
			t.Errorf("posts to %q, want %q", got, uri)
		}
		if form.Find("[name=code]").AttrOr("value", "") != "c+/=" || form.Find("[name=state]").AttrOr("value", "") != "<s>" {
			t.Error("a field changed on its way")
		}
		if form.Find("button").Length() != 1 {
			t.Error("no button for a browser without JavaScript")
		}
	}
}

func TestWantsJSON(t *testing.T) {
	for accept, want := range map[string]bool{
		"application/json": true, "Application/JSON; q=0.9": true, "application/json, text/html": true,
		"text/html,application/xhtml+xml,*/*;q=0.8": false, "text/html, application/json": false, "*/*": false, "": false,
	} {
		if got := pages.WantsJSON(request(accept)); got != want {
			t.Errorf("Accept %q: %v, want %v", accept, got, want)
		}
	}
}
