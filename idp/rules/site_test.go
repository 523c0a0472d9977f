package rules_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
)

const (
	secret   = "correct horse + 100% battery"
	passport = "ring-the-phone" // everybody's password
	callback = "https://rp.example/callback"
	goodbye  = "https://rp.example/goodbye"
)

// cheap hashing of passwords: what it costs is tested elsewhere.
var cheap = password.Params{Memory: 64, Time: 1, Threads: 1}

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

// journal is the provider's log.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// telephone rings at once, from another number each time.
type telephone struct {
	mu      sync.Mutex
	calls   int
	callers map[string]string // who called a number last
}

// Run implements loops.Runner.
func (p *telephone) Run(_ context.Context, job loops.Job) (*loops.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	caller := fmt.Sprintf("7495000%04d", 1000+7*p.calls)
	to, _ := job.Input["phone_number"].(string)
	p.callers[digits(to)] = caller
	return &loops.Result{Value: map[string]any{"code": caller}}, nil
}

// code is what the last caller's number ends with.
func (p *telephone) code(number string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	caller := p.callers[digits(number)]
	return caller[max(0, len(caller)-4):]
}

func digits(number string) string {
	var kept []rune
	for _, r := range number {
		if r >= '0' && r <= '9' {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

// site is a provider that serves over TLS, as the world sees it. Everybody needs
// the password and a call.
type site struct {
	testing.TB
	clock    *clock
	keys     *keyring.Keyring
	data     *store.Store
	database string
	server   *httptest.Server
	issuer   string
	phone    *telephone
	log      *journal
	people   *atomic.Int64
	key      *ecdsa.PrivateKey // of the client "signed"
	wire     *http.Transport   // of everybody; it trusts the provider's certificate
}

// in is the same site for a subtest.
func (s *site) in(t testing.TB) *site {
	c := *s
	c.TB = t
	return &c
}

// made are signing keys that all sites share: RSA keys take long.
var made = sync.OnceValues(func() (_ []signing.Record, err error) {
	dir, err := os.MkdirTemp("", "rules")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	data, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + filepath.Join(dir, "keys.db")})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	master, err := masterKeys()
	if err != nil {
		return nil, err
	}
	start := time.Now().Add(-time.Hour)
	keys, err := signing.New(signing.Options{Records: data, Keyring: master, Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if _, err := keys.Published(context.Background()); err != nil {
		return nil, err
	}
	return data.SigningKeys(context.Background())
})

func masterKeys() (*keyring.Keyring, error) {
	return keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
}

// newSite starts a provider on a new database; change, if not nil, may change how
// it is composed.
func newSite(t testing.TB, change func(*server.Options)) *site {
	t.Helper()
	return newSiteOf(t, 1, change)
}

// newSiteOf starts a provider of so many nodes on one database; each has its own
// connections and answers in turn.
func newSiteOf(t testing.TB, nodes int, change func(*server.Options)) *site {
	t.Helper()
	s := &site{TB: t, clock: &clock{now: time.Now()}, phone: &telephone{callers: map[string]string{}}, log: &journal{}, people: &atomic.Int64{}}
	s.server = httptest.NewUnstartedServer(nil)
	s.issuer = "https://" + s.server.Listener.Addr().String() + "/blitz"
	s.database = sqlitetest.URL(s.TB)
	providers := make([]*server.Server, nodes)
	for i := range providers {
		s.open()
		o := s.options()
		if change != nil {
			change(&o)
		}
		var err error
		providers[i], err = server.New(o)
		s.must(err)
	}
	var turn atomic.Uint64
	s.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		providers[turn.Add(1)%uint64(nodes)].Handler().ServeHTTP(w, r)
	})
	s.server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(s.log, nil), slog.LevelInfo)
	s.server.StartTLS()
	roots := x509.NewCertPool()
	roots.AddCert(s.server.Certificate())
	s.wire = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 64}
	for _, provider := range providers {
		s.run(provider)
	}
	s.register()
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// open opens the database, and gives a new one the signing keys.
func (s *site) open() {
	isNew := s.data == nil
	var err error
	s.keys, err = masterKeys()
	s.must(err)
	data, err := store.Open(context.Background(), store.Options{URL: s.database, Now: s.clock.Now})
	s.must(err)
	s.data = data
	s.Cleanup(func() {
		if err := data.Close(); err != nil {
			s.Error(err)
		}
	})
	if !isNew {
		return
	}
	keys, err := made()
	s.must(err)
	for _, r := range keys {
		s.must(s.data.AddSigningKey(context.Background(), r))
	}
}

func (s *site) options() server.Options {
	return server.Options{
		Issuer: s.issuer, Store: s.data, Keyring: s.keys,
		Policy:   login.Policy{Level: 2, First: []string{password.ID}, Second: []string{flashcall.ID}},
		Session:  server.Session{Idle: 4 * time.Hour, Life: 12 * time.Hour},
		Password: server.Password{Params: cheap},
		// Everything comes from one address, more of it than people send.
		RateLimits: ratelimit.Options{Off: true},
		FlashCall: &server.FlashCall{
			Codes:          otp.Settings{CodeLength: 4, Validity: 5 * time.Minute, AttemptsPerLogin: 3, TotalAttempts: 100, Block: time.Minute},
			PhoneAttribute: idp.AttributePhone, Numbers: flashcall.Numbers{Countries: []string{"RU"}}, Runner: s.phone,
			Routes: []server.Route{{Route: flashcall.Route{
				ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
			}}},
		},
		Now: s.clock.Now, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

func (s *site) run(provider *server.Server) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- provider.Run(ctx) }()
	s.Cleanup(func() {
		s.wire.CloseIdleConnections()
		s.server.Close()
		stop()
		if err := <-done; err != nil {
			s.Error(err)
		}
	})
}

// client registers a relying party; what it leaves out is as most have it.
func (s *site) client(c idp.Client) {
	s.Helper()
	if c.AuthMethod != idp.AuthNone && c.AuthMethod != idp.AuthPrivateKeyJWT {
		c.SecretHash = clientauth.HashSecret(s.keys, c.ID, secret)
	}
	if c.RedirectURIs == nil {
		c.RedirectURIs = []string{callback}
	}
	if c.PostLogoutURIs == nil {
		c.PostLogoutURIs = []string{goodbye}
	}
	if c.Grants == nil {
		c.Grants = []string{idp.GrantCode, idp.GrantRefresh}
	}
	if c.SigningAlg == "" {
		c.SigningAlg = signing.ES256 // cheaper than the default
	}
	// totp: a method that was enabled once, and isn't any more.
	s.must(c.Validate(server.ClientRules([]string{signing.RS256, signing.ES256, signing.EdDSA}, []string{flashcall.ID, "totp"})))
	s.must(s.data.CreateClient(context.Background(), &c))
}

// register adds the relying parties that every test may use.
func (s *site) register() {
	s.client(idp.Client{ID: "app", Name: "The App"})
	s.client(idp.Client{ID: "other", Name: "Another App"})
	s.client(idp.Client{ID: "spa", AuthMethod: idp.AuthNone, RedirectURIs: []string{"https://spa.example/cb"}})
	s.client(idp.Client{ID: "native", AuthMethod: idp.AuthNone, RedirectURIs: []string{"http://127.0.0.1/cb", "com.example.app:/cb"}})
	s.client(idp.Client{ID: "old", WaivePKCE: true})
	s.client(idp.Client{ID: "basic", AuthMethod: idp.AuthSecretBasic})
	s.client(idp.Client{ID: "post", AuthMethod: idp.AuthSecretPost})
	s.client(idp.Client{ID: "service", Grants: []string{idp.GrantClientCredentials}, Scopes: []string{idp.ScopePhoneVerification}, RedirectURIs: []string{}})
	s.registerLater()
	s.client(idp.Client{ID: "brief", AccessTokenLife: time.Minute, RefreshTokenLife: time.Minute})
	s.client(idp.Client{ID: "asking", Name: "A stranger's App", AskConsent: true})
}

// person adds somebody with every standard claim, and a telephone of their own.
func (s *site) person(name string) string {
	s.Helper()
	n := s.people.Add(1)
	hasher, err := password.NewHasher(password.HasherOptions{Params: cheap})
	s.must(err)
	hash, err := hasher.Hash(context.Background(), passport)
	s.must(err)
	attributes := map[string]string{
		"name": "Ada of " + name, "given_name": "Ada", "family_name": "Person", "middle_name": "M.", "nickname": "ada",
		"profile": "https://people.example/" + name, "picture": "https://people.example/" + name + ".png", "website": "https://" + name + ".example",
		"gender": "female", "birthdate": "1990-12-31", "zoneinfo": "Europe/Moscow", "locale": "ru-RU",
		"email": name + "@example.com", "email_verified": "true",
		"address": "1 Main Street\nMoscow", "street_address": "1 Main Street", "locality": "Moscow", "region": "Moscow", "postal_code": "101000", "country": "RU",
		idp.AttributePhone: fmt.Sprintf("+7 999 000-%02d-%02d", n/100, n%100),
	}
	s.must(s.data.CreateUser(context.Background(), &idp.User{ID: "id-of-" + name, Login: name, PasswordHash: hash, Attributes: attributes}))
	return name
}

// registerLater adds the relying parties of what came after OpenID Connect Core.
func (s *site) registerLater() {
	s.Helper()
	var err error
	s.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.must(err)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: "one", Algorithm: "ES256", Use: "sig"}}})
	s.must(err)
	s.client(idp.Client{ID: "signed", AuthMethod: idp.AuthPrivateKeyJWT, Grants: []string{idp.GrantCode, idp.GrantRefresh, idp.GrantJWTBearer},
		ClientMetadata: idp.ClientMetadata{JWKS: string(keys), RequestObjectAlg: "ES256"}})
	s.client(idp.Client{ID: "pushing", ClientMetadata: idp.ClientMetadata{RequirePAR: true}})
	s.client(idp.Client{ID: "jwt", AccessTokenLife: 2 * time.Minute, ClientMetadata: idp.ClientMetadata{JWTAccessTokens: true, Resources: []string{"https://api.example/"}}})
	s.client(idp.Client{ID: "hybrid", Grants: []string{idp.GrantCode, idp.GrantImplicit, idp.GrantRefresh},
		ClientMetadata: idp.ClientMetadata{ResponseTypes: []string{"code", "code id_token", "id_token", "id_token token"}}})
	s.client(idp.Client{ID: "device", Grants: []string{idp.GrantDevice}, RedirectURIs: []string{}, PostLogoutURIs: []string{}})
	s.client(idp.Client{ID: "exchanging", Grants: []string{idp.GrantCode, idp.GrantExchange}, ClientMetadata: idp.ClientMetadata{ExchangeFrom: []string{"app"}}})
}
