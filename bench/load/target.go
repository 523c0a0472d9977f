package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Account is a person who can sign in.
type Account struct {
	Login, Password string
	Phone           string // digits alone; empty: no call is expected
}

// Target is the provider under load and what it knows of us.
type Target struct {
	Issuer                 string
	ClientID, ClientSecret string
	RedirectURI            string   // registered; nothing needs to listen there
	Scopes                 []string // of a login; openid is needed, offline_access for refreshing
	OwnScopes              []string // of client_credentials
	Alg                    string   // that ID tokens must be signed with; empty: any that the provider names
	// LoginField and PasswordField name the inputs of the login's form.
	LoginField, PasswordField string
	// Phone is the virtual phone's address; empty where the login asks for no call.
	Phone string
	// Accounts serve in turn. As many as load at once, where the login asks for a call.
	Accounts []Account
}

// Names that login forms of other providers use are set by flags.
const (
	DefaultLoginField    = "login"
	DefaultPasswordField = "password"
)

// requestLimit is how long one request may take under load.
const requestLimit = 60 * time.Second

// Client is a target that was discovered.
type Client struct {
	target    Target
	http      *http.Client
	provider  *oidc.Provider
	verifier  *oidc.IDTokenVerifier
	endpoints endpoints
}

// endpoints are the members of the discovery document that the load needs.
type endpoints struct {
	Issuer        string   `json:"issuer"`
	Token         string   `json:"token_endpoint"`
	Authorization string   `json:"authorization_endpoint"`
	Userinfo      string   `json:"userinfo_endpoint"`
	Introspection string   `json:"introspection_endpoint"`
	Keys          string   `json:"jwks_uri"`
	Algs          []string `json:"id_token_signing_alg_values_supported"`
}

// NewClient asks for the discovery document. One connection for each of parallel
// requests is kept open.
func NewClient(ctx context.Context, t Target, parallel int) (*Client, error) {
	if len(t.Accounts) == 0 {
		return nil, errors.New("the load needs an account to sign in with")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 2*parallel
	transport.DisableCompression = true
	c := &Client{target: t, http: &http.Client{Transport: transport, Timeout: requestLimit}}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, c.http), t.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	if err := provider.Claims(&c.endpoints); err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	algs := c.endpoints.Algs
	if t.Alg != "" {
		algs = []string{t.Alg}
	}
	c.provider = provider
	c.verifier = provider.VerifierContext(oidc.ClientContext(ctx, c.http), &oidc.Config{ClientID: t.ClientID, SupportedSigningAlgs: algs})
	return c, nil
}

func (c *Client) oauth() *oauth2.Config {
	endpoint := c.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	return &oauth2.Config{
		ClientID: c.target.ClientID, ClientSecret: c.target.ClientSecret, RedirectURL: c.target.RedirectURI, Endpoint: endpoint, Scopes: c.target.Scopes,
	}
}
