package idp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Grant types a client can be registered for (RFC 6749, OpenID Connect Core).
const (
	GrantCode    = "authorization_code"
	GrantRefresh = "refresh_token"
	// GrantClientCredentials gives tokens to the client itself, without a person.
	GrantClientCredentials = "client_credentials"
)

// Grants are the grant types that a client can be registered for.
func Grants() []string { return []string{GrantCode, GrantRefresh, GrantClientCredentials} }

// Scopes with a rule of their own; see Client.AllowsScope (OpenID Connect Core,
// sections 3.1.2.1 and 11).
const (
	ScopeOpenID        = "openid"
	ScopeOfflineAccess = "offline_access"
	// ScopePhoneVerification lets a client have numbers verified (idp/verify). Calls
	// cost money, so it must be registered by name, and no person is asked for it.
	ScopePhoneVerification = "phone_verification"
)

// Client authentication methods at the token endpoint (OpenID Connect Core,
// section 9). The empty method means that either way of sending the secret is
// accepted.
const (
	AuthSecretBasic = "client_secret_basic"
	AuthSecretPost  = "client_secret_post"
	AuthNone        = "none"
)

// Client is a relying party as it is registered.
type Client struct {
	// ID has no ":" and no "~", as in Blitz.
	ID   string
	Name string
	// SecretHash is the keyed hash of the client secret; empty for a public client.
	SecretHash string
	// AuthMethod is the registered way to authenticate; see the Auth constants.
	AuthMethod     string
	RedirectURIs   []string
	PostLogoutURIs []string
	Grants         []string
	// Scopes that may be asked for; empty means every scope the provider knows but
	// ScopePhoneVerification.
	Scopes []string
	// SigningAlg signs the client's ID tokens: RS256 (the standard's default), ES256 or EdDSA.
	SigningAlg string
	// WaivePKCE lets a confidential client of older make leave the challenge
	// out. Public clients can't (RFC 9700, section 2.1.1).
	WaivePKCE bool
	// AskConsent shows the consent page; first-party clients leave it false.
	AskConsent bool
	// RequiredFactor asks for that many factors whatever the policy says: 0, 1 or 2.
	RequiredFactor int
	// SecondFactors, when not empty, are the only methods that serve this
	// client as a second factor.
	SecondFactors []string
	// Token lives; zero means the provider's default.
	AccessTokenLife  time.Duration
	IDTokenLife      time.Duration
	RefreshTokenLife time.Duration
	CreatedAt        time.Time
}

// Public says whether the client has no secret to keep.
func (c *Client) Public() bool { return c.SecretHash == "" && c.AuthMethod == AuthNone }

// DisplayName is what pages call the client.
func (c *Client) DisplayName() string {
	if c.Name != "" {
		return c.Name
	}
	return c.ID
}

// Allows says whether the client is registered for the grant type.
func (c *Client) Allows(grant string) bool { return slices.Contains(c.Grants, grant) }

// AllowsScope says whether the client may ask for the scope. openid is never
// refused, offline_access goes with the refresh grant, and phone_verification
// with that of client_credentials.
func (c *Client) AllowsScope(scope string) bool {
	switch {
	case scope == ScopeOfflineAccess && !c.Allows(GrantRefresh):
		return false
	case scope == ScopePhoneVerification:
		return c.Allows(GrantClientCredentials) && slices.Contains(c.Scopes, scope)
	}
	return scope == ScopeOpenID || len(c.Scopes) == 0 || slices.Contains(c.Scopes, scope)
}

// AllowsRedirect compares a redirect URI exactly as it came (RFC 9700, section
// 2.1). The one exception is a loopback IP literal, whose port a native app
// chooses at run time (RFC 8252, section 7.3).
func (c *Client) AllowsRedirect(uri string) bool {
	if slices.Contains(c.RedirectURIs, uri) {
		return true
	}
	asked, ok := loopback(uri)
	if !ok {
		return false
	}
	return slices.ContainsFunc(c.RedirectURIs, func(registered string) bool {
		known, ok := loopback(registered)
		return ok && known == asked
	})
}

// loopback returns the URI without its port when its host is a loopback IP.
func loopback(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" || u.User != nil || strings.Contains(uri, "#") || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	if host := u.Hostname(); host != "127.0.0.1" && host != "::1" { // in these very forms: RFC 8252, section 7.3
		return "", false
	}
	if _, err := strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16); err != nil {
		return "", false
	}
	u.Host = u.Hostname()
	return u.String(), true
}

// Clients reads registered clients. Errors: ErrNotFound.
type Clients interface {
	ClientByID(ctx context.Context, id string) (*Client, error)
}

// Validate returns every fault of a registration, joined, each saying what to
// write instead. algorithms are those that the provider signs with.
func (c *Client) Validate(algorithms []string) error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(clientID.MatchString(c.ID), "a client ID has 1 to 128 letters, digits and . _ - (no : and no ~, as in Blitz)")
	check(len(c.RedirectURIs) > 0 || !c.Allows(GrantCode), "a client needs a redirect URI")
	for _, uri := range slices.Concat(c.RedirectURIs, c.PostLogoutURIs) {
		check(validRedirect(uri), "%q can't be redirected to: write an absolute https URI, an http one on a loopback host, or a private scheme like com.example.app:/path; no fragment, no user", uri)
	}
	check(c.Allows(GrantCode) || c.Allows(GrantClientCredentials), "a client needs the grant %s or %s", GrantCode, GrantClientCredentials)
	check(c.Allows(GrantCode) || !c.Allows(GrantRefresh), "the grant %s goes with %s", GrantRefresh, GrantCode)
	check(!c.Public() || !c.Allows(GrantClientCredentials), "a public client can't have the grant %s (RFC 6749, section 4.4)", GrantClientCredentials)
	check(c.Allows(GrantClientCredentials) || !slices.Contains(c.Scopes, ScopePhoneVerification),
		"the scope %s goes with the grant %s", ScopePhoneVerification, GrantClientCredentials)
	check(!c.Public() || !c.WaivePKCE, "a public client can't leave PKCE out (RFC 9700, section 2.1.1)")
	check(c.RequiredFactor >= 0 && c.RequiredFactor <= 2, "required factor %d is not 0, 1 or 2", c.RequiredFactor)
	for _, g := range c.Grants {
		check(slices.Contains(Grants(), g), "grant %q is not one of %s", g, strings.Join(Grants(), ", "))
	}
	check(slices.Contains(algorithms, c.SigningAlg), "algorithm %q is not one of %s", c.SigningAlg, strings.Join(algorithms, ", "))
	return errors.Join(faults...)
}

// validRedirect holds a URI to RFC 6749 section 3.1.2 and, for private schemes,
// RFC 8252 section 7.1: a reversed domain name, so that no javascript: or data:
// can be registered.
func validRedirect(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || u.Fragment != "" || strings.Contains(uri, "#") || u.User != nil || len(uri) > 2048 {
		return false
	}
	switch u.Scheme {
	case "https":
		return u.Host != ""
	case "http":
		ip := net.ParseIP(u.Hostname())
		return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	}
	return strings.Contains(u.Scheme, ".")
}

var clientID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)
