package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	lib "github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// The library's own paths.
const (
	bareAuthorize = "/authorize"
	bareCallback  = "/authorize/callback"
	bareToken     = "/oauth/token"
	bareUserinfo  = "/userinfo"
	bareLogout    = "/end_session"
)

// bare is the library's provider as it comes, over the same storage adapter:
// what a defect's attack does to it shows that the defect is there.
type bare struct {
	*op.Provider
	storage *bareStorage
	server  *httptest.Server
	w       *world
}

var bareKey = [32]byte{1, 2, 3}

func newBare(t *testing.T, w *world, change ...func(*op.Config)) *bare {
	t.Helper()
	b := &bare{w: w}
	b.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { b.ServeHTTP(rw, r) }))
	t.Cleanup(b.server.Close)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	b.storage = &bareStorage{Storage: w.provider.LibraryStorage(), w: w, key: key, requests: map[string]*bareRequest{}}
	config := &op.Config{CryptoKey: bareKey, CodeMethodS256: true, AuthMethodPost: true, AuthMethodPrivateKeyJWT: true,
		GrantTypeRefreshToken: true, RequestObjectSupported: true}
	for _, c := range change {
		c(config)
	}
	b.Provider, err = op.NewProvider(config, b.storage, op.StaticIssuer(b.server.URL), op.WithAllowInsecure())
	w.must(err)
	return b
}

// agent is a browser that follows nothing.
func (b *bare) agent() *agent {
	a := b.w.agent()
	a.base = b.server.URL
	a.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return a
}

// begin sends an authorization request and returns the id that the login gets.
func (b *bare) begin(pairs ...string) string {
	b.w.t.Helper()
	got := b.agent().get(bareAuthorize, request("app", pairs...))
	if got.status != http.StatusFound || got.location == nil {
		b.w.t.Fatalf("bare authorize: %d %s", got.status, got.body)
	}
	path := got.location.Path
	return path[len("/blitz/login/"):]
}

func (b *bare) code(pairs ...string) string {
	b.w.t.Helper()
	return b.agent().get(bareCallback, url.Values{"id": {b.begin(pairs...)}}).query("code")
}

// bareStorage adds to our adapter what only the bare library needs: its own
// authorization requests, and clients with keys.
type bareStorage struct {
	op.Storage
	w   *world
	key *ecdsa.PrivateKey

	mu       sync.Mutex
	requests map[string]*bareRequest
	saved    int
	// withKeys makes every client one that authenticates with private_key_jwt.
	withKeys bool
	// subject of new requests, user-1 where empty.
	subject string
	// tokenIDs are those that the userinfo endpoint asked for.
	tokenIDs []string
}

type bareRequest struct {
	*lib.AuthRequest
	id, subject string
}

func (r *bareRequest) GetID() string                        { return r.id }
func (r *bareRequest) GetACR() string                       { return "" }
func (r *bareRequest) GetAMR() []string                     { return nil }
func (r *bareRequest) GetAudience() []string                { return []string{r.ClientID} }
func (r *bareRequest) GetAuthTime() time.Time               { return time.Now() }
func (r *bareRequest) GetClientID() string                  { return r.ClientID }
func (r *bareRequest) GetCodeChallenge() *lib.CodeChallenge { return nil }
func (r *bareRequest) GetNonce() string                     { return r.Nonce }
func (r *bareRequest) GetScopes() []string                  { return r.Scopes }
func (r *bareRequest) GetSubject() string                   { return r.subject }
func (r *bareRequest) Done() bool                           { return true }

func (s *bareStorage) CreateAuthRequest(_ context.Context, asked *lib.AuthRequest, _ string) (op.AuthRequest, error) {
	id, err := idp.NewID(nil)
	if err != nil {
		return nil, err
	}
	subject := s.subject
	if subject == "" {
		subject = "user-1"
	}
	r := &bareRequest{AuthRequest: asked, id: id, subject: subject}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[id] = r
	return r, nil
}

func (s *bareStorage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.requests[id]; ok {
		return r, nil
	}
	return nil, errors.New("no such request")
}

// SaveAuthCode stores the code where our own callback would.
func (s *bareStorage) SaveAuthCode(ctx context.Context, id, code string) error {
	s.mu.Lock()
	r := s.requests[id]
	s.saved++
	s.mu.Unlock()
	grant, err := idp.NewID(nil)
	if err != nil {
		return err
	}
	now := s.w.clock.Now()
	return s.w.store.CreateGrant(ctx, &oidc.Grant{
		ID: grant, ClientID: r.ClientID, UserID: r.subject, Scopes: []string{"openid", "profile", "offline_access"}, AuthTime: now,
		Code:      oidc.Code{Hash: s.w.keys.Hash("code", code), RedirectURI: r.RedirectURI, Challenge: r.CodeChallenge, ExpiresAt: now.Add(time.Minute)},
		CreatedAt: now, ExpiresAt: now.Add(time.Minute),
	})
}

// AuthorizeClientIDSecret: the bare library has no guard before it.
func (s *bareStorage) AuthorizeClientIDSecret(_ context.Context, _, given string) error {
	if given != secret {
		return lib.ErrInvalidClient()
	}
	return nil
}

func (s *bareStorage) TerminateSession(context.Context, string, string) error { return nil }

func (s *bareStorage) SetUserinfoFromToken(ctx context.Context, info *lib.UserInfo, id, subject, origin string) error {
	s.mu.Lock()
	s.tokenIDs = append(s.tokenIDs, id)
	s.mu.Unlock()
	return s.Storage.SetUserinfoFromToken(ctx, info, id, subject, origin)
}

// SetUserinfoFromRequest is found by the library on the outer type alone.
func (s *bareStorage) SetUserinfoFromRequest(ctx context.Context, info *lib.UserInfo, r op.IDTokenRequest, scopes []string) error {
	return s.Storage.(op.CanSetUserinfoFromRequest).SetUserinfoFromRequest(ctx, info, r, scopes)
}

func (s *bareStorage) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	client, err := s.Storage.GetClientByClientID(ctx, id)
	if err == nil && s.withKeys {
		return keyClient{client}, nil
	}
	return client, err
}

type keyClient struct{ op.Client }

func (keyClient) AuthMethod() lib.AuthMethod { return lib.AuthMethodPrivateKeyJWT }

func (s *bareStorage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return &jose.JSONWebKey{Key: s.key.Public(), Algorithm: "ES256"}, nil
}

func (s *bareStorage) ValidateJWTProfileScopes(_ context.Context, _ string, scopes []string) ([]string, error) {
	return scopes, nil
}

// CreateAccessToken for the jwt-bearer grant, which our adapter doesn't know.
func (s *bareStorage) CreateAccessToken(ctx context.Context, r op.TokenRequest) (string, time.Time, error) {
	if _, assertion := r.(*lib.JWTTokenRequest); assertion {
		return "assertion-token", time.Now().Add(time.Hour), nil
	}
	return s.Storage.CreateAccessToken(ctx, r)
}

// sign makes a JWT with the key that the library believes every client to have.
func (b *bare) sign(claims map[string]any) string {
	b.w.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: b.storage.key}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	b.w.must(err)
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	b.w.must(err)
	return text
}

// assertion is a client assertion without a jti.
func (b *bare) assertion(audience string) string {
	now := time.Now()
	return b.sign(map[string]any{"iss": "app", "sub": "app", "aud": audience, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()})
}
