package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/store/pgtest"
)

func TestWholeLoginOverHTTP(t *testing.T) {
	t.Run("on SQLite", func(t *testing.T) { wholeLogin(t, startDemo(t)) })
	t.Run("on PostgreSQL", func(t *testing.T) { wholeLogin(t, startDemoIn(t, t.TempDir(), "--set", "store.url="+pgtest.URL(t))) })
}

func wholeLogin(t *testing.T, d *demo) {
	c := newClient(t)

	c.password(d).must("input[name=code]")
	if text := c.page.Text(); !strings.Contains(text, "+7 999 ***-**-01") || strings.Contains(text, "0000001") {
		t.Errorf("the call page does not show the masked number alone:\n%s", text)
	}
	code := d.ring(t, 1)
	c.submit("input[name=code]", map[string]string{"code": code}).must("#signed-in")

	claims := c.claims()
	for _, name := range []string{"sub", "sid", "iss", "aud", "exp", "iat", "nonce", "at_hash"} {
		if claims[name] == nil {
			t.Errorf("the ID token has no %s: %v", name, claims)
		}
	}
	if claims["acr"] != "urn:ringtail:acr:2" {
		t.Errorf("acr = %v", claims["acr"])
	}
	if amr, want := claims["amr"], []any{"pwd", "tel", "mca", "mfa"}; !slices.Equal(amr.([]any), want) {
		t.Errorf("amr = %v, want %v", amr, want)
	}
	if age := time.Since(time.Unix(int64(claims["auth_time"].(float64)), 0)); age < -time.Minute || age > 5*time.Minute {
		t.Errorf("auth_time is %v ago", age)
	}
	if info := c.page.Find("#userinfo").Text(); !strings.Contains(info, `"phone_number": "+79990000001"`) {
		t.Errorf("userinfo answers %s", info)
	}

	c.submit("#refresh", nil).must("#signed-in")
	if again := c.claims(); again["sub"] != claims["sub"] || again["sid"] != claims["sid"] || again["auth_time"] != claims["auth_time"] {
		t.Errorf("after a refresh: %v, before: %v", again, claims)
	}

	c.get(d.shop + "/login").must("#signed-in") // the provider's session answers without asking
	if n := len(d.calls(t, demoNumber)); n != 1 {
		t.Errorf("signing in again with a session placed call %d", n)
	}

	c.submit("#sign-out", nil).must("#sign-in")
	c.get(d.shop + "/login").must("input[name=password]") // the provider's session is over too
}

func TestReloadingNeverCallsAgain(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	c.password(d)
	code := d.ring(t, 1)
	for range 5 {
		c.get(c.at.String()).must("input[name=code]")
	}
	if n := len(d.calls(t, demoNumber)); n != 1 {
		t.Fatalf("%d calls were placed", n)
	}
	c.submit("input[name=code]", map[string]string{"code": code}).must("#signed-in")
}

func TestWrongCodesAndAnotherCall(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	c.password(d)
	code := d.ring(t, 1)
	for i := range 3 {
		c.submit("input[name=code]", map[string]string{"code": wrong(code)})
		if c.has("#signed-in") {
			t.Fatalf("wrong code %d was accepted", i+1)
		}
		if i < 2 && !c.has("[aria-invalid=true]") {
			t.Errorf("wrong code %d is not tied to its field:\n%s", i+1, c.page.Text())
		}
	}
	// The attempts of this login are used up: even the right code comes too late.
	action, values := c.at.String(), map[string][]string{"code": {code}}
	res, err := c.http.PostForm(action, values)
	if c.read(res, err); c.has("#signed-in") {
		t.Fatal("the right code was accepted after the attempts were used up")
	}
	c.submit("[value=resend]", map[string]string{"action": "resend"})
	second := d.ring(t, 2)
	c.get(c.at.String()).submit("input[name=code]", map[string]string{"code": second}).must("#signed-in")
}

func TestAFormPostedTwiceCountsOnce(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	action, values := c.codeUnheard(d)
	res, err := c.http.PostForm(action, values)
	c.read(res, err).must("#signed-in")
}

// The cookie from before the proof may be somebody else's too: without the form that
// signed in, it leads nowhere, and the person begins anew.
func TestTheCookieFromBeforeTheProofIsWorthNothing(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	action, values := c.codeUnheard(d)
	refused := func(how string) {
		t.Helper()
		if c.last.StatusCode != http.StatusBadRequest || c.has("#signed-in") || c.last.Request.URL.Query().Has("code") {
			t.Errorf("%s: %s at %s:\n%s", how, c.last.Status, c.at, c.page.Text())
		}
	}
	c.get(action)
	refused("by address")
	values.Set("form", "made-up")
	res, err := c.http.PostForm(action, values)
	c.read(res, err)
	refused("by another form")
	c.password(d)
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 2)}).must("#signed-in")
}

// codeUnheard signs in up to the form with the first call's code, whose answer, with its
// new cookie and its redirect, never arrives. It returns the form as it was posted.
func (c *client) codeUnheard(d *demo) (action string, values url.Values) {
	c.t.Helper()
	c.password(d)
	code := d.ring(c.t, 1)
	c.get(c.at.String())
	action, values = c.fields("input[name=code]")
	values.Set("code", code)
	lost := *c.http
	lost.Jar = frozen{c.http.Jar}
	lost.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := lost.PostForm(action, values)
	if err != nil {
		c.t.Fatal(err)
	}
	res.Body.Close()
	return action, values
}

// frozen sends cookies and keeps none.
type frozen struct{ http.CookieJar }

func (frozen) SetCookies(*url.URL, []*http.Cookie) {}

func TestALoginBelongsToItsBrowser(t *testing.T) {
	d := startDemo(t)
	victim, thief := newClient(t), newClient(t)
	victim.password(d)
	code := d.ring(t, 1)
	thief.get(victim.at.String())
	if thief.last.StatusCode != http.StatusForbidden || thief.has("input[name=code]") {
		t.Errorf("another browser sees %s:\n%s", thief.last.Status, thief.page.Text())
	}
	res, err := thief.http.PostForm(victim.at.String(), map[string][]string{"code": {code}})
	if thief.read(res, err); thief.has("#signed-in") {
		t.Error("another browser finished the login")
	}
	victim.get(victim.at.String()).submit("input[name=code]", map[string]string{"code": code}).must("#signed-in")
}
