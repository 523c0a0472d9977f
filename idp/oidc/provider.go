package oidc

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
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
	discovery document
	keys      keySet
}

// New returns a provider. It fails where a dependency is missing or the issuer
// can't be one.
func New(o Options) (*Provider, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	issuer, err := readIssuer(o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("oidc: reading the issuer: %w", err)
	}
	p := &Provider{Options: o, base: issuer.Path}
	if p.requests, err = p.newReader(); err != nil {
		return nil, fmt.Errorf("oidc: setting up authorization requests: %w", err)
	}
	described, err := p.describe()
	if err != nil {
		return nil, fmt.Errorf("oidc: making the discovery document: %w", err)
	}
	p.discovery = newDocument(described)
	return p, nil
}

// readIssuer holds what an issuer may be: a URL with a host, without query and
// fragment (OpenID Connect Discovery, section 3).
func readIssuer(text string) (*url.URL, error) {
	issuer, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, err
	case issuer.Scheme != "https" && issuer.Scheme != "http" || issuer.Host == "":
		return nil, errors.New("it is not an http or https URL")
	case issuer.RawQuery != "" || issuer.ForceQuery || issuer.Fragment != "":
		return nil, errors.New("it has a query or a fragment")
	}
	return issuer, nil
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
func (p *Provider) Mount(mux interface {
	Handle(pattern string, handler http.Handler)
}) {
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
		mux.Handle(PathMetadata+p.base, http.HandlerFunc(p.serveDiscovery))
	}
}

// Handler is a handler of these endpoints alone.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	p.Mount(mux)
	return mux
}

// CallbackURL is where a browser goes when its login is done or denied.
func (p *Provider) CallbackURL(id string) string { return CallbackURL(p.Issuer, id) }

// CallbackURL is that of the issuer's provider.
func CallbackURL(issuer, id string) string {
	return issuer + PathCallback + "?id=" + url.QueryEscape(id)
}
