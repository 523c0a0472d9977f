package request

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// checkScopes keeps the scopes that mean something and that the client may ask
// for; the rest is ignored (OpenID Connect Core, section 3.1.2.1).
func checkScopes(c *check) *oauth.Failure {
	known := c.Scopes()
	for _, scope := range strings.Fields(c.asked.Get("scope")) {
		if scope == idp.ScopeOfflineAccess && !hasWord(c.request.ResponseType, wordCode) {
			continue // No refresh token without a code (OpenID Connect Core, section 11).
		}
		if slices.Contains(known, scope) && c.client.AllowsScope(scope) && !slices.Contains(c.request.Scopes, scope) {
			c.request.Scopes = append(c.request.Scopes, scope)
		}
	}
	if !slices.Contains(c.request.Scopes, idp.ScopeOpenID) {
		return oauth.Fail(oauth.InvalidScope, "scope must hold openid")
	}
	return nil
}

// checkResources takes the resources that the tokens are to be for (RFC 8707).
func checkResources(c *check) *oauth.Failure {
	resources, f := Resources(c.client, c.asked)
	c.request.Resources = resources
	return f
}

// Resources reads the resource parameters of any request and holds each to what
// the client is registered for, to the letter (RFC 8707, section 2). Nil where
// there is none.
func Resources(client *idp.Client, asked oauth.Params) ([]string, *oauth.Failure) {
	var resources []string
	for _, resource := range asked.List("resource") {
		u, err := url.Parse(resource)
		if err != nil || !u.IsAbs() || strings.Contains(resource, "#") {
			return nil, oauth.Fail(oauth.InvalidTarget, "a resource is an absolute URI without a fragment")
		}
		if !slices.Contains(client.Resources, resource) {
			return nil, oauth.Fail(oauth.InvalidTarget, "a resource is not one that the client is registered for")
		}
		if !slices.Contains(resources, resource) {
			resources = append(resources, resource)
		}
	}
	return resources, nil
}
