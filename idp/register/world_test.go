package register_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/idp/register"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const (
	issuer  = "https://login.example/blitz"
	voucher = "https://vouch.example"
	// publicKey is that of RFC 8037, appendix A.2.
	publicKey = `{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
)

// world is the endpoint over a real database and real HTTP.
type world struct {
	t       *testing.T
	mu      sync.Mutex
	now     time.Time
	store   *store.Store
	keys    *keyring.Keyring
	server  *httptest.Server
	log     *lockedBuffer
	voucher *ecdsa.PrivateKey
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func newWorld(t *testing.T, change ...func(*register.Options)) *world {
	t.Helper()
	w := &world{t: t, now: time.Now().Truncate(time.Second), log: &lockedBuffer{}}
	w.keys = must[*keyring.Keyring](t)(keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil))
	w.store = must[*store.Store](t)(store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.Now}))
	t.Cleanup(func() { _ = w.store.Close() })
	w.voucher = must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	sets := must[*keyset.Sets](t)(keyset.New(keyset.Options{Now: w.Now}))
	o := register.Options{
		Issuer: issuer, Records: w.store, Keyring: w.keys, Verifier: sets, Most: 1000, Now: w.Now,
		Rules: idp.ClientRules{
			Algorithms: []string{"RS256", "ES256"}, ClientAlgorithms: keyset.Algorithms(), SecondFactors: []string{"flashCall"}, KeySet: keyset.Check,
		},
		Policy: register.Policy{
			Grants: []string{idp.GrantCode, idp.GrantRefresh}, ResponseTypes: []string{"code"}, Scopes: []string{"openid", "profile", "email", "offline_access"},
			AuthMethods: idp.AuthMethods(),
		},
		Statements: register.Statements{Issuers: []register.Issuer{{Issuer: voucher, Keys: keyset.Source{Document: w.voucherKeys()}}}},
		Log:        slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	w.server = httptest.NewServer(must[*register.Handler](t)(register.New(o)))
	t.Cleanup(w.server.Close)
	return w
}

func (w *world) voucherKeys() string {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: w.voucher.Public(), KeyID: "v1", Algorithm: "ES256", Use: "sig"}}}
	return string(must[[]byte](w.t)(json.Marshal(set)))
}

// statement signs claims as the voucher does, unless the key is another.
func (w *world) statement(claims map[string]any, key ...any) string {
	w.t.Helper()
	signing := jose.SigningKey{Algorithm: jose.ES256, Key: w.voucher}
	if len(key) > 0 {
		signing.Key = key[0]
	}
	signer := must[jose.Signer](w.t)(jose.NewSigner(signing, (&jose.SignerOptions{}).WithHeader("kid", "v1")))
	all := map[string]any{"iss": voucher, "iat": w.Now().Unix(), "software_id": "shop-suite"}
	maps.Copy(all, claims)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return must[string](w.t)(jwt.Signed(signer).Claims(all).Serialize())
}

// initialToken makes a token; change alters it.
func (w *world) initialToken(uses int, change ...func(*register.InitialToken)) string {
	w.t.Helper()
	token := must[string](w.t)(idp.NewSecret(nil))
	it := &register.InitialToken{
		ID: must[string](w.t)(idp.NewID(nil)), Hash: register.HashInitialToken(w.keys, token), UsesLeft: uses,
		CreatedAt: w.Now(), ExpiresAt: w.Now().Add(time.Hour),
	}
	for _, c := range change {
		c(it)
	}
	if err := w.store.CreateInitialToken(w.t.Context(), it); err != nil {
		w.t.Fatal(err)
	}
	return token
}

// answer is what a request was answered.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func (a answer) text(name string) string { text, _ := a.body[name].(string); return text }

// send makes a request; the path is below the endpoint.
func (w *world) send(method, path, token, body string, change ...func(*http.Request)) answer {
	w.t.Helper()
	r := must[*http.Request](w.t)(http.NewRequestWithContext(w.t.Context(), method, w.server.URL+"/blitz/oauth/register"+path, strings.NewReader(body)))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, c := range change {
		c(r)
	}
	response := must[*http.Response](w.t)(http.DefaultClient.Do(r))
	defer response.Body.Close()
	text := must[[]byte](w.t)(io.ReadAll(response.Body))
	a := answer{status: response.StatusCode, header: response.Header}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &a.body); err != nil {
			w.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
		}
	}
	if a.header.Get("Cache-Control") != "no-store" {
		w.t.Errorf("%s %s may be cached", method, path)
	}
	return a
}

// document is a good registration; pairs of a name and JSON change it, an empty
// JSON takes away.
func document(pairs ...string) string {
	m := map[string]json.RawMessage{"client_name": json.RawMessage(`"The Shop"`), "redirect_uris": json.RawMessage(`["https://shop.example/cb"]`)}
	for i := 0; i+1 < len(pairs); i += 2 {
		if delete(m, pairs[i]); pairs[i+1] != "" {
			m[pairs[i]] = json.RawMessage(pairs[i+1])
		}
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// registered registers a client with a token of one use.
func (w *world) registered(pairs ...string) answer {
	w.t.Helper()
	a := w.send("POST", "", w.initialToken(1), document(pairs...))
	if a.status != http.StatusCreated {
		w.t.Fatalf("not registered: %d %v\n%s", a.status, a.body, w.log)
	}
	return a
}

// stored is the client as it is in the database.
func (w *world) stored(id string) *idp.Client {
	w.t.Helper()
	return must[*idp.Client](w.t)(w.store.ClientByID(w.t.Context(), id))
}

func (w *world) clients() int {
	w.t.Helper()
	return len(must[[]*idp.Client](w.t)(w.store.ListClients(w.t.Context(), "", 1000)))
}

func (w *world) wantError(what string, a answer, status int, code string) {
	w.t.Helper()
	if a.status != status || a.text("error") != code {
		w.t.Errorf("%s: %d %v, want %d %s", what, a.status, a.body, status, code)
	}
	for _, r := range a.text("error_description") {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			w.t.Errorf("%s: the description has %q: %s", what, r, a.text("error_description"))
		}
	}
	if status == http.StatusUnauthorized && !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
		w.t.Errorf("%s: a 401 without a challenge: %v", what, a.header)
	}
}
