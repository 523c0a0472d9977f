package oidc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const (
	secret   = "correct horse + 100% battery"
	redirect = "https://rp.example/callback"
	goodbye  = "https://rp.example/goodbye"
	verifier = "a-verifier-of-more-than-forty-three-characters-0123456789"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a provider over a real database, a real cookie jar and real HTTP.
// Only the login between authorize and callback is played by the test.
type world struct {
	t        testing.TB
	clock    *clock
	keys     *keyring.Keyring
	store    *store.Store
	url      string // of the store
	jar      *browser.Jar
	provider *oidc.Provider
	server   *httptest.Server
	issuer   string
	log      *syncBuffer
	// finish decides how a login ends; the default is done, with two factors.
	finish func(*idp.Login)
	grace  time.Duration // of refresh tokens
	scopes []claims.Scope
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newKeyring(t testing.TB) *keyring.Keyring {
	t.Helper()
	k, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// records are signing keys made once for all tests: RSA keys take long.
var records = sync.OnceValue(func() []signing.Record {
	var kept memoryRecords
	k, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		panic(err)
	}
	start := time.Now().Add(-time.Hour)
	ring, err := signing.New(signing.Options{Records: &kept, Keyring: k, Now: func() time.Time { return start }})
	if err != nil {
		panic(err)
	}
	if _, err := ring.Published(context.Background()); err != nil {
		panic(err)
	}
	return kept.records
})

type memoryRecords struct {
	signing.Records
	records []signing.Record
}

func (m *memoryRecords) SigningKeys(context.Context) ([]signing.Record, error) { return m.records, nil }
func (m *memoryRecords) DeleteSigningKey(context.Context, string) error        { return nil }
func (m *memoryRecords) AddSigningKey(_ context.Context, r signing.Record) error {
	m.records = append(m.records, r)
	return nil
}

func newWorld(t testing.TB) *world { return newWorldWithin(t, 0) }

// newWorldWithin is a world with a grace for lost answers to refresh tokens, and
// scopes beside the standard ones.
func newWorldWithin(t testing.TB, grace time.Duration, scopes ...claims.Scope) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Now()}, keys: newKeyring(t), log: &syncBuffer{}, grace: grace, scopes: scopes}
	mux := http.NewServeMux()
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	w.issuer = w.server.URL + "/blitz"
	w.openStore()
	w.jar = browser.New(browser.Options{
		Rows: w.store, Hash: func(key string) string { return w.keys.Hash("browser", key) }, Life: 24 * time.Hour, Now: w.clock.Now,
	})
	w.provider = w.newProvider()
	w.provider.Mount(mux)
	w.mountLogout(mux)
	w.mountDevices(mux)
	mux.HandleFunc("/blitz/login/{id}", w.playLogin)
	w.addUser("user-1", "demo")
	w.addClients()
	return w
}

func (w *world) openStore() {
	w.url = sqlitetest.URL(w.t)
	s, err := store.Open(context.Background(), store.Options{URL: w.url, Now: w.clock.Now})
	w.must(err)
	w.store = s
	w.t.Cleanup(func() { _ = s.Close() })
	for _, r := range records() {
		w.must(s.AddSigningKey(context.Background(), r))
	}
}

func (w *world) newProvider() *oidc.Provider {
	ring, err := signing.New(signing.Options{Records: w.store, Keyring: w.keys, Now: w.clock.Now})
	w.must(err)
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	announce := logout.Announce(w.issuer)
	maps.Copy(announce, device.Announce(w.issuer))
	set, err := claims.New(claims.Options{Scopes: w.scopes})
	w.must(err)
	p, err := oidc.New(oidc.Options{
		Announce: announce,
		Claims:   set,
		Auth:     w.authenticator(log), Log: log, Lives: oidc.Lives{RefreshGrace: w.grace}, OwnScopes: append(set.ClientScopes(), idp.ScopePhoneVerification),
		Issuer: w.issuer, Keyring: w.keys, Signing: ring, Stores: w.store, Clients: w.store, Users: w.store,
		Jar: w.jar, Pages: pages{}, Now: w.clock.Now, Locales: []string{"en", "ru"},
	})
	w.must(err)
	return p
}

func (w *world) mountLogout(mux *http.ServeMux) {
	h, err := logout.New(logout.Options{
		Issuer: w.issuer, Keyring: w.keys, Keys: w.provider.Signing, Sessions: w.store, Clients: w.store, Users: w.store,
		Jar: w.jar, Pages: pages{}, Now: w.clock.Now,
	})
	w.must(err)
	h.Mount(mux)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) addUser(id, login string) {
	w.must(w.store.CreateUser(context.Background(), &idp.User{ID: id, Login: login, Attributes: map[string]string{
		"name": "Demo Person", "given_name": "Demo", "email": "demo@example.com", "email_verified": "true", "phone_number": "+7 999 000-00-01",
	}}))
}

func (w *world) addClient(c idp.Client) {
	if c.AuthMethod != idp.AuthNone {
		c.SecretHash = clientauth.HashSecret(w.keys, c.ID, secret)
	}
	if c.RedirectURIs == nil {
		c.RedirectURIs = []string{redirect}
	}
	if c.Grants == nil {
		c.Grants = []string{idp.GrantCode, idp.GrantRefresh}
	}
	if c.SigningAlg == "" {
		c.SigningAlg = signing.ES256 // cheaper than the default
	}
	c.PostLogoutURIs = []string{goodbye}
	w.must(w.store.CreateClient(context.Background(), &c))
}

func (w *world) addClients() {
	w.addClient(idp.Client{ID: "app", Name: "The App"})
	w.addClient(idp.Client{ID: "other"})
	w.addClient(idp.Client{ID: "spa", AuthMethod: idp.AuthNone})
	w.addClient(idp.Client{ID: "old", WaivePKCE: true})
	w.addClient(idp.Client{ID: "basic", AuthMethod: idp.AuthSecretBasic})
	w.addClient(idp.Client{ID: "post", AuthMethod: idp.AuthSecretPost})
	w.addClient(idp.Client{ID: "expiring", IDTokenLife: time.Nanosecond}) // its ID tokens are born expired
	w.addClient(idp.Client{ID: "short", Grants: []string{idp.GrantCode}, Scopes: []string{"profile"}})
}

// playLogin is a login that succeeds at once.
func (w *world) playLogin(rw http.ResponseWriter, r *http.Request) {
	ctx, now := r.Context(), w.clock.Now()
	sid, err := idp.NewID(nil)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	login, err := w.store.UpdateLogin(ctx, r.PathValue("id"), func(l *idp.Login) error {
		l.State, l.UserID, l.Session, l.AuthTime = idp.LoginDone, "user-1", sid, now
		l.Facts = []idp.Fact{{Method: "password", Factor: 1, AMR: []string{"pwd"}, At: now}, {Method: "flashCall", Factor: 2, AMR: []string{"tel"}, At: now}}
		if w.finish != nil {
			w.finish(l)
		}
		return nil
	})
	if err == nil && login.State == idp.LoginDone {
		err = w.store.CreateSession(ctx, &idp.Session{ID: login.Session, UserID: login.UserID, Browser: login.Browser,
			CreatedAt: now, SeenAt: now, AuthTime: now, ExpiresAt: now.Add(12 * time.Hour)})
		if err == nil {
			err = w.jar.SignIn(rw, r, login.Session)
		}
	}
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	http.Redirect(rw, r, w.provider.CallbackURL(login.ID), http.StatusSeeOther)
}

// pages are what a template would show, as JSON.
type pages struct{}

func show(w http.ResponseWriter, status int, page string, data any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Page", page)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(data)
}

func (pages) Problem(w http.ResponseWriter, _ *http.Request, p *idp.Problem) {
	show(w, p.HTTPStatus(), p.ID, nil)
}
func (pages) ConfirmLogout(w http.ResponseWriter, _ *http.Request, q logout.Question) {
	show(w, 200, "logout", q)
}
func (pages) SignedOut(w http.ResponseWriter, _ *http.Request, g logout.Goodbye) {
	show(w, 200, "signed-out", g)
}
func (pages) FormPost(w http.ResponseWriter, _ *http.Request, p oidc.FormPostPage) {
	show(w, 200, "form-post", p)
}

// agent is a browser that follows redirects while they stay at the provider.
type agent struct {
	*http.Client
	w    *world
	base string
}

func (w *world) agent() *agent {
	jar, err := cookiejar.New(nil)
	w.must(err)
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), w.server.URL) {
			return nil
		}
		return http.ErrUseLastResponse
	}}
	return &agent{Client: client, w: w, base: w.issuer}
}

// answer is where a browser ended up.
type answer struct {
	status   int
	page     string // the page that was shown
	location *url.URL
	header   http.Header
	body     []byte
}

// query is the value that went to the relying party, in the query.
func (a answer) query(name string) string {
	if a.location == nil {
		return ""
	}
	return a.location.Query().Get(name)
}

// fragment is the value that went to the relying party in the fragment.
func (a answer) fragment(name string) string {
	if a.location == nil {
		return ""
	}
	values, err := url.ParseQuery(a.location.Fragment)
	if err != nil {
		return ""
	}
	return values.Get(name)
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("not JSON: %v: %s", err, a.body)
	}
	return out
}

func (a *agent) send(r *http.Request) answer {
	a.w.t.Helper()
	resp, err := a.Do(r)
	a.w.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	a.w.must(err)
	location, _ := resp.Location()
	return answer{status: resp.StatusCode, page: resp.Header.Get("X-Page"), location: location, header: resp.Header, body: body}
}

// get asks for a page; options change the request.
func (a *agent) get(path string, query url.Values, options ...func(*http.Request)) answer {
	a.w.t.Helper()
	target := a.base + path
	if query != nil {
		target += "?" + query.Encode()
	}
	r, err := http.NewRequest(http.MethodGet, target, nil)
	a.w.must(err)
	for _, o := range options {
		o(r)
	}
	return a.send(r)
}

// post sends a form; options change the request.
func (a *agent) post(path string, form url.Values, options ...func(*http.Request)) answer {
	a.w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, a.base+path, strings.NewReader(form.Encode()))
	a.w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, o := range options {
		o(r)
	}
	return a.send(r)
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func origin(value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Origin", value) }
}

// request is a good authorization request; pairs change it, "" takes away.
func request(client string, pairs ...string) url.Values {
	q := url.Values{
		"client_id": {client}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid profile email phone offline_access"},
		"state": {"state-1"}, "nonce": {"nonce-1"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"},
	}
	return with(q, pairs...)
}

func with(q url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// code signs in and returns the code.
func (a *agent) code(client string, pairs ...string) string {
	a.w.t.Helper()
	got := a.get(oidc.PathAuthorize, request(client, pairs...))
	if got.query("code") == "" {
		a.w.t.Fatalf("no code: %d page %q location %v body %s\n%s", got.status, got.page, got.location, got.body, a.w.log)
	}
	return got.query("code")
}

// codeForm is a good token request; pairs change it.
func codeForm(code string, pairs ...string) url.Values {
	return with(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}}, pairs...)
}

func refreshForm(token string, pairs ...string) url.Values {
	return with(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, pairs...)
}

// tokens are the client's tokens after a login.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Scope   string `json:"scope"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
}

func (w *world) tokens(a answer) tokens {
	w.t.Helper()
	var got tokens
	if a.status != http.StatusOK {
		w.t.Fatalf("no tokens: %d %s\n%s", a.status, a.body, w.log)
	}
	w.must(json.Unmarshal(a.body, &got))
	return got
}

// signIn walks the whole flow for a confidential client.
func (a *agent) signIn(client string, pairs ...string) tokens {
	a.w.t.Helper()
	return a.w.tokens(a.post(oidc.PathToken, codeForm(a.code(client, pairs...)), basic(client, secret)))
}

// works says whether the access token opens the userinfo endpoint.
func (w *world) works(access string) bool {
	w.t.Helper()
	got := w.agent().post(oidc.PathUserinfo, nil, bearer(access))
	if got.status != http.StatusOK && got.status != http.StatusUnauthorized {
		w.t.Fatalf("userinfo: %d %s", got.status, got.body)
	}
	return got.status == http.StatusOK
}

// wantError checks an OAuth JSON error.
func (a answer) wantError(t testing.TB, status int, code string) {
	t.Helper()
	if a.status != status || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Errorf("%d %s, want %d %s: %s", a.status, a.header.Get("Content-Type"), status, code, a.body)
		return
	}
	if got := fmt.Sprint(a.json(t)["error"]); got != code {
		t.Errorf("error %s, want %s: %s", got, code, a.body)
	}
}
