package oidc_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// bank is an API that wants two factors of the last five minutes, and says so as
// docs/how-to/step-up.md has it (RFC 9470, section 3). It introspects tokens with
// its own registration.
func (w *world) bank(token string) (status int, challenge string) {
	w.t.Helper()
	told := w.agent().post(oidc.PathIntrospect, url.Values{"token": {token}}, basic("bank", secret)).json(w.t)
	since, _ := told["auth_time"].(float64)
	fresh := w.clock.Now().Sub(time.Unix(int64(since), 0)) <= 5*time.Minute
	switch {
	case told["active"] != true:
		return http.StatusUnauthorized, `Bearer error="invalid_token"`
	case told["acr"] != idp.ACRTwoFactors || !fresh:
		return http.StatusUnauthorized, fmt.Sprintf(`Bearer error="insufficient_user_authentication", acr_values="%s", max_age="300"`, idp.ACRTwoFactors)
	}
	return http.StatusOK, ""
}

var challengeParameter = regexp.MustCompile(`(\w+)="([^"]*)"`)

// TestStepUp walks the how-to: an API refuses a token of one factor, the relying
// party asks for what the challenge names, and the new token is enough until it is
// too old.
func TestStepUp(t *testing.T) {
	w := newWorld(t)
	const accounts = "https://bank.example/accounts"
	w.addClient(idp.Client{ID: "bank", Grants: []string{idp.GrantClientCredentials}, ClientMetadata: idp.ClientMetadata{Serves: []string{accounts}}})
	w.addClient(idp.Client{ID: "teller", ClientMetadata: idp.ClientMetadata{Resources: []string{accounts}}})
	w.finish = func(l *idp.Login) { // a policy of one factor, where nobody asks for more
		if l.Request.Class() != idp.ACRTwoFactors {
			l.Facts = l.Facts[:1]
		}
	}
	a := w.agent()
	first := a.signIn("teller", "resource", accounts)
	status, challenge := w.bank(first.Access)
	asked := []string{"resource", accounts, "id_token_hint", first.ID}
	for _, parameter := range challengeParameter.FindAllStringSubmatch(challenge, -1) {
		if parameter[1] != "error" {
			asked = append(asked, parameter[1], parameter[2])
		}
	}
	if status != http.StatusUnauthorized || len(asked) != 8 {
		t.Fatalf("%d %q", status, challenge)
	}
	second := a.signIn("teller", asked...)
	if status, challenge := w.bank(second.Access); status != http.StatusOK {
		t.Errorf("after the step: %d %q", status, challenge)
	}
	if status, _ := w.bank(first.Access); status != http.StatusUnauthorized {
		t.Error("the old token has stepped up too")
	}
	claims := claimsOf(t, second.ID)
	if claims["acr"] != idp.ACRTwoFactors || claims["auth_time"] != float64(w.clock.Now().Unix()) {
		t.Errorf("%v", claims)
	}
	w.clock.advance(6 * time.Minute)
	if status, _ := w.bank(second.Access); status != http.StatusUnauthorized {
		t.Error("an old proof is enough")
	}
}

// TestEssentialClass: the claim is one of the values that were named, or there is
// no login (OpenID Connect Core, section 5.5.1.1).
func TestEssentialClass(t *testing.T) {
	wish := func(values string) string { return `{"id_token":{"acr":{"essential":true,"values":[` + values + `]}}}` }
	one, two, phone := `"`+idp.ACROneFactor+`"`, `"`+idp.ACRTwoFactors+`"`, `"`+idp.ACRPhone+`"`
	for name, c := range map[string]struct {
		claims  string
		factors int
		want    string // the claim, or the error
	}{
		"reached":                {wish(two), 2, idp.ACRTwoFactors},
		"more was proved":        {wish(one), 2, idp.ACROneFactor},
		"one of several":         {wish(one + "," + two), 2, idp.ACRTwoFactors},
		"a call":                 {wish(phone), 2, idp.ACRPhone},
		"not reached":            {wish(two), 1, "unmet_authentication_requirements"},
		"a call that nobody had": {wish(phone), 1, "unmet_authentication_requirements"},
		"nobody knows it":        {wish(`"phr"`), 2, "unmet_authentication_requirements"},
		"without values":         {`{"id_token":{"acr":{"essential":true}}}`, 1, idp.ACROneFactor},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.finish = func(l *idp.Login) { l.Facts = l.Facts[:c.factors] }
			a := w.agent()
			got := a.get(oidc.PathAuthorize, request("app", "claims", c.claims))
			if code := got.query("code"); code != "" {
				if acr := claimsOf(t, w.tokens(a.post(oidc.PathToken, codeForm(code), basic("app", secret))).ID)["acr"]; acr != c.want {
					t.Errorf("acr %v, want %s", acr, c.want)
				}
			} else if got.query("error") != c.want || got.query("iss") != w.issuer {
				t.Errorf("%v, want %s", got.location, c.want)
			}
		})
	}
}
