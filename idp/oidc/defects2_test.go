package oidc_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	lib "github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

type loginOf = idp.Login

// flip turns bits of one byte of a base64url text.
func flip(t *testing.T, text string, at int, bits byte) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	raw[at] ^= bits
	return base64.RawURLEncoding.EncodeToString(raw)
}

// naive is a storage that does what the library's interface asks for and no
// more: it reads the code, makes tokens, and deletes the code afterwards. Both
// requests of the test are let read before either goes on. Our own adapter
// can't show the defect: it closes it.
type naive struct {
	*bareStorage
	both *sync.WaitGroup
	used map[string]bool
}

func (s *naive) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	used := s.used[code]
	s.mu.Unlock()
	s.both.Done()
	s.both.Wait()
	if used {
		return nil, errors.New("used")
	}
	return &bareRequest{id: code, subject: "user-1", AuthRequest: &lib.AuthRequest{ClientID: "app", RedirectURI: redirect, ResponseType: "code"}}, nil
}

func (s *naive) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "id", time.Now().Add(time.Hour), nil
}

func (s *naive) DeleteAuthRequest(_ context.Context, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[code] = true
	return nil
}

func TestDefect03CodeIsRedeemedOnceAndItsReuseRevokes(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w)
	storage := &naive{bareStorage: b.storage, both: new(sync.WaitGroup), used: map[string]bool{}}
	storage.both.Add(2)
	provider, err := op.NewProvider(&op.Config{CryptoKey: bareKey}, storage, op.StaticIssuer(b.server.URL), op.WithAllowInsecure())
	w.must(err)
	b.Provider = provider
	if won := redeem(b.agent, bareToken, 2, codeForm("one", "code_verifier", "")); len(won) != 2 {
		t.Fatalf("bare: %d of 2 parallel redemptions won, want both", len(won))
	}

	code := w.agent().code("app")
	won := redeem(w.agent, oidc.PathToken, 64, codeForm(code))
	if len(won) != 1 {
		t.Fatalf("%d of 64 parallel redemptions won, want 1", len(won))
	}
	got := w.tokens(won[0])
	if w.works(got.Access) {
		t.Error("the access token outlived the second use of its code")
	}
	w.agent().post(oidc.PathToken, refreshForm(got.Refresh), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_grant")
}

// redeem posts the form n times at once and returns the successes.
func redeem(agent func() *agent, path string, n int, form url.Values) []answer {
	answers := make([]answer, n)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		a := agent()
		done.Go(func() {
			ready.Wait()
			answers[i] = a.post(path, form, basic("app", secret))
		})
	}
	ready.Done()
	done.Wait()
	var won []answer
	for _, a := range answers {
		if a.status == http.StatusOK {
			won = append(won, a)
		}
	}
	return won
}

func TestDefect08ClientAssertionsAreRefused(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w)
	b.storage.withKeys = true
	assertion := b.assertion(b.server.URL)
	form := func(code string) url.Values {
		return with(codeForm(code), "client_assertion", assertion, "client_assertion_type", lib.ClientAssertionTypeJWTAssertion)
	}
	for range 2 {
		if got := b.agent().post(bareToken, form(b.code())); got.status != http.StatusOK {
			t.Fatalf("bare: %d %s, want an assertion without jti to work twice", got.status, got.body)
		}
	}
	assertion = b.assertion(w.issuer)
	a := w.agent()
	a.post(oidc.PathToken, form(a.code("app"))).wantError(t, http.StatusUnauthorized, "invalid_client")
	a.post(oidc.PathToken, form(a.code("app")), basic("app", secret)).wantError(t, http.StatusBadRequest, "invalid_request")
	for _, path := range []string{oidc.PathRevoke, oidc.PathIntrospect} {
		a.post(path, with(form(""), "token", "x")).wantError(t, http.StatusUnauthorized, "invalid_client")
	}
}

func TestDefect09ExpiredRequestObjectsAreRefused(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w)
	past := time.Now().Add(-time.Hour).Unix()
	object := func(audience string) string {
		return b.sign(map[string]any{"iss": "app", "aud": audience, "client_id": "app", "exp": past, "iat": past, "state": "from-object"})
	}
	if got := b.agent().get(bareAuthorize, request("app", "request", object(b.server.URL))); got.status != http.StatusFound || got.query("error") != "" {
		t.Fatalf("bare: %d %s %v, want an expired object to pass", got.status, got.body, got.location)
	}
	a := w.agent()
	if got := a.get(oidc.PathAuthorize, request("app", "request", object(w.issuer))); got.query("error") != "invalid_request_object" || got.query("state") != "state-1" {
		t.Errorf("location %v", got.location)
	}
	if got := a.get(oidc.PathAuthorize, request("app", "request_uri", "https://rp.example/object")); got.query("error") != "request_uri_not_supported" {
		t.Errorf("location %v", got.location)
	}
}

func TestDefect10NoJWTBearerGrant(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w)
	form := url.Values{"grant_type": {string(lib.GrantTypeBearer)}, "scope": {"openid"}, "assertion": {b.assertion(b.server.URL)}}
	if got := b.agent().post(bareToken, form); got.status != http.StatusOK {
		t.Fatalf("bare: %d %s, want tokens for a client of the code grant", got.status, got.body)
	}
	form.Set("assertion", b.assertion(w.issuer))
	w.agent().post(oidc.PathToken, form, basic("app", secret)).wantError(t, http.StatusBadRequest, "unsupported_grant_type")
	w.agent().post(oidc.PathToken, form).wantError(t, http.StatusUnauthorized, "invalid_client")
}

// leaky is a storage whose error says more than a relying party should read.
type leaky struct{ op.Storage }

func (leaky) GetClientByClientID(context.Context, string) (op.Client, error) {
	return nil, errors.New("dial tcp 10.1.2.3:5432: refused")
}

func TestDefect15PlainErrorsAreNotServerErrorsAndSayNothing(t *testing.T) {
	w := newWorld(t)
	b := newBare(t, w, func(c *op.Config) { c.AuthMethodPrivateKeyJWT = false })
	form := refreshForm("x", "client_assertion", "y", "client_assertion_type", lib.ClientAssertionTypeJWTAssertion)
	if got := b.agent().post(bareToken, form); got.status != http.StatusInternalServerError {
		t.Fatalf("bare: %d %s, want 500 for a client's mistake", got.status, got.body)
	}
	provider, err := op.NewProvider(&op.Config{GrantTypeRefreshToken: true}, leaky{b.storage}, op.StaticIssuer(b.server.URL), op.WithAllowInsecure())
	w.must(err)
	b.Provider = provider
	if got := b.agent().post(bareToken, refreshForm("x")); !strings.Contains(string(got.body), "10.1.2.3") {
		t.Fatalf("bare: %s, want the error's text", got.body)
	}

	a := w.agent()
	a.post(oidc.PathToken, form).wantError(t, http.StatusUnauthorized, "invalid_client")
	code, access := a.code("app"), a.signIn("app").Access
	w.must(w.store.Close())
	for name, got := range map[string]answer{
		"token":         a.post(oidc.PathToken, codeForm(code), basic("app", secret)),
		"userinfo":      a.post(oidc.PathUserinfo, nil, bearer(access)),
		"introspection": a.post(oidc.PathIntrospect, url.Values{"token": {access}}, basic("app", secret)),
		"revocation":    a.post(oidc.PathRevoke, url.Values{"token": {access}}, basic("app", secret)),
	} {
		got.wantError(t, http.StatusInternalServerError, "server_error")
		if strings.TrimSpace(string(got.body)) != `{"error":"server_error"}` {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if got := a.get(oidc.PathAuthorize, request("app")); got.status != http.StatusInternalServerError || got.page != "internal" {
		t.Errorf("authorize: %d %q", got.status, got.page)
	}
}
