package party

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp"
	provider "github.com/ringtail-id/ringtail/idp/oidc"
)

// Options for New. All are required.
type Options struct {
	Issuer           string // without a slash at its end
	ClientID, Secret string
	Redirect         string   // the redirect URI
	Scopes           []string // openid among them
	// Provider serves the OpenID endpoints.
	Provider http.Handler
	Now      func() time.Time
}

// Party is a relying party.
type Party struct {
	config   oauth2.Config
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	client   *http.Client
}

// New returns the relying party. It asks the provider for nothing yet.
func New(o Options) *Party {
	p := &Party{client: &http.Client{Transport: inProcess{o.Provider}}}
	described := oidc.ProviderConfig{
		IssuerURL: o.Issuer, AuthURL: o.Issuer + provider.PathAuthorize, TokenURL: o.Issuer + provider.PathToken,
		UserInfoURL: o.Issuer + provider.PathUserinfo, JWKSURL: o.Issuer + provider.PathKeys, Algorithms: []string{oidc.RS256, oidc.ES256, oidc.EdDSA},
	}
	p.provider = described.NewProvider(p.context(context.Background()))
	p.verifier = p.provider.Verifier(&oidc.Config{ClientID: o.ClientID, Now: o.Now})
	p.config = oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.Secret, RedirectURL: o.Redirect, Scopes: o.Scopes, Endpoint: p.provider.Endpoint(),
	}
	p.config.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	return p
}

func (p *Party) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// Attempt is what ties an answer to its request: nothing of it is sent but State
// and Nonce.
type Attempt struct{ State, Nonce, Verifier string }

// Request is the address of the authorization request, with PKCE; more are further
// parameters, each name followed by its value.
func (p *Party) Request(a Attempt, more ...string) string {
	options := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}
	for i := 0; i+1 < len(more); i += 2 {
		options = append(options, oauth2.SetAuthURLParam(more[i], more[i+1]))
	}
	return p.config.AuthCodeURL(a.State, options...)
}

// Identity is what an ID token says.
type Identity struct {
	Subject string   `json:"sub"`
	Session string   `json:"sid"`
	Nonce   string   `json:"nonce"`
	ACR     string   `json:"acr"`
	AMR     []string `json:"amr"`

	// Claims are all of the ID token, Userinfo those of the userinfo endpoint where
	// they were asked for.
	Claims   map[string]any `json:"-"`
	Userinfo map[string]any `json:"-"`
	// Scope is what was granted.
	Scope string `json:"-"`

	token *oauth2.Token
}

// TwoFactors says whether the person proved two.
func (i Identity) TwoFactors() bool {
	return i.ACR == idp.ACRTwoFactors && slices.Contains(i.AMR, "mfa")
}

// Redeem gives what the code of the attempt is good for. Signature, issuer, audience,
// times and nonce of the ID token are checked.
func (p *Party) Redeem(ctx context.Context, a Attempt, code string) (Identity, error) {
	tokens, err := p.config.Exchange(p.context(ctx), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return Identity{}, fmt.Errorf("redeeming a code: %w", err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := p.verifier.Verify(p.context(ctx), raw)
	if err != nil {
		return Identity{}, fmt.Errorf("verifying an ID token: %w", err)
	}
	said := Identity{token: tokens}
	if err := errors.Join(token.Claims(&said), token.Claims(&said.Claims)); err != nil {
		return Identity{}, fmt.Errorf("reading an ID token: %w", err)
	}
	if said.Nonce != a.Nonce || said.Subject == "" || said.Session == "" {
		return Identity{}, errors.New("the ID token is of another sign-in")
	}
	said.Scope, _ = tokens.Extra("scope").(string)
	return said, nil
}

// Userinfo asks the userinfo endpoint about the person.
func (p *Party) Userinfo(ctx context.Context, i *Identity) error {
	info, err := p.provider.UserInfo(p.context(ctx), oauth2.StaticTokenSource(i.token))
	if err != nil {
		return fmt.Errorf("asking the userinfo endpoint: %w", err)
	}
	return info.Claims(&i.Userinfo)
}
