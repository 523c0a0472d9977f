package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

const (
	origin    = "http://localhost:8400"
	issuer    = origin + "/blitz"
	pagesBase = "/blitz/console"
	apiBase   = "/blitz/admin/api/v3"
	ownOrigin = "http://localhost:8500"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// world is a whole provider with its console. People are signed in to the provider
// by what a login leaves behind, so that no test needs a telephone.
type world struct {
	t       *testing.T
	server  *server.Server
	store   *store.Store
	ring    *keyring.Keyring
	trail   *audit.Memory
	elapsed atomic.Int64
	logged  bytes.Buffer
	browser int
}

func newWorld(t *testing.T, change ...func(*server.ConsoleOptions)) *world {
	t.Helper()
	w := &world{t: t, trail: &audit.Memory{}}
	var err error
	w.ring, err = keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	w.must(err)
	w.store, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.now})
	w.must(err)
	t.Cleanup(func() { w.must(w.store.Close()) })
	options := &server.ConsoleOptions{Trail: w.trail, Loops: noLoops(t)}
	options.Settings, _ = settingstest.NewService(t, conf.Options{Set: []string{"login.methods.flashCall.driver = example"}})
	for _, c := range change {
		c(options)
	}
	w.server, err = server.New(server.Options{
		Issuer: issuer, Store: w.store, Keyring: w.ring, Console: options,
		Policy:   loginPolicy(),
		Session:  server.Session{Idle: 24 * time.Hour, Life: 30 * 24 * time.Hour},
		Password: passwordOptions(), FlashCall: noCalls(),
		RateLimits: ratelimit.Options{Off: true}, // one address asks for everything
		Now:        w.now, Log: slog.New(slog.NewTextHandler(&w.logged, nil)),
	})
	w.must(err)
	for id, roles := range map[string][]admin.Role{"root": {admin.RoleRoot}, "sue": {admin.RoleSecurity}, "ann": nil, "bob": nil} {
		w.must(w.store.CreateUser(t.Context(), &idp.User{ID: id, Login: id}))
		if roles != nil {
			w.appoint(id, roles...)
		}
	}
	return w
}

func loginPolicy() login.Policy {
	return login.Policy{Level: 1, First: []string{password.ID}, Second: []string{idp.PhoneMethod}}
}

func passwordOptions() server.Password {
	return server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}}
}

// unreachable is a Runner of a driver that reaches nobody.
type unreachable struct{}

// Run implements loops.Runner.
func (unreachable) Run(context.Context, loops.Job) (*loops.Result, error) {
	return nil, &loops.Failure{Key: loops.Unreachable}
}

// noLoops has drivers, and workers that are never started.
func noLoops(t *testing.T) *server.Loops {
	t.Helper()
	limits := loops.DefaultLimits()
	return &server.Loops{
		Workers: sandbox.NewPools(sandbox.Options{Command: []string{"/nowhere"}}).Lease(limits, 1, 1), Requests: egress.New(egress.Options{}),
		Known: func() (shipped, folder []*loops.Driver, faults error) {
			shipped, err := drivers.Shipped()
			return shipped, nil, err
		},
	}
}

// noCalls has the second factor there, though nobody is called.
func noCalls() *server.FlashCall {
	return &server.FlashCall{
		Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Minute},
		PhoneAttribute: idp.AttributePhone, Runner: unreachable{}, Workers: 2,
		Routes: []server.Route{{Route: flashcall.Route{
			ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
		}}},
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) now() time.Time { return noon.Add(time.Duration(w.elapsed.Load())) }

func (w *world) wait(d time.Duration) { w.elapsed.Add(int64(d)) }

func (w *world) appoint(user string, roles ...admin.Role) {
	w.t.Helper()
	w.must(w.store.ChangeRoles(w.t.Context(), user, "test", w.now(), func([]admin.Role) ([]admin.Role, error) { return roles, nil }))
}

// agent is a browser. It follows redirects within this process.
type agent struct {
	w       *world
	cookies map[string]string // by origin and name
	header  http.Header
	session string // at the provider
	key     string
}

func (w *world) agent() *agent {
	return &agent{w: w, cookies: map[string]string{}, header: http.Header{}}
}

// signedIn is a browser of a person who has proved so many factors to the provider.
func (w *world) signedIn(user string, factors int) *agent {
	w.t.Helper()
	a := w.agent()
	w.browser++
	a.key = "key-" + user + "-" + string(rune('a'+w.browser))
	a.session = "session-" + a.key
	facts := []idp.Fact{{Method: password.ID, Factor: 1, AMR: []string{"pwd"}, At: w.now()}, {Method: idp.PhoneMethod, Factor: 2, AMR: []string{"tel"}, At: w.now()}}
	w.must(w.store.CreateSession(w.t.Context(), &idp.Session{
		ID: a.session, UserID: user, Browser: a.key, Facts: facts[:factors], AuthTime: w.now(), CreatedAt: w.now(), SeenAt: w.now(), ExpiresAt: w.now().Add(48 * time.Hour),
	}))
	w.must(w.store.PutBrowser(w.t.Context(), w.ring.Hash("browser", a.key), browser.Row{Browser: a.key, Session: a.session, ExpiresAt: w.now().Add(48 * time.Hour)}))
	a.cookies[origin+" ringtail"] = a.key
	return a
}

// prove is what a new login of the same session leaves behind.
func (a *agent) prove() {
	a.w.t.Helper()
	_, err := a.w.store.UpdateSession(a.w.t.Context(), a.session, func(s *idp.Session) error {
		for i := range s.Facts {
			s.Facts[i].At = a.w.now()
		}
		s.AuthTime = a.w.now()
		return nil
	})
	a.w.must(err)
}

// view is an answer.
type view struct {
	*httptest.ResponseRecorder
	at   *url.URL
	page *goquery.Document
}

// handler serves an origin.
func (w *world) handler(host string) http.Handler {
	if own := w.server.Console(); own != nil && strings.HasSuffix(host, ":8500") {
		return own
	}
	return w.server.Handler()
}

// once makes one request and keeps the cookies that come.
func (a *agent) once(method, target string, body string, header http.Header) *view {
	a.w.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = origin + target
	}
	at, err := url.Parse(target)
	a.w.must(err)
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	here := at.Scheme + "://" + at.Host
	for name, value := range a.cookies {
		if own, ok := strings.CutPrefix(name, here+" "); ok {
			r.AddCookie(&http.Cookie{Name: own, Value: value})
		}
	}
	for _, h := range []http.Header{a.header, header} {
		for name, values := range h {
			r.Header[name] = values
		}
	}
	rec := httptest.NewRecorder()
	a.w.handler(at.Host).ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		a.cookies[here+" "+c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(a.cookies, here+" "+c.Name)
		}
	}
	v := &view{ResponseRecorder: rec, at: at}
	v.page, err = goquery.NewDocumentFromReader(bytes.NewReader(rec.Body.Bytes()))
	a.w.must(err)
	return v
}

// get follows redirects, up to a page of the login.
func (a *agent) get(target string) *view {
	a.w.t.Helper()
	v := a.once(http.MethodGet, target, "", nil)
	for range 16 {
		to := v.Header().Get("Location")
		if to == "" {
			return v
		}
		next, err := v.at.Parse(to)
		a.w.must(err)
		v = a.once(http.MethodGet, next.String(), "", nil)
	}
	a.w.t.Fatalf("redirects without end, at %s", v.at)
	return nil
}

// post sends a form and follows no redirect.
func (a *agent) post(target string, form url.Values) *view {
	a.w.t.Helper()
	return a.once(http.MethodPost, target, form.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// token is the form token of a page.
func (v *view) token() string {
	return v.page.Find("input[name=form_token]").First().AttrOr("value", "")
}

// problem is the ID of what the page or the JSON tells of.
func (v *view) problem() string {
	if v.Code >= http.StatusBadRequest && strings.Contains(v.Result().Header.Get("Content-Type"), "json") {
		var p struct{ ID string }
		_ = json.Unmarshal(v.Body.Bytes(), &p)
		return p.ID
	}
	return v.page.Find("[data-problem]").AttrOr("data-problem", "")
}

// wants fails unless the answer is as it must be; an empty problem is none.
func (v *view) wants(t *testing.T, status int, problem string) *view {
	t.Helper()
	if v.Code != status || v.problem() != problem {
		t.Errorf("%s: %d %q, want %d %q", v.at, v.Code, v.problem(), status, problem)
	}
	return v
}

// asksToSignIn says whether the answer sends the browser to the provider.
func (v *view) asksToSignIn() bool {
	return v.Code == http.StatusSeeOther && strings.Contains(v.Header().Get("Location"), "/blitz/oauth/ae?")
}

// roles of a user, as the store has them.
func (w *world) roles(user string) []admin.Role {
	w.t.Helper()
	roles, err := w.store.RolesOf(w.t.Context(), user)
	w.must(err)
	return roles
}

// apiClient registers a client and returns a token of its own with the scopes.
func (w *world) apiClient(id string, scopes ...string) string {
	w.t.Helper()
	w.must(w.store.CreateClient(w.t.Context(), &idp.Client{
		ID: id, SecretHash: clientauth.HashSecret(w.ring, id, "secret"), AuthMethod: idp.AuthSecretBasic,
		Grants: []string{idp.GrantClientCredentials}, Scopes: scopes, SigningAlg: "RS256",
	}))
	basic := httptest.NewRequest(http.MethodGet, "/", nil)
	basic.SetBasicAuth(id, "secret")
	form := url.Values{"grant_type": {idp.GrantClientCredentials}, "scope": {strings.Join(scopes, " ")}}
	v := w.agent().once(http.MethodPost, "/blitz/oauth/te", form.Encode(), http.Header{
		"Authorization": basic.Header["Authorization"], "Content-Type": {"application/x-www-form-urlencoded"},
	})
	var answer struct {
		Token string `json:"access_token"`
	}
	w.must(json.Unmarshal(v.Body.Bytes(), &answer))
	if answer.Token == "" {
		w.t.Fatalf("no token: %s", v.Body)
	}
	return answer.Token
}

// types of the events that were kept, in order.
func (w *world) types() (types []string) {
	for _, e := range w.trail.Events() {
		types = append(types, e.Type)
	}
	return slices.Clip(types)
}

// personsToken is an access token of a person, whose scopes are as many as there are.
func (w *world) personsToken(user string) string {
	w.t.Helper()
	secret, err := idp.NewSecret(nil)
	w.must(err)
	w.must(w.store.CreateClient(w.t.Context(), &idp.Client{
		ID: "app", AuthMethod: idp.AuthNone, RedirectURIs: []string{"https://app.example/cb"}, Grants: []string{idp.GrantCode, idp.GrantRefresh}, SigningAlg: "RS256",
	}))
	scopes := append(idp.AdminScopes(), idp.ScopeOpenID, idp.ScopeOfflineAccess)
	w.must(w.store.CreateGrant(w.t.Context(), &oidc.Grant{
		ID: "grant", ClientID: "app", UserID: user, Scopes: scopes, Code: oidc.Code{Hash: "code", ExpiresAt: w.now().Add(time.Minute)},
		CreatedAt: w.now(), ExpiresAt: w.now().Add(time.Hour),
	}))
	_, err = w.store.RedeemCode(w.t.Context(), "code", w.now(), []oidc.Token{{
		Hash: w.ring.Hash("token", secret), GrantID: "grant", Kind: oidc.AccessToken, Scopes: scopes, CreatedAt: w.now(), ExpiresAt: w.now().Add(time.Hour),
	}})
	w.must(err)
	v := w.agent().once(http.MethodGet, "/blitz/oauth/me", "", http.Header{"Authorization": {"Bearer " + secret}})
	if v.Code != http.StatusOK {
		w.t.Fatalf("the person's token doesn't work at all: %d %s", v.Code, v.Body)
	}
	return secret
}
