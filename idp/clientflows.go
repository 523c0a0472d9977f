package idp

import (
	"slices"
	"strings"
)

// Kinds of applications (OpenID Connect Dynamic Client Registration, section 2).
const (
	ApplicationWeb    = "web"
	ApplicationNative = "native"
)

// ApplicationTypes are the kinds of applications.
func ApplicationTypes() []string { return []string{ApplicationWeb, ApplicationNative} }

// responseGrants are the grants that go with each response type (OpenID Connect
// Dynamic Client Registration, section 2).
func responseGrants() map[string][]string {
	return map[string][]string{
		"code": {GrantCode}, "id_token": {GrantImplicit}, "id_token token": {GrantImplicit},
		"code id_token": {GrantCode, GrantImplicit}, "code token": {GrantCode, GrantImplicit},
		"code id_token token": {GrantCode, GrantImplicit},
	}
}

// redirecting says whether the client's logins end at a redirect URI.
func (c *Client) redirecting() bool { return c.Allows(GrantCode) || c.Allows(GrantImplicit) }

// alone are the grants by which a client itself proves who it is, so that a
// public one can't have them.
func alone() []string { return []string{GrantClientCredentials, GrantExchange, GrantJWTBearer} }

func (v *validation) grants() {
	v.each("grant_types", v.Grants, maxList, func(g string) bool { return slices.Contains(Grants(), g) }, "one of "+strings.Join(Grants(), ", "))
	v.must(len(v.Serves) > 0 || slices.ContainsFunc(v.Grants, func(g string) bool { return g != GrantRefresh }), "grant_types",
		"has nothing that gives tokens; write %s, or %s for a server that signs nobody in", GrantCode, GrantClientCredentials)
	v.must(!v.Allows(GrantRefresh) || v.Allows(GrantCode) || v.Allows(GrantDevice), "grant_types",
		"holds %s, which goes with %s; write both, or neither", GrantRefresh, GrantCode)
	for _, g := range alone() {
		v.must(!v.Public() || !v.Allows(g), "grant_types", "holds %s, which a public client can't have (RFC 6749, section 4.4); take it out", g)
	}
	v.must(!v.Allows(GrantJWTBearer) || v.hasKeys(), "grant_types", "holds %s though the client has no keys to sign with; write jwks or jwks_uri", GrantJWTBearer)
	v.each("exchange_from", v.ExchangeFrom, maxList, func(id string) bool { return clientID.MatchString(id) || dynamicID.MatchString(id) }, "client IDs")
	v.must(len(v.ExchangeFrom) == 0 || v.Allows(GrantExchange), "exchange_from", "is set though the client lacks the grant %s; add the grant, or take this out", GrantExchange)
	v.must(!v.Public() || !v.WaivePKCE, "pkce", "is optional though the client is public; write required (RFC 9700, section 2.1.1)")
}

func (v *validation) responses() {
	needs := responseGrants()
	v.each("response_types", v.ResponseTypes, maxList, func(t string) bool { return needs[t] != nil },
		"one of "+strings.Join(ResponseTypes(), ", ")+", with the words in this order")
	for _, t := range v.ResponseTypes {
		for _, g := range needs[t] {
			v.must(v.Allows(g), "response_types", "holds %s, which goes with the grant %s; add the grant, or take it out", shown(t), g)
		}
	}
}

func (v *validation) scopes() {
	v.each("scope", v.Scopes, maxList, scopeName.MatchString, "names of up to 100 visible ASCII characters without quotes and \\")
	for _, scope := range OwnScopes() {
		v.must(v.Allows(GrantClientCredentials) || !slices.Contains(v.Scopes, scope), "scope",
			"holds %s, which goes with the grant %s; add the grant, or take it out", scope, GrantClientCredentials)
	}
}

// tokens holds what the client's tokens are like.
func (v *validation) tokens() {
	v.oneOf("id_token_signed_response_alg", v.SigningAlg, v.rules.Algorithms)
	v.each("resources", v.Resources, maxList, resourceURI, "an absolute URI without fragment (RFC 8707)")
	v.each("serves", v.Serves, maxList, resourceURI, "an absolute URI without fragment (RFC 8707)")
	v.each("id_token_claims", v.IDTokenClaims, maxList, func(name string) bool {
		return claimName.MatchString(name) && !slices.Contains(protocolClaims(), name)
	}, "names of claims about the person")
}

// protocolClaims are those of an ID token that the provider alone sets.
func protocolClaims() []string {
	return []string{"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce", "auth_time", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "sid", "events", "client_id", "scope", "cnf"}
}

// shortGrants are words for the grants whose names are URNs.
func shortGrants() map[string]string {
	return map[string]string{"device_code": GrantDevice, "token-exchange": GrantExchange, "jwt-bearer": GrantJWTBearer}
}

// LongGrant is the grant's name where a person wrote the last word of its URN
// alone; any other text stays as it is.
func LongGrant(word string) string {
	if long, ok := shortGrants()[word]; ok {
		return long
	}
	return word
}
