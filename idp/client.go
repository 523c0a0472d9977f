package idp

import (
	"cmp"
	"context"
	"net/url"
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
	// GrantImplicit lets tokens come in the authorization answer: see
	// Client.ResponseTypes.
	GrantImplicit = "implicit"
	// GrantDevice is RFC 8628, GrantExchange RFC 8693 and GrantJWTBearer RFC 7523.
	GrantDevice    = "urn:ietf:params:oauth:grant-type:device_code"
	GrantExchange  = "urn:ietf:params:oauth:grant-type:token-exchange"
	GrantJWTBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// Grants are the grant types that a client can be registered for.
func Grants() []string {
	return []string{GrantCode, GrantRefresh, GrantClientCredentials, GrantImplicit, GrantDevice, GrantExchange, GrantJWTBearer}
}

// ResponseCode is the response type of the code flow; ResponseTypes has all.
const ResponseCode = "code"

// ResponseTypes are the response types of authorization requests, words in the
// order in which they are registered and compared (OAuth 2.0 Multiple Response
// Type Encoding Practices).
func ResponseTypes() []string {
	return []string{ResponseCode, "id_token", "id_token token", "code id_token", "code token", "code id_token token"}
}

// Scopes with a rule of their own; see Client.AllowsScope (OpenID Connect Core,
// sections 3.1.2.1 and 11).
const (
	ScopeOpenID        = "openid"
	ScopeOfflineAccess = "offline_access"
	// ScopePhoneVerification lets a client have numbers verified (idp/verify). Calls
	// cost money, so it must be registered by name, and no person is asked for it.
	ScopePhoneVerification = "phone_verification"
	// ScopeSessions and ScopeSessionsChange let a client list the sessions of people
	// and end them (idp/sessions). The names are Blitz's.
	ScopeSessions       = "blitz_api_sys_usec"
	ScopeSessionsChange = "blitz_api_sys_usec_chg"
)

// OwnScopes are those that a token of a client's own may have, without a person.
// Each must be registered by name, and no person is asked for it.
func OwnScopes() []string {
	return slices.Concat(serviceScopes(), AdminScopes())
}

// serviceScopes are those of OwnScopes that aren't an administrator's.
func serviceScopes() []string {
	return []string{ScopePhoneVerification, ScopeSessions, ScopeSessionsChange}
}

// isOwnScope says whether the scope is one of OwnScopes, without making their list: it
// is asked for each scope of each request.
func isOwnScope(scope string) bool {
	return slices.Contains(serviceScopes(), scope) || slices.Contains(AdminScopes(), scope)
}

// Client authentication methods at the token endpoint (OpenID Connect Core,
// section 9). The empty method means that either way of sending the secret is
// accepted.
const (
	AuthSecretBasic = "client_secret_basic"
	AuthSecretPost  = "client_secret_post"
	// AuthPrivateKeyJWT is an assertion that one of the client's registered keys signed.
	AuthPrivateKeyJWT = "private_key_jwt"
	AuthNone          = "none"
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
	// those of OwnScopes.
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
	ClientMetadata
}

// ClientMetadata is the part of a registration that few clients need. All of
// it is optional. Its JSON is how it is stored.
type ClientMetadata struct {
	// ApplicationType is web or native (OpenID Connect Registration, section 2);
	// empty means web.
	ApplicationType string `json:"application_type,omitempty"`
	// ResponseTypes that may be asked for; empty means code alone.
	ResponseTypes []string `json:"response_types,omitempty"`
	// JWKS are the client's public keys (RFC 7517), as a document; JWKSURI is where
	// to fetch them. Never both.
	JWKS    string `json:"jwks,omitempty"`
	JWKSURI string `json:"jwks_uri,omitempty"`
	// AuthAlg signs client assertions; empty means any that we take.
	AuthAlg string `json:"auth_alg,omitempty"`
	// RequestObjectAlg is the one algorithm of request objects, "none" where they are
	// unsigned; empty means any of these.
	RequestObjectAlg string `json:"request_object_alg,omitempty"`
	// RequirePAR takes authorization requests that were pushed before, and no other
	// (RFC 9126, section 6).
	RequirePAR bool `json:"require_par,omitempty"`
	// JWTAccessTokens makes access tokens JWTs (RFC 9068) in place of opaque ones.
	JWTAccessTokens bool `json:"jwt_access_tokens,omitempty"`
	// Resources are the absolute URIs that access tokens may be asked for (RFC 8707).
	Resources []string `json:"resources,omitempty"`
	// Serves are the resources that this client is, as a resource server: it may
	// introspect tokens for them.
	Serves []string `json:"serves,omitempty"`
	// ExchangeFrom are the clients whose tokens this one may exchange (RFC 8693),
	// beside its own.
	ExchangeFrom []string `json:"exchange_from,omitempty"`
	// Where the client is told that a session ended (OpenID Connect Back-Channel and
	// Front-Channel Logout), and whether it must be told which.
	BackchannelLogoutURI  string `json:"backchannel_logout_uri,omitempty"`
	BackchannelSession    bool   `json:"backchannel_session,omitempty"`
	FrontchannelLogoutURI string `json:"frontchannel_logout_uri,omitempty"`
	FrontchannelSession   bool   `json:"frontchannel_session,omitempty"`
	// DefaultMaxAge in seconds and DefaultACRs count where a request has none.
	DefaultMaxAge *int64   `json:"default_max_age,omitempty"`
	DefaultACRs   []string `json:"default_acrs,omitempty"`
	// RequireAuthTime is kept for who registers it: auth_time is always there.
	RequireAuthTime bool `json:"require_auth_time,omitempty"`
	// IDTokenClaims are names of the person's claims that ID tokens carry beside
	// those that the standard wants.
	IDTokenClaims []string `json:"id_token_claims,omitempty"`
	// Addresses for people, and of the client's own pages.
	ClientURI        string   `json:"client_uri,omitempty"`
	LogoURI          string   `json:"logo_uri,omitempty"`
	PolicyURI        string   `json:"policy_uri,omitempty"`
	TOSURI           string   `json:"tos_uri,omitempty"`
	InitiateLoginURI string   `json:"initiate_login_uri,omitempty"`
	Contacts         []string `json:"contacts,omitempty"`
	// Tags are the administrator's words for groups of clients.
	Tags []string `json:"tags,omitempty"`
	// What a dynamic registration said of the software (RFC 7591, section 2).
	SoftwareID        string `json:"software_id,omitempty"`
	SoftwareVersion   string `json:"software_version,omitempty"`
	SoftwareStatement string `json:"software_statement,omitempty"`
	// RegistrationHash is the keyed hash of the registration access token (RFC
	// 7592); empty where the client wasn't registered dynamically.
	RegistrationHash string `json:"registration_hash,omitempty"`
}

// Responds says whether the client is registered for the response type, whose
// words are in the order of ResponseTypes.
func (c *Client) Responds(responseType string) bool {
	if len(c.ResponseTypes) == 0 {
		return responseType == ResponseCode
	}
	return slices.Contains(c.ResponseTypes, responseType)
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
// refused, offline_access goes with the refresh grant, and those of OwnScopes
// with that of client_credentials.
func (c *Client) AllowsScope(scope string) bool {
	switch {
	case scope == ScopeOfflineAccess && !c.Allows(GrantRefresh):
		return false
	case isOwnScope(scope):
		return c.Allows(GrantClientCredentials) && slices.Contains(c.Scopes, scope)
	}
	return scope == ScopeOpenID || len(c.Scopes) == 0 || slices.Contains(c.Scopes, scope)
}

// AllowsOwnScope says whether a token of the client's own, without a person, may
// have the scope: only what the client is registered for by name.
func (c *Client) AllowsOwnScope(scope string) bool {
	return c.Allows(GrantClientCredentials) && slices.Contains(c.Scopes, scope)
}

// AllowsRedirect compares a redirect URI exactly as it came (RFC 9700, section
// 2.1). The one exception is a loopback IP literal, whose port a native app
// chooses at run time (RFC 8252, section 7.3); a client that says that it is of
// the web has none.
func (c *Client) AllowsRedirect(uri string) bool {
	if slices.Contains(c.RedirectURIs, uri) {
		return true
	}
	asked, ok := loopback(uri)
	if !ok || c.ApplicationType == ApplicationWeb {
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
