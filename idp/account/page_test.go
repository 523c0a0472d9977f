package account_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/login"
)

func TestSigningInLeadsToThePage(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	asked := a.get("/blitz/profile")
	request := a.passed[0]
	for name, want := range map[string]string{
		"client_id": "_blitz_profile", "redirect_uri": w.server.URL + "/blitz/profile", "response_type": "code", "scope": "openid",
		"code_challenge_method": "S256", "max_age": "", "prompt": "",
	} {
		if got := request.Query().Get(name); got != want {
			t.Errorf("%s=%q, want %q", name, got, want)
		}
	}
	if request.Path != "/blitz/oauth/ae" || !strings.Contains(asked.page.Text(), "to continue to Ringtail") {
		t.Errorf("%s leads to\n%s", request, asked.page.Text())
	}
	v := a.password(asked, "ann").wants(http.StatusOK, "allowed")
	if v.at.String() != w.server.URL+"/blitz/profile" {
		t.Errorf("the page is at %s", v.at)
	}
	text := v.page.Text()
	if !strings.Contains(text, "You are signed in as ann.") || !strings.Contains(text, "+7 999 ***-**-01") || strings.Contains(v.body, "9990000001") {
		t.Errorf("the page says\n%s", text)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := v.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if policy := v.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self';") {
		t.Errorf("policy %s", policy)
	}
}

// Each login is another request: state and challenge are never the same.
func TestRequestsAreNeverTheSame(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	seen := map[string]bool{}
	for range 3 {
		a.get("/blitz/profile")
		query := a.passed[0].Query()
		seen[query.Get("state")], seen[query.Get("code_challenge")] = true, true
	}
	if len(seen) != 6 {
		t.Errorf("%d values in three requests", len(seen))
	}
}

func TestStoppingAndAllowing(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	stop := a.signIn("ann").form("[value=stop]")
	stopped := a.post("/blitz/profile", stop).wants(http.StatusOK, "stopped")
	if len(a.passed) != 1 || a.passed[0].Path != "/blitz/profile" || stopped.page.Find("[value=stop]").Length() != 0 {
		t.Errorf("the form goes by %v", a.passed)
	}
	a.get("/blitz/profile").wants(http.StatusOK, "stopped")
	allow := stopped.form("[value=allow]")
	a.post("/blitz/profile", stop).wants(http.StatusOK, "stopped") // the second of a double click
	a.post("/blitz/profile", allow).wants(http.StatusOK, "allowed")
	a.post("/blitz/profile", allow).wants(http.StatusOK, "allowed")
	w.stops.wants(t, "stop "+annsPhone, "stop "+annsPhone, "allow "+annsPhone, "allow "+annsPhone)
	if strings.Contains(w.log.String(), "999000") || w.logged("user_id") != "ann" || w.logged("action") != "allow" || w.logged("phone_hash") != "hash-of-01" {
		t.Errorf("the log says\n%s", &w.log)
	}
}

// The page says before and after what a stop means to who has no other way.
func TestThePageSaysWhatAStopMeans(t *testing.T) {
	for name, c := range map[string]struct {
		policy  login.Policy
		factor  int
		only    bool
		minutes time.Duration
		button  bool
	}{
		"another way":                      {policy: login.Policy{Level: 1, Second: []string{"totp", "flashCall"}}, button: true},
		"another way, an old login":        {policy: login.Policy{Level: 1, Second: []string{"totp", "flashCall"}}, minutes: 30, button: true},
		"one factor":                       {policy: login.Policy{Level: 1, Second: []string{"flashCall"}}, button: true},
		"the only way":                     {policy: login.Policy{Level: 2, Second: []string{"flashCall"}}, only: true, button: true},
		"the only way for this user":       {policy: login.Policy{Level: 1, Second: []string{"flashCall"}}, factor: 2, only: true, button: true},
		"the only way, and the login old":  {policy: login.Policy{Level: 2, Second: []string{"flashCall"}}, only: true, minutes: 30},
		"the only way, almost at its edge": {policy: login.Policy{Level: 2, Second: []string{"flashCall"}}, only: true, minutes: 15, button: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.agent()
			a.signIn("ann")
			w.proved(a)
			w.policy.Level, w.policy.Second = c.policy.Level, c.policy.Second
			_, err := w.store.UpdateUser(t.Context(), "ann", func(u *idp.User) error {
				u.RequiredFactor = c.factor
				return nil
			})
			must(t, err)
			w.wait(c.minutes * time.Minute)
			v := a.get("/blitz/profile").wants(http.StatusOK, "allowed")
			if got := strings.Contains(v.page.Text(), "You have no other way"); got != c.only {
				t.Errorf("warns: %v", got)
			}
			v = a.post("/blitz/profile", v.form("[value=stop]")).wants(http.StatusOK, "stopped")
			if got := v.page.Find("[value=allow]").Length() == 1; got != c.button {
				t.Errorf("the button is there: %v", got)
			}
			if got := strings.Contains(v.page.Text(), "another way"); got == c.only {
				t.Errorf("the page says\n%s", v.page.Text())
			}
		})
	}
}

// proved adds a second factor to the agent's session.
func (w *world) proved(a *agent) {
	w.t.Helper()
	a.post("/blitz/profile", a.get("/blitz/profile").form("[value=stop]"))
	_, err := w.store.UpdateSession(w.t.Context(), w.logged("session_id"), func(s *idp.Session) error {
		s.Facts = append(s.Facts, idp.Fact{Method: "flashCall", Factor: 2, AMR: []string{"tel"}, At: w.now()})
		return nil
	})
	must(w.t, err)
	w.stops.stopped = map[string]bool{}
}

// A session that a login would ask more of sees nothing: the rules may have
// become stricter since.
func TestASessionThatNoLongerSufficesIsAskedForMore(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	form := a.signIn("ann").form("[value=stop]")
	w.policy.Level = 2
	if v := a.get("/blitz/profile"); v.page.Find("[data-calls]").Length() != 0 {
		t.Errorf("one factor of two sees\n%s", v.page.Text())
	}
	a.post("/blitz/profile", form)
	w.stops.wants(t)
}

func TestBlockedAndIdleAreNotSignedIn(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"blocked": func(w *world) {
			must(w.t, w.store.ResetUser(w.t.Context(), "ann", func(u *idp.User) error { u.Blocked = true; return nil }))
		},
		"idle too long": func(w *world) { w.wait(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.agent()
			form := a.signIn("ann").form("[value=stop]")
			change(w)
			if v := a.get("/blitz/profile"); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
				t.Errorf("the page is at %s", v.at)
			}
			a.post("/blitz/profile", form)
			w.stops.wants(t)
		})
	}
}

// Who gives up is not asked again by itself, but may ask again.
func TestCancelling(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	asked := a.get("/blitz/profile")
	out := a.post(asked.at.Path, asked.form("[value=cancel]")).wants(http.StatusForbidden, "")
	link := out.page.Find("a.primary").AttrOr("href", "")
	if out.page.Find("h1").Text() != "You are not signed in" || link != "/blitz/profile" {
		t.Errorf("giving up shows\n%s", out.body)
	}
	if v := a.get(link); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
		t.Errorf("signing in leads to %s", v.at)
	}

	// Giving up a new proof leaves the session as it was.
	stopped := a.post("/blitz/profile", a.signIn("ann").form("[value=stop]"))
	w.wait(30 * time.Minute)
	again := a.post("/blitz/profile", stopped.form("[value=allow]"))
	a.post(again.at.Path, again.form("[value=cancel]")).wants(http.StatusOK, "stopped")
}

func TestTheLastCalls(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.CreateClient(t.Context(), &idp.Client{ID: "shop", Name: "Demo shop", RedirectURIs: []string{"https://shop.example/"}}))
	w.calls = recent{
		{At: w.now().Add(-time.Minute), Channel: "flashCall", ClientID: "shop", State: "called"},
		{At: w.now().Add(-time.Hour), Channel: "sms", ClientID: "gone", State: "expired"},
		{At: w.now().Add(-2 * time.Hour), Channel: "voice", ClientID: account.ClientID, State: "confirmed"},
		{At: w.now().Add(-3 * time.Hour), Channel: "flashCall", State: "failed"},
	}
	for range 20 {
		w.calls = append(w.calls, account.Call{At: w.now().Add(-4 * time.Hour), Channel: "flashCall", State: "failed"})
	}
	items := w.agent().signIn("ann").page.Find(".calls li")
	if items.Length() != 10 {
		t.Errorf("%d calls are shown", items.Length())
	}
	for i, want := range []string{
		"Phone call just now Demo shop: waiting for the code",
		"Text message 60 minutes ago gone: not confirmed",
		"Call with a spoken code 2 hours ago Ringtail: confirmed",
		"Phone call 3 hours ago did not come about",
	} {
		if got := strings.Join(strings.Fields(items.Eq(i).Text()), " "); got != want {
			t.Errorf("call %d: %q, want %q", i, got, want)
		}
	}
	if v := w.agent().signIn("bob"); v.page.Find(".calls").Length() != 0 {
		t.Error("another person sees the calls")
	}
}

func TestWithoutANumberNothingCanBeStopped(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	form := a.signIn("ann").form("[value=stop]")
	b := w.agent()
	if v := b.signIn("eve").wants(http.StatusOK, ""); v.page.Find("[value=stop], [value=allow]").Length() != 0 || !strings.Contains(v.page.Text(), "There is no phone number") {
		t.Errorf("without a number:\n%s", v.page.Text())
	}
	b.post("/blitz/profile", form).wants(http.StatusOK, "")
	w.stops.wants(t)
}

func TestOddForms(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	form := a.signIn("ann").form("[value=stop]")
	for name, c := range map[string]struct {
		change func(url.Values)
		status int
	}{
		"no action":      {func(f url.Values) { f.Del("action") }, http.StatusBadRequest},
		"another action": {func(f url.Values) { f.Set("action", "delete") }, http.StatusBadRequest},
		"two actions":    {func(f url.Values) { f.Add("action", "allow") }, http.StatusBadRequest},
		"too large":      {func(f url.Values) { f.Set("x", strings.Repeat("x", 2<<20)) }, http.StatusBadRequest},
	} {
		odd := url.Values{}
		for key, values := range form {
			odd[key] = append([]string(nil), values...)
		}
		c.change(odd)
		if v := a.post("/blitz/profile", odd); v.status != c.status {
			t.Errorf("%s: %d, want %d", name, v.status, c.status)
		}
	}
	w.stops.wants(t)
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		if v := a.send(method, "/blitz/profile", strings.NewReader("")); v.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, v.status)
		}
	}
	w.stops.err = errors.New("disk full")
	if v := a.post("/blitz/profile", form); v.status != http.StatusInternalServerError || strings.Contains(v.body, "disk") {
		t.Errorf("a fault: %d\n%s", v.status, v.body)
	}
}

func TestSigningOut(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	v := a.signIn("ann")
	asked := a.get(v.page.Find("a.quiet").AttrOr("href", ""))
	form := asked.form("button")
	a.post(asked.page.Find("form").AttrOr("action", ""), form)
	if v := a.get("/blitz/profile"); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
		t.Errorf("after signing out the page is at %s", v.at)
	}
}

func TestIncompleteOptionsAreRefused(t *testing.T) {
	if _, err := account.New(account.Options{Issuer: "https://login.example/blitz"}); err == nil {
		t.Error("a page without its parts was made")
	}
}
