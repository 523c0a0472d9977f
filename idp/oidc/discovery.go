package oidc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

// describe is the provider's metadata (OpenID Connect Discovery, section 3; RFC
// 8414, section 2): the same document for both.
func (p *Provider) describe() ([]byte, error) {
	members := p.metadata()
	for name, value := range p.Announce {
		if _, taken := members[name]; taken {
			return nil, fmt.Errorf("%s is announced twice", name)
		}
		members[name] = value
	}
	return json.Marshal(members)
}

// metadata says what these endpoints do. Members whose default is not what is
// true here are written out, false ones too.
func (p *Provider) metadata() map[string]any {
	methods, algorithms := p.Auth.Methods(), p.Auth.Algorithms()
	anybody := append(slices.Clone(methods), idp.AuthNone)
	members := map[string]any{
		"issuer":                                p.Issuer,
		"authorization_endpoint":                p.Issuer + PathAuthorize,
		"pushed_authorization_request_endpoint": p.Issuer + PathPAR, // RFC 9126, section 5
		"token_endpoint":                        p.Issuer + PathToken,
		"userinfo_endpoint":                     p.Issuer + PathUserinfo,
		"introspection_endpoint":                p.Issuer + PathIntrospect,
		"revocation_endpoint":                   p.Issuer + PathRevoke,
		"jwks_uri":                              p.Issuer + PathKeys,

		"response_types_supported":         idp.ResponseTypes(),
		"response_modes_supported":         request.Modes(),
		"grant_types_supported":            append(p.grantNames(), idp.GrantImplicit),
		"code_challenge_methods_supported": []string{request.MethodS256},
		"prompt_values_supported":          request.Prompts(), // Initiating User Registration, section 4.2
		"acr_values_supported":             idp.ACRs(),
		"scopes_supported":                 slices.Concat(p.Claims.Scopes(), p.OwnScopes),
		"claims_supported":                 slices.Concat(protocolClaims(), p.Claims.Names()),
		"claim_types_supported":            []string{"normal"},
		"subject_types_supported":          []string{"public"},
		"ui_locales_supported":             locales(p.Locales),

		"claims_parameter_supported":                     true,
		"request_parameter_supported":                    true,
		"request_uri_parameter_supported":                false,
		"authorization_response_iss_parameter_supported": true, // RFC 9207, section 3

		"id_token_signing_alg_values_supported":         p.Signing.Algorithms,
		"request_object_signing_alg_values_supported":   append(slices.Clone(algorithms), request.AlgNone),
		"token_endpoint_auth_methods_supported":         anybody,
		"revocation_endpoint_auth_methods_supported":    anybody,
		"introspection_endpoint_auth_methods_supported": methods,
	}
	if p.Registration {
		members["registration_endpoint"] = p.Issuer + PathRegister
	}
	if len(algorithms) > 0 {
		for _, endpoint := range []string{"token", "revocation", "introspection"} {
			members[endpoint+"_endpoint_auth_signing_alg_values_supported"] = algorithms
		}
	}
	return members
}

func (p *Provider) grantNames() (names []string) {
	for _, known := range p.grantTypes() {
		names = append(names, known.name)
	}
	return names
}

// protocolClaims are those of ID tokens that say nothing of the person but who
// it is.
func protocolClaims() []string {
	return []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "sid", "at_hash", "c_hash"}
}

// locales are the tags in their canonical form (RFC 5646, section 2.1.1).
func locales(tags []string) []string {
	known := []string{}
	for _, text := range tags {
		if tag, err := language.Parse(text); err == nil {
			known = append(known, tag.String())
		}
	}
	return known
}

// serveDiscovery is the discovery document.
func (p *Provider) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	if oauth.Preflight(w, r, http.MethodGet) || !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	p.discovery.write(w)
}
