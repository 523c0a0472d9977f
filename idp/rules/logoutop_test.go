package rules_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// logoutModules are those of the plan oidcc-rp-initiated-logout-certification-test-plan.
func logoutModules() []module {
	return []module{
		{"oidcc-rp-initiated-logout-discovery-endpoint-verification", "discovery has end_session_endpoint, and https endpoints alone", logoutDiscovery},
		{"oidcc-rp-initiated-logout", "with hint, registered URI and a long state the person is signed out and sent back with that state and nothing more; `prompt=none` then fails", returnsSignedOut(true)},
		{"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", "an unregistered URI is never followed", staysThere(func(r *trial, q url.Values) { q.Set("post_logout_redirect_uri", goodbye+"/other") })},
		{"oidcc-rp-initiated-logout-modified-id-token-hint", "a hint that was made unsigned (`alg: none`) leads nowhere", staysThere(unsignedHint)},
		{"oidcc-rp-initiated-logout-no-id-token-hint", "without a hint the person is asked, and nobody is sent back before", staysThere(func(_ *trial, q url.Values) { q.Del("id_token_hint") })},
		{"oidcc-rp-initiated-logout-no-params", "without parameters the person is signed out, after a question", signsOut(func(q url.Values) { clear(q) })},
		{"oidcc-rp-initiated-logout-no-post-logout-redirect-uri", "with a hint and no URI the person is signed out and stays", signsOut(func(q url.Values) { q.Del("post_logout_redirect_uri") })},
		{"oidcc-rp-initiated-logout-no-state", "without a state nothing is added to the URI", returnsSignedOut(false)},
		{"oidcc-rp-initiated-logout-only-state", "with a state alone the person is signed out, after a question", signsOut(func(q url.Values) { q.Del("id_token_hint"); q.Del("post_logout_redirect_uri") })},
		{"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", "a query added to a registered URI makes it another one", staysThere(func(_ *trial, q url.Values) { q.Set("post_logout_redirect_uri", goodbye+"?foo=bar") })},
		{"oidcc-rp-initiated-logout-bad-id-token-hint", "a hint that somebody else signed leads nowhere", staysThere(foreignHint)},
	}
}

func logoutDiscovery(r *trial) { r.httpsEndpoints(r.discovery(), "end_session_endpoint") }

// leaving signs a fresh browser in and gives what the suite sends to the end
// session endpoint.
func (r *trial) leaving() url.Values {
	r.Helper()
	r.fresh()
	t, _ := r.signedIn()
	return url.Values{"id_token_hint": {t.ID}, "post_logout_redirect_uri": {goodbye}, "state": {strings.Repeat(rand.Text(), 5)[:128]}}
}

// signedOut says whether the browser's sign-in is over.
func (r *trial) signedOut() bool {
	r.Helper()
	got := r.silent(r.request("prompt", "none"))
	if got.answer().Has("code") {
		return false
	}
	r.needsPerson(got.answer().Get("error"))
	return true
}

func returnsSignedOut(state bool) func(*trial) {
	return func(r *trial) {
		q := r.leaving()
		want := goodbye + "?state=" + q.Get("state")
		if !state {
			q.Del("state")
			want = goodbye
		}
		if got := r.b.get(oidc.PathLogout, q); got.out == nil || got.out.String() != want {
			r.Errorf("%d, out %v, want %s\n%s", got.status, got.out, want, got.body)
		}
		if !r.signedOut() {
			r.Error("still signed in")
		}
	}
}

// staysThere wants a question or a problem, and no way out of them that nobody chose.
func staysThere(change func(*trial, url.Values)) func(*trial) {
	return func(r *trial) {
		q := r.leaving()
		change(r, q)
		got := r.b.get(oidc.PathLogout, q)
		if got.out != nil || got.problem() == "" && !got.has("form[method=post]") {
			r.Errorf("%d, out %v\n%s", got.status, got.out, got.body)
		}
		if r.signedOut() {
			r.Error("signed out without a question")
		}
	}
}

// signsOut wants a page that says so, after a question where one is asked.
func signsOut(change func(url.Values)) func(*trial) {
	return func(r *trial) {
		q := r.leaving()
		change(q)
		got := r.b.get(oidc.PathLogout, q)
		if got.has("form[method=post]") {
			got = r.b.submit(got, "form[method=post]")
		}
		if got.out != nil || got.status != http.StatusOK || got.problem() != "" {
			r.Errorf("%d, out %v\n%s", got.status, got.out, got.body)
		}
		if !r.signedOut() {
			r.Error("still signed in")
		}
	}
}

func unsignedHint(_ *trial, q url.Values) {
	parts := strings.Split(q.Get("id_token_hint"), ".")
	q.Set("id_token_hint", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))+"."+parts[1]+".")
}

func foreignHint(r *trial, q url.Values) {
	claims := fields(r.site, q.Get("id_token_hint"), 1)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	r.must(err)
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", r.kids()[slices.IndexFunc(r.keySet().Keys, func(k jose.JSONWebKey) bool { return k.Algorithm == r.alg })])
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	r.must(err)
	forged, err := jwt.Signed(signer).Claims(claims).Serialize()
	r.must(err)
	q.Set("id_token_hint", forged)
}
