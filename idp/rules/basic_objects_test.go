package rules_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

func requestURI(r *trial) {
	q := r.request("request_uri", "https://rp.example/request.jwt")
	if got := r.refused(q, r.begin(q)); got != "request_uri_not_supported" {
		r.Errorf("error %s", got)
	}
	if r.discovery()["request_uri_parameter_supported"] != false {
		r.Error("discovery doesn't say that request_uri is not supported; its default is that it is")
	}
}

// unsigned makes a request object as the suite does: the parameters, iss and aud,
// no exp, and no signature.
func (r *trial) unsigned(q url.Values) string {
	r.Helper()
	claims := map[string]any{"iss": r.client.id, "aud": r.issuer}
	for name := range q {
		claims[name] = q.Get(name)
	}
	body, err := json.Marshal(claims)
	r.must(err)
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(body) + "."
}

// unsignedRequestObject sends a request object, and beside it what OAuth wants and
// a redirect URI that may be wrong.
func unsignedRequestObject(outside string) func(*trial) {
	return func(r *trial) {
		q := r.request()
		sent := url.Values{"client_id": q["client_id"], "response_type": q["response_type"], "scope": q["scope"], "redirect_uri": {outside}, "request": {r.unsigned(q)}}
		got := r.b.walk(r.begin(sent))
		if r.discovery()["request_parameter_supported"] != true {
			r.Error("discovery doesn't say that request objects are supported")
		}
		offered := slices.Contains(list(r.discovery(), "request_object_signing_alg_values_supported"), "none")
		if offered || got.answer().Has("code") {
			r.flow(q, got)
			return
		}
		// The suite leaves the module out where unsigned ones are not announced.
		if code := got.answer().Get("error"); code != "invalid_request_object" && got.problem() == "" {
			r.Errorf("%d error %q out %v", got.status, code, got.out)
		}
	}
}

func claimsEssential(r *trial) {
	if r.discovery()["claims_parameter_supported"] != true {
		r.Error("discovery doesn't say that the claims parameter is supported")
	}
	_, info := r.signedIn("claims", `{"userinfo":{"name":{"essential":true}}}`)
	if info["name"] == nil || info["given_name"] != nil {
		r.Errorf("userinfo %v", info)
	}
}

func refreshTokens(r *trial) {
	if !slices.Contains(list(r.discovery(), "grant_types_supported"), "refresh_token") {
		r.Error("discovery doesn't list the grant refresh_token")
	}
	r.refreshed()
	second := *r
	second.client = r.another("certified-too", idp.AuthSecretBasic, idp.GrantRefresh)
	t := second.refreshed()
	r.tokenError(r.client.send(oidc.PathToken, refreshForm(t.Refresh, "scope", "openid offline_access")), "invalid_grant")
}

// refreshed gets tokens with a refresh token and refreshes them.
func (r *trial) refreshed() tokens {
	r.Helper()
	first, _ := r.signedIn("scope", "openid offline_access", "prompt", "consent")
	if first.Refresh == "" {
		r.Fatal("there is no refresh token")
	}
	r.clock.advance(time.Second)
	got := r.client.send(oidc.PathToken, refreshForm(first.Refresh, "scope", "openid offline_access"))
	second := got.tokens()
	r.tokenAnswer(got, second)
	if second.Access == first.Access || second.Refresh != "" && entropy(second.Refresh) < 96 {
		r.Errorf("refreshed to %+v", second)
	}
	a, b := fields(r.site, first.ID, 1), fields(r.site, second.ID, 1)
	for _, name := range []string{"iss", "sub", "auth_time", "azp"} {
		if a[name] != b[name] {
			r.Errorf("%s was %v and became %v", name, a[name], b[name])
		}
	}
	if one, two := a["aud"], b["aud"]; !sameAudience(one, two) || a["iat"] == b["iat"] {
		r.Errorf("aud %v, then %v; iat %v, then %v", one, two, a["iat"], b["iat"])
	}
	r.userinfo(second.Access)
	return second
}

func sameAudience(a, b any) bool {
	one, errOne := json.Marshal(a)
	two, errTwo := json.Marshal(b)
	return errOne == nil && errTwo == nil && string(one) == string(two)
}
