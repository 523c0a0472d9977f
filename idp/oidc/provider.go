package oidc

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// Paths below the issuer. They are Blitz's, so that applications wired by hand
// to Blitz need no change.
const (
	PathDiscovery  = "/.well-known/openid-configuration"
	PathMetadata   = "/.well-known/oauth-authorization-server" // RFC 8414; also before the issuer's path
	PathAuthorize  = "/oauth/ae"
	PathCallback   = "/oauth/ae/callback" // of the login: ?id=
	PathToken      = "/oauth/te"
	PathUserinfo   = "/oauth/me"
	PathIntrospect = "/oauth/introspect"
	PathRevoke     = "/oauth/revoke"
	PathPAR        = "/oauth/par"
	PathRegister   = "/oauth/register" // served by idp/register
	PathLogout     = logout.Path       // served by idp/logout
	PathKeys       = "/oauth/keys"
)

// Provider serves the OpenID endpoints. It is safe for concurrent use.
type Provider struct {
	Options
	base      string // the issuer's path
	requests  *request.Reader
	library   *library
	router    http.Handler // the library's, without base
	discovery []byte
}

// New returns a provider. It fails where a dependency is missing or the issuer
// can't be one.
func New(o Options) (*Provider, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("oidc: reading the issuer: %w", err)
	}
	p := &Provider{Options: o, base: issuer.Path}
	if p.library, err = newLibrary(p); err != nil {
		return nil, fmt.Errorf("oidc: setting up the library: %w", err)
	}
	if p.requests, err = p.newReader(); err != nil {
		return nil, fmt.Errorf("oidc: setting up authorization requests: %w", err)
	}
	p.router = http.StripPrefix(p.base, op.CreateRouter(p.library))
	if p.discovery, err = p.describe(); err != nil {
		return nil, fmt.Errorf("oidc: making the discovery document: %w", err)
	}
	return p, nil
}

func (p *Provider) newReader() (*request.Reader, error) {
	o := request.Options{
		Issuer: p.Issuer, Clients: p.Clients, Scopes: p.Claims.Scopes, Askable: p.Claims.Askable,
		Hints: &hint.Reader{Issuer: p.Issuer, Keys: p.Signing}, Now: p.Now, Log: p.Log,
	}
	if p.Auth.Signed != nil {
		o.Keys = p.Auth.Signed.Keys
	}
	return request.New(o)
}

// Mount adds the endpoints to mux, each at its full path.
func (p *Provider) Mount(mux *http.ServeMux) {
	for path, handler := range map[string]http.HandlerFunc{
		PathDiscovery:  p.serveDiscovery,
		PathMetadata:   p.serveDiscovery,
		PathKeys:       p.serveKeys,
		PathAuthorize:  p.serveAuthorize,
		PathCallback:   p.serveCallback,
		PathToken:      p.serveToken,
		PathUserinfo:   p.serveUserinfo,
		PathIntrospect: p.serveIntrospect,
		PathRevoke:     p.serveRevoke,
		PathPAR:        p.servePAR,
	} {
		mux.Handle(p.base+path, handler)
	}
	if p.base != "" { // RFC 8414, section 3.1: between the host and the issuer's path
		mux.HandleFunc(PathMetadata+p.base, p.serveDiscovery)
	}
}

// Handler is a handler of these endpoints alone.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	p.Mount(mux)
	return mux
}

// CallbackURL is where a browser goes when its login is done or denied.
func (p *Provider) CallbackURL(id string) string {
	return p.Issuer + PathCallback + "?id=" + url.QueryEscape(id)
}

// library is the OpenID library's provider wrapped in our own type: what the
// wrapper defines wins over what it embeds. The endpoints are methods because
// the library's options for them change a package global.
type library struct{ *op.Provider }

var _ op.OpenIDProvider = (*library)(nil)

func newLibrary(p *Provider) (*library, error) {
	options := []op.Option{
		op.WithCrypto(asTheyCame{}),
		op.WithCORSOptions(nil),
		op.WithIDTokenHintVerifierOpts(op.WithSupportedIDTokenHintSigningAlgorithms(signing.RS256, signing.ES256, signing.EdDSA)),
	}
	if !p.secure() {
		options = append(options, op.WithAllowInsecure())
	}
	config := &op.Config{AuthMethodPost: true}
	provider, err := op.NewProvider(config, &storage{Provider: p}, op.StaticIssuer(p.Issuer), options...)
	if err != nil {
		return nil, err
	}
	return &library{provider}, nil
}

func (p *Provider) secure() bool { return strings.HasPrefix(p.Issuer, "https:") }

func (l *library) AuthorizationEndpoint() *op.Endpoint { return op.NewEndpoint(PathAuthorize) }
func (l *library) TokenEndpoint() *op.Endpoint         { return op.NewEndpoint(PathToken) }
func (l *library) IntrospectionEndpoint() *op.Endpoint { return op.NewEndpoint(PathIntrospect) }
func (l *library) UserinfoEndpoint() *op.Endpoint      { return op.NewEndpoint(PathUserinfo) }
func (l *library) RevocationEndpoint() *op.Endpoint    { return op.NewEndpoint(PathRevoke) }
func (l *library) EndSessionEndpoint() *op.Endpoint    { return op.NewEndpoint(PathLogout) }
func (l *library) KeysEndpoint() *op.Endpoint          { return op.NewEndpoint(PathKeys) }

// GrantTypeJWTAuthorizationSupported is false: the library would give the
// jwt-bearer grant to every client.
func (l *library) GrantTypeJWTAuthorizationSupported() bool { return false }
