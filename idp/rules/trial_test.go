package rules_test

import (
	"crypto/rand"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	rp "github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// variant is how a plan's modules are run.
type variant struct {
	registration string // static_client or dynamic_client
	mode         string // response_mode: default or form_post
}

// trial is one run of one module, by the suite's own habits: a confidential
// client that sends no PKCE, the scope openid, a random state and nonce.
type trial struct {
	*site
	variant
	b      *browser // signed in, unless the module wants a fresh one
	client *party
	alg    string // of ID tokens
	// rpServer is a server of the client's; heard is what it was sent.
	rpServer *httptest.Server
	heard    chan told
}

// request is what the module sends; pairs change it, "" takes away.
func (r *trial) request(pairs ...string) url.Values {
	q := url.Values{
		"client_id": {r.client.id}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid"},
		"state": {rand.Text()}, "nonce": {rand.Text()},
	}
	if r.mode == "form_post" {
		q.Set("response_mode", "form_post")
	}
	return with(q, pairs...)
}

// begin sends the browser to the provider and stops at the first page.
func (r *trial) begin(q url.Values) reply {
	r.Helper()
	return r.b.get(oidc.PathAuthorize, q)
}

// silent is begin where nobody may be asked anything.
func (r *trial) silent(q url.Values) reply {
	r.Helper()
	got := r.begin(q)
	if len(got.answer()) == 0 {
		r.Fatalf("the person was asked: %s\n%s", got.sent.URL, got.body)
	}
	return got
}

// asks is begin where the person must be asked to sign in.
func (r *trial) asks(q url.Values) reply {
	r.Helper()
	page := r.begin(q)
	if !page.has("input[name=password]") {
		r.Fatalf("no login page: %d %s out %v\n%s", page.status, page.sent.URL, page.out, page.body)
	}
	return r.b.walk(page)
}

// answered checks how the answer came and that it answers the request.
func (r *trial) answered(q url.Values, got reply) url.Values {
	r.Helper()
	values := got.answer()
	switch {
	case q.Get("response_mode") == "form_post":
		if got.out != nil || !got.has("form[data-submit]") {
			r.Fatalf("no form: %d, out %v\n%s", got.status, got.out, got.body)
		}
		if action, _ := got.form("form[data-submit]"); action != callback || got.page().Find("form[data-submit]").AttrOr("method", "") != "post" {
			r.Errorf("the form goes to %s", action)
		}
	case got.out == nil || got.out.Fragment != "" || !strings.HasPrefix(got.out.String(), callback+"?"):
		r.Fatalf("no answer in the query: %d, out %v\n%s\n%s", got.status, got.out, got.body, r.log)
	}
	if values.Get("state") != q.Get("state") || values.Get("iss") != r.issuer {
		r.Errorf("state %q, iss %q", values.Get("state"), values.Get("iss"))
	}
	for name, all := range values {
		if len(all) != 1 || !slices.Contains([]string{"code", "state", "iss", "error", "error_description", "error_uri"}, name) {
			r.Errorf("%s = %q is unexpected", name, all)
		}
	}
	return values
}

// code is the code of a good answer.
func (r *trial) code(q url.Values, got reply) string {
	r.Helper()
	values := r.answered(q, got)
	code := values.Get("code")
	if values.Has("error") || code == "" {
		r.Fatalf("no code: %v", values)
	}
	if len(code) < 22 || entropy(code) < 96 {
		r.Errorf("the code %q can be guessed", code)
	}
	return code
}

// refused checks an error answer in full and returns its code.
func (r *trial) refused(q url.Values, got reply) string {
	r.Helper()
	values := r.answered(q, got)
	if !values.Has("error") || values.Has("code") {
		r.Fatalf("no error: %v", values)
	}
	for _, name := range []string{"error", "error_description"} {
		if !errorText.MatchString(values.Get(name)) {
			r.Errorf("%s %q has characters that it can't have", name, values.Get(name))
		}
	}
	return values.Get("error")
}

// errorText is what error and error_description may hold (RFC 6749, appendix A).
var errorText = regexp.MustCompile(`^[\x20\x21\x23-\x5B\x5D-\x7E]*$`)

// entropy is Shannon's of the text, in bits.
func entropy(text string) float64 {
	counts := map[rune]float64{}
	for _, c := range text {
		counts[c]++
	}
	bits := 0.0
	for _, n := range counts {
		share := n / float64(len(text))
		bits -= share * math.Log2(share)
	}
	return bits * float64(len(text))
}

// flow is the whole way, as every module walks it: answer, tokens, userinfo.
func (r *trial) flow(q url.Values, got reply) (tokens, map[string]any) {
	r.Helper()
	t := r.redeem(q, r.code(q, got))
	info := r.userinfo(t.Access)
	if info["sub"] != fields(r.site, t.ID, 1)["sub"] {
		r.Errorf("userinfo is about %v, the ID token about %v", info["sub"], fields(r.site, t.ID, 1)["sub"])
	}
	return t, info
}

// signedIn is flow for the browser as it is.
func (r *trial) signedIn(pairs ...string) (tokens, map[string]any) {
	r.Helper()
	q := r.request(pairs...)
	return r.flow(q, r.b.walk(r.begin(q)))
}

// redeem redeems the code and checks the whole answer.
func (r *trial) redeem(q url.Values, code string, pairs ...string) tokens {
	r.Helper()
	got := r.client.send(oidc.PathToken, codeForm(code, append([]string{"code_verifier", ""}, pairs...)...))
	t := got.tokens()
	r.tokenAnswer(got, t)
	r.idToken(t, q)
	return t
}

// tokenAnswer checks the form of the answer (RFC 6749, section 5.1).
func (r *trial) tokenAnswer(got reply, t tokens) {
	r.Helper()
	if media := got.header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		r.Errorf("tokens as %s", media)
	}
	if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Pragma") != "no-cache" {
		r.Errorf("cache headers %v", got.header)
	}
	if !strings.EqualFold(t.Type, "Bearer") || t.Expires <= 0 || entropy(t.Access) < 96 || !visible.MatchString(t.Access+t.Refresh) {
		r.Errorf("%+v", t)
	}
}

// visible characters are what tokens may be made of (RFC 6749, appendix A).
var visible = regexp.MustCompile(`^[\x21-\x7E]+$`)

// idToken checks the ID token as a relying party does, and what the suite checks
// beyond it.
func (r *trial) idToken(t tokens, q url.Values) map[string]any {
	r.Helper()
	provider, ctx := r.provider()
	token, err := provider.Verifier(&rp.Config{ClientID: r.client.id, Now: r.clock.Now, SupportedSigningAlgs: []string{r.alg}}).Verify(ctx, t.ID)
	if err != nil {
		r.Fatalf("the ID token: %v", err)
	}
	if token.AccessTokenHash != "" {
		r.must(token.VerifyAccessToken(t.Access))
	}
	head, claims := fields(r.site, t.ID, 0), fields(r.site, t.ID, 1)
	if head["kid"] == nil || head["alg"] != r.alg || !slices.Contains(r.kids(), head["kid"].(string)) {
		r.Errorf("signed by %v", head)
	}
	nonce, _ := claims["nonce"].(string)
	if nonce != q.Get("nonce") || token.Subject == "" || len(token.Subject) > 255 || token.IssuedAt.Sub(r.clock.Now()).Abs() > 5*time.Minute {
		r.Errorf("claims %v", claims)
	}
	if claims["name"] != nil {
		r.Error("the ID token has a name that nobody asked for")
	}
	r.standardClaims(claims)
	return claims
}

// kids are the key set's.
func (r *trial) kids() []string {
	r.Helper()
	var ids []string
	for _, key := range r.keySet().Keys {
		ids = append(ids, key.KeyID)
	}
	return ids
}

func (s *site) keySet() jose.JSONWebKeySet {
	s.Helper()
	var set jose.JSONWebKeySet
	at := s.discovery()["jwks_uri"].(string)
	s.must(decode(s.party("").browser.send(http.MethodGet, at, "").body, &set))
	return set
}

// userinfo asks by GET with the token in the header.
func (r *trial) userinfo(access string) map[string]any {
	r.Helper()
	return r.info(r.client.get(oidc.PathUserinfo, nil, bearer(access)))
}

// info checks a userinfo answer.
func (r *trial) info(got reply) map[string]any {
	r.Helper()
	claims := got.json()
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") || claims["sub"] == nil {
		r.Fatalf("userinfo: %d %s %s", got.status, got.header.Get("Content-Type"), got.body)
	}
	r.standardClaims(claims)
	return claims
}

// standardClaims checks the types of OpenID Connect Core, section 5.1.
func (r *trial) standardClaims(claims map[string]any) {
	r.Helper()
	for name, value := range claims {
		switch name {
		case "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
			"email", "gender", "zoneinfo", "locale", "phone_number", "sub":
			if text, ok := value.(string); !ok || text == "" {
				r.Errorf("%s is %v, not text", name, value)
			}
		case "email_verified", "phone_number_verified":
			if _, ok := value.(bool); !ok {
				r.Errorf("%s is %v, not a boolean", name, value)
			}
		case "updated_at":
			if at, ok := value.(float64); !ok || at > float64(r.clock.Now().Unix()) {
				r.Errorf("updated_at is %v", value)
			}
		case "birthdate":
			if text, ok := value.(string); !ok || !birthdate.MatchString(text) {
				r.Errorf("birthdate is %v", value)
			}
		case "address":
			r.address(value)
		}
	}
}

var birthdate = regexp.MustCompile(`^\d{4}(-\d\d-\d\d)?$`)

func (r *trial) address(value any) {
	r.Helper()
	parts, ok := value.(map[string]any)
	if !ok || len(parts) == 0 {
		r.Errorf("address is %v, not an object", value)
	}
	for name, part := range parts {
		if _, ok := part.(string); !ok {
			r.Errorf("address.%s is %v, not text", name, part)
		}
	}
}
