package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/idp"
)

// clientField is one field of a registration by all its names. It stands in a
// client as a text, a list, a truth or a life.
type clientField struct {
	flag  string // on the command line; empty where it has none
	key   string // in the settings, below apps.ID
	field string // in registrations (RFC 7591), and in faults
	usage string // with the value's name in `quotes`

	text  func(*idp.Client) *string
	list  func(*idp.Client) *[]string
	truth func(*idp.Client) *bool
	life  func(*idp.Client) *time.Duration
	other func(*idp.Client, string) error // reads a value of another kind
}

// clientFields are all fields, in the order of help.
func clientFields() []clientField {
	type c = idp.Client
	return []clientField{
		{flag: "name", key: "name", field: "client_name", usage: "what pages call it", text: func(c *c) *string { return &c.Name }},
		{flag: "redirect", key: "redirectUris", field: "redirect_uris", usage: "redirect `URI`", list: func(c *c) *[]string { return &c.RedirectURIs }},
		{flag: "post-logout", key: "postLogoutUris", field: "post_logout_redirect_uris", usage: "post-logout redirect `URI`", list: func(c *c) *[]string { return &c.PostLogoutURIs }},
		{flag: "application-type", key: "applicationType", field: "application_type", usage: "web or native", text: func(c *c) *string { return &c.ApplicationType }},
		{flag: "auth", key: "authMethod", field: "token_endpoint_auth_method", usage: "the one `METHOD` that authenticates it: client_secret_basic, client_secret_post, private_key_jwt or none; without it either way of sending the secret", text: func(c *c) *string { return &c.AuthMethod }},
		{flag: "jwks", key: "jwks", field: "jwks", usage: "`FILE` with its public keys as a JWK set", other: readKeySet},
		{flag: "jwks-uri", key: "jwksUri", field: "jwks_uri", usage: "`URI` where its public keys are", text: func(c *c) *string { return &c.JWKSURI }},
		{flag: "auth-alg", key: "authAlg", field: "token_endpoint_auth_signing_alg", usage: "signature of its assertions: ES256, RS256, PS256 or EdDSA; without it any of them", text: func(c *c) *string { return &c.AuthAlg }},
		{flag: "request-object-alg", key: "requestObjectAlg", field: "request_object_signing_alg", usage: "signature of its request objects: ES256, RS256, PS256, EdDSA or none; without it any of them", text: func(c *c) *string { return &c.RequestObjectAlg }},
		{flag: "require-par", key: "requirePar", field: "require_pushed_authorization_requests", usage: "it must push its authorization requests (RFC 9126)", truth: func(c *c) *bool { return &c.RequirePAR }},
		{flag: "grant", key: "grants", field: "grant_types", usage: "grant `TYPE`; without it authorization_code and refresh_token", list: func(c *c) *[]string { return &c.Grants }},
		{flag: "response-type", key: "responseTypes", field: "response_types", usage: "response `TYPE` of authorization requests, such as \"code id_token\"; without it code", list: func(c *c) *[]string { return &c.ResponseTypes }},
		{flag: "scope", key: "scopes", field: "scope", usage: "a `SCOPE` it may ask for; without it all that are about people", list: func(c *c) *[]string { return &c.Scopes }},
		{flag: "pkce", key: "pkce", field: "pkce", usage: "required, or optional for a confidential client of older make", other: readPKCE},
		{flag: "consent", key: "consent", field: "consent", usage: "ask people before it gets their claims", truth: func(c *c) *bool { return &c.AskConsent }},
		{flag: "alg", key: "signingAlg", field: "id_token_signed_response_alg", usage: "signature of its ID tokens: RS256, ES256 or EdDSA; without it RS256", text: func(c *c) *string { return &c.SigningAlg }},
		{flag: "jwt-access-token", key: "accessTokens", field: "access_tokens", usage: "its access tokens are JWTs (RFC 9068)", truth: func(c *c) *bool { return &c.JWTAccessTokens }},
		{flag: "access-token-life", key: "accessTokenLife", field: "access_token_life", usage: "`LIFE` of its access tokens, such as 10m", life: func(c *c) *time.Duration { return &c.AccessTokenLife }},
		{flag: "id-token-life", key: "idTokenLife", field: "id_token_life", usage: "`LIFE` of its ID tokens", life: func(c *c) *time.Duration { return &c.IDTokenLife }},
		{flag: "refresh-token-life", key: "refreshTokenLife", field: "refresh_token_life", usage: "`LIFE` of its refresh tokens", life: func(c *c) *time.Duration { return &c.RefreshTokenLife }},
		{flag: "id-token-claim", key: "idTokenClaims", field: "id_token_claims", usage: "`NAME` of a claim that its ID tokens carry too", list: func(c *c) *[]string { return &c.IDTokenClaims }},
		{flag: "resource", key: "resources", field: "resources", usage: "absolute `URI` that its tokens may be asked for (RFC 8707)", list: func(c *c) *[]string { return &c.Resources }},
		{flag: "serves", key: "serves", field: "serves", usage: "a resource `URI` that it is, as its server: it may introspect tokens for it", list: func(c *c) *[]string { return &c.Serves }},
		{flag: "exchange-from", key: "exchangeFrom", field: "exchange_from", usage: "a client `ID` whose tokens it may exchange (RFC 8693)", list: func(c *c) *[]string { return &c.ExchangeFrom }},
		{flag: "backchannel-logout", key: "backchannelLogoutUri", field: "backchannel_logout_uri", usage: "`URI` that is told of logouts by our server", text: func(c *c) *string { return &c.BackchannelLogoutURI }},
		{flag: "backchannel-session", key: "backchannelLogoutSession", field: "backchannel_logout_session_required", usage: "it must be told which session ended", truth: func(c *c) *bool { return &c.BackchannelSession }},
		{flag: "frontchannel-logout", key: "frontchannelLogoutUri", field: "frontchannel_logout_uri", usage: "`URI` that is told of logouts by the browser", text: func(c *c) *string { return &c.FrontchannelLogoutURI }},
		{flag: "frontchannel-session", key: "frontchannelLogoutSession", field: "frontchannel_logout_session_required", usage: "it must be told which session ended", truth: func(c *c) *bool { return &c.FrontchannelSession }},
		{flag: "required-factor", key: "requiredFactor", field: "required_factor", usage: "`NUMBER` of factors that its logins need: 0, 1 or 2", other: readFactor},
		{flag: "second-factor", key: "secondFactors", field: "second_factors", usage: "a `METHOD` that may be its second factor; without it all", list: func(c *c) *[]string { return &c.SecondFactors }},
		{flag: "default-max-age", key: "defaultMaxAge", field: "default_max_age", usage: "`SECONDS` since the login, at most, where a request has no max_age", other: readMaxAge},
		{flag: "default-acr", key: "defaultAcrValues", field: "default_acr_values", usage: "`CLASS` of authentication where a request has no acr_values", list: func(c *c) *[]string { return &c.DefaultACRs }},
		{flag: "require-auth-time", key: "requireAuthTime", field: "require_auth_time", usage: "its ID tokens must say when the person signed in", truth: func(c *c) *bool { return &c.RequireAuthTime }},
		{flag: "client-uri", key: "clientUri", field: "client_uri", usage: "`URI` of its home page", text: func(c *c) *string { return &c.ClientURI }},
		{flag: "logo-uri", key: "logoUri", field: "logo_uri", usage: "`URI` of its logo", text: func(c *c) *string { return &c.LogoURI }},
		{flag: "policy-uri", key: "policyUri", field: "policy_uri", usage: "`URI` of what it does with data", text: func(c *c) *string { return &c.PolicyURI }},
		{flag: "tos-uri", key: "tosUri", field: "tos_uri", usage: "`URI` of its terms", text: func(c *c) *string { return &c.TOSURI }},
		{flag: "initiate-login-uri", key: "initiateLoginUri", field: "initiate_login_uri", usage: "`URI` where a login can be begun from outside", text: func(c *c) *string { return &c.InitiateLoginURI }},
		{flag: "contact", key: "contacts", field: "contacts", usage: "who answers for it, such as an e-mail `ADDRESS`", list: func(c *c) *[]string { return &c.Contacts }},
		{flag: "tag", key: "tags", field: "tags", usage: "a `WORD` for a group of clients", list: func(c *c) *[]string { return &c.Tags }},
		{flag: "software-id", key: "softwareId", field: "software_id", usage: "`ID` of the software that it runs", text: func(c *c) *string { return &c.SoftwareID }},
		{flag: "software-version", key: "softwareVersion", field: "software_version", usage: "its version", text: func(c *c) *string { return &c.SoftwareVersion }},
	}
}

// set gives the field its values, which replace what was there. A list may be
// empty; of another kind the last value counts.
func (f clientField) set(c *idp.Client, values []string) error {
	if f.list != nil {
		*f.list(c) = f.words(values)
		return nil
	}
	value := values[len(values)-1]
	switch {
	case f.text != nil:
		*f.text(c) = value
	case f.truth != nil:
		yes, err := strconv.ParseBool(value)
		if err != nil {
			return usageError{fmt.Errorf("--%s is %q; write true or false", f.flag, value)}
		}
		*f.truth(c) = yes
	case f.life != nil:
		life, err := time.ParseDuration(value)
		if err != nil {
			return usageError{fmt.Errorf("--%s is %q; write a number with its unit, such as 10m or 24h", f.flag, value)}
		}
		*f.life(c) = life
	default:
		return f.other(c, value)
	}
	return nil
}

// words are the values as they are registered: grants may be written short.
func (f clientField) words(values []string) []string {
	values = slices.Clone(values)
	for i, v := range values {
		if f.flag == "grant" {
			values[i] = idp.LongGrant(v)
		}
	}
	return values
}

func readPKCE(c *idp.Client, value string) error {
	if value != "required" && value != "optional" {
		return usageError{fmt.Errorf("--pkce is %q; write required or optional", value)}
	}
	c.WaivePKCE = value == "optional"
	return nil
}

func readFactor(c *idp.Client, value string) (err error) {
	if c.RequiredFactor, err = strconv.Atoi(value); err != nil {
		return usageError{fmt.Errorf("--required-factor is %q; write 0, 1 or 2", value)}
	}
	return nil
}

func readMaxAge(c *idp.Client, value string) error {
	if value == "" {
		c.DefaultMaxAge = nil
		return nil
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return usageError{fmt.Errorf("--default-max-age is %q; write a number of seconds", value)}
	}
	c.DefaultMaxAge = &seconds
	return nil
}

// maxKeySetFile is above what a registration takes, so that it is refused there.
const maxKeySetFile = 128 << 10

func readKeySet(c *idp.Client, name string) error {
	if name == "" {
		c.JWKS = ""
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading --jwks: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeySetFile))
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("reading --jwks: %w", err)
	}
	c.JWKS = strings.TrimSpace(string(text))
	return nil
}

// given are the values of one flag, as they were given.
type given struct {
	field  clientField
	values []string
}

// clientChanges are the flags of fields, as given.
type clientChanges struct{ given []given }

// register makes the flags.
func (changes *clientChanges) register(cmd *cobra.Command) {
	for _, field := range clientFields() {
		v := &fieldValue{field: field, changes: changes}
		usage := field.usage
		if field.list != nil {
			usage += "; may be repeated"
		}
		flag := cmd.Flags().VarPF(v, field.flag, "", usage)
		if field.truth != nil {
			flag.NoOptDefVal = "true"
		}
	}
}

// apply makes the changes.
func (changes *clientChanges) apply(c *idp.Client) error {
	for _, g := range changes.given {
		if err := g.field.set(c, g.values); err != nil {
			return err
		}
	}
	return nil
}

// fieldValue is a flag's pflag.Value.
type fieldValue struct {
	field   clientField
	changes *clientChanges
}

// Set implements pflag.Value.
func (v *fieldValue) Set(value string) error {
	for i, g := range v.changes.given {
		if g.field.flag == v.field.flag {
			v.changes.given[i].values = append(g.values, value)
			return nil
		}
	}
	v.changes.given = append(v.changes.given, given{v.field, []string{value}})
	return nil
}

// String implements pflag.Value.
func (v *fieldValue) String() string { return "" }

// Type implements pflag.Value.
func (v *fieldValue) Type() string {
	if v.field.truth != nil {
		return "bool"
	}
	return "string"
}

// flagFaults names the faults as the command line does.
func flagFaults(err error) error {
	var faults idp.Faults
	if !errors.As(err, &faults) {
		return err
	}
	var lines []error
	for _, fault := range faults {
		name := fault.Field
		for _, f := range clientFields() {
			if f.field == fault.Field {
				name = "--" + f.flag
			}
		}
		if name == "client_id" {
			name = "the ID"
		}
		lines = append(lines, errors.New(name+" "+fault.Text))
	}
	return errors.Join(lines...)
}
