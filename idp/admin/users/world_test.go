package users_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/users"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/templates/console"
)

// base is where the pages are in these tests, and apiBase the endpoints.
const (
	base    = "/console"
	apiBase = "/api"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// passwords are the method with a policy, as the provider makes them.
type passwords struct {
	*password.Method
	password.Setter
}

// world is the section behind a mux on a real database, without the shell's checks.
type world struct {
	t         *testing.T
	store     *store.Store
	trail     *audit.Memory
	section   *users.Section
	passwords passwords
	engine    *otp.Engine
	server    *httptest.Server
	actor     *admin.Actor
	mu        sync.Mutex
	time      time.Time
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func hash(parts ...string) string { return strings.Join(parts, "|") }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, trail: new(audit.Memory), time: noon, actor: person("sue", admin.RoleSupport)}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.now})
	w.must(err)
	t.Cleanup(func() { _ = w.store.Close() })
	w.makePasswords()
	sender := flashcall.NewSender(flashcall.SenderOptions{Routes: func() []flashcall.Route {
		return []flashcall.Route{{ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Name: "example"}}}
	}})
	codes := otp.DefaultSettings()
	codes.Limits = otp.Limits{NumberHour: 3, NumberDay: 9}
	w.engine, err = otp.New(otp.Options{
		Method: flashcall.ID, Store: w.store.Challenges(), Sender: sender, Settings: func() otp.Settings { return codes }, Hash: hash, Now: w.now,
	})
	w.must(err)
	view := &view{}
	view.pages, err = console.New(console.Options{Asset: func(name string) string { return "/static/" + name }, URL: view.URL})
	w.must(err)
	w.section, err = users.New(users.Options{
		Store: w.store, Clients: w.store, Passwords: w.passwords, RecoveryHash: hash, PhoneAttribute: idp.AttributePhone, Countries: []string{"RU"},
		Calls: &users.Calls{Engine: w.engine, Numbers: flashcall.Numbers{Countries: []string{"RU"}}, Routes: sender.Routes},
		Trail: w.trail, View: view, Now: w.now, Describe: func(p *idp.Problem) string { return p.ID },
	})
	w.must(err)
	w.serveAll()
	w.must(w.store.CreateUser(t.Context(), &idp.User{ID: "anna", Login: "anna", PasswordHash: w.hashOf("ring-the-phone"), Attributes: map[string]string{
		"name": "Анна Петрова", "email": "anna@shop.example", "phone_number": "79161234567", "roles": "buyer",
	}}))
	return w
}

func (w *world) makePasswords() {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.Params{Memory: 8, Time: 1, Threads: 1}})
	w.must(err)
	w.passwords.Setter = password.Setter{Hasher: hasher, Policy: func() password.Policy { return password.Policy{} }}
	w.passwords.Method, err = password.New(password.Options{
		Accounts: w.store, Store: w.store, Hasher: hasher, Settings: password.DefaultSettings, Hash: hash, Normalize: idp.NormalizeLogin, Now: w.now,
	})
	w.must(err)
}

func (w *world) hashOf(typed string) string {
	w.t.Helper()
	phc, err := w.passwords.Make(w.t.Context(), "", "", typed)
	w.must(err)
	return phc
}

func (w *world) serveAll() {
	mux := http.NewServeMux()
	for prefix, routes := range map[string][]admin.Route{base: w.section.Pages(), apiBase: w.section.Endpoints()} {
		for _, route := range routes {
			mux.HandleFunc(route.Method+" "+prefix+route.Path, w.serve(route))
		}
	}
	w.server = httptest.NewServer(mux)
	w.t.Cleanup(w.server.Close)
}

// serve does of the shell's work what the sections lean on: the form is read, and
// problems are answered by their IDs.
func (w *world) serve(route admin.Route) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			w.must(r.ParseMultipartForm(1 << 20))
		} else if strings.HasSuffix(r.Header.Get("Content-Type"), "urlencoded") {
			w.must(r.ParseForm())
		}
		err := route.Serve(rw, r, w.actor)
		var p *idp.Problem
		switch {
		case errors.As(err, &p):
			http.Error(rw, p.ID, p.HTTPStatus())
		case err != nil:
			http.Error(rw, err.Error(), http.StatusInternalServerError)
		}
	}
}

func person(login string, roles ...admin.Role) *admin.Actor {
	return &admin.Actor{UserID: login, Login: login, Roles: roles, FormToken: "token"}
}

// makeAdministrator makes a user with roles.
func (w *world) makeAdministrator(login string, roles ...admin.Role) {
	w.t.Helper()
	w.must(w.store.CreateUser(w.t.Context(), &idp.User{ID: login, Login: login, PasswordHash: "x"}))
	w.must(w.store.ChangeRoles(w.t.Context(), login, "test", w.now(), func([]admin.Role) ([]admin.Role, error) { return roles, nil }))
}

type view struct{ pages *console.Renderer }

func (v *view) Show(w http.ResponseWriter, _ *http.Request, a *admin.Actor, p admin.Page) error {
	page := console.Page{Name: p.Name, Title: p.Title, Status: p.Status, Data: p.Data, Token: a.FormToken, Person: a.Login}
	for _, f := range p.Problems {
		page.Problems = append(page.Problems, console.Problem{Field: f.Field, Text: f.Text})
	}
	return v.pages.Render(w, page)
}

func (v *view) Redirect(w http.ResponseWriter, r *http.Request, path, notice string) {
	w.Header().Set("X-Notice", notice)
	http.Redirect(w, r, v.URL(path), http.StatusSeeOther)
}

func (v *view) URL(path string) string { return base + path }

// answer is what came back, read to its end.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (w *world) send(method, path, kind string, body io.Reader, header ...string) *answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.server.URL+path, body)
	w.must(err)
	req.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	w.must(err)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	w.must(err)
	return &answer{w.t, res.StatusCode, res.Header, string(content)}
}

func (w *world) get(path string) *answer {
	w.t.Helper()
	return w.send(http.MethodGet, base+path, "", nil).wants(http.StatusOK)
}

func (w *world) post(path string, pairs ...string) *answer {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return w.send(http.MethodPost, base+path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// ask asks an endpoint; body is JSON, empty for none.
func (w *world) ask(method, path, body string, header ...string) *answer {
	w.t.Helper()
	return w.send(method, apiBase+path, "application/json", bytes.NewReader([]byte(body)), header...)
}

func (a *answer) wants(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("answer %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

func (a *answer) page() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

func (a *answer) json() (v map[string]any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// user is the one on file.
func (w *world) user(id string) *idp.User {
	w.t.Helper()
	u, err := w.store.UserByID(w.t.Context(), id)
	w.must(err)
	return u
}

// last is the last record of the trail.
func (w *world) last() audit.Event {
	w.t.Helper()
	events := w.trail.Events()
	if len(events) == 0 {
		w.t.Fatal("nothing is on record")
	}
	return events[len(events)-1]
}

// signIn gives the user a session.
func (w *world) signIn(id, session string) {
	w.t.Helper()
	w.must(w.store.CreateSession(w.t.Context(), &idp.Session{
		ID: session, UserID: id, Browser: "b", CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour), Address: "192.0.2.7", UserAgent: "Lynx",
	}))
}

func (w *world) signedIn(id string) int {
	w.t.Helper()
	all, err := w.store.SessionsOf(w.t.Context(), id, w.now())
	w.must(err)
	return len(all)
}
