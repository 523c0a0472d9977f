package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func (w *world) authenticator(log *slog.Logger) *clientauth.Authenticator {
	keys, err := keyset.New(keyset.Options{Now: w.clock.Now, Log: log})
	w.must(err)
	return &clientauth.Authenticator{Clients: w.store, Keyring: w.keys, Log: log, Signed: &clientauth.Assertions{
		Issuer: w.issuer, Keys: keys, Used: w.store, Keyring: w.keys, Now: w.clock.Now,
	}}
}

// signer is a client that has a key in place of a secret.
type signer struct {
	w      *world
	id     string
	key    *ecdsa.PrivateKey
	serial atomic.Int64
}

func (w *world) newSigner(c idp.Client) *signer {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	private := jose.JSONWebKey{Key: key, KeyID: "k1"}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{private.Public()}})
	w.must(err)
	c.AuthMethod, c.JWKS, c.RedirectURIs = idp.AuthPrivateKeyJWT, string(set), []string{redirect}
	if c.SigningAlg == "" {
		c.SigningAlg = "ES256"
	}
	w.must(w.store.CreateClient(context.Background(), &c))
	return &signer{w: w, id: c.ID, key: key}
}

// jwt is one that the client has just signed for the provider; pairs change its
// claims, nil takes away.
func (s *signer) jwt(pairs ...any) string {
	s.w.t.Helper()
	now := s.w.clock.Now()
	claims := map[string]any{"iss": s.id, "sub": s.id, "aud": s.w.issuer, "jti": fmt.Sprint("jti-", s.serial.Add(1)),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	for i := 0; i+1 < len(pairs); i += 2 {
		claims[pairs[i].(string)] = pairs[i+1]
		if pairs[i+1] == nil {
			delete(claims, pairs[i].(string))
		}
	}
	payload, err := json.Marshal(claims)
	s.w.must(err)
	made, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.key, KeyID: "k1"}}, nil)
	s.w.must(err)
	signed, err := made.Sign(payload)
	s.w.must(err)
	text, err := signed.CompactSerialize()
	s.w.must(err)
	return text
}

// proves adds the client's proof to a form.
func (s *signer) proves(form url.Values) url.Values {
	s.w.t.Helper()
	return with(form, "client_assertion_type", clientauth.AssertionType, "client_assertion", s.jwt())
}

func TestPrivateKeyJWTAtEveryEndpoint(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newSigner(idp.Client{ID: "signer", Grants: []string{idp.GrantCode, idp.GrantRefresh}})
	got := w.tokens(a.post(oidc.PathToken, s.proves(codeForm(a.code("signer")))))
	next := w.tokens(a.post(oidc.PathToken, s.proves(refreshForm(got.Refresh))))
	told := a.post(oidc.PathIntrospect, s.proves(url.Values{"token": {next.Access}}))
	if told.status != http.StatusOK || told.json(t)["active"] != true || told.json(t)["client_id"] != "signer" {
		t.Errorf("introspection: %d %s", told.status, told.body)
	}
	if revoked := a.post(oidc.PathRevoke, s.proves(url.Values{"token": {next.Refresh}})); revoked.status != http.StatusOK {
		t.Errorf("revocation: %d %s", revoked.status, revoked.body)
	}
	if w.works(next.Access) {
		t.Error("the access token works after its grant was revoked")
	}
}

func TestPrivateKeyJWTIsTheOnlyWayIn(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newSigner(idp.Client{ID: "signer", Grants: []string{idp.GrantCode}})
	for name, send := range map[string]func(form url.Values) answer{
		"nothing": func(form url.Values) answer { return a.post(oidc.PathToken, with(form, "client_id", "signer")) },
		"a secret": func(form url.Values) answer {
			return a.post(oidc.PathToken, with(form, "client_id", "signer", "client_secret", secret))
		},
		"an empty secret":         func(form url.Values) answer { return a.post(oidc.PathToken, form, basic("signer", "")) },
		"its own code's verifier": func(form url.Values) answer { return a.post(oidc.PathToken, form) },
		"another client's proof": func(form url.Values) answer {
			return a.post(oidc.PathToken, with(form, "client_assertion_type", clientauth.AssertionType, "client_assertion", s.jwt("iss", "app", "sub", "app")))
		},
	} {
		got := send(codeForm(a.code("signer")))
		if got.wantError(t, http.StatusUnauthorized, "invalid_client"); t.Failed() {
			t.Log(name)
		}
	}
}

// 64 requests with one assertion and a good code each: one gets in.
func TestAnAssertionInParallelHasOneWinner(t *testing.T) {
	w := newWorld(t)
	a, s := w.agent(), w.newSigner(idp.Client{ID: "signer", Grants: []string{idp.GrantClientCredentials}, Scopes: []string{idp.ScopePhoneVerification}})
	form := s.proves(url.Values{"grant_type": {idp.GrantClientCredentials}, "scope": {idp.ScopePhoneVerification}})
	var group sync.WaitGroup
	var won, lost atomic.Int32
	for range 64 {
		group.Go(func() {
			switch got := a.post(oidc.PathToken, form); got.status {
			case http.StatusOK:
				won.Add(1)
			case http.StatusUnauthorized:
				lost.Add(1)
			default:
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 || lost.Load() != 63 {
		t.Errorf("%d came in and %d didn't, want 1 and 63", won.Load(), lost.Load())
	}
}
