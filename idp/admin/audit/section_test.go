package audit_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	section "github.com/ringtail-id/ringtail/idp/admin/audit"
	"github.com/ringtail-id/ringtail/idp/admin/openapi"
	"github.com/ringtail-id/ringtail/idp/api/apitest"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/audit/audittest"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/templates/console"
)

const base, apiBase = "/blitz/console", "/blitz/admin/api/v3"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// people are users by ID.
type people map[string]string

func (p people) UserByID(_ context.Context, id string) (*idp.User, error) {
	if login, ok := p[id]; ok {
		return &idp.User{ID: id, Login: login}, nil
	}
	return nil, idp.ErrNotFound
}

func (people) UserByLogin(context.Context, string) (*idp.User, error) { return nil, idp.ErrNotFound }

type view struct{ pages *console.Renderer }

func (v *view) Show(w http.ResponseWriter, _ *http.Request, _ *admin.Actor, p admin.Page) error {
	return v.pages.Render(w, console.Page{Name: p.Name, Title: p.Title, Status: p.Status, Data: p.Data})
}

func (v *view) Redirect(w http.ResponseWriter, r *http.Request, path, _ string) {
	http.Redirect(w, r, v.URL(path), http.StatusSeeOther)
}

func (v *view) URL(path string) string { return base + path }

type world struct {
	*httptest.Server
	t       *testing.T
	records *audittest.Records
	journal *audit.Journal
	client  *http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, records: &audittest.Records{}}
	ring, err := keyring.New([]byte(strings.Repeat("k", keyring.MasterKeyBytes)), nil)
	w.must(err)
	w.journal, err = audit.NewJournal(audit.Options{Records: w.records, Keyring: ring, Now: func() time.Time { return noon }})
	w.must(err)
	t.Cleanup(func() { _ = w.journal.Close(context.Background()) })
	v := &view{}
	v.pages, err = console.New(console.Options{Asset: func(name string) string { return "/static/" + name }, URL: v.URL})
	w.must(err)
	s, err := section.NewSection(section.Options{
		Records: w.records, Chain: audit.NewChain(ring), Users: people{"u1": "ann", "u2": "ben"}, Trail: w.journal, View: v, Now: func() time.Time { return noon },
	})
	w.must(err)
	mux := http.NewServeMux()
	for prefix, routes := range map[string][]admin.Route{base: s.Pages(), apiBase: s.Endpoints()} {
		for _, route := range routes {
			mux.HandleFunc(route.Method+" "+prefix+route.Path, w.serve(route))
		}
	}
	w.Server = httptest.NewServer(mux)
	t.Cleanup(w.Close)
	text, err := openapi.Join(w.URL+apiBase, w.URL, s)
	w.must(err)
	doc, err := openapi3.NewLoader().LoadFromData(text)
	w.must(err)
	w.client = &http.Client{Transport: apitest.Described(t, w.URL+apiBase, doc)}
	return w
}

// serve answers as the frame does, without its checks.
func (w *world) serve(route admin.Route) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		err := route.Serve(rw, r, &admin.Actor{UserID: "u1", Login: "ann"})
		var p *idp.Problem
		switch {
		case errors.As(err, &p):
			rw.Header().Set("Content-Type", "application/problem+json")
			rw.WriteHeader(p.HTTPStatus())
			_ = json.NewEncoder(rw).Encode(map[string]any{
				"type": "urn:ringtail:problem:" + p.ID, "title": p.ID, "status": p.HTTPStatus(), "detail": "", "id": p.ID, "field": p.Field,
			})
		case err != nil:
			w.t.Error(err)
		}
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) append(events ...audit.Event) {
	w.t.Helper()
	for _, e := range events {
		w.must(w.journal.Append(context.Background(), e))
	}
}

func (w *world) ask(method, path string) (status int, body string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.URL+path, nil)
	w.must(err)
	client := w.client
	if !strings.HasPrefix(path, apiBase) {
		client = w.Client()
	}
	got, err := client.Do(r)
	w.must(err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	w.must(err)
	return got.StatusCode, string(text)
}

func (w *world) page(method, path string) *goquery.Document {
	w.t.Helper()
	status, body := w.ask(method, base+path)
	if status != http.StatusOK {
		w.t.Fatalf("%s: %d %s", path, status, body)
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	w.must(err)
	return page
}

func (w *world) seqs(query string) string {
	w.t.Helper()
	_, body := w.ask(http.MethodGet, apiBase+"/audit?"+query)
	var got struct {
		Records []struct{ Seq int64 }
		Next    int64
	}
	w.must(json.Unmarshal([]byte(body), &got))
	all := ""
	for _, r := range got.Records {
		all += fmt.Sprint(r.Seq, " ")
	}
	return strings.TrimSpace(fmt.Sprint(all, "next ", got.Next))
}

func TestFilters(t *testing.T) {
	w := newWorld(t)
	w.append(
		audit.Event{Type: "login", Subject: "u1", ClientID: "shop", SessionID: "s", Procedure: "l", IP: netip.MustParseAddr("192.0.2.7")},
		audit.Event{Type: "user_changed", Subject: "u2", Object: "u1", At: noon.Add(time.Hour)},
		audit.Event{Type: "login", Subject: "u2", At: noon.Add(2 * time.Hour)},
	)
	for query, want := range map[string]string{
		"": "3 2 1 next 0", "type=login": "3 1 next 0", "subject=u2": "3 2 next 0", "object=u1": "2 next 0", "about=u1": "2 1 next 0", "client=shop": "1 next 0",
		"session=s": "1 next 0", "login=l": "1 next 0", "ip=192.0.2.7": "1 next 0", "ip=%3A%3Affff%3A192.0.2.7": "1 next 0", "from=2026-03-01T13:00:00Z": "3 2 next 0",
		"to=2026-03-01T13:00": "1 next 0", "from=2026-03-02": "next 0", "limit=2": "3 2 next 2", "limit=2&before=2": "1 next 0",
	} {
		if got := w.seqs(query); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	for _, query := range []string{"ip=house", "from=yesterday", "before=x", "before=-1", "limit=0", "limit=501", "type=a&type=b", "type=" + strings.Repeat("x", 300)} {
		if status, body := w.ask(http.MethodGet, apiBase+"/audit?"+query); status != http.StatusBadRequest || !strings.Contains(body, "audit_filter_invalid") {
			t.Errorf("%q: %d %s", query, status, body)
		}
	}
}

func TestPages(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.append(audit.Event{Type: "login", Subject: "u1", Object: fmt.Sprint("<b>", i), UserAgent: "<script>", Params: map[string]any{"x": "<i>"}})
	}
	page := w.page(http.MethodGet, "/audit?type=login")
	if n := page.Find("tbody tr").Length(); n != 50 {
		t.Errorf("%d rows", n)
	}
	if text := page.Find("tbody tr").First().Text(); !strings.Contains(text, "60") || !strings.Contains(text, ":00:00 UTC") || !strings.Contains(text, "ann") || !strings.Contains(text, "<b>59") {
		t.Errorf("the first row is %q", text)
	}
	next, _ := page.Find("a[rel=next]").Attr("href")
	page = w.page(http.MethodGet, strings.TrimPrefix(next, base))
	if n := page.Find("tbody tr").Length(); n != 10 || page.Find("a[rel=next]").Length() != 0 || page.Find("a[rel=prev]").Length() != 1 {
		t.Errorf("%d rows on the second page", n)
	}
	page = w.page(http.MethodGet, "/audit/7")
	if page.Find(".good").Length() != 1 || !strings.Contains(page.Find("pre").Text(), `"sbj": "u1"`) || page.Find("script:not([src])").Length() > 0 {
		t.Error(page.Text())
	}
	if page = w.page(http.MethodPost, "/audit/verify"); !strings.Contains(page.Find(".good").Text(), "60 records are whole") || !strings.Contains(page.Text(), "60:") {
		t.Error(page.Text())
	}
	for _, path := range []string{"/audit/61", "/audit/0", "/audit/x"} {
		if status, _ := w.ask(http.MethodGet, base+path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestExports(t *testing.T) {
	w := newWorld(t)
	w.append(audit.Event{Type: "login", Subject: "u1", UserAgent: `=HYPERLINK("x"), y`}, audit.Event{Type: "other"})
	_, lines := w.ask(http.MethodGet, base+"/audit/export?format=jsonl&type=login")
	var one map[string]any
	if err := json.Unmarshal([]byte(lines), &one); err != nil || one["seq"] != 1.0 || one["ua"] != `=HYPERLINK("x"), y` || one["hash"] == "" {
		t.Errorf("%s: %v", lines, err)
	}
	_, text := w.ask(http.MethodGet, base+"/audit/export?format=csv&type=login")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "1" || rows[1][6] != `'=HYPERLINK("x"), y` {
		t.Errorf("%q: %v", rows, err)
	}
	if status, _ := w.ask(http.MethodGet, base+"/audit/export?format=xml"); status != http.StatusBadRequest {
		t.Errorf("xml: %d", status)
	}
	if got := w.seqs("type=" + audit.TypeAuditExported); got != "4 3 next 0" {
		t.Errorf("exports are recorded as %s", got)
	}
}

// A record that somebody changed shows on its own page, in the API, and in the check.
func TestTamperingShows(t *testing.T) {
	w := newWorld(t)
	w.append(audit.Event{Type: "one"}, audit.Event{Type: "two"}, audit.Event{Type: "three"})
	w.records.Change(2, func(r *audit.Row) { r.Body = strings.Replace(r.Body, "two", "owt", 1) })
	for seq, whole := range map[int]bool{1: true, 2: false, 3: true} {
		if _, body := w.ask(http.MethodGet, apiBase+fmt.Sprint("/audit/", seq)); strings.Contains(body, `"whole":true`) != whole {
			t.Errorf("%d: %s", seq, body)
		}
	}
	if w.page(http.MethodGet, "/audit/2").Find(".bad").Length() != 1 {
		t.Error("the page says nothing")
	}
	if _, body := w.ask(http.MethodPost, apiBase+"/audit/verify"); !strings.Contains(body, `"whole":false`) || !strings.Contains(body, `"seq":2`) {
		t.Error(body)
	}
	if row := w.page(http.MethodPost, "/audit/verify").Find("tbody tr").Text(); !strings.Contains(row, audit.FaultChanged) {
		t.Error(row)
	}
}
