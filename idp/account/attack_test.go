package account_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/login"
)

func TestAnotherSiteCantPost(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	form := a.signIn("ann").wants(http.StatusOK, "allowed").form("[value=stop]")
	for name, header := range map[string]http.Header{
		"another site":          {"Sec-Fetch-Site": {"cross-site"}},
		"a sibling domain":      {"Sec-Fetch-Site": {"same-site"}},
		"another origin":        {"Origin": {"https://evil.example"}},
		"an origin of no place": {"Origin": {"null"}},
	} {
		a.header = header
		if v := a.post("/blitz/profile", form); v.status != http.StatusForbidden || v.problem() != login.ProblemCrossOrigin {
			t.Errorf("%s: %d %s", name, v.status, v.problem())
		}
	}
	w.stops.wants(t)
}

// Without a session nothing happens, whatever the form holds.
func TestNoSessionDoesNothing(t *testing.T) {
	w := newWorld(t)
	form := w.agent().signIn("ann").form("[value=stop]")
	for _, action := range []string{"stop", "allow"} {
		form.Set("action", action)
		a := w.agent()
		if v := a.post("/blitz/profile", form); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
			t.Errorf("%s without a session leads to %s", action, v.at)
		}
	}
	w.stops.wants(t)
}

// A form belongs to the session and the number that it was made for.
func TestSomebodyElsesFormDoesNothing(t *testing.T) {
	w := newWorld(t)
	a, b := w.agent(), w.agent()
	anns := a.signIn("ann").form("[value=stop]")
	bobs := b.signIn("bob").form("[value=stop]")
	b.post("/blitz/profile", anns).wants(http.StatusOK, "allowed")
	for _, forged := range []url.Values{{"action": {"stop"}}, {"action": {"stop"}, "for": {""}}, {"action": {"stop"}, "for": {"x"}}} {
		b.post("/blitz/profile", forged).wants(http.StatusOK, "allowed")
	}
	w.stops.wants(t)

	// The page of bob's is still open when his number has changed.
	_, err := w.store.UpdateUser(t.Context(), "bob", func(u *idp.User) error {
		u.Attributes["phone_number"] = "+79990000003"
		return nil
	})
	must(t, err)
	b.post("/blitz/profile", bobs).wants(http.StatusOK, "allowed")
	w.stops.wants(t)
}

// A session under another browser's cookie is nobody's: the row that names it
// must be the browser's that it was made in.
func TestASessionOfAnotherBrowserIsNone(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	form := a.signIn("ann").form("[value=stop]")
	a.post("/blitz/profile", form).wants(http.StatusOK, "stopped")
	w.stops.wants(t, "stop "+annsPhone)
	_, err := w.store.UpdateSession(t.Context(), w.logged("session_id"), func(s *idp.Session) error {
		s.Browser = "another"
		return nil
	})
	must(t, err)
	a.post("/blitz/profile", form)
	if v := a.get("/blitz/profile"); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
		t.Errorf("the page is shown at %s", v.at)
	}
	w.stops.wants(t)
}

// Stopping protects, so any session may. Allowing takes a login that is not
// older than a quarter of an hour.
func TestAStaleSessionCantAllow(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	v := a.signIn("ann")
	w.wait(30 * time.Minute)
	stopped := a.post("/blitz/profile", v.form("[value=stop]")).wants(http.StatusOK, "stopped")
	w.stops.wants(t, "stop "+annsPhone)

	asked := a.post("/blitz/profile", stopped.form("[value=allow]"))
	if !strings.HasPrefix(asked.at.Path, "/blitz/login/") || a.passed[0].Query().Get("max_age") != "900" {
		t.Fatalf("a stale session goes by %v", a.passed)
	}
	w.stops.wants(t)
	a.get("/blitz/profile").wants(http.StatusOK, "stopped") // still signed in, and no more

	back := a.password(asked, "ann").wants(http.StatusOK, "stopped")
	w.stops.wants(t) // coming back alone changes nothing
	a.post("/blitz/profile", back.form("[value=allow]")).wants(http.StatusOK, "allowed")
	w.stops.wants(t, "allow "+annsPhone)
}

func TestFreshMeansAQuarterOfAnHour(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	form := a.signIn("ann").form("[value=stop]")
	form.Set("action", "allow")
	w.wait(account.MaxAge)
	a.post("/blitz/profile", form).wants(http.StatusOK, "allowed")
	w.stops.wants(t, "allow "+annsPhone)
	w.wait(time.Second)
	if v := a.post("/blitz/profile", form); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
		t.Errorf("a second later it leads to %s", v.at)
	}
	w.stops.wants(t)
}

// The code of the built-in client is good for nothing, whoever comes with it,
// even who made the request and so knows the challenge's verifier.
func TestItsCodeCantBeRedeemed(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.CreateClient(t.Context(), &idp.Client{
		ID: "app", AuthMethod: idp.AuthNone, RedirectURIs: []string{"https://app.example/cb"}, Grants: []string{idp.GrantCode}, SigningAlg: "RS256",
	}))
	basic := func(id, secret string) http.Header {
		return http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))}}
	}
	for name, c := range map[string]struct {
		header http.Header
		form   url.Values
		want   string
	}{
		"by its name":                {nil, url.Values{"client_id": {account.ClientID}}, "invalid_client"},
		"with no secret":             {basic(account.ClientID, ""), nil, "invalid_client"},
		"with a secret":              {basic(account.ClientID, "guess"), nil, "invalid_client"},
		"with a posted secret":       {nil, url.Values{"client_id": {account.ClientID}, "client_secret": {"guess"}}, "invalid_client"},
		"with a posted empty secret": {nil, url.Values{"client_id": {account.ClientID}, "client_secret": {""}}, "invalid_client"},
		"by another client":          {nil, url.Values{"client_id": {"app"}}, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			a, verifier, redirect := w.agent(), strings.Repeat("v", 43), w.server.URL+"/blitz/profile"
			challenge := sha256.Sum256([]byte(verifier))
			request := url.Values{
				"client_id": {account.ClientID}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid"},
				"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
			}
			a.password(a.get("/blitz/oauth/ae?"+request.Encode()), "ann")
			form := url.Values{
				"grant_type": {"authorization_code"}, "code": {codeIn(t, a.passed)}, "redirect_uri": {redirect}, "code_verifier": {verifier},
			}
			for key, values := range c.form {
				form[key] = values
			}
			other := w.agent()
			other.header = c.header
			if other.header == nil {
				other.header = http.Header{}
			}
			if v := other.post("/blitz/oauth/te", form); v.status < 400 || !strings.Contains(v.body, c.want) || strings.Contains(v.body, "token\"") {
				t.Errorf("%d %s, want %s", v.status, v.body, c.want)
			}
		})
	}
}

// codeIn is the code of the answer that the browser passed on its way.
func codeIn(t *testing.T, passed []*url.URL) string {
	t.Helper()
	for _, u := range passed {
		if code := u.Query().Get("code"); code != "" {
			return code
		}
	}
	t.Fatalf("no code in %v", passed)
	return ""
}

// Neither the settings nor the database can put another client in its place, and
// nothing of the provider takes the built-in one for more than it is.
func TestTheBuiltInClientCantBeShadowed(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.CreateClient(t.Context(), &idp.Client{
		ID: account.ClientID, AuthMethod: idp.AuthNone, RedirectURIs: []string{"https://evil.example/cb"}, Grants: []string{idp.GrantCode, idp.GrantRefresh},
		PostLogoutURIs: []string{"https://evil.example/"}, SigningAlg: "RS256",
	}))
	query := url.Values{
		"client_id": {account.ClientID}, "redirect_uri": {"https://evil.example/cb"}, "response_type": {"code"}, "scope": {"openid"},
		"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"},
	}
	a := w.agent()
	if v := a.get("/blitz/oauth/ae?" + query.Encode()); v.status != http.StatusBadRequest || len(a.passed) != 0 {
		t.Errorf("the shadow's redirect URI: %d by %v", v.status, a.passed)
	}
	a.signIn("ann").wants(http.StatusOK, "allowed")
	logout := url.Values{"client_id": {account.ClientID}, "post_logout_redirect_uri": {"https://evil.example/"}}
	if v := a.get("/blitz/oauth/logout?" + logout.Encode()); v.status != http.StatusBadRequest {
		t.Errorf("the shadow's logout: %d", v.status)
	}
	must(t, w.store.DeleteClient(t.Context(), account.ClientID))
	w.agent().signIn("ann").wants(http.StatusOK, "allowed")
}

// What comes back must be of the request that this browser was sent with.
func TestTheStateBelongsToTheBrowser(t *testing.T) {
	w := newWorld(t)
	a, b := w.agent(), w.agent()
	a.signIn("ann")
	b.signIn("bob")
	i := slices.IndexFunc(a.passed, func(u *url.URL) bool { return u.Query().Has("code") })
	anns := a.passed[i].RequestURI()
	if v := b.get(anns); v.status != http.StatusBadRequest || v.problem() != idp.ProblemLoginUnknown {
		t.Errorf("another browser's answer: %d %s", v.status, v.problem())
	}
	for _, query := range []string{"state=", "state=.", "state=a.b", "state=a.b&error=access_denied"} {
		if v := a.get("/blitz/profile?" + query); v.status != http.StatusBadRequest {
			t.Errorf("%s: %d", query, v.status)
		}
	}
	if v := a.get(anns).wants(http.StatusOK, "allowed"); v.at.RawQuery != "" {
		t.Errorf("the address keeps %s", v.at.RawQuery)
	}
}
