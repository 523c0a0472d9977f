package rules_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// basicModules are those of the plan oidcc-basic-certification-test-plan, in its order.
func basicModules() []module {
	return []module{
		{"oidcc-server", "the code flow from end to end: answer, code that can't be guessed, token answer and its cache headers, ID token and its signature, hashes, no claims in the ID token that nobody asked for, userinfo", flowWith()},
		{"oidcc-response-type-missing", "a request without response_type is answered with an error, or with a page", responseTypeMissing},
		{"oidcc-idtoken-signature", "the ID token of a client that names no algorithm is signed with RS256 and has a kid", flowWith()},
		{"oidcc-idtoken-unsigned", "unsigned ID tokens for whoever registers for them; the suite leaves it out where discovery doesn't list `none`", unsignedIDToken},
		{"oidcc-userinfo-get", "userinfo by GET", flowWith()},
		{"oidcc-userinfo-post-header", "userinfo by POST with the token in the header", userinfoPost(true)},
		{"oidcc-userinfo-post-body", "userinfo by POST with the token in the body", userinfoPost(false)},
		{"oidcc-ensure-request-without-nonce-succeeds-for-code-flow", "the code flow needs no nonce", flowWith("nonce", "")},
		{"oidcc-scope-profile", "every claim of the scope, each of its type", scopes("profile")},
		{"oidcc-scope-email", "as above", scopes("email")},
		{"oidcc-scope-address", "as above; the address is an object of texts", scopes("address")},
		{"oidcc-scope-phone", "as above", scopes("phone")},
		{"oidcc-scope-all", "as above, for all of them at once", scopes("profile", "email", "address", "phone")},
		{"oidcc-ensure-other-scope-order-succeeds", "openid may stand last", otherScopeOrder},
		{"oidcc-display-page", "`display=page` shows a login page", freshWith("display", "page")},
		{"oidcc-display-popup", "`display=popup` shows a login page", freshWith("display", "popup")},
		{"oidcc-prompt-login", "`prompt=login` asks who is signed in again, and auth_time moves", promptLogin},
		{"oidcc-prompt-none-not-logged-in", "`prompt=none` ends in an error with the long state untouched, and asks nothing", promptNoneNotLoggedIn},
		{"oidcc-prompt-none-logged-in", "`prompt=none` signs in silently: the same person, the same auth_time", sameTwice(nil, "prompt", "none")},
		{"oidcc-max-age-1", "`max_age=1` asks again after two seconds; auth_time is there, later and recent", maxAgeOne},
		{"oidcc-max-age-10000", "`max_age=10000` asks nothing; auth_time is in both ID tokens and the same", sameTwice([]string{"max_age", "15000"}, "max_age", "10000")},
		{"oidcc-ensure-request-with-unknown-parameter-succeeds", "a parameter that nobody knows is ignored", flowWith("extra", "foobar")},
		{"oidcc-id-token-hint", "`prompt=none` with the first ID token as hint signs in silently", idTokenHint},
		{"oidcc-login-hint", "a login_hint that names nobody is no error", freshWith("login_hint", "buffy@rp.example")},
		{"oidcc-ui-locales", "the pages come in the language asked for, and an unknown one is no error", uiLocales},
		{"oidcc-claims-locales", "claims_locales is no error", flowWith("claims_locales", "se")},
		{"oidcc-ensure-request-with-acr-values-succeeds", "with all of acr_values_supported asked for, acr is one of them", acrValues},
		{"oidcc-codereuse", "a code that is used again at once is refused with invalid_grant", codeReuse(0)},
		{"oidcc-codereuse-30seconds", "as above after 30 seconds, and the access token that it gave is dead", codeReuse(30 * time.Second)},
		{"oidcc-ensure-registered-redirect-uri", "an unregistered redirect URI shows a page and goes nowhere", unregisteredRedirect},
		{"oidcc-ensure-post-request-succeeds", "the authorization request may be posted", postedRequest},
		{"oidcc-server-client-secret-post", "the code flow with the secret in the body", secretPost},
		{"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", "a request object by reference is refused with request_uri_not_supported", requestURI},
		{"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", "an unsigned request object is taken, with state and nonce from inside it, or refused with request_not_supported", unsignedRequestObject(callback)},
		{"oidcc-claims-essential", "the claims parameter gets `name` into userinfo without the scope profile, and not into the ID token", claimsEssential},
		{"oidcc-ensure-request-object-with-redirect-uri", "the redirect URI inside the request object counts, not the one outside", unsignedRequestObject("https://rp.example/not-registered")},
		{"oidcc-refresh-token", "refresh tokens work, their ID tokens agree with the first, and another client can't use them", refreshTokens},
		{"oidcc-ensure-request-with-valid-pkce-succeeds", "PKCE with S256 works", validPKCE},
	}
}

func flowWith(pairs ...string) func(*trial) {
	return func(r *trial) { r.signedIn(pairs...) }
}

// fresh takes the browser's cookies away, as the suite asks for.
func (r *trial) fresh() { r.b = r.site.browser(r.b.name) }

// freshWith wants a login page.
func freshWith(pairs ...string) func(*trial) {
	return func(r *trial) {
		r.fresh()
		q := r.request(pairs...)
		r.flow(q, r.asks(q))
	}
}

func responseTypeMissing(r *trial) {
	q := r.request("response_type", "")
	if got := r.refused(q, r.begin(q)); got != "invalid_request" && got != "unsupported_response_type" {
		r.Errorf("error %s", got)
	}
}

func unsignedIDToken(r *trial) {
	if slices.Contains(list(r.discovery(), "id_token_signing_alg_values_supported"), "none") {
		r.Error("unsigned ID tokens are offered")
	}
}

func userinfoPost(inHeader bool) func(*trial) {
	return func(r *trial) {
		t, want := r.signedIn()
		form, changes := url.Values{"access_token": {t.Access}}, []change(nil)
		if inHeader {
			form, changes = nil, []change{bearer(t.Access)}
		}
		if got := r.info(r.client.post(r.issuer+oidc.PathUserinfo, form, changes...)); got["sub"] != want["sub"] {
			r.Errorf("%v by POST, %v by GET", got, want)
		}
	}
}

// standardScopes are OpenID Connect Core's, section 5.4.
func standardScopes() map[string][]string {
	return map[string][]string{
		"profile": {"name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender",
			"birthdate", "zoneinfo", "locale", "updated_at", "preferred_username"},
		"email": {"email", "email_verified"}, "address": {"address"}, "phone": {"phone_number", "phone_number_verified"},
	}
}

func scopes(names ...string) func(*trial) {
	return func(r *trial) {
		if supported := list(r.discovery(), "scopes_supported"); slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(supported, name) }) {
			r.Errorf("%v are not all supported", names)
		}
		r.shows(names, "openid "+strings.Join(names, " "))
	}
}

// shows wants every claim of the scopes, and none of another one.
func (r *trial) shows(names []string, scope string) {
	r.Helper()
	_, info := r.signedIn("scope", scope)
	for name, claims := range standardScopes() {
		for _, claim := range claims {
			if asked := slices.Contains(names, name); asked != (info[claim] != nil) {
				r.Errorf("scope %q, %s: %v", scope, claim, info[claim])
			}
		}
	}
}

func otherScopeOrder(r *trial) { r.shows([]string{"email"}, "email openid") }

func promptLogin(r *trial) {
	r.fresh()
	first, _ := r.signedIn()
	r.clock.advance(time.Second)
	q := r.request("prompt", "login")
	second, _ := r.flow(q, r.asks(q))
	if a, b := fields(r.site, first.ID, 1), fields(r.site, second.ID, 1); a["auth_time"] == b["auth_time"] {
		r.Errorf("auth_time stayed %v", a["auth_time"])
	}
}

func promptNoneNotLoggedIn(r *trial) {
	r.fresh()
	q := r.request("prompt", "none", "state", strings.Repeat("Ab3-_.~x", 16))
	r.needsPerson(r.refused(q, r.silent(q)))
}

// needsPerson checks that the error says that somebody had to be asked.
func (r *trial) needsPerson(code string) {
	r.Helper()
	if !slices.Contains([]string{"login_required", "interaction_required", "account_selection_required", "consent_required"}, code) {
		r.Errorf("error %s", code)
	}
}

// sameTwice signs in, and again without a question; both are one authentication.
func sameTwice(first []string, second ...string) func(*trial) {
	return func(r *trial) {
		one, _ := r.signedIn(first...)
		r.clock.advance(time.Second)
		r.sameAgain(one, r.request(second...))
	}
}

func (r *trial) sameAgain(one tokens, q url.Values) {
	r.Helper()
	two, _ := r.flow(q, r.silent(q))
	a, b := fields(r.site, one.ID, 1), fields(r.site, two.ID, 1)
	if a["sub"] != b["sub"] || a["auth_time"] != b["auth_time"] || b["auth_time"] == nil {
		r.Errorf("first %v, then %v", a, b)
	}
}

func maxAgeOne(r *trial) {
	r.fresh()
	first, _ := r.signedIn()
	r.clock.advance(2 * time.Second)
	q := r.request("max_age", "1")
	second, _ := r.flow(q, r.asks(q))
	before, _ := fields(r.site, first.ID, 1)["auth_time"].(float64)
	after, ok := fields(r.site, second.ID, 1)["auth_time"].(float64)
	if !ok || after <= before || r.clock.Now().Sub(time.Unix(int64(after), 0)).Abs() > time.Minute {
		r.Errorf("auth_time %v, then %v", before, after)
	}
}

func idTokenHint(r *trial) {
	one, _ := r.signedIn()
	r.clock.advance(time.Second)
	r.sameAgain(one, r.request("prompt", "none", "id_token_hint", one.ID))
}

func uiLocales(r *trial) {
	for _, c := range []struct{ asked, want string }{{"se", "en"}, {"se ru", "ru"}} {
		r.fresh()
		q := r.request("ui_locales", c.asked)
		page := r.begin(q)
		if lang := page.page().Find("html").AttrOr("lang", ""); lang != c.want || !page.has("input[name=password]") {
			r.Errorf("ui_locales=%s: the page is in %q", c.asked, lang)
		}
		r.flow(q, r.b.walk(page))
	}
}

func acrValues(r *trial) {
	supported := list(r.discovery(), "acr_values_supported")
	t, _ := r.signedIn("acr_values", strings.Join(supported, " "))
	if acr, _ := fields(r.site, t.ID, 1)["acr"].(string); !slices.Contains(supported, acr) {
		r.Errorf("acr %q is none of %v", acr, supported)
	}
}

func codeReuse(after time.Duration) func(*trial) {
	return func(r *trial) {
		q := r.request()
		code := r.code(q, r.b.walk(r.begin(q)))
		t := r.redeem(q, code)
		r.userinfo(t.Access)
		r.clock.advance(after)
		r.tokenError(r.client.send(oidc.PathToken, codeForm(code, "code_verifier", "")), "invalid_grant")
		if r.client.works(t.Access) {
			r.Error("the access token outlived the second use of its code")
		}
	}
}

// tokenError checks an error of the token endpoint in full.
func (r *trial) tokenError(got reply, code string) {
	r.Helper()
	if got.status != http.StatusBadRequest || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") || got.json()["error"] != code {
		r.Errorf("%d %s, want %s", got.status, got.body, code)
	}
	if text, _ := got.json()["error_description"].(string); !errorText.MatchString(text) {
		r.Errorf("error_description %q has characters that it can't have", text)
	}
}

func unregisteredRedirect(r *trial) {
	got := r.begin(r.request("redirect_uri", callback+"/other"))
	if got.out != nil || got.status < 400 || got.problem() == "" {
		r.Errorf("%d out %v\n%s", got.status, got.out, got.body)
	}
}

func postedRequest(r *trial) {
	q := r.request()
	r.flow(q, r.b.walk(r.b.post(r.issuer+oidc.PathAuthorize, q)))
}

func secretPost(r *trial) {
	p := r.another("certified-post", idp.AuthSecretPost)
	inBody, own := *r, p.secret
	inBody.client, p.secret = p, "" // it doesn't go into the header
	q := inBody.request()
	got := p.send(oidc.PathToken, codeForm(inBody.code(q, r.b.walk(r.begin(q))), "code_verifier", "", "client_secret", own))
	t := got.tokens()
	inBody.tokenAnswer(got, t)
	inBody.idToken(t, q)
	inBody.userinfo(t.Access)
	if !slices.Contains(list(r.discovery(), "token_endpoint_auth_methods_supported"), idp.AuthSecretPost) {
		r.Error("discovery doesn't list client_secret_post")
	}
}

func validPKCE(r *trial) {
	good := asked(r.client.id)
	q := r.request("code_challenge", good.Get("code_challenge"), "code_challenge_method", "S256")
	r.userinfo(r.redeem(q, r.code(q, r.b.walk(r.begin(q))), "code_verifier", verifier).Access)
}
