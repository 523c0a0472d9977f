package oidc

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
)

// libraryClient is a client in the shape that the library asks for.
type libraryClient struct {
	*idp.Client
	provider *Provider
}

var _ op.Client = (*libraryClient)(nil)

func (c *libraryClient) GetID() string                       { return c.ID }
func (c *libraryClient) RedirectURIs() []string              { return c.Client.RedirectURIs }
func (c *libraryClient) PostLogoutRedirectURIs() []string    { return c.PostLogoutURIs }
func (c *libraryClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c *libraryClient) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c *libraryClient) LoginURL(id string) string            { return c.provider.LoginURL(id) }
func (c *libraryClient) DevMode() bool                        { return false }
func (c *libraryClient) ClockSkew() time.Duration             { return 0 }
func (c *libraryClient) IDTokenUserinfoClaimsAssertion() bool { return false }
func (c *libraryClient) IsScopeAllowed(scope string) bool     { return c.AllowsScope(scope) }
func (c *libraryClient) IDTokenLifetime() time.Duration {
	return life(c.IDTokenLife, c.provider.Lives.IDToken)
}
func (c *libraryClient) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
func (c *libraryClient) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

// ApplicationType: to the library, "web" means confidential.
func (c *libraryClient) ApplicationType() op.ApplicationType {
	if c.Public() {
		return op.ApplicationTypeNative
	}
	return op.ApplicationTypeWeb
}

// AuthMethod: our guard has turned every way of sending a secret into Basic.
func (c *libraryClient) AuthMethod() oidc.AuthMethod {
	if c.Public() {
		return oidc.AuthMethodNone
	}
	return oidc.AuthMethodBasic
}

// GrantTypes in the library's type.
func (c *libraryClient) GrantTypes() []oidc.GrantType {
	grants := make([]oidc.GrantType, len(c.Grants))
	for i, grant := range c.Grants {
		grants[i] = oidc.GrantType(grant)
	}
	return grants
}
