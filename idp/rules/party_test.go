package rules_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	rp "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// verifier is a PKCE code verifier of the least length (RFC 7636, section 4.1).
const verifier = "a-verifier-of-exactly-forty-three-letters.."

// party is a relying party's server: what it sends, it sends itself.
type party struct {
	*browser
	id     string
	secret string // empty for a public client
}

func (s *site) party(id string) *party {
	s.Helper()
	p := &party{browser: s.browser(""), id: id, secret: secret}
	p.http.Jar = nil
	p.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return p
}

// public is a party without a secret.
func (s *site) public(id string) *party {
	s.Helper()
	p := s.party(id)
	p.secret = ""
	return p
}

// basic authenticates by RFC 6749, section 2.3.1.
func basic(id, secret string) change {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
}

func bearer(token string) change { return header("Authorization", "Bearer "+token) }

// send posts a form to an endpoint, authenticated as the party is.
func (p *party) send(path string, form url.Values, changes ...change) reply {
	p.Helper()
	if p.secret == "" {
		form = with(form, "client_id", p.id)
	} else {
		changes = append([]change{basic(p.id, p.secret)}, changes...)
	}
	return p.post(p.issuer+path, form, changes...)
}

// asked is a good authorization request; pairs change it, "" takes away.
func asked(client string, pairs ...string) url.Values {
	return with(url.Values{
		"client_id": {client}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid profile email phone offline_access"},
		"state": {"state-1"}, "nonce": {"nonce-1"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"},
	}, pairs...)
}

// authorize begins a login and stops at the first page.
func (b *browser) authorize(client string, pairs ...string) reply {
	b.Helper()
	return b.get(oidc.PathAuthorize, asked(client, pairs...))
}

// code signs in, where it must, and returns the code.
func (b *browser) code(client string, pairs ...string) string {
	b.Helper()
	got := b.walk(b.authorize(client, pairs...))
	if got.answer().Get("code") == "" {
		b.Fatalf("no code: %d %s out %v\n%s\n%s", got.status, got.sent.URL, got.out, got.body, b.log)
	}
	return got.answer().Get("code")
}

// codeForm is a good token request; pairs change it.
func codeForm(code string, pairs ...string) url.Values {
	return with(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier}}, pairs...)
}

func refreshForm(token string, pairs ...string) url.Values {
	return with(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}, pairs...)
}

// tokens are a token endpoint's answer.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Scope   string `json:"scope"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
}

func (r reply) tokens() tokens {
	r.s.Helper()
	var got tokens
	if r.status != http.StatusOK || json.Unmarshal(r.body, &got) != nil {
		r.s.Fatalf("no tokens: %d %s\n%s", r.status, r.body, r.s.log)
	}
	return got
}

// tokens signs a person in and redeems the code.
func (p *party) tokens(b *browser, pairs ...string) tokens {
	p.Helper()
	return p.send(oidc.PathToken, codeForm(b.code(p.id, pairs...))).tokens()
}

// works says whether the access token opens the userinfo endpoint.
func (p *party) works(access string) bool {
	p.Helper()
	got := p.get(oidc.PathUserinfo, nil, bearer(access))
	if got.status != http.StatusOK && got.status != http.StatusUnauthorized {
		p.Fatalf("userinfo: %d %s", got.status, got.body)
	}
	return got.status == http.StatusOK
}

// provider is what a relying party's library makes of discovery.
func (s *site) provider() (*rp.Provider, context.Context) {
	s.Helper()
	ctx := rp.ClientContext(context.Background(), &http.Client{Transport: s.wire})
	provider, err := rp.NewProvider(ctx, s.issuer)
	s.must(err)
	return provider, ctx
}

// discovery is the document itself.
func (s *site) discovery() map[string]any {
	s.Helper()
	return s.party("").get(oidc.PathDiscovery, nil).json()
}

// list is a value of the document that is a list of words.
func list(document map[string]any, name string) []string {
	var words []string
	values, _ := document[name].([]any)
	for _, value := range values {
		if word, ok := value.(string); ok {
			words = append(words, word)
		}
	}
	return words
}

// fields reads a JWT's header or claims without a check.
func fields(s *site, jwt string, part int) map[string]any {
	s.Helper()
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		s.Fatalf("not a signed JWT: %s", jwt)
	}
	return decoded(s, parts[part])
}
