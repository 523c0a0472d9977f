package server_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// A client's keys are fetched where it publishes them: from a loopback address
// only if the settings open it.
func TestKeysThatAClientPublishes(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var fetches atomic.Int32
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetches.Add(1)
		private := jose.JSONWebKey{Key: key, KeyID: "k1"}
		if err := json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{private.Public()}}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(site.Close)
	open := egress.Options{Allow: []egress.Allowance{{Host: "127.0.0.1:*", Plain: true, Private: true}}}
	for name, c := range map[string]struct {
		egress  egress.Options
		status  int
		fetches int32
	}{
		"closed": {egress.Options{}, http.StatusUnauthorized, 0},
		"open":   {open, http.StatusOK, 1},
	} {
		t.Run(name, func(t *testing.T) {
			fetches.Store(0)
			handler := keyServer(t, c.egress, idp.Client{
				ID: "signer", AuthMethod: idp.AuthPrivateKeyJWT, SigningAlg: "ES256", RedirectURIs: []string{"https://app.example/cb"},
				Grants: []string{idp.GrantCode}, ClientMetadata: idp.ClientMetadata{JWKSURI: site.URL},
			})
			for _, jti := range []string{"one", "two"} {
				form := url.Values{"token": {"x"}, "client_assertion_type": {clientauth.AssertionType}, "client_assertion": {assertion(t, key, jti)}}
				if rec := ask(handler, http.MethodPost, issuer+"/oauth/introspect", form.Encode()); rec.Code != c.status {
					t.Errorf("%d %s, want %d", rec.Code, rec.Body, c.status)
				}
			}
			if got := fetches.Load(); got != c.fetches {
				t.Errorf("%d fetches, want %d", got, c.fetches)
			}
		})
	}
}

func keyServer(t *testing.T, outbound egress.Options, client idp.Client) http.Handler {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	if err := data.CreateClient(context.Background(), &client); err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Options{
		Issuer: issuer, Store: data, Keyring: ring, Egress: outbound,
		Policy:   login.Policy{Level: 1, First: []string{password.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func assertion(t *testing.T, key *ecdsa.PrivateKey, jti string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := json.Marshal(map[string]any{"iss": "signer", "sub": "signer", "aud": issuer, "jti": jti, "exp": time.Now().Add(time.Minute).Unix()})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
