package clientauth_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

const (
	issuer = "https://id.example/blitz"
	secret = "correct horse + 100% battery"
)

// world is an endpoint for clients over a real database and real HTTP.
type world struct {
	t      testing.TB
	now    atomic.Pointer[time.Time]
	store  *store.Store
	auth   *clientauth.Authenticator
	server *httptest.Server
	log    *syncBuffer
	serial atomic.Int64
	keys   map[string]any // private, by kid, which is the algorithm
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

// keys are made once for all tests: RSA keys take long.
var keys = sync.OnceValues(func() (map[string]any, error) {
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	ps, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	es, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	return map[string]any{"RS256": rs, "PS256": ps, "ES256": es, "EdDSA": ed}, err
})

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, log: &syncBuffer{}}
	start := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	w.now.Store(&start)
	now := func() time.Time { return *w.now.Load() }
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	must(t, err)
	w.keys, err = keys()
	must(t, err)
	w.store, err = store.Open(context.Background(), store.Options{URL: sqlitetest.URL(t), Now: now})
	must(t, err)
	t.Cleanup(func() { _ = w.store.Close() })
	log := slog.New(slog.NewTextHandler(w.log, nil))
	sets, err := keyset.New(keyset.Options{Now: now, Log: log})
	must(t, err)
	w.auth = &clientauth.Authenticator{Clients: w.store, Keyring: ring, Log: log, Signed: &clientauth.Assertions{
		Issuer: issuer, Keys: sets, Used: w.store, Keyring: ring, Now: now,
	}}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.server.Close)
	w.addClients()
	return w
}

// serve answers with the client's ID.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	p, f := oauth.PostedParams(rw, r)
	if f == nil {
		var client *idp.Client
		if client, f = w.auth.Authenticate(r.Context(), r, p); f == nil {
			_, _ = io.WriteString(rw, client.ID)
			return
		}
	}
	oauth.WriteFailure(rw, f, oauth.SchemeBasic)
}

func (w *world) addClient(c idp.Client) {
	if c.AuthMethod != idp.AuthNone && c.AuthMethod != idp.AuthPrivateKeyJWT {
		c.SecretHash = clientauth.HashSecret(w.auth.Keyring, c.ID, secret)
	}
	must(w.t, w.store.CreateClient(context.Background(), &c))
}

func (w *world) addClients() {
	document := w.document()
	w.addClient(idp.Client{ID: "app", AuthMethod: idp.AuthPrivateKeyJWT, ClientMetadata: idp.ClientMetadata{JWKS: document}})
	w.addClient(idp.Client{ID: "ps", AuthMethod: idp.AuthPrivateKeyJWT, ClientMetadata: idp.ClientMetadata{JWKS: document, AuthAlg: "PS256"}})
	w.addClient(idp.Client{ID: "keyless", AuthMethod: idp.AuthPrivateKeyJWT})
	w.addClient(idp.Client{ID: "remote", AuthMethod: idp.AuthPrivateKeyJWT, ClientMetadata: idp.ClientMetadata{JWKSURI: "https://app.example/keys"}})
	w.addClient(idp.Client{ID: "any", ClientMetadata: idp.ClientMetadata{JWKS: document}})
	w.addClient(idp.Client{ID: "basic", AuthMethod: idp.AuthSecretBasic, ClientMetadata: idp.ClientMetadata{JWKS: document}})
	w.addClient(idp.Client{ID: "post", AuthMethod: idp.AuthSecretPost})
	w.addClient(idp.Client{ID: "spa", AuthMethod: idp.AuthNone, ClientMetadata: idp.ClientMetadata{JWKS: document}})
}

// document is the key set of all keys.
func (w *world) document() string {
	var set jose.JSONWebKeySet
	for kid, key := range w.keys {
		private := jose.JSONWebKey{Key: key, KeyID: kid}
		set.Keys = append(set.Keys, private.Public())
	}
	raw, err := json.Marshal(set)
	must(w.t, err)
	return string(raw)
}

// claims of a good assertion with a new jti; pairs change them, nil takes away.
func (w *world) claims(client string, pairs ...any) map[string]any {
	claims := map[string]any{"iss": client, "sub": client, "aud": issuer, "jti": fmt.Sprint("jti-", w.serial.Add(1)),
		"exp": w.now.Load().Add(time.Minute).Unix(), "iat": w.now.Load().Unix()}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(claims, pairs[i].(string))
		} else {
			claims[pairs[i].(string)] = pairs[i+1]
		}
	}
	return claims
}

// sign signs with the algorithm and the key of the ID, whatever its type.
func (w *world) sign(alg, kid string, key any, claims map[string]any) string {
	w.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	must(w.t, err)
	payload, err := json.Marshal(claims)
	must(w.t, err)
	signed, err := signer.Sign(payload)
	must(w.t, err)
	text, err := signed.CompactSerialize()
	must(w.t, err)
	return text
}

// assertion is one that holds.
func (w *world) assertion(client string, pairs ...any) string {
	w.t.Helper()
	return w.sign("ES256", "ES256", w.keys["ES256"], w.claims(client, pairs...))
}

// form has the assertion as it is sent.
func form(assertion string, pairs ...string) url.Values {
	q := url.Values{"client_assertion_type": {clientauth.AssertionType}, "client_assertion": {assertion}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q
}

// post returns the status and, of an error, code and description, and else the client.
func (w *world) post(form url.Values, query string, changes ...func(*http.Request)) (int, string, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.server.URL+query, strings.NewReader(form.Encode()))
	must(w.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, change := range changes {
		change(r)
	}
	resp, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(w.t, err)
	if resp.StatusCode == http.StatusOK {
		return resp.StatusCode, string(body), ""
	}
	var told oauth.ErrorBody
	must(w.t, json.Unmarshal(body, &told))
	return resp.StatusCode, told.Error, told.Description
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}
