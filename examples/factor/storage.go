package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// tokenLife is how long an access token is good for.
const tokenLife = time.Hour

// storage is op.Storage in memory: one client, what is on its way, and what was
// given. It knows nothing of how a person proves who they are.
type storage struct {
	unused
	client *client
	key    *rsa.PrivateKey

	mu       sync.Mutex
	requests map[string]*request
	codes    map[string]string // the request's id by code
	tokens   map[string]token
}

// token is an access token.
type token struct {
	subject string
	expires time.Time
}

var (
	_ op.Storage                   = (*storage)(nil)
	_ op.CanSetUserinfoFromRequest = (*storage)(nil)
)

func newStorage(c *client) (*storage, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return &storage{client: c, key: key, requests: map[string]*request{}, codes: map[string]string{}, tokens: map[string]token{}}, nil
}

var errUnknown = errors.New("unknown")

// login is the request as it stands, for the login page.
func (s *storage) login(id string) (request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return request{}, errUnknown
	}
	return *r, nil
}

// change lets the login page write down what was proved.
func (s *storage) change(id string, change func(*request)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return errUnknown
	}
	change(r)
	return nil
}

// CreateAuthRequest keeps a request that the library has checked.
func (s *storage) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256 || asked.CodeChallenge == "" {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is needed")
	}
	r := &request{AuthRequest: *asked, id: rand.Text()}
	s.requests[r.id] = r
	return r, nil
}

// AuthRequestByID finds a request for the library: at the login's callback, to say
// whether it is done.
func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	r, err := s.login(id)
	return &r, err
}

// AuthRequestByCode finds the request of a code, and uses the code up.
func (s *storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	id, ok := s.codes[code]
	delete(s.codes, code)
	s.mu.Unlock()
	if !ok {
		return nil, errUnknown
	}
	return s.AuthRequestByID(ctx, id)
}

// SaveAuthCode keeps the code that the library made for a request that is done.
func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = id
	return nil
}

// DeleteAuthRequest forgets a request when its tokens are given.
func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.requests, id)
	return nil
}

// CreateAccessToken gives a token its id and its end.
func (s *storage) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, expires := rand.Text(), time.Now().Add(tokenLife)
	s.tokens[id] = token{subject: r.GetSubject(), expires: expires}
	return id, expires, nil
}

// GetClientByClientID finds the one client.
func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.id {
		return nil, errUnknown
	}
	return s.client, nil
}

// SetUserinfoFromRequest says whose ID token it is; the library takes the subject
// from here.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, _ []string) error {
	info.Subject = r.GetSubject()
	return nil
}

// SetUserinfoFromToken fills the answer of the userinfo endpoint.
func (s *storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, id, subject, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[id]
	if !ok || t.subject != subject || !time.Now().Before(t.expires) {
		return errUnknown
	}
	info.Subject = subject
	info.PreferredUsername = ann().Login
	return nil
}

// signingKey is the one key there is; a real provider rotates them.
type signingKey struct{ *rsa.PrivateKey }

func (signingKey) ID() string                                  { return "1" }
func (signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Key() any                                  { return k.PrivateKey }

type publicKey struct{ signingKey }

func (publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                         { return &k.PublicKey }

// SigningKey signs ID tokens.
func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return signingKey{s.key}, nil }

// SignatureAlgorithms is what discovery lists.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

// KeySet is the published half.
func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{signingKey{s.key}}}, nil
}

// Health is always well: there is only memory.
func (s *storage) Health(context.Context) error { return nil }
