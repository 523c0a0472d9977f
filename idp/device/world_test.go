package device_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const typed = "ring-the-phone"

// grantType is how a device asks for its tokens.
const grantType = idp.GrantDevice

// world is a real provider whose people sign in with a password.
type world struct {
	t      *testing.T
	server *httptest.Server
	store  *store.Store
	keys   *keyring.Keyring
	log    lines

	mu   sync.Mutex
	time time.Time
}

// lines is a log that many goroutines write.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	var err error
	w.keys, err = keyring.New(make([]byte, keyring.MasterKeyBytes), nil)
	must(t, err)
	w.store, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.now})
	must(t, err)
	t.Cleanup(func() { _ = w.store.Close() })
	var handler http.Handler
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(w.server.Close)
	composed, err := server.New(server.Options{
		Issuer: w.server.URL + "/blitz", Store: w.store, Keyring: w.keys,
		Policy:  login.Policy{Level: 1, First: []string{password.ID}},
		Session: server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Signing: server.Signing{Algorithms: []string{"RS256", "ES256"}},
		Password: server.Password{
			Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1},
		},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		// What the device's own limits refuse is what these tests are about.
		RateLimits: ratelimit.Options{Off: true},
		Now:        w.now, Log: slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	must(t, err)
	handler = composed.Handler()
	w.people()
	return w
}

// people are two users, and clients: a television, another, a box with a secret, and
// an application that is not for devices.
func (w *world) people() {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.Params{Memory: 64, Time: 1, Threads: 1}})
	must(w.t, err)
	phc, err := hasher.Hash(w.t.Context(), typed)
	must(w.t, err)
	for _, name := range []string{"ann", "eve"} {
		must(w.t, w.store.CreateUser(w.t.Context(), &idp.User{ID: name, Login: name, PasswordHash: phc}))
	}
	device := []string{idp.GrantDevice, idp.GrantRefresh}
	for _, c := range []*idp.Client{
		{ID: "tv", Name: "Television", AuthMethod: idp.AuthNone, Grants: device},
		{ID: "radio", AuthMethod: idp.AuthNone, Grants: device},
		{ID: "box", SecretHash: clientauth.HashSecret(w.keys, "box", "the box's secret"), Grants: device,
			ClientMetadata: idp.ClientMetadata{Resources: []string{"https://api.example/"}}},
		{ID: "app", AuthMethod: idp.AuthNone, Grants: []string{idp.GrantCode, idp.GrantRefresh}, RedirectURIs: []string{"https://app.example/cb"}},
	} {
		c.SigningAlg = "ES256"
		must(w.t, w.store.CreateClient(w.t.Context(), c))
	}
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

// answer is JSON as a client got it.
type answer struct {
	status int
	header http.Header
	text   string
	fields map[string]any
}

func (a answer) get(name string) string {
	text, _ := a.fields[name].(string)
	return text
}

// ask posts to an endpoint as a client does, public ones by name.
func (w *world) ask(path, client string, pairs ...string) answer {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	if client != "" && client != "box" {
		form.Set("client_id", client)
	}
	r, err := http.NewRequest(http.MethodPost, w.server.URL+path, strings.NewReader(form.Encode()))
	must(w.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if client == "box" {
		r.SetBasicAuth("box", url.QueryEscape("the box's secret"))
	}
	res, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(w.t, err)
	a := answer{status: res.StatusCode, header: res.Header, text: string(body)}
	if err := json.Unmarshal(body, &a.fields); err != nil {
		w.t.Fatalf("%s answers %d %q, no JSON", path, res.StatusCode, body)
	}
	return a
}

// begun is a device that waits.
type begun struct{ code, user string }

func (w *world) begin(client string) begun {
	w.t.Helper()
	a := w.ask("/blitz/oauth/da", client, "scope", "openid offline_access")
	if a.status != http.StatusOK {
		w.t.Fatalf("the device can't begin: %d %s", a.status, a.text)
	}
	return begun{a.get("device_code"), a.get("user_code")}
}

// poll asks for the device's tokens.
func (w *world) poll(client, code string) answer {
	w.t.Helper()
	return w.ask("/blitz/oauth/te", client, "grant_type", grantType, "device_code", code)
}

// polls wants the error of a poll that comes in time; empty for tokens.
func (w *world) polls(client, code, want string) answer {
	w.t.Helper()
	w.wait(time.Minute)
	a := w.poll(client, code)
	if a.get("error") != want || want == "" && (a.status != http.StatusOK || a.get("access_token") == "") {
		w.t.Errorf("the poll of %s answers %d %s, want %q", client, a.status, a.text, want)
	}
	return a
}

// agent is one browser.
type agent struct {
	w      *world
	client *http.Client
	ip     string
	header http.Header
}

func (w *world) agent(ip string) *agent {
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	return &agent{w: w, client: &http.Client{Jar: jar}, ip: ip, header: http.Header{"Accept": {"text/html"}}}
}

// view is a page as the agent got it.
type view struct {
	t      *testing.T
	status int
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
	base, err := url.Parse(a.w.server.URL)
	must(t, err)
	target, err := base.Parse(path)
	must(t, err)
	r, err := http.NewRequest(method, target.String(), body)
	must(t, err)
	r.Header = a.header.Clone()
	r.Header.Set("X-Forwarded-For", a.ip)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := a.client.Do(r)
	must(t, err)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	must(t, err)
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(content))
	must(t, err)
	return &view{t: t, status: res.StatusCode, at: res.Request.URL, body: string(content), page: page}
}

// types enters a code.
func (a *agent) types(code string) *view {
	a.w.t.Helper()
	return a.post("/blitz/device", url.Values{"user_code": {code}})
}

// toLogin types the code and goes on to the login.
func (a *agent) toLogin(code string) *view {
	a.w.t.Helper()
	return a.answers(a.types(code), "[value=continue]")
}

// answers sends the form that has the control.
func (a *agent) answers(v *view, control string) *view {
	a.w.t.Helper()
	form := v.form(control)
	return a.post(v.target(control), form)
}

// signsIn answers the login's page, up to the question for consent.
func (a *agent) signsIn(v *view, name string) *view {
	a.w.t.Helper()
	form := v.form("#password")
	form.Set("login", name)
	form.Set("password", typed)
	return a.post(v.at.Path, form)
}

// form is what the form that has the control would send.
func (v *view) form(control string) url.Values {
	v.t.Helper()
	form := v.page.Find("form").Has(control)
	if form.Length() != 1 {
		v.t.Fatalf("%d forms with %s at %s (%d):\n%s", form.Length(), control, v.at, v.status, v.body)
	}
	values := url.Values{}
	form.Find("input").Each(func(_ int, s *goquery.Selection) {
		values.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	if button := form.Find("button[name]").First(); button.Length() == 1 {
		values.Set(button.AttrOr("name", ""), button.AttrOr("value", ""))
	}
	return values
}

// target is where the form posts to.
func (v *view) target(control string) string {
	return v.page.Find("form").Has(control).AttrOr("action", v.at.Path)
}

// wants is the status and the problem that the page tells of; empty for none.
func (v *view) wants(status int, problem string) *view {
	v.t.Helper()
	if v.status != status || v.problem() != problem {
		v.t.Fatalf("%s answers %d %q, want %d %q\n%s", v.at, v.status, v.problem(), status, problem, v.body)
	}
	return v
}

func (v *view) problem() string { return v.page.Find("[data-problem]").AttrOr("data-problem", "") }

// decided is what the last page says of the device.
func (v *view) decided() string { return v.page.Find("[data-device]").AttrOr("data-device", "") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
