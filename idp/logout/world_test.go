package logout_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const goodbye = "https://shop.example/bye"

// world is the endpoints over a real database, a real cookie jar and real HTTP.
// The pages are JSON; logins, grants and ID tokens are made by the test.
type world struct {
	t       *testing.T
	now     time.Time
	store   *store.Store
	ring    *signing.Ring
	jar     *browser.Jar
	handler *logout.Handler
	server  *httptest.Server
	issuer  string
	count   int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.clock})
	w.must(err)
	t.Cleanup(func() { w.must(data.Close()) })
	w.store = data
	keys, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	w.must(err)
	w.ring, err = signing.New(signing.Options{Records: data, Keyring: keys, Algorithms: []string{signing.ES256}, Now: w.clock})
	w.must(err)
	w.jar = browser.New(browser.Options{
		Rows: data, Hash: func(key string) string { return keys.Hash("browser", key) }, Life: 24 * time.Hour, Now: w.clock,
	})
	mux := http.NewServeMux()
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	w.issuer = w.server.URL + "/blitz"
	w.handler, err = logout.New(logout.Options{
		Issuer: w.issuer, Keyring: keys, Keys: w.ring, Sessions: data, Clients: data, Users: data, Jar: w.jar, Pages: pages{}, Now: w.clock,
	})
	w.must(err)
	w.handler.Mount(mux)
	mux.HandleFunc("/sign-in", w.signIn)
	w.must(data.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "anna", Attributes: map[string]string{"email": "Anna@example.com", "phone_number": "79990000001"}}))
	w.must(data.CreateUser(t.Context(), &idp.User{ID: "u2", Login: "boris"}))
	w.register("shop", nil)
	w.register("bank", func(c *idp.Client) { c.PostLogoutURIs = []string{"https://bank.example/bye"} })
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) register(id string, change func(*idp.Client)) {
	w.t.Helper()
	c := &idp.Client{
		ID: id, Name: "The " + id, Grants: []string{idp.GrantCode}, SigningAlg: signing.ES256,
		RedirectURIs: []string{"https://" + id + ".example/cb"}, PostLogoutURIs: []string{goodbye, goodbye + "?x=1", "com.example.app:/bye"},
	}
	if change != nil {
		change(c)
	}
	w.must(w.store.CreateClient(w.t.Context(), c))
}

// signIn does what a finished login does to the browser.
func (w *world) signIn(rw http.ResponseWriter, r *http.Request) {
	visit, err := w.jar.Ensure(rw, r)
	w.must(err)
	w.count++
	id, user := fmt.Sprint("session-", w.count), r.URL.Query().Get("user")
	w.must(w.store.CreateSession(r.Context(), &idp.Session{
		ID: id, UserID: user, Browser: visit.Browser, CreatedAt: w.now, SeenAt: w.now, ExpiresAt: w.now.Add(8 * time.Hour),
	}))
	for _, client := range r.URL.Query()["client"] {
		w.must(w.store.CreateGrant(r.Context(), &oidc.Grant{
			ID: id + client, ClientID: client, UserID: user, Session: id, Scopes: []string{"openid"},
			Code: oidc.Code{Hash: id + client}, CreatedAt: w.now, ExpiresAt: w.now.Add(time.Hour),
		}))
	}
	w.must(w.jar.SignIn(rw, r, id))
	_, _ = io.WriteString(rw, id)
}

// ended says whether the session was ended.
func (w *world) ended(session string) bool {
	w.t.Helper()
	s, err := w.store.SessionByID(w.t.Context(), session)
	w.must(err)
	return !s.EndedAt.IsZero()
}

// hint is an ID token; pairs change its claims, nil takes one away.
func (w *world) hint(session string, pairs ...any) string {
	w.t.Helper()
	claims := map[string]any{
		"iss": w.issuer, "sub": "u1", "aud": "shop", "sid": session, "iat": w.now.Unix(), "exp": w.now.Add(time.Hour).Unix(),
	}
	for i := 0; i < len(pairs); i += 2 {
		claims[pairs[i].(string)] = pairs[i+1]
	}
	return w.sign(w.ring, "JWT", claims)
}

func (w *world) sign(ring *signing.Ring, typ string, claims map[string]any) string {
	w.t.Helper()
	key, err := ring.Signing(w.t.Context(), signing.ES256)
	w.must(err)
	options := (&jose.SignerOptions{}).WithHeader("kid", key.ID).WithType(jose.ContentType(typ))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key.Private}, options)
	w.must(err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	w.must(err)
	return token
}

// pages are what a template would show, as JSON.
type pages struct{}

func show(w http.ResponseWriter, status int, page string, data any) {
	w.Header().Set("X-Page", page)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(data)
}

func (pages) Problem(w http.ResponseWriter, _ *http.Request, p *idp.Problem) {
	show(w, p.HTTPStatus(), p.ID, nil)
}
func (pages) ConfirmLogout(w http.ResponseWriter, _ *http.Request, q logout.Question) {
	show(w, 200, "question", q)
}
func (pages) SignedOut(w http.ResponseWriter, _ *http.Request, g logout.Goodbye) {
	show(w, 200, "goodbye", g)
}

// agent is a browser that follows redirects while they stay at the provider.
type agent struct {
	*http.Client
	w *world
}

func (w *world) agent() *agent {
	jar, err := cookiejar.New(nil)
	w.must(err)
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), w.server.URL+"/") {
			return nil
		}
		return http.ErrUseLastResponse
	}}
	return &agent{Client: client, w: w}
}

// answer is a page, or where the browser was sent outside.
type answer struct {
	status   int
	page     string
	location string
	header   http.Header
	body     []byte
}

func (a *agent) send(r *http.Request) answer {
	a.w.t.Helper()
	resp, err := a.Do(r)
	a.w.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	a.w.must(err)
	return answer{resp.StatusCode, resp.Header.Get("X-Page"), resp.Header.Get("Location"), resp.Header, body}
}

// signIn gives the session; the clients got something in it.
func (a *agent) signIn(user string, clients ...string) string {
	a.w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, a.w.server.URL+"/sign-in?"+url.Values{"user": {user}, "client": clients}.Encode(), nil)
	a.w.must(err)
	return string(a.send(r).body)
}

// logout asks by GET; pairs are parameters, "" leaves one out.
func (a *agent) logout(pairs ...string) answer {
	a.w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, a.w.issuer+logout.Path+"?"+values(pairs).Encode(), nil)
	a.w.must(err)
	return a.send(r)
}

func (a *agent) post(path string, form url.Values) answer {
	a.w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, a.w.issuer+path, strings.NewReader(form.Encode()))
	a.w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.send(r)
}

// question is the form of the question.
func (a *agent) question(pairs ...string) url.Values {
	a.w.t.Helper()
	got := a.logout(pairs...)
	var q logout.Question
	if got.page != "question" || json.Unmarshal(got.body, &q) != nil {
		a.w.t.Fatalf("page %q %s", got.page, got.body)
	}
	form := url.Values{}
	for name, value := range q.Hidden {
		form.Set(name, value)
	}
	return form
}

func values(pairs []string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Add(pairs[i], pairs[i+1])
		}
	}
	return v
}
