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
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout"
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
	p.ConfirmLogout(w, request(""), logout.Question{
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
	p.SignedOut(w, request(""), logout.Goodbye{})
	if w.Code != http.StatusOK || parse(t, w).Find("h1").Text() != "You are signed out" || w.Header().Get("Refresh") != "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The frames are loaded, and nothing besides; and the browser goes on by itself,
// by the script or without it.
func TestSignedOutWithFrames(t *testing.T) {
	p, _ := newPages(t)
	w := httptest.NewRecorder()
	frames := []string{"https://mail.example:8443/out?iss=a&sid=b", "https://mail.example:8443/other", "https://chat.example/out", "https://a;script-src *.example/"}
	p.SignedOut(w, request(""), logout.Goodbye{
		Client: "Shop", Next: "https://shop.example/bye?state=s;x", Frames: frames, Wait: 2500 * time.Millisecond, UILocales: []string{"ru"},
	})
	policy := w.Header().Get("Content-Security-Policy")
	if _, sources, _ := strings.Cut(policy, "frame-src "); sources != "https://mail.example:8443 https://chat.example" {
		t.Errorf("policy %s", policy)
	}
	if got := w.Header().Get("Refresh"); got != "3; url=https://shop.example/bye?state=s;x" {
		t.Errorf("Refresh is %q", got)
	}
	doc := parse(t, w)
	link := doc.Find("a[data-go-on]")
	if link.AttrOr("href", "") != "https://shop.example/bye?state=s;x" || link.AttrOr("data-go-on", "") != "2500" {
		t.Errorf("the link is %v", link.Nodes)
	}
	if doc.Find("html").AttrOr("lang", "") != "ru" {
		t.Error("ui_locales don't count")
	}
	for i, frame := range doc.Find("iframe").EachIter() {
		if frame.AttrOr("src", "") != frames[i] || frame.AttrOr("sandbox", "") == "" {
			t.Errorf("frame %d is %v", i, frame.Nodes)
		}
	}
	if doc.Find("iframe").Length() != len(frames)-1 {
		t.Error("a frame is missing, or one without a plain origin is there")
	}
}

// A registered address of a native app is a link; what no client can register never is.
func TestSignedOutLinks(t *testing.T) {
	p, _ := newPages(t)
	for next, linked := range map[string]bool{"com.example.app:/bye": true, "http://127.0.0.1:7000/bye": true, "javascript:alert(1)": false, "data:text/html,x": false, "": false} {
		w := httptest.NewRecorder()
		p.SignedOut(w, request(""), logout.Goodbye{Next: next, Frames: []string{"https://chat.example/out"}})
		link := parse(t, w).Find("main a")
		if linked && link.AttrOr("href", "") != next || linked != (link.Length() == 1) {
			t.Errorf("%q: %v", next, link.Nodes)
		}
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
