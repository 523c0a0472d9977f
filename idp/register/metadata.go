package register

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Metadata is a client as the registration standards write it. What is empty is
// left out.
type Metadata struct {
	Name             string          `json:"client_name,omitempty"`
	ApplicationType  string          `json:"application_type,omitempty"`
	RedirectURIs     []string        `json:"redirect_uris,omitempty"`
	PostLogoutURIs   []string        `json:"post_logout_redirect_uris,omitempty"`
	ResponseTypes    []string        `json:"response_types,omitempty"`
	Grants           []string        `json:"grant_types,omitempty"`
	Scope            string          `json:"scope,omitempty"`
	AuthMethod       string          `json:"token_endpoint_auth_method,omitempty"`
	AuthAlg          string          `json:"token_endpoint_auth_signing_alg,omitempty"`
	SigningAlg       string          `json:"id_token_signed_response_alg,omitempty"`
	RequestObjectAlg string          `json:"request_object_signing_alg,omitempty"`
	JWKS             json.RawMessage `json:"jwks,omitempty"`
	JWKSURI          string          `json:"jwks_uri,omitempty"`
	SubjectType      string          `json:"subject_type,omitempty"`
	RequirePAR       bool            `json:"require_pushed_authorization_requests,omitempty"`

	BackchannelLogoutURI  string `json:"backchannel_logout_uri,omitempty"`
	BackchannelSession    bool   `json:"backchannel_logout_session_required,omitempty"`
	FrontchannelLogoutURI string `json:"frontchannel_logout_uri,omitempty"`
	FrontchannelSession   bool   `json:"frontchannel_logout_session_required,omitempty"`

	DefaultMaxAge   *int64   `json:"default_max_age,omitempty"`
	RequireAuthTime bool     `json:"require_auth_time,omitempty"`
	DefaultACRs     []string `json:"default_acr_values,omitempty"`

	ClientURI        string   `json:"client_uri,omitempty"`
	LogoURI          string   `json:"logo_uri,omitempty"`
	PolicyURI        string   `json:"policy_uri,omitempty"`
	TOSURI           string   `json:"tos_uri,omitempty"`
	InitiateLoginURI string   `json:"initiate_login_uri,omitempty"`
	Contacts         []string `json:"contacts,omitempty"`

	SoftwareID        string `json:"software_id,omitempty"`
	SoftwareVersion   string `json:"software_version,omitempty"`
	SoftwareStatement string `json:"software_statement,omitempty"`
}

// Of is the client's registration in the standards' shape.
func Of(c *idp.Client) Metadata {
	m := Metadata{
		Name: c.Name, ApplicationType: c.ApplicationType, RedirectURIs: c.RedirectURIs, PostLogoutURIs: c.PostLogoutURIs,
		ResponseTypes: c.ResponseTypes, Grants: c.Grants, Scope: strings.Join(c.Scopes, " "),
		AuthMethod: c.AuthMethod, AuthAlg: c.AuthAlg, SigningAlg: c.SigningAlg, RequestObjectAlg: c.RequestObjectAlg,
		JWKSURI: c.JWKSURI, RequirePAR: c.RequirePAR,
		BackchannelLogoutURI: c.BackchannelLogoutURI, BackchannelSession: c.BackchannelSession,
		FrontchannelLogoutURI: c.FrontchannelLogoutURI, FrontchannelSession: c.FrontchannelSession,
		DefaultMaxAge: c.DefaultMaxAge, RequireAuthTime: c.RequireAuthTime, DefaultACRs: c.DefaultACRs,
		ClientURI: c.ClientURI, LogoURI: c.LogoURI, PolicyURI: c.PolicyURI, TOSURI: c.TOSURI, InitiateLoginURI: c.InitiateLoginURI,
		Contacts: c.Contacts, SoftwareID: c.SoftwareID, SoftwareVersion: c.SoftwareVersion, SoftwareStatement: c.SoftwareStatement,
	}
	if c.JWKS != "" {
		m.JWKS = json.RawMessage(c.JWKS)
	}
	return m
}

// Apply gives the client everything that the metadata can say, what is empty too.
func (m Metadata) Apply(c *idp.Client) {
	c.Name, c.ApplicationType, c.RedirectURIs, c.PostLogoutURIs = m.Name, m.ApplicationType, m.RedirectURIs, m.PostLogoutURIs
	c.ResponseTypes, c.Grants, c.Scopes = m.ResponseTypes, m.Grants, strings.Fields(m.Scope)
	c.AuthMethod, c.AuthAlg, c.SigningAlg, c.RequestObjectAlg = m.AuthMethod, m.AuthAlg, m.SigningAlg, m.RequestObjectAlg
	c.JWKS, c.JWKSURI, c.RequirePAR = compact(m.JWKS), m.JWKSURI, m.RequirePAR
	c.BackchannelLogoutURI, c.BackchannelSession = m.BackchannelLogoutURI, m.BackchannelSession
	c.FrontchannelLogoutURI, c.FrontchannelSession = m.FrontchannelLogoutURI, m.FrontchannelSession
	c.DefaultMaxAge, c.RequireAuthTime, c.DefaultACRs = m.DefaultMaxAge, m.RequireAuthTime, m.DefaultACRs
	c.ClientURI, c.LogoURI, c.PolicyURI, c.TOSURI, c.InitiateLoginURI = m.ClientURI, m.LogoURI, m.PolicyURI, m.TOSURI, m.InitiateLoginURI
	c.Contacts, c.SoftwareID, c.SoftwareVersion, c.SoftwareStatement = m.Contacts, m.SoftwareID, m.SoftwareVersion, m.SoftwareStatement
}

// Own is what the standards have no word for. Administrators alone set it.
type Own struct {
	PKCE             string   `json:"pkce,omitempty"`    // required, optional
	Consent          bool     `json:"consent,omitempty"` // people are asked
	RequiredFactor   int      `json:"required_factor,omitempty"`
	SecondFactors    []string `json:"second_factors,omitempty"`
	AccessTokens     string   `json:"access_tokens,omitempty"`     // opaque, jwt
	AccessTokenLife  int64    `json:"access_token_life,omitempty"` // seconds, as the other two
	IDTokenLife      int64    `json:"id_token_life,omitempty"`
	RefreshTokenLife int64    `json:"refresh_token_life,omitempty"`
	Resources        []string `json:"resources,omitempty"`
	Serves           []string `json:"serves,omitempty"`
	ExchangeFrom     []string `json:"exchange_from,omitempty"`
	IDTokenClaims    []string `json:"id_token_claims,omitempty"`
	Tags             []string `json:"tags,omitempty"`
}

// Words of Own.
const (
	pkceRequired = "required"
	pkceOptional = "optional"
	tokensOpaque = "opaque"
	tokensJWT    = "jwt"
)

// OwnOf is the client's part of what is ours alone.
func OwnOf(c *idp.Client) Own {
	o := Own{
		PKCE: pkceRequired, Consent: c.AskConsent, RequiredFactor: c.RequiredFactor, SecondFactors: c.SecondFactors, AccessTokens: tokensOpaque,
		AccessTokenLife: seconds(c.AccessTokenLife), IDTokenLife: seconds(c.IDTokenLife), RefreshTokenLife: seconds(c.RefreshTokenLife),
		Resources: c.Resources, Serves: c.Serves, ExchangeFrom: c.ExchangeFrom, IDTokenClaims: c.IDTokenClaims, Tags: c.Tags,
	}
	if c.WaivePKCE {
		o.PKCE = pkceOptional
	}
	if c.JWTAccessTokens {
		o.AccessTokens = tokensJWT
	}
	return o
}

// Apply gives the client everything that is ours alone, what is empty too.
func (o Own) Apply(c *idp.Client) {
	c.WaivePKCE, c.AskConsent, c.RequiredFactor, c.SecondFactors = o.PKCE == pkceOptional, o.Consent, o.RequiredFactor, o.SecondFactors
	c.JWTAccessTokens = o.AccessTokens == tokensJWT
	c.AccessTokenLife, c.IDTokenLife, c.RefreshTokenLife = life(o.AccessTokenLife), life(o.IDTokenLife), life(o.RefreshTokenLife)
	c.Resources, c.Serves, c.ExchangeFrom, c.IDTokenClaims, c.Tags = o.Resources, o.Serves, o.ExchangeFrom, o.IDTokenClaims, o.Tags
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// life is a number of seconds; one that no life can have stays one.
func life(seconds int64) time.Duration {
	const most = int64(1<<63-1) / int64(time.Second)
	return time.Duration(min(max(seconds, -most), most)) * time.Second
}

// Record is a whole client as the command line writes and reads it. There is no
// secret in it: none is kept.
type Record struct {
	ID string `json:"client_id"`
	Metadata
	Own
}

// RecordOf is the whole client.
func RecordOf(c *idp.Client) Record { return Record{ID: c.ID, Metadata: Of(c), Own: OwnOf(c)} }

// Client is the client of the record, without a secret.
func (r Record) Client() *idp.Client {
	c := &idp.Client{ID: r.ID}
	r.Metadata.Apply(c)
	r.Own.Apply(c)
	return c
}
