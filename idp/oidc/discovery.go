package oidc

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/text/language"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

// document is the provider's metadata (OpenID Connect Discovery, section 3;
// RFC 8414). The library's own document lists flows and grants that it can't be
// told to leave out.
type document struct {
	oidc.DiscoveryConfiguration
	// IssParameter is RFC 9207, section 3.
	IssParameter bool `json:"authorization_response_iss_parameter_supported"`
	// Prompts is OpenID Connect Prompt Create, section 4.2.
	Prompts []string `json:"prompt_values_supported"`
	// PushedEndpoint is RFC 9126, section 5.
	PushedEndpoint string `json:"pushed_authorization_request_endpoint"`
	// FrontChannel and FrontChannelSession are Front-Channel Logout 1.0, section 3.
	FrontChannel        bool `json:"frontchannel_logout_supported"`
	FrontChannelSession bool `json:"frontchannel_logout_session_supported"`
}

// registrationEndpoint is empty where clients can't register themselves.
func (p *Provider) registrationEndpoint() string {
	if !p.Registration {
		return ""
	}
	return p.Issuer + PathRegister
}

func (p *Provider) describe() ([]byte, error) {
	return json.Marshal(document{
		IssParameter: true,
		Prompts:      request.Prompts(),

		PushedEndpoint: p.Issuer + PathPAR,

		FrontChannel: true, FrontChannelSession: true,
		DiscoveryConfiguration: oidc.DiscoveryConfiguration{
			Issuer:                                             p.Issuer,
			AuthorizationEndpoint:                              p.Issuer + PathAuthorize,
			TokenEndpoint:                                      p.Issuer + PathToken,
			UserinfoEndpoint:                                   p.Issuer + PathUserinfo,
			JwksURI:                                            p.Issuer + PathKeys,
			IntrospectionEndpoint:                              p.Issuer + PathIntrospect,
			RevocationEndpoint:                                 p.Issuer + PathRevoke,
			EndSessionEndpoint:                                 p.Issuer + PathLogout,
			BackChannelLogoutSupported:                         true,
			BackChannelLogoutSessionSupported:                  true,
			RegistrationEndpoint:                               p.registrationEndpoint(),
			ScopesSupported:                                    slices.Concat(p.Claims.Scopes(), p.OwnScopes),
			ResponseTypesSupported:                             []string{string(oidc.ResponseTypeCode)},
			ResponseModesSupported:                             request.Modes(),
			GrantTypesSupported:                                p.grantNames(),
			ACRValuesSupported:                                 idp.ACRs(),
			SubjectTypesSupported:                              []string{"public"},
			IDTokenSigningAlgValuesSupported:                   p.Signing.Algorithms,
			TokenEndpointAuthMethodsSupported:                  authMethods(p.Auth.Methods(), idp.AuthNone),
			RevocationEndpointAuthMethodsSupported:             authMethods(p.Auth.Methods(), idp.AuthNone),
			IntrospectionEndpointAuthMethodsSupported:          authMethods(p.Auth.Methods()),
			TokenEndpointAuthSigningAlgValuesSupported:         p.Auth.Algorithms(),
			RevocationEndpointAuthSigningAlgValuesSupported:    p.Auth.Algorithms(),
			IntrospectionEndpointAuthSigningAlgValuesSupported: p.Auth.Algorithms(),
			ClaimTypesSupported:                                []string{"normal"},
			ClaimsSupported:                                    slices.Concat(protocolClaims(), p.Claims.Names()),
			CodeChallengeMethodsSupported:                      []oidc.CodeChallengeMethod{oidc.CodeChallengeMethodS256},
			UILocalesSupported:                                 locales(p.Locales),
			RequestParameterSupported:                          true,
			RequestObjectSigningAlgValuesSupported:             p.Auth.Algorithms(),
		},
	})
}

func authMethods(confidential []string, more ...oidc.AuthMethod) (methods []oidc.AuthMethod) {
	for _, method := range confidential {
		methods = append(methods, oidc.AuthMethod(method))
	}
	return append(methods, more...)
}

func (p *Provider) grantNames() (names []oidc.GrantType) {
	for _, known := range p.grantTypes() {
		names = append(names, oidc.GrantType(known.name))
	}
	return names
}

// protocolClaims are those of ID tokens that say nothing of the person but who
// it is.
func protocolClaims() []string {
	return []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "sid", "at_hash"}
}

func locales(tags []string) (known oidc.Locales) {
	for _, text := range tags {
		if tag, err := language.Parse(text); err == nil {
			known = append(known, tag)
		}
	}
	return known
}

// serveDiscovery is the discovery document.
func (p *Provider) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	if oauth.Preflight(w, r, http.MethodGet) || !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	oauth.AllowAnyOrigin(w)
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = w.Write(p.discovery)
}
