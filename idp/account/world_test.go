package account_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/templates"
)

const (
	annsPhone = "+79990000001"
	bobsPhone = "+79990000002"
	typed     = "ring-the-phone"
)

// stops is a list of stopped numbers that remembers what it was asked.
type stops struct {
	mu      sync.Mutex
	stopped map[string]bool
	asked   []string
	err     error
}

func (s *stops) set(what, phone string, to bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, what+" "+phone)
	s.stopped[phone] = to
	return s.err
}

func (s *stops) Stop(_ context.Context, phone string) error  { return s.set("stop", phone, true) }
func (s *stops) Allow(_ context.Context, phone string) error { return s.set("allow", phone, false) }
func (s *stops) PhoneHash(phone string) string               { return "hash-of-" + phone[len(phone)-2:] }
func (s *stops) Stopped(_ context.Context, phone string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped[phone], s.err
}

// wants compares what was asked since the last time.
func (s *stops) wants(t *testing.T, asked ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.asked, asked) {
		t.Errorf("asked for %q, want %q", s.asked, asked)
	}
	s.asked = nil
}

// recent are the calls that it is given.
type recent []account.Call

func (r recent) RecentCalls(_ context.Context, personID, phone string, limit int) ([]account.Call, error) {
	if personID != "ann" || phone != annsPhone {
		return nil, nil
	}
	return r[:min(limit, len(r))], nil
}

// world is a real provider, whose people sign in with a password, and the account
// page; what is called and stopped is its own.
type world struct {
	t      *testing.T
	server *httptest.Server
	store  *store.Store
	stops  *stops
	calls  recent
	policy login.Policy
	log    bytes.Buffer
	mu     sync.Mutex
	time   time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{
		t: t, stops: &stops{stopped: map[string]bool{}}, time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		policy: login.Policy{Level: 1, First: []string{"password"}, Second: []string{"totp", "flashCall"}},
	}
	mux := http.NewServeMux()
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	w.compose(mux)
	return w
}

func (w *world) compose(mux *http.ServeMux) {
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	must(w.t, err)
	w.store, err = store.Open(w.t.Context(), store.Options{URL: sqlitetest.URL(w.t), Now: w.now})
	must(w.t, err)
	w.t.Cleanup(func() { _ = w.store.Close() })
	render, err := templates.New(templates.Options{Asset: func(name string) string { return "/static/" + name }, Now: w.now})
	must(w.t, err)
	issuer, log := w.server.URL+"/blitz", slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	jar := browser.New(browser.Options{
		Rows: w.store, Hash: func(key string) string { return ring.Hash("browser", key) }, Life: 48 * time.Hour, Now: w.now,
	})
	clients := account.WithClient(issuer, w.store)
	keys, err := signing.New(signing.Options{Records: w.store, Keyring: ring, Now: w.now, Log: log})
	must(w.t, err)
	shown := pages.New(render, log)
	provider, err := oidc.New(oidc.Options{
		Issuer: issuer, Keyring: ring, Signing: keys, Stores: w.store, Clients: clients, Users: w.store, Jar: jar, Pages: shown,
		Auth: &clientauth.Authenticator{Clients: clients, Keyring: ring, Log: log}, Now: w.now, Log: log,
	})
	must(w.t, err)
	registry, err := factors.NewRegistry(w.passwords())
	must(w.t, err)
	logins, err := login.New(login.Options{
		Base: "/blitz", CallbackURL: provider.CallbackURL, Logins: w.store, Sessions: w.store, Users: w.store, Clients: clients,
		Methods: registry, Policy: func() login.Policy { return w.policy }, Jar: jar, Pages: render, Log: log, Consents: w.store,
		SessionLife: 12 * time.Hour, SessionIdle: time.Hour, Now: w.now,
		ClientIP: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
	})
	must(w.t, err)
	out, err := logout.New(logout.Options{
		Issuer: issuer, Keyring: ring, Keys: keys, Sessions: w.store, Clients: clients, Users: w.store, Jar: jar, Pages: shown, Now: w.now,
	})
	must(w.t, err)
	page, err := account.New(account.Options{
		Issuer: issuer, Users: w.store, Sessions: w.store, SignedOut: out.SignedOut, Clients: clients, Jar: jar, Pages: shown,
		Policy: func() login.Policy { return w.policy }, Phone: func(u *idp.User) string { return u.Attribute("phone_number") },
		Stops: w.stops, Calls: w, Access: w.store, Words: w.words(shown), SessionIdle: time.Hour, Now: w.now, Log: log,
		Hash: func(parts ...string) string { return ring.Hash("account", parts...) },
	})
	must(w.t, err)
	provider.Mount(mux)
	mux.Handle("/blitz/login/", logins)
	mux.Handle("/blitz/profile", page)
	out.Mount(mux)
}

func (w *world) words(shown *pages.Pages) consent.Words {
	set, err := claims.New(claims.Options{})
	must(w.t, err)
	return consent.Words{Claims: set, Text: func(lang, key string) string { return shown.Text(lang, key, nil) }}
}

// RecentCalls lets a test set the calls when the world is there.
func (w *world) RecentCalls(ctx context.Context, personID, phone string, limit int) ([]account.Call, error) {
	return w.calls.RecentCalls(ctx, personID, phone, limit)
}

func (w *world) passwords() factors.Method {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.Params{Memory: 64, Time: 1, Threads: 1}})
	must(w.t, err)
	phc, err := hasher.Hash(w.t.Context(), typed)
	must(w.t, err)
	for login, phone := range map[string]string{"ann": annsPhone, "bob": bobsPhone, "eve": ""} {
		must(w.t, w.store.CreateUser(w.t.Context(), &idp.User{
			ID: login, Login: login, PasswordHash: phc, Attributes: map[string]string{"phone_number": phone},
		}))
	}
	method, err := password.New(password.Options{
		Accounts: w.store, Store: w.store, Hasher: hasher, Settings: func() password.Settings { return password.Settings{} },
		Hash: func(parts ...string) string { return strings.Join(parts, "\x00") }, Normalize: idp.NormalizeLogin, Now: w.now,
	})
	must(w.t, err)
	return method
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

// logged is the last value that the log has for the key.
func (w *world) logged(key string) string {
	w.t.Helper()
	_, value, found := strings.Cut(w.log.String()[max(0, strings.LastIndex(w.log.String(), " "+key+"=")):], " "+key+"=")
	if !found {
		w.t.Fatalf("the log has no %s:\n%s", key, &w.log)
	}
	return strings.Fields(value)[0]
}

// agent is one browser. It follows redirects and remembers which.
type agent struct {
	w      *world
	client *http.Client
	header http.Header
	passed []*url.URL // where the last request was redirected to
	stay   bool       // follow no redirects
}

func (w *world) agent() *agent {
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	a := &agent{w: w, client: &http.Client{Jar: jar}, header: http.Header{"Accept": {"text/html"}}}
	a.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		a.passed = append(a.passed, r.URL)
		if a.stay {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return a
}

// view is a page as the agent got it.
type view struct {
	t      *testing.T
	status int
	header http.Header
	at     *url.URL
	body   string
	page   *goquery.Document
}

func (a *agent) get(path string) *view { return a.send(http.MethodGet, path, nil) }

func (a *agent) post(path string, form url.Values) *view {
	return a.send(http.MethodPost, path, strings.NewReader(form.Encode()))
}

func (a *agent) send(method, path string, body io.Reader) *view {
	t := a.w.t
	t.Helper()
	target, err := url.Parse(a.w.server.URL)
	must(t, err)
	target, err = target.Parse(path)
	must(t, err)
	r, err := http.NewRequest(method, target.String(), body)
	must(t, err)
	r.Header = a.header.Clone()
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a.passed = nil
	res, err := a.client.Do(r)
	must(t, err)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	must(t, err)
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(content))
	must(t, err)
	return &view{t: t, status: res.StatusCode, header: res.Header, at: res.Request.URL, body: string(content), page: page}
}

// signIn goes to the page and through the login.
func (a *agent) signIn(name string) *view {
	a.w.t.Helper()
	return a.password(a.get("/blitz/profile"), name)
}

// password answers the login's page.
func (a *agent) password(v *view, name string) *view {
	a.w.t.Helper()
	form := v.form("#password")
	form.Set("login", name)
	form.Set("password", typed)
	return a.post(v.at.Path, form)
}

// form is what the page's form that has the control would send.
func (v *view) form(control string) url.Values {
	v.t.Helper()
	form := v.page.Find("form").Has(control)
	if form.Length() != 1 {
		v.t.Fatalf("%d forms with %s at %s (%d):\n%s", form.Length(), control, v.at, v.status, v.body)
	}
	values := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		values.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	if button := form.Find("button[name]").First(); button.Length() == 1 {
		values.Set(button.AttrOr("name", ""), button.AttrOr("value", ""))
	}
	return values
}

// wants is the status, and whether calls are "allowed" or "stopped" on the page;
// empty where it tells of neither.
func (v *view) wants(status int, calls string) *view {
	v.t.Helper()
	if got := v.page.Find("[data-calls]").AttrOr("data-calls", ""); v.status != status || got != calls {
		v.t.Fatalf("%s answers %d with calls %q, want %d, %q\n%s", v.at, v.status, got, status, calls, v.body)
	}
	return v
}

func (v *view) problem() string { return v.page.Find("[data-problem]").AttrOr("data-problem", "") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
