package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/front"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/verify"
	"github.com/ringtail-id/ringtail/static"
	"github.com/ringtail-id/ringtail/templates"
)

// Server is a composed provider. It is safe for concurrent use.
type Server struct {
	options  Options
	claims   *claims.Set
	signing  *signing.Ring
	password *password.Method
	setter   password.Setter // of new passwords
	// backchannel tells relying parties of the end of sessions.
	backchannel *backchannel.Sender
	calls       *otp.Engine       // nil where flashCall is not in use
	sender      *flashcall.Sender // nil likewise
	chain       []flashcall.Route
	ledger      *calls.Service
	pools       *pool.Watch
	drawn       chan drawn // codes that wait to be counted
	handler     http.Handler
	console     http.Handler // nil without a listener of its own
	parts       []admin.Section
	ops         http.Handler
	front       *front.Front
	renderer    *templates.Renderer
}

// New composes the provider. It starts nothing; see Run.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Server{options: o, drawn: make(chan drawn, maxDrawn)}
	var err error
	if s.claims, err = s.options.scopes(); err != nil {
		return nil, fmt.Errorf("making the scopes: %w", err)
	}
	registry, err := s.methods()
	if err != nil {
		return nil, err
	}
	if s.ledger, err = s.newLedger(); err != nil {
		return nil, err
	}
	if err := s.mount(registry); err != nil {
		return nil, err
	}
	s.ops = s.newOps()
	return s, nil
}

// Handler serves everything that is public.
func (s *Server) Handler() http.Handler { return s.handler }

// Ops serves /healthz, /readyz and /metrics; it belongs on a listener that the
// public can't reach.
func (s *Server) Ops() http.Handler { return s.ops }

// Run does the background work (calls, keys, sweeps) until ctx ends, and then
// waits for the calls that are being placed. Several nodes may run it on one
// database.
func (s *Server) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.signing.Run(ctx) })
	group.Go(func() error { return s.sweep(ctx) })
	group.Go(func() error { return s.indexUsers(ctx) })
	group.Go(func() error { return s.sweepRegistrations(ctx) })
	group.Go(func() error { return s.password.Run(ctx) })
	group.Go(func() error { return s.backchannel.Run(ctx) })
	group.Go(func() error { return s.ledger.Run(ctx) })
	if s.calls != nil {
		group.Go(func() error { return s.calls.Run(ctx) })
		group.Go(func() error { return s.countCodes(ctx) })
	}
	return group.Wait()
}

func (s *Server) mount(registry *factors.Registry) error {
	o := &s.options
	issuer, err := url.Parse(o.Issuer)
	if err != nil {
		return fmt.Errorf("reading the issuer: %w", err)
	}
	files, err := static.New(issuer.Path + "/static")
	if err != nil {
		return fmt.Errorf("preparing the static files: %w", err)
	}
	renderer, err := templates.New(templates.Options{Languages: o.Languages, IgnoreBrowser: o.IgnoreBrowser, Asset: files.URL})
	if err != nil {
		return fmt.Errorf("preparing the pages: %w", err)
	}
	s.renderer = renderer
	jar := s.jar(issuer.Scheme == "https")
	clients := s.consoleClient(account.WithClient(o.issuer(), &clients{apps: byID(o.Apps), stored: o.Store}))
	shown := pages.New(renderer, o.Log)
	if s.front, err = s.newFront(issuer.Path, shown); err != nil {
		return err
	}
	logins, err := login.New(login.Options{
		Base: issuer.Path, CallbackURL: func(id string) string { return oidc.CallbackURL(o.issuer(), id) }, Logins: o.Store, Sessions: o.Store, Users: o.Store, Clients: clients,
		Methods: registry, Policy: func() login.Policy { return o.Policy }, Jar: jar, Pages: renderer,
		SessionLife: o.Session.Life, SessionIdle: o.Session.Idle, ClientIP: proxies(o.TrustedProxies).clientIP,
		Claims: s.claims, Consents: o.Store, Hash: s.hash("login"), ConfirmPhone: s.confirmPhone, NewPasswords: s.newPasswords(), Audit: o.Audit, Recorded: s.loginRecorded,
		Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
	if err != nil {
		return err
	}
	provider, err := s.provider(jar, clients, shown, renderer.Languages(), logins)
	if err != nil {
		return err
	}
	mux := newRoutes(s.front)
	provider.Mount(mux)
	out, err := s.logout(jar, clients, shown)
	if err != nil {
		return err
	}
	out.Mount(mux)
	devices, err := s.device(jar, clients, provider, shown)
	if err != nil {
		return err
	}
	devices.Mount(mux)
	mux.Handle(issuer.Path+"/login/", logins)
	mux.Handle(issuer.Path+"/static/", files)
	if err := s.mountNumbers(mux, issuer.Path, jar, clients, provider, shown, out); err != nil {
		return err
	}
	if err := s.mountRegistration(mux, issuer.Path); err != nil {
		return err
	}
	public, err := s.withHooks(issuer.Path, mux)
	if err != nil {
		return err
	}
	// Counted inside: audit.Held copies the request, and its pattern with it.
	held := audit.Held(o.Metrics.Requests.Count(o.Tracing.Requests(public)), http.HandlerFunc(s.front.Unrecorded))
	bounded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, o.MaxBody) // of the front's copy: http.MaxBytesHandler would make another
		held.ServeHTTP(w, r)
	})
	all, err := s.withConsole(bounded, files, jar, &consoleParts{provider: provider, shown: shown, clients: clients})
	if err != nil {
		return err
	}
	s.handler = s.followed(s.front.Before(all))
	return mux.check()
}

// mountNumbers mounts what people and sites do with numbers beside a login.
func (s *Server) mountNumbers(mux *routes, base string, jar *browser.Jar, clients idp.Clients, provider *oidc.Provider, shown *pages.Pages, out *logout.Handler) error {
	profile, err := s.account(jar, clients, shown, out)
	if err != nil {
		return err
	}
	mux.Handle(base+account.Path, profile)
	if err := s.mountSessions(mux, base, provider, shown); err != nil {
		return err
	}
	if s.calls == nil {
		return nil
	}
	api, err := s.verifications(provider, shown)
	if err != nil {
		return err
	}
	mux.Handle(base+verify.PathAPI, api)
	return nil
}

// maxLogin is longer than any login lives, so that a browser's row never ends
// before a login in it.
const maxLogin = 24 * time.Hour

func (s *Server) jar(secure bool) *browser.Jar {
	o := &s.options
	return browser.New(browser.Options{
		Rows: o.Store, Hash: func(key string) string { return o.Keyring.Hash("browser", key) },
		Secure: secure, Life: o.Session.Life + maxLogin, Now: o.Now, Rand: o.Rand,
	})
}

func (s *Server) provider(jar *browser.Jar, clients idp.Clients, shown *pages.Pages, languages []string, logins *login.Handler) (*oidc.Provider, error) {
	o := &s.options
	ring, err := signing.New(signing.Options{
		Records: o.Store, Keyring: o.Keyring, Algorithms: o.Signing.Algorithms,
		RotateAfter: o.Signing.RotateAfter, KeepFor: o.Signing.KeepFor, TokenLife: TokenLife(o.Store, o.Lives, o.Apps),
		Changes: o.Store.Changes, Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	s.signing = ring
	auth, err := s.authenticator(clients)
	if err != nil {
		return nil, err
	}
	return oidc.New(oidc.Options{
		Issuer: o.issuer(), Keyring: o.Keyring, Signing: ring, Stores: o.Store, Clients: clients, Users: o.Store,
		Auth: auth, Registration: o.Registration != nil, Settle: logins.Settle, Jar: jar, Pages: shown, Lives: o.Lives, Claims: s.claims, OwnScopes: ownScopes(s.claims),
		Announce: o.announce(), Locales: languages, Audit: o.Audit, Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
}

// methods builds every method that can serve; the policy says which do.
func (s *Server) methods() (*factors.Registry, error) {
	o := &s.options
	hasher, err := password.NewHasher(password.HasherOptions{
		Params: o.Password.Params, Parallel: o.Password.Parallel, Away: overload.Away, Rand: o.Rand, Meter: o.Metrics.Hashing,
	})
	if err != nil {
		return nil, fmt.Errorf("preparing password hashing: %w", err)
	}
	s.setter = password.Setter{Hasher: hasher, Policy: func() password.Policy { return o.Password.Policy }}
	s.password, err = password.New(password.Options{
		Accounts: o.Store, Store: o.Store, Hasher: hasher, Settings: func() password.Settings { return o.Password.Settings },
		Hash: s.hash("password"), Normalize: idp.NormalizeLogin, Now: o.Now, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	codes, err := recovery.New(recovery.Options{Store: o.Store, Hash: RecoveryHash(o.Keyring), Now: o.Now, Log: o.Log})
	if err != nil {
		return nil, err
	}
	if o.FlashCall == nil {
		return factors.NewRegistry(s.password, codes)
	}
	calls, err := s.flashCall(o.FlashCall)
	if err != nil {
		return nil, err
	}
	return factors.NewRegistry(s.password, codes, calls)
}

// RecoveryHash is how recovery codes are hashed, for who issues some beside a
// running provider.
func RecoveryHash(ring *keyring.Keyring) recovery.Hash {
	return func(parts ...string) string { return ring.Hash("recovery", parts...) }
}

func (s *Server) hash(purpose string) func(parts ...string) string {
	return func(parts ...string) string { return s.options.Keyring.Hash(purpose, parts...) }
}
