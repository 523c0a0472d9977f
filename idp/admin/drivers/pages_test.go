package drivers_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/templates/console"
)

// site is the section's pages and endpoints for one actor, without the checks of the shell.
type site struct {
	*world
	actor   *admin.Actor
	handler http.Handler
}

const pagesAt, apiAt = "/console", "/api"

func (w *world) site(a *admin.Actor) *site {
	w.t.Helper()
	s := &site{world: w, actor: a}
	view := &view{}
	var err error
	view.pages, err = console.New(console.Options{Asset: func(name string) string { return "/static/" + name }, URL: view.URL})
	w.must(err)
	section := drivers.NewSection(w.service, view, false)
	mux := http.NewServeMux()
	for prefix, routes := range map[string][]admin.Route{pagesAt: section.Pages(), apiAt: section.Endpoints()} {
		for _, route := range routes {
			mux.HandleFunc(route.Method+" "+prefix+route.Path, s.serve(route, prefix == pagesAt))
		}
	}
	s.handler = mux
	return s
}

func (s *site) serve(route admin.Route, page bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if page && r.Method == http.MethodPost {
			_ = r.ParseForm()
		}
		err := route.Serve(w, r, s.actor)
		var p *idp.Problem
		switch {
		case errors.As(err, &p):
			http.Error(w, p.ID, p.HTTPStatus())
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

// view shows pages in the console's own layout.
type view struct{ pages *console.Renderer }

func (v *view) Show(w http.ResponseWriter, _ *http.Request, a *admin.Actor, p admin.Page) error {
	page := console.Page{Name: p.Name, Title: p.Title, Status: p.Status, Data: p.Data, Token: "token", Person: a.Login}
	for _, f := range p.Problems {
		page.Problems = append(page.Problems, console.Problem{Field: f.Field, Text: f.Text})
	}
	return v.pages.Render(w, page)
}

func (v *view) Redirect(w http.ResponseWriter, r *http.Request, path, _ string) {
	http.Redirect(w, r, v.URL(path), http.StatusSeeOther)
}

func (v *view) URL(path string) string { return pagesAt + path }

// shown is an answer of the site.
type shown struct {
	*goquery.Document
	t      *testing.T
	status int
	at     string // where it leads to
	body   string
}

func (s *site) send(r *http.Request) *shown {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	s.must(err)
	return &shown{doc, s.t, w.Code, strings.TrimPrefix(w.Header().Get("Location"), pagesAt), w.Body.String()}
}

func (s *site) get(path string) *shown {
	s.t.Helper()
	a := s.send(httptest.NewRequest(http.MethodGet, pagesAt+path, nil))
	if a.status != http.StatusOK {
		s.t.Fatalf("%s answers %d: %s", path, a.status, a.body)
	}
	return a
}

func (s *site) post(path string, form url.Values) *shown {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, pagesAt+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(r)
}

// submit sends the form that leads to the path, as a browser would, with some fields changed.
func (s *site) submit(a *shown, path string, change ...string) *shown {
	s.t.Helper()
	form := a.Find(fmt.Sprintf(`form[method="post"][action=%q]`, pagesAt+path)).First()
	if form.Length() == 0 {
		s.t.Fatalf("no form leads to %s: %s", path, a.body)
	}
	sent := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, in *goquery.Selection) {
		name, value := in.AttrOr("name", ""), in.AttrOr("value", "")
		switch goquery.NodeName(in) {
		case "textarea":
			value = in.Text()
		case "select":
			value = in.Find("option[selected]").AttrOr("value", in.Find("option").AttrOr("value", ""))
		}
		if _, off := in.Attr("disabled"); name != "" && !off {
			sent.Add(name, value)
		}
	})
	for i := 0; i+1 < len(change); i += 2 {
		sent.Set(change[i], change[i+1])
	}
	return s.post(path, sent)
}

func (a *shown) leadsTo(path string) {
	a.t.Helper()
	if a.status != http.StatusSeeOther || a.at != path {
		a.t.Fatalf("it answers %d to %q, want %s: %s", a.status, a.at, path, a.body)
	}
}

func (a *shown) says(texts ...string) {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("%q isn't in %s", text, a.body)
		}
	}
}

// An administrator begins a draft, tries it, keeps the trial, publishes it and rolls it back, by the forms alone.
func TestPages(t *testing.T) {
	w := newWorld(t)
	s := w.site(anna)
	s.get("/drivers").says("New-Tel", "ready driver")
	s.submit(s.get("/drivers/new"), "/drivers", "name", "own", "from", "ready:new-tel").leadsTo("/drivers/own")
	page := s.get("/drivers/own")
	changed := strings.Replace(page.Find("#manifest").Text(), `title = "New-Tel`, `title = "Ours, at New-Tel`, 1)
	s.submit(page, "/drivers/own", "manifest", strings.ReplaceAll(changed, "\n", "\r\n")).leadsTo("/drivers/own")
	s.get("/drivers/own").says("Ours, at New-Tel")
	tried := s.submit(s.get("/drivers/own/trial"), "/drivers/own/trial", "provider", "new-tel")
	tried.says("The code would be 1234.", "call-password")
	s.submit(tried, "/drivers/own/keep", "case", "ours", "title", "against the stand-in").leadsTo("/drivers/own/cases")
	s.submit(s.get("/drivers/own/cases"), "/drivers/own/cases/run").says("ours")
	for name, value := range map[string]string{"API_KEY": "k1-of-the-account", "SIGN_KEY": "k2-of-the-account"} {
		s.submit(s.get("/drivers/own/secrets"), "/drivers/own/secrets", "name", name, "value", value).leadsTo("/drivers/own/secrets")
	}
	if set := s.get("/drivers/own/secrets"); strings.Contains(set.body, "of-the-account") || strings.Contains(set.body, "Missing") {
		t.Errorf("the page of secrets is %s", set.body)
	}
	s.submit(s.get("/drivers/own/publish"), "/drivers/own/publish", "comment", "first").leadsTo("/drivers/own/versions")
	s.get("/drivers/own/versions").says("Version 1", "serves", "first")
	s.get("/drivers/own/versions/1").says("Ours, at New-Tel")

	s.post("/drivers/own/start", url.Values{"version": {"1"}}).leadsTo("/drivers/own")
	s.submit(s.get("/drivers/own"), "/drivers/own", "manifest", strings.Replace(changed, "Ours", "Yours", 1)).leadsTo("/drivers/own")
	s.get("/drivers/own/diff?from=1&to=draft").says("Yours, at New-Tel")
	s.submit(s.get("/drivers/own/publish"), "/drivers/own/publish", "comment", "second").leadsTo("/drivers/own/versions")
	link, _ := s.get("/drivers/own/versions").Find(`a[href$="/rollback?to=1"]`).Attr("href")
	s.submit(s.get(strings.TrimPrefix(link, pagesAt)), "/drivers/own/rollback").leadsTo("/drivers/own/versions")
	if w.served("own") != 1 {
		t.Errorf("version %d serves", w.served("own"))
	}
}

// A broken draft shows its problems, and its page has no way to publish it.
func TestBrokenDraftOnPages(t *testing.T) {
	w := newWorld(t)
	s := w.site(anna)
	w.saved("own", script("  retrun 1"))
	s.get("/drivers/own").says("2:10")
	page := s.get("/drivers/own/publish")
	if page.Find(`form[action$="/publish"]`).Length() != 0 {
		t.Error("a broken draft can be published")
	}
	draft, err := w.service.Draft(t.Context(), "own")
	w.must(err)
	sent := s.post("/drivers/own/publish", url.Values{"edition": {fmt.Sprint(draft.Edition)}, "digest": {draft.Digest()}, "base": {"0"}, "comment": {"c"}})
	if sent.status != http.StatusUnprocessableEntity || w.served("own") != 0 {
		t.Errorf("it answers %d, version %d serves", sent.status, w.served("own"))
	}
}

// Whoever saves second is told by whom, and keeps what they typed.
func TestSecondEditorIsTold(t *testing.T) {
	w := newWorld(t)
	w.saved("own", script(calling))
	one, other := w.site(anna), w.site(boris)
	seen := one.get("/drivers/own")
	other.submit(other.get("/drivers/own"), "/drivers/own", "script", script(calling+"// of boris").Source).leadsTo("/drivers/own")
	told := one.submit(seen, "/drivers/own", "script", script(calling+"// of anna").Source)
	if told.status != http.StatusConflict {
		t.Fatalf("it answers %d", told.status)
	}
	told.says("boris saved this draft meanwhile", "// of anna")
	if d, err := w.service.Draft(t.Context(), "own"); err != nil || !strings.Contains(d.Source, "// of boris") {
		t.Errorf("the draft is %s, %v", d.Source, err)
	}
	one.submit(told, "/drivers/own").leadsTo("/drivers/own")
}

func TestRequestOnPages(t *testing.T) {
	w := newWorld(t)
	w.facts.SecondAdministrator = true
	draft := w.saved("own", script(calling))
	one, other := w.site(anna), w.site(boris)
	one.submit(one.get("/drivers/own/publish"), "/drivers/own/publish", "comment", "please").leadsTo("/drivers/own/versions")
	own := one.get("/drivers/own/request")
	own.says(draft.Digest())
	if own.Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Error("anna may confirm what she asked for")
	}
	page := other.get("/drivers/own/request")
	page.says(draft.Digest(), "anna", "api.provider.example")
	other.submit(page, "/drivers/own/request/confirm").leadsTo("/drivers/own/versions")
	if w.served("own") != 1 {
		t.Errorf("version %d serves", w.served("own"))
	}
}

// Every page of a driver answers 404 for one that isn't there, and shows whatever there is of one.
func TestPagesOfOddDrivers(t *testing.T) {
	w := newWorld(t)
	file := *w.facts.Shipped[0]
	file.Name = "of-a-file"
	w.facts.Folder = append(w.facts.Folder, &file)
	w.saved("own", drivers.Script{Language: drivers.Java})
	s := w.site(anna)
	for _, page := range []string{"", "/trial", "/cases", "/versions", "/secrets", "/diff"} {
		for _, name := range []string{"x", "..%2Fx", "%00"} {
			if a := s.send(httptest.NewRequest(http.MethodGet, pagesAt+"/drivers/"+name+page, nil)); a.status != http.StatusNotFound {
				t.Errorf("%s%s answers %d", name, page, a.status)
			}
		}
		for _, name := range []string{"of-a-file", "own", "new-tel"} {
			s.get("/drivers/" + name + page)
		}
	}
	for _, page := range []string{"/publish", "/request", "/rollback", "/rollback?to=9", "/versions/9", "/versions/x", "/export?of=9"} {
		if a := s.send(httptest.NewRequest(http.MethodGet, pagesAt+"/drivers/new-tel"+page, nil)); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d", page, a.status)
		}
	}
}

func TestEditorsQuestions(t *testing.T) {
	w := newWorld(t)
	s := w.site(anna)
	bad := script("  retrun 1")
	lint := s.post("/drivers/lint", url.Values{"language": {"js"}, "script": {bad.Source}, "manifest": {bad.Manifest}})
	var found struct{ Problems []drivers.Problem }
	w.must(json.Unmarshal([]byte(lint.body), &found))
	if len(found.Problems) != 1 || found.Problems[0].Line != 2 {
		t.Errorf("%s", lint.body)
	}
	if words := s.get("/drivers/words"); !json.Valid([]byte(words.body)) {
		t.Errorf("words are %s", words.body)
	}
}

// What is exported is a folder of an installation: it is read as one and is the same script.
func TestExport(t *testing.T) {
	w := newWorld(t)
	w.saved("own", withCase(script(calling), "call", `{"title": "t", "outcome": {"outcome": "ok"}}`))
	packed := httptest.NewRecorder()
	w.site(anna).handler.ServeHTTP(packed, httptest.NewRequest(http.MethodGet, apiAt+"/drivers/own/export?of=draft", nil))
	z, err := zip.NewReader(bytes.NewReader(packed.Body.Bytes()), int64(packed.Body.Len()))
	w.must(err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		w.must(err)
		text, err := io.ReadAll(r)
		w.must(err)
		files[f.Name] = string(text)
	}
	if len(files) != 3 || files["own/driver.js"] != script(calling).Source || files["own/driver.conf"] != script("").Manifest || files["own/cases/call.json"] == "" {
		t.Errorf("%v", files)
	}
}
