package login_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

	"github.com/ringtail-id/ringtail/factors"
	factorpassword "github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/static"
	"github.com/ringtail-id/ringtail/templates"
)

// provider is a login handler over real HTTP, with stores in memory and two
// methods that a test can look into.
type provider struct {
	t        *testing.T
	server   *httptest.Server
	handler  *login.Handler
	memory   *memory
	jar      *browser.Jar
	password *method
	call     *method
	totp     *method // has no page: for the JSON twin
	policy   login.Policy
	client   idp.Client
	setter   factorpassword.Setter
	contexts chan context.Context // of the posts, when not nil
	maxBody  int64                // of who mounts the handler, when not 0
	trail    audit.Memory
	dead     bool // the node died before it had recorded the login
	log      logged
	mu       sync.Mutex
	time     time.Time
}

// logged is what the handler wrote to its log.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newProvider(t *testing.T) *provider {
	p := &provider{
		t: t, memory: newMemory(), time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		password: newPassword(), call: newCall(), totp: newCall(),
		policy: login.Policy{Level: 2, First: []string{"password"}, Second: []string{"flashCall"}},
		client: idp.Client{ID: "shop", Name: "Demo shop"},
	}
	p.memory.users["ann"] = &idp.User{ID: "ann", Login: "demo", Attributes: map[string]string{"phone_number": "79990000001"}}
	p.memory.users["bob"] = &idp.User{ID: "bob", Login: "bob"}
	p.memory.client = &p.client
	p.jar = browser.New(browser.Options{Rows: p.memory, Hash: hash, Life: 24 * time.Hour, Now: p.now})
	p.totp.id = "totp"
	hasher, err := factorpassword.NewHasher(factorpassword.HasherOptions{Params: factorpassword.Params{Memory: 8, Time: 1, Threads: 1}})
	must(t, err)
	p.setter = factorpassword.Setter{Hasher: hasher, Policy: func() factorpassword.Policy { return factorpassword.Policy{MinLength: 10} }}
	p.start()
	return p
}

func (p *provider) start() {
	files, err := static.New("/blitz/static")
	must(p.t, err)
	pages, err := templates.New(templates.Options{Asset: files.URL, Now: p.now})
	must(p.t, err)
	registry, err := factors.NewRegistry(p.password, p.call, p.totp)
	must(p.t, err)
	handler, err := login.New(login.Options{
		Base: "/blitz", CallbackURL: func(id string) string { return "/blitz/oauth/ae/callback?id=" + id },
		Logins: p.memory, Sessions: p.memory, Users: p.memory, Clients: p.memory, Methods: registry,
		Policy: func() login.Policy { return p.policy }, Jar: p.jar, Pages: pages, Consents: p.memory,
		NewPasswords: &login.NewPasswords{Store: p.memory, Make: p.setter.Make, MinLength: func() int { return 10 }},
		SessionLife:  12 * time.Hour, SessionIdle: time.Hour, Now: p.now, Log: slog.New(slog.NewTextHandler(&p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		ClientIP: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
		Audit:    &p.trail, Recorded: func(context.Context, string) (bool, error) { return !p.dead, nil },
	})
	must(p.t, err)
	p.handler = handler
	mux := http.NewServeMux()
	mux.HandleFunc("/blitz/login/", func(w http.ResponseWriter, r *http.Request) {
		if p.contexts != nil && r.Method == http.MethodPost {
			p.contexts <- r.Context()
		}
		if p.maxBody > 0 {
			http.MaxBytesHandler(handler, p.maxBody).ServeHTTP(w, r)
			return
		}
		handler.ServeHTTP(w, r)
	})
	mux.Handle("/blitz/static/", files)
	mux.HandleFunc("/cookie", p.cookie)
	p.server = httptest.NewServer(mux)
	p.t.Cleanup(p.server.Close)
}

// cookie gives the browser its cookie and tells what it stands for.
func (p *provider) cookie(w http.ResponseWriter, r *http.Request) {
	visit, err := p.jar.Ensure(w, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, visit.Browser+" "+visit.Session)
}

func (p *provider) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.time
}

func (p *provider) wait(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(d)
}

// begin stores an authorization request bound to the agent's browser, as the
// authorization endpoint does, and returns the login's address.
func (p *provider) begin(a *agent, change ...func(*idp.Login)) string {
	id, err := idp.NewID(nil)
	must(p.t, err)
	name, _ := a.visit()
	l := &idp.Login{
		ID: id, Browser: name, State: idp.LoginOpen, CreatedAt: p.now(), ExpiresAt: p.now().Add(30 * time.Minute),
		Request: idp.AuthorizationRequest{ClientID: "shop", RedirectURI: "https://shop.example/callback", Scopes: []string{"openid", "phone"}},
	}
	for _, c := range change {
		c(l)
	}
	p.memory.logins[id] = l
	return "/blitz/login/" + id
}

func (p *provider) login(path string) *idp.Login {
	l, err := p.memory.LoginByID(context.Background(), strings.TrimPrefix(path, "/blitz/login/"))
	must(p.t, err)
	return l
}

// agent is one browser, which follows no redirects by itself.
type agent struct {
	t      *testing.T
	base   string
	client *http.Client
	header http.Header
}

func (p *provider) agent() *agent {
	jar, err := cookiejar.New(nil)
	must(p.t, err)
	return &agent{
		t: p.t, base: p.server.URL, header: http.Header{"Accept": {"text/html"}, "Accept-Language": {"en"}},
		client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// visit is what the agent's cookie says: browser and session.
func (a *agent) visit() (name, session string) {
	answer := a.do(http.MethodGet, "/cookie", nil)
	name, session, _ = strings.Cut(answer.body, " ")
	return name, session
}

func (a *agent) cookie() string {
	u, err := url.Parse(a.base)
	must(a.t, err)
	for _, c := range a.client.Jar.Cookies(u) {
		return c.Value
	}
	return ""
}

// answer is a response, read to its end.
type answer struct {
	t       *testing.T
	status  int
	header  http.Header
	body    string
	cookies []*http.Cookie
}

func (a *agent) get(path string) *answer { return a.do(http.MethodGet, path, nil) }

func (a *agent) post(path string, form url.Values) *answer {
	return a.do(http.MethodPost, path, strings.NewReader(form.Encode()))
}

func (a *agent) do(verb, path string, body io.Reader) *answer {
	a.t.Helper()
	r, err := http.NewRequest(verb, a.base+path, body)
	must(a.t, err)
	r.Header = a.header.Clone()
	if body != nil && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return a.send(r)
}

func (a *agent) send(r *http.Request) *answer {
	a.t.Helper()
	response, err := a.client.Do(r)
	must(a.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	must(a.t, err)
	got := &answer{t: a.t, status: response.StatusCode, header: response.Header, body: string(content), cookies: response.Cookies()}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && response.StatusCode/100 != 3 {
		got.clean()
	}
	return got
}

// clean holds for every page of every test: no inline script, style or handler.
func (g *answer) clean() {
	g.t.Helper()
	page := g.page()
	if n := page.Find("style, [style], script:not([src])").Length(); n > 0 {
		g.t.Errorf("%d inline styles or scripts in %s", n, g.body)
	}
	page.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range s.Nodes[0].Attr {
			if strings.HasPrefix(attr.Key, "on") || strings.HasPrefix(strings.TrimSpace(attr.Val), "javascript:") {
				g.t.Errorf("inline handler %s=%q", attr.Key, attr.Val)
			}
		}
	})
	if g.header.Get("Cache-Control") != "no-store" {
		g.t.Errorf("Cache-Control = %q on a page", g.header.Get("Cache-Control"))
	}
}

func (g *answer) page() *goquery.Document {
	g.t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(g.body))
	must(g.t, err)
	return page
}

func (g *answer) json() map[string]any {
	g.t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal([]byte(g.body), &out); err != nil {
		g.t.Fatalf("not JSON: %v in %q", err, g.body)
	}
	return out
}

// form collects the hidden fields of the page's form that has the control, and
// adds the fields given.
func (g *answer) form(control string, pairs ...string) url.Values {
	g.t.Helper()
	form := g.page().Find("form").Has(control)
	if form.Length() != 1 {
		g.t.Fatalf("%d forms with %s in a page of status %d:\n%s", form.Length(), control, g.status, g.body)
	}
	values := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		values.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// wants compares the status, and the redirect's target where there is one.
func (g *answer) wants(status int, location string) *answer {
	g.t.Helper()
	if g.status != status || g.header.Get("Location") != location {
		g.t.Fatalf("answer %d to %q, want %d to %q\n%s", g.status, g.header.Get("Location"), status, location, g.body)
	}
	return g
}

// problem is the id of the problem that the page tells of.
func (g *answer) problem() string {
	g.t.Helper()
	return g.page().Find("[data-problem]").First().AttrOr("data-problem", "")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func loginPolicy(level int, first, second []string) login.Policy {
	return login.Policy{Level: level, First: first, Second: second}
}
