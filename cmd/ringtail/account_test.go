package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// profile goes to the account page and through the login, by a call.
func (c *client) profile(d *demo) *client {
	c.t.Helper()
	before := len(d.calls(c.t, demoNumber))
	c.get(d.provider+"/blitz/profile").submit("input[name=password]", map[string]string{"login": "demo", "password": "ring-the-phone"})
	code := d.ring(c.t, before+1)
	return c.submit("input[name=code]", map[string]string{"code": code}).must("[data-calls]")
}

// press posts the form whose button has the action.
func (c *client) press(action string) *client {
	c.t.Helper()
	return c.submit("button[value="+action+"]", map[string]string{"action": action})
}

// The person stops the calls, another login then rings nobody and says why, and
// after that the person allows them again.
func TestStoppingCallsToOnesNumber(t *testing.T) {
	d := startDemo(t)
	owner := newClient(t).profile(d)
	if at := owner.at.String(); at != d.provider+"/blitz/profile" {
		t.Fatalf("the page is at %s", at)
	}
	text := owner.page.Text()
	if !strings.Contains(text, "demo") || !strings.Contains(text, "+7 999 ***-**-01") || strings.Contains(text, "0000001") {
		t.Errorf("the page says\n%s", text)
	}
	last := owner.page.Find(".calls li").First()
	if last.AttrOr("data-channel", "") != "flashCall" || last.AttrOr("data-state", "") != "confirmed" || !strings.Contains(last.Text(), "Ringtail") {
		t.Errorf("the last call is %s", last.Text())
	}
	owner.press("stop").must("[data-calls=stopped]")

	other := newClient(t).password(d)
	if other.has("#signed-in") || !other.has("[data-state=stopped]") || !other.has("[data-problem=calls_stopped]") {
		t.Errorf("another login shows\n%s", other.page.Text())
	}
	if n := len(d.calls(t, demoNumber)); n != 1 {
		t.Errorf("%d calls were placed", n)
	}

	owner.press("allow").must("[data-calls=allowed]")
	other.password(d)
	other.submit("input[name=code]", map[string]string{"code": d.ring(t, 2)}).must("#signed-in")
	shown := owner.get(d.provider + "/blitz/profile").page.Find(".calls li").First()
	if !strings.Contains(shown.Text(), "Demo shop") || shown.AttrOr("data-state", "") != "confirmed" {
		t.Errorf("the last call is %s", shown.Text())
	}
}

// The code that came back to the page is of no use to the demo's own client, whose
// secret is right.
func TestTheAccountPagesCodeIsNobodys(t *testing.T) {
	d := startDemo(t)
	var code string
	c := newClient(t)
	c.http.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if got := r.URL.Query().Get("code"); got != "" {
			code = got
		}
		return nil
	}
	c.profile(d)
	if code == "" {
		t.Fatal("no code came back")
	}
	for id, secret := range map[string]string{demoClient: demoSecret, "_blitz_profile": "", "_blitz_profile ": "x"} {
		form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {d.provider + "/blitz/profile"}}
		r, err := http.NewRequest(http.MethodPost, d.provider+"/blitz/oauth/te", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(url.QueryEscape(id), secret)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode < 400 {
			t.Errorf("%q redeemed it: %s", id, res.Status)
		}
	}
}

// Where a call is a first factor, a stopped number gets the answer that every
// number gets, and no call.
func TestAStoppedNumberAsFirstFactor(t *testing.T) {
	d := startDemo(t, "--set", "login.level = 1",
		"--set", "login.factors = [ [ { method = password, enabled = true }, { method = flashCall, enabled = true } ], [] ]")
	owner := newClient(t).get(d.provider+"/blitz/profile").submit("[value=password]", map[string]string{"method": "password"})
	owner.submit("input[name=password]", map[string]string{"login": "demo", "password": "ring-the-phone"}).press("stop").must("[data-calls=stopped]")

	var states []string
	for _, number := range []string{"79990000001", "79990000002"} {
		c := newClient(t).get(d.shop+"/login").submit("[value=flashCall]", map[string]string{"method": "flashCall"})
		c.submit("input[name=phone]", map[string]string{"phone": "+" + number}).must("input[name=code]")
		states = append(states, c.page.Find("[data-state]").AttrOr("data-state", "")+" "+c.last.Status)
	}
	if states[0] != states[1] {
		t.Errorf("a stopped number answers %q, another %q", states[0], states[1])
	}
	d.ringing(t, "79990000002", 1)
	if n := len(d.calls(t, demoNumber)); n != 0 {
		t.Errorf("%d calls were placed", n)
	}
	if owner.get(d.provider + "/blitz/profile"); owner.has(".calls li") {
		t.Errorf("the owner sees a call that was not placed:\n%s", owner.page.Text())
	}
	owner.press("allow").must("[data-calls=allowed]")
	c := newClient(t).get(d.shop+"/login").submit("[value=flashCall]", map[string]string{"method": "flashCall"})
	c.submit("input[name=phone]", map[string]string{"phone": "+" + demoNumber})
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 1)}).must("#signed-in")
}

// Who can't sign in because of the stop needs an administrator.
func TestAnAdministratorLiftsAStop(t *testing.T) {
	d := startDemo(t)
	file := filepath.Join(d.dir, "blitz.conf")
	newClient(t).profile(d).press("stop").must("[data-calls=stopped]")
	locked := newClient(t).password(d).must("[data-state=stopped]")

	code, out, errOut := ringtail(t, "", "user", "unblock", "Demo", "--conf", file)
	if code != exitOK || !strings.Contains(out, "calls to +7 999 ***-**-01 are allowed again") || strings.Contains(out+errOut, "0000001") {
		t.Fatalf("exit code %d: %s%s", code, out, errOut)
	}
	locked.password(d)
	locked.submit("input[name=code]", map[string]string{"code": d.ring(t, 2)}).must("#signed-in")

	if _, out, _ = ringtail(t, "", "user", "unblock", "demo", "--conf", file); !strings.Contains(out, "nothing was blocked") {
		t.Errorf("a second time says %q", out)
	}
}

// Too many wrong codes block the method for the person; an administrator lifts
// that too.
func TestAnAdministratorLiftsTheBlockOfTheMethod(t *testing.T) {
	d := startDemo(t, "--set", "login.methods.flashCall.totalAttempts = 3", "--set", "login.methods.flashCall.attemptsPerLogin = 2")
	c := newClient(t).password(d)
	digits := d.ring(t, 1)
	for range 2 {
		c.submit("input[name=code]", map[string]string{"code": wrong(digits)})
	}
	c.get(c.at.String()).must("[data-state=blocked]")
	code, out, errOut := ringtail(t, "", "user", "unblock", "demo", "--conf", filepath.Join(d.dir, "blitz.conf"))
	if code != exitOK || !strings.Contains(out, "flashCall") {
		t.Fatalf("exit code %d: %s%s", code, out, errOut)
	}
	c.get(c.at.String()).press("resend")
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 2)}).must("#signed-in")
}
