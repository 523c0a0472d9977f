package apps

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// Kinds of fields.
const (
	kindText   = "text"
	kindLines  = "lines"  // a list, one value a line
	kindWords  = "words"  // a list in one text, words with blanks between, as scope is
	kindChecks = "checks" // a list of known values
	kindCheck  = "check"
	kindChoice = "choice"
	kindNumber = "number"
	kindJSON   = "json"
)

// field of the form, by the name of its member.
type field struct {
	name, label, hint, kind string
	choices                 []console.Option // of a choice and of checks
}

// group of fields. All but the first are folded, unless something in them is set
// or wrong.
type group struct {
	title  string
	fields []field
}

func options(words ...string) (all []console.Option) {
	for _, w := range words {
		all = append(all, console.Option{Value: w, Text: w})
	}
	return all
}

// withNone puts the choice of nothing, by its meaning, before the words.
func withNone(meaning string, words ...string) []console.Option {
	return append([]console.Option{{Value: "", Text: meaning}}, options(words...)...)
}

// groups are all fields, as far as this provider's rules have something to choose.
func groups(rules idp.ClientRules) []group {
	return []group{
		{"The application", []field{
			{name: "client_name", label: "Name", kind: kindText, hint: "What people see when they sign in."},
			{name: "redirect_uris", label: "Redirect URIs", kind: kindLines, hint: "One a line; compared character by character. Where the application takes the answer of a login."},
			{name: "post_logout_redirect_uris", label: "Addresses after a sign-out", kind: kindLines, hint: "One a line."},
			{name: "application_type", label: "Kind", kind: kindChoice, choices: withNone("web (the default)", "web", "native"), hint: "A native application runs on people's own devices."},
			{name: "token_endpoint_auth_method", label: "How it authenticates", kind: kindChoice, choices: []console.Option{
				{Value: "", Text: "by a secret, in either way"}, {Value: idp.AuthSecretBasic, Text: "by a secret in the header (client_secret_basic)"},
				{Value: idp.AuthSecretPost, Text: "by a secret in the form (client_secret_post)"}, {Value: idp.AuthPrivateKeyJWT, Text: "by a key (private_key_jwt)"},
				{Value: idp.AuthNone, Text: "not at all: it can keep no secret (native or browser application)"},
			}},
			{name: "grant_types", label: "Grants", kind: kindChecks, choices: options(idp.Grants()...), hint: "authorization_code for logins; refresh_token to stay signed in; client_credentials for the application itself."},
			{name: "scope", label: "Scopes", kind: kindWords, hint: "Names with blanks between. Empty: all that are about people. Scopes of the API must be named."},
		}},
		{"Logins", []field{
			{name: "required_factor", label: "Factors", kind: kindChoice, choices: []console.Option{{Value: "", Text: "as the settings say"}, {Value: "1", Text: "at least one"}, {Value: "2", Text: "two"}}},
			{name: "second_factors", label: "Second factors", kind: kindChecks, choices: options(rules.SecondFactors...), hint: "None checked: all that are in use."},
			{name: "consent", label: "Ask people before it gets to know something of them", kind: kindCheck},
			{name: "pkce", label: "PKCE", kind: kindChoice, choices: options("required", "optional"), hint: "Optional only for a confidential client of older make."},
			{name: "default_max_age", label: "Oldest login, in seconds", kind: kindNumber, hint: "Where a request has no max_age."},
			{name: "default_acr_values", label: "Class of authentication", kind: kindChecks, choices: options(idp.ACRs()...), hint: "Where a request asks for none."},
			{name: "require_auth_time", label: "Needs auth_time", kind: kindCheck},
			{name: "response_types", label: "Response types", kind: kindChecks, choices: options(idp.ResponseTypes()...), hint: "None checked: code alone."},
		}},
		{"Tokens", []field{
			{name: "id_token_signed_response_alg", label: "Signature of ID tokens", kind: kindChoice, choices: options(rules.Algorithms...)},
			{name: "id_token_claims", label: "Claims in ID tokens", kind: kindLines, hint: "One a line, beside those of the standard."},
			{name: "access_tokens", label: "Access tokens", kind: kindChoice, choices: options("opaque", "jwt")},
			{name: "access_token_life", label: "Life of access tokens, in seconds", kind: kindNumber},
			{name: "id_token_life", label: "Life of ID tokens, in seconds", kind: kindNumber},
			{name: "refresh_token_life", label: "Life of refresh tokens, in seconds", kind: kindNumber},
			{name: "resources", label: "Resources that tokens may be asked for", kind: kindLines},
			{name: "serves", label: "Resources that it is, as their server", kind: kindLines},
			{name: "exchange_from", label: "Clients whose tokens it may exchange", kind: kindLines},
		}},
		{"Keys", []field{
			{name: "jwks", label: "Public keys", kind: kindJSON, hint: "A JWK set."},
			{name: "jwks_uri", label: "Where its public keys are", kind: kindText},
			{name: "token_endpoint_auth_signing_alg", label: "Signature of its assertions", kind: kindChoice, choices: withNone("any", rules.ClientAlgorithms...)},
			{name: "request_object_signing_alg", label: "Signature of its request objects", kind: kindChoice, choices: withNone("any", append(slices.Clone(rules.ClientAlgorithms), "none")...)},
			{name: "require_pushed_authorization_requests", label: "It must push its authorization requests (PAR)", kind: kindCheck},
		}},
		{"Sign-out", []field{
			{name: "backchannel_logout_uri", label: "Told by our server at", kind: kindText, hint: "The end of a session is posted there."},
			{name: "backchannel_logout_session_required", label: "It must be told which session", kind: kindCheck},
			{name: "frontchannel_logout_uri", label: "Told by the browser at", kind: kindText},
			{name: "frontchannel_logout_session_required", label: "It must be told which session", kind: kindCheck},
		}},
		{"Addresses and contacts", []field{
			{name: "client_uri", label: "Home page", kind: kindText},
			{name: "logo_uri", label: "Logo", kind: kindText},
			{name: "policy_uri", label: "Privacy policy", kind: kindText},
			{name: "tos_uri", label: "Terms", kind: kindText},
			{name: "initiate_login_uri", label: "Where a login is begun from outside", kind: kindText},
			{name: "contacts", label: "Contacts", kind: kindLines},
			{name: "tags", label: "Tags", kind: kindLines},
		}},
	}
}

// read puts what was posted into the members. Numbers that aren't any are told.
func read(form url.Values, all []group, into members) (problems []admin.FieldProblem) {
	for _, g := range all {
		for _, f := range g.fields {
			value := strings.TrimSpace(form.Get(f.name))
			delete(into, f.name)
			if why := f.put(form, value, into); why != "" {
				problems = append(problems, admin.FieldProblem{Field: f.name, Text: f.label + ": " + why})
			}
		}
	}
	return problems
}

// put gives the member its value, and says what is wrong with it.
func (f field) put(form url.Values, value string, into members) string {
	switch f.kind {
	case kindLines:
		into[f.name] = strings.FieldsFunc(strings.ReplaceAll(value, "\r", "\n"), func(r rune) bool { return r == '\n' })
	case kindChecks:
		into[f.name] = slices.DeleteFunc(slices.Clone(form[f.name]), func(s string) bool { return s == "" })
	case kindCheck:
		into[f.name] = value == "true"
	case kindNumber:
		return f.number(value, into)
	case kindJSON:
		if value != "" && !json.Valid([]byte(value)) {
			return "this is no JSON."
		}
		if value != "" {
			into[f.name] = json.RawMessage(value)
		}
	default:
		if f.name == "required_factor" {
			return f.number(value, into)
		}
		into[f.name] = value
	}
	return ""
}

func (f field) number(value string, into members) string {
	if value == "" {
		return ""
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return "write a whole number, or nothing."
	}
	into[f.name] = n
	return ""
}
