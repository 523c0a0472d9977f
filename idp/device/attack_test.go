package device_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// wrong is a code that no device has; n makes many.
func wrong(n int) string {
	const letters = "BCDFGHJKLM"
	digits := fmt.Sprintf("%08d", n)
	return strings.Map(func(r rune) rune { return rune(letters[r-'0']) }, digits)
}

// The attack: guess the codes of devices that wait.
func TestGuessing(t *testing.T) {
	t.Run("in one browser", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		b.get("/blitz/device")
		for n := range 10 {
			b.types(wrong(n)).wants(http.StatusBadRequest, "device_code_unknown")
		}
		b.types(wrong(10)).wants(http.StatusTooManyRequests, "device_code_limited")
		b.types(d.user).wants(http.StatusTooManyRequests, "device_code_limited") // not even the right one
		w.wait(time.Hour)
		b.types(wrong(11)).wants(http.StatusBadRequest, "device_code_unknown")
	})
	t.Run("with a new browser each time", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		for n := range 50 {
			w.agent("192.0.2.1").types(wrong(n)).wants(http.StatusBadRequest, "device_code_unknown")
		}
		w.agent("192.0.2.1").types(d.user).wants(http.StatusTooManyRequests, "device_code_limited")
		w.agent("192.0.2.2").types(d.user).wants(http.StatusOK, "") // others aren't in the way
	})
	t.Run("from many addresses of one network", func(t *testing.T) {
		w := newWorld(t)
		for n := range 50 {
			w.agent(fmt.Sprintf("2001:db8:0:1::%x", n)).types(wrong(n))
		}
		w.agent("2001:db8:0:1:ffff::1").types(wrong(99)).wants(http.StatusTooManyRequests, "device_code_limited")
		w.agent("2001:db8:0:2::1").types(wrong(99)).wants(http.StatusBadRequest, "device_code_unknown")
	})
	t.Run("all at once", func(t *testing.T) {
		w := newWorld(t)
		var all sync.WaitGroup
		var looked atomic.Int32
		for n := range 80 {
			all.Go(func() {
				if w.agent("192.0.2.1").types(wrong(n)).status == http.StatusBadRequest {
					looked.Add(1)
				}
			})
		}
		all.Wait()
		if looked.Load() != 50 {
			t.Errorf("%d codes were looked up, want 50", looked.Load())
		}
	})
	t.Run("right ones take nothing", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		for range 60 {
			b.types(d.user).wants(http.StatusOK, "")
		}
	})
	t.Run("by links", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		b.types(wrong(0)) // has a cookie
		for _, proof := range []string{"", "x", strings.Repeat("0", 64)} {
			v := b.get("/blitz/device?" + url.Values{"user_code": {d.user}, "for": {proof}}.Encode())
			if v.page.Find("[value=continue]").Length() != 0 || strings.Contains(v.body, "Television") {
				t.Errorf("a link with the proof %q tells of the device:\n%s", proof, v.body)
			}
		}
	})
}

// The attack: fetch the tokens of somebody else's device.
func TestAnotherClientsDeviceCode(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	for _, client := range []string{"radio", "box"} {
		w.polls(client, d.code, "invalid_grant")
	}
	// What they asked has not slowed the device down.
	if a := w.poll("tv", d.code); a.get("error") != "authorization_pending" {
		t.Errorf("the device is told %s", a.text)
	}
	b := w.agent("192.0.2.1")
	b.answers(b.signsIn(b.toLogin(d.user), "ann"), "[value=allow]")
	for _, client := range []string{"radio", "box"} {
		w.polls(client, d.code, "invalid_grant")
	}
	w.polls("app", d.code, "unauthorized_client")
	w.polls("tv", d.code, "")
}

// A code is good for one set of tokens; who comes again ends what the first got.
func TestAnApprovedCodeComesTwice(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	b := w.agent("192.0.2.1")
	b.answers(b.signsIn(b.toLogin(d.user), "ann"), "[value=allow]")
	first := w.polls("tv", d.code, "")
	w.polls("radio", d.code, "invalid_grant")
	if a := w.ask("/blitz/oauth/te", "tv", "grant_type", "refresh_token", "refresh_token", first.get("refresh_token")); a.status != http.StatusOK {
		t.Errorf("another client's poll ended the tokens: %s", a.text)
	} else {
		first = a
	}
	w.polls("tv", d.code, "invalid_grant")
	if a := w.ask("/blitz/oauth/te", "tv", "grant_type", "refresh_token", "refresh_token", first.get("refresh_token")); a.get("error") != "invalid_grant" {
		t.Errorf("after the second use the tokens live: %s", a.text)
	}
}

// 64 polls at once: one has the tokens.
func TestParallelPolls(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	b := w.agent("192.0.2.1")
	b.answers(b.signsIn(b.toLogin(d.user), "ann"), "[value=allow]")
	var all sync.WaitGroup
	var winners, losers atomic.Int32
	for range 64 {
		all.Go(func() {
			switch a := w.poll("tv", d.code); {
			case a.status == http.StatusOK && a.get("access_token") != "":
				winners.Add(1)
			case a.get("error") == "invalid_grant":
				losers.Add(1)
			default:
				t.Errorf("a poll answers %d %s", a.status, a.text)
			}
		})
	}
	all.Wait()
	if winners.Load() != 1 || losers.Load() != 63 {
		t.Errorf("%d polls won and %d lost, want 1 and 63", winners.Load(), losers.Load())
	}
}

// The attack: ask so often that something gives. Each poll that comes too soon
// makes the wait longer, and none keeps the tokens from who is approved.
func TestImpatientPolls(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	at := func(after time.Duration, want string) {
		t.Helper()
		w.wait(after)
		if a := w.poll("tv", d.code); a.get("error") != want || a.status != http.StatusBadRequest {
			t.Errorf("after %v the device is told %d %s, want %s", after, a.status, a.text, want)
		}
	}
	at(0, "authorization_pending")
	at(5*time.Second, "authorization_pending")
	at(time.Second, "slow_down")
	at(8*time.Second, "slow_down") // 10 by now
	at(15*time.Second, "authorization_pending")
	at(14500*time.Millisecond, "authorization_pending") // within device.Leeway
	at(0, "slow_down")
	b := w.agent("192.0.2.1")
	b.answers(b.signsIn(b.toLogin(d.user), "ann"), "[value=allow]")
	if a := w.poll("tv", d.code); a.status != http.StatusOK {
		t.Errorf("once approved, an impatient device gets %d %s", a.status, a.text)
	}
}

func TestPollingAfterDenial(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	b := w.agent("192.0.2.1")
	v := b.signsIn(b.toLogin(d.user), "ann")
	login := v.at.Path
	allow := v.form("[value=allow]")
	if v := b.answers(v, "[value=cancel]"); v.decided() != "denied" {
		t.Fatalf("it ends at %s:\n%s", v.at, v.body)
	}
	w.polls("tv", d.code, "access_denied")
	b.post(login, allow) // the form from before, once more
	w.polls("tv", d.code, "access_denied")
	w.polls("tv", d.code, "access_denied")
}

// Two people, or one in two tabs: the first decides, the other learns that.
func TestApprovingTwice(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	a, b := w.agent("192.0.2.1"), w.agent("192.0.2.2")
	anns, eves := a.signsIn(a.toLogin(d.user), "ann"), b.signsIn(b.toLogin(d.user), "eve")
	second := a.toLogin(d.user) // another tab of ann's
	if v := a.answers(anns, "[value=allow]"); v.decided() != "approved" {
		t.Fatalf("ann ends at %s:\n%s", v.at, v.body)
	}
	for name, v := range map[string]*view{"eve": b.answers(eves, "[value=allow]"), "ann's other tab": a.answers(second, "[value=allow]")} {
		if v.status != http.StatusGone || v.problem() != "device_over" {
			t.Errorf("%s ends at %s with %d %q", name, v.at, v.status, v.problem())
		}
	}
	tokens := w.polls("tv", d.code, "")
	if info := w.userinfo(tokens.get("access_token")); !strings.Contains(info, `"sub":"ann"`) {
		t.Errorf("the device is signed in as %s", info)
	}
}

func (w *world) userinfo(token string) string {
	w.t.Helper()
	a := w.ask("/blitz/oauth/me", "", "access_token", token)
	return a.text
}

// The attack: begin here, let somebody go on elsewhere. A login, its consent and
// its end are of the browser that typed the code.
func TestALoginForADeviceInAnotherBrowser(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	eve, ann := w.agent("192.0.2.1"), w.agent("192.0.2.2")
	mine := eve.types(d.user)
	link := mine.at.RequestURI()
	v := ann.get(link).wants(http.StatusOK, "")
	if v.page.Find("[value=continue]").Length() != 0 || strings.Contains(v.body, "Television") {
		t.Errorf("eve's link works for ann:\n%s", v.body)
	}
	ann.types(wrong(0)) // now she has a cookie
	for _, action := range []string{"continue", "deny"} {
		form := mine.form("[value=continue]")
		form.Set("action", action)
		if v := ann.post("/blitz/device", form); v.at.RequestURI() != "/blitz/device" || v.status != http.StatusOK {
			t.Errorf("%s with eve's form leads ann to %s", action, v.at)
		}
	}
	w.polls("tv", d.code, "authorization_pending")
	login := eve.answers(mine, "[value=continue]")
	ann.get(login.at.Path).wants(http.StatusForbidden, "login_other_browser")
	done := eve.signsIn(login, "eve")
	allow := done.form("[value=allow]")
	ann.post(done.at.Path, allow).wants(http.StatusForbidden, "login_other_browser")
	id := done.at.Path[strings.LastIndex(done.at.Path, "/")+1:]
	ann.get("/blitz/oauth/ae/callback?id="+id).wants(http.StatusBadRequest, "login_unknown")
	w.polls("tv", d.code, "authorization_pending")
}

// The attack: have somebody's browser post the page's forms from another site, or
// send the same form again and again.
func TestForgedAndRepeatedForms(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	b := w.agent("192.0.2.1")
	v := b.types(d.user)
	form := v.form("[value=continue]")
	for name, header := range map[string][2]string{
		"another site": {"Sec-Fetch-Site", "cross-site"}, "a sibling domain": {"Sec-Fetch-Site", "same-site"},
		"another origin": {"Origin", "https://evil.example"}, "no origin": {"Origin", "null"},
	} {
		forged := w.agent("192.0.2.1")
		forged.client.Jar, forged.header = b.client.Jar, http.Header{"Accept": {"text/html"}, header[0]: {header[1]}}
		for _, post := range []url.Values{form, {"user_code": {d.user}}} {
			if v := forged.post("/blitz/device", post); v.status != http.StatusForbidden || v.problem() != "cross_origin" {
				t.Errorf("%s: %d %s", name, v.status, v.problem())
			}
		}
	}
	first := b.signsIn(b.post("/blitz/device", form), "ann")
	if first.page.Find("[value=allow]").Length() != 1 {
		t.Fatalf("the form leads to %s", first.at)
	}
	again := b.post("/blitz/device", form) // a double click: another login, as open as the first
	if again.page.Find("[value=allow]").Length() != 1 || again.at.Path == first.at.Path {
		t.Errorf("the form leads again to %s", again.at)
	}
	if v := b.answers(first, "[value=allow]"); v.decided() != "approved" {
		t.Fatalf("it ends at %s:\n%s", v.at, v.body)
	}
	b.post("/blitz/device", form).wants(http.StatusGone, "device_over")
	b.answers(again, "[value=cancel]").wants(http.StatusGone, "device_over")
	w.polls("tv", d.code, "")
}

// A code of one kind is nothing at the other's grant, in either direction, even
// for a client that has both.
func TestCodesOfTheOtherKind(t *testing.T) {
	w := newWorld(t)
	_, err := w.store.UpdateClient(t.Context(), "app", func(c *idp.Client) error {
		c.Grants, c.WaivePKCE = append(c.Grants, idp.GrantDevice), true
		return nil
	})
	must(t, err)
	d := w.begin("app")
	b := w.agent("192.0.2.1")
	b.answers(b.signsIn(b.toLogin(d.user), "ann"), "[value=allow]")
	for name, pairs := range map[string][]string{
		"as it is":              {},
		"with a redirect URI":   {"redirect_uri", "https://app.example/cb"},
		"with a verifier":       {"code_verifier", strings.Repeat("v", 43)},
		"with an empty address": {"redirect_uri", ""},
	} {
		a := w.ask("/blitz/oauth/te", "app", append([]string{"grant_type", "authorization_code", "code", d.code}, pairs...)...)
		if a.get("error") != "invalid_grant" {
			t.Errorf("the device code as authorization code, %s: %d %s", name, a.status, a.text)
		}
	}
	code := w.authorizationCode(b)
	w.polls("app", code, "invalid_grant")
	w.polls("app", d.user, "invalid_grant")
	w.polls("app", "", "invalid_request")
	if v := w.agent("192.0.2.3").types(d.code); v.problem() != "device_code_format" {
		t.Errorf("the device code as user code: %s", v.problem())
	}
	w.polls("app", d.code, "") // nothing of that has used it up
}

// authorizationCode is what the browser, signed in, gets for app.
func (w *world) authorizationCode(b *agent) string {
	w.t.Helper()
	var code string
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if code = r.URL.Query().Get("code"); code != "" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.get("/blitz/oauth/ae?" + url.Values{
		"client_id": {"app"}, "redirect_uri": {"https://app.example/cb"}, "response_type": {"code"}, "scope": {"openid"},
		"code_challenge": {"-rPpaQdJFM4WUNfiPDQ5zqOSCkQA4IzZ-nRxRwy8mLg"}, "code_challenge_method": {"S256"},
	}.Encode())
	if code == "" {
		w.t.Fatal("no authorization code")
	}
	return code
}

// Nothing that opens something is written anywhere as it is.
func TestNoCodeIsLoggedOrStored(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	b := w.agent("192.0.2.1")
	b.types(d.user)
	w.polls("tv", d.code, "authorization_pending")
	plain := strings.ReplaceAll(d.user, "-", "")
	for _, secret := range []string{d.code, d.user, plain} {
		if strings.Contains(w.log.text.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
		if _, err := w.store.DeviceByUserCode(t.Context(), secret); err == nil {
			t.Errorf("the database holds %s", secret)
		}
	}
}
