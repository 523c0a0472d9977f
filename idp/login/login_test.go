package login_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

func callback(path string) string {
	return "/blitz/oauth/ae/callback?id=" + strings.TrimPrefix(path, "/blitz/login/")
}

// untilCalled is a login whose call was placed.
func (p *provider) untilCalled(a *agent, change ...func(*idp.Login)) string {
	p.t.Helper()
	path := p.begin(a, change...)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, path)
	return path
}

// signIn walks the whole login and returns its address.
func (p *provider) signIn(a *agent, change ...func(*idp.Login)) string {
	p.t.Helper()
	path := p.untilCalled(a, change...)
	a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusSeeOther, callback(path))
	return path
}

func TestLogin(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)

	page := a.get(path).wants(http.StatusOK, "")
	doc := page.page()
	if got := doc.Find("h1").Text(); got != "Sign in" {
		t.Errorf("heading %q", got)
	}
	if !strings.Contains(doc.Find(".lead").Text(), "Demo shop") {
		t.Error("the page does not say where the person signs in to")
	}
	for selector, want := range map[string]string{
		"#login": "username", "#password": "current-password",
	} {
		if got := doc.Find(selector).AttrOr("autocomplete", ""); got != want {
			t.Errorf("autocomplete of %s is %q, want %q", selector, got, want)
		}
	}
	a.post(path, page.form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, path)
	if p.call.begins() != 1 {
		t.Fatalf("the call began %d times", p.call.begins())
	}
	seen := p.call.seen[0]
	if seen.Factor != 2 || seen.Person == nil || seen.Person.ID != "ann" || seen.IP.String() != "192.0.2.7" || seen.ClientID != "shop" {
		t.Errorf("the method saw %+v", seen)
	}

	page = a.get(path).wants(http.StatusOK, "")
	doc = page.page()
	code := doc.Find("input#code")
	for name, want := range map[string]string{"type": "text", "inputmode": "numeric", "autocomplete": "one-time-code"} {
		if got := code.AttrOr(name, ""); got != want {
			t.Errorf("%s of the code is %q, want %q", name, got, want)
		}
	}
	if _, has := doc.Find("form").Has("#code").Find("button").Attr("name"); has {
		t.Error("the button of the code's form carries an action")
	}
	if !strings.Contains(page.body, "+7 999 ***-**-01") {
		t.Error("the masked number is missing")
	}
	before := a.cookie()
	a.post(path, page.form("#code", "code", "0421")).wants(http.StatusSeeOther, callback(path))
	if a.cookie() == before {
		t.Error("the cookie's key stayed the same over the login")
	}

	l := p.login(path)
	_, session := a.visit()
	if l.State != idp.LoginDone || l.UserID != "ann" || l.Session == "" || l.Session != session {
		t.Fatalf("login %+v, the browser's session %q", l, session)
	}
	if got := idp.AMR(l.Facts); !slices.Equal(got, []string{"pwd", "tel", "mca", "mfa"}) {
		t.Errorf("amr %v", got)
	}
	if !l.AuthTime.Equal(p.now()) {
		t.Errorf("auth_time %v", l.AuthTime)
	}
	s := p.memory.sessions[session]
	if s.UserID != "ann" || len(s.Facts) != 2 || !s.ExpiresAt.Equal(p.now().Add(12*time.Hour)) {
		t.Errorf("session %+v", s)
	}
}

// However often a page is looked at, nothing happens.
func TestPageViewsChangeNothing(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	was := *p.login(path)
	forms := map[string]bool{}
	for range 5 {
		forms[a.get(path).wants(http.StatusOK, "").form("#code").Get("form")] = true
		a.do(http.MethodHead, path, nil)
	}
	if len(forms) != 5 {
		t.Errorf("%d form ids on 5 pages", len(forms))
	}
	if now := p.login(path); now.State != was.State || len(now.Forms) != len(was.Forms) || len(now.Facts) != len(was.Facts) {
		t.Errorf("page views changed the login: %+v", now)
	}
	if p.call.begins() != 1 || p.call.answers() != 0 || p.password.answers() != 1 {
		t.Errorf("page views began %d calls and answered %d codes", p.call.begins(), p.call.answers())
	}
}

// A session of one factor, a request for two: the person asks for the call.
func TestStepUpNeverCallsByAPageView(t *testing.T) {
	p := newProvider(t)
	p.policy.Level = 1
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, callback(path))
	_, session := a.visit()

	p.wait(10 * time.Minute)
	path = p.begin(a, func(l *idp.Login) { l.Request.ACRValues = []string{idp.ACRTwoFactors} })
	page := a.get(path).wants(http.StatusOK, "")
	if p.call.begins() != 0 {
		t.Fatal("a page view placed a call")
	}
	if page.page().Find("#code").Length() != 0 {
		t.Error("asks for a code of a call that nobody asked for")
	}
	a.post(path, page.form("button[value=resend]", "action", "resend")).wants(http.StatusSeeOther, path)
	if p.call.posted[0].Action != factors.ActionResend {
		t.Errorf("the method got %+v", p.call.posted)
	}
	a.post(path, url.Values{"code": {"0421"}}).wants(http.StatusSeeOther, callback(path))
	if _, now := a.visit(); now != session {
		t.Error("the step up made another session")
	}
	l := p.login(path)
	if idp.ACR("", l.Facts) != idp.ACRTwoFactors || l.UserID != "ann" || !l.AuthTime.Equal(p.now()) {
		t.Errorf("login %+v", l)
	}
	if s := p.memory.sessions[session]; len(s.Facts) != 2 || !s.AuthTime.Equal(p.now()) {
		t.Errorf("session %+v", s)
	}
}

func TestWrongPassword(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	form := a.get(path).form("#password", "login", "demo", "password", "wrong")
	page := a.post(path, form).wants(http.StatusUnauthorized, "")
	if scheme := page.header.Get("WWW-Authenticate"); scheme != `Form realm="ringtail"` {
		t.Errorf("WWW-Authenticate: %s", scheme)
	}
	doc := page.page()
	input := doc.Find("#password")
	if input.AttrOr("aria-invalid", "") != "true" || doc.Find("#"+input.AttrOr("aria-describedby", "")).Find("[role=alert]").Length() != 1 {
		t.Error("the error is not tied to the field")
	}
	if doc.Find("#login").AttrOr("value", "") != "demo" || input.AttrOr("value", "") != "" {
		t.Error("the login should stay in the form, the password should not")
	}
	// Reload: the browser posts the same form again.
	again := a.post(path, form).wants(http.StatusUnauthorized, "")
	if again.problem() != "password_wrong" || p.password.answers() != 1 {
		t.Errorf("the repeat shows %q and was looked at %d times", again.problem(), p.password.answers())
	}
	a.post(path, page.form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, path)
}

// An answer to a step that is over is not acted on.
func TestStaleStep(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	stale := a.get(path).form("#password", "login", "demo", "password", "right")
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	a.post(path, stale).wants(http.StatusSeeOther, path)
	if p.password.answers() != 1 || p.call.answers() != 0 || p.call.begins() != 1 {
		t.Errorf("%d passwords and %d codes looked at, %d calls", p.password.answers(), p.call.answers(), p.call.begins())
	}
}

func TestCancel(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("button[value=cancel]", "action", "cancel")).wants(http.StatusSeeOther, callback(path))
	if l := p.login(path); l.State != idp.LoginDenied || l.Error != "access_denied" || l.Session != "" {
		t.Errorf("login %+v", l)
	}
	a.get(path).wants(http.StatusSeeOther, callback(path))
	if p.password.answers() != 0 {
		t.Error("a cancelled form was looked at")
	}
}

func TestConsent(t *testing.T) {
	p := newProvider(t)
	p.policy.Level, p.client.AskConsent = 1, true
	for _, test := range []struct {
		action string
		state  idp.LoginState
	}{{"cancel", idp.LoginDenied}, {"allow", idp.LoginDone}} {
		t.Run(test.action, func(t *testing.T) {
			a := p.agent()
			path := p.begin(a)
			a.post(path, a.get(path).form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, path)
			page := a.get(path).wants(http.StatusOK, "")
			if got := page.page().Find(".scopes li").Length(); got != 2 {
				t.Errorf("%d scopes on the page", got)
			}
			a.post(path, url.Values{"action": {""}, "step": {"consent"}}).wants(http.StatusBadRequest, "")
			a.post(path, page.form("button[value="+test.action+"]", "action", test.action)).wants(http.StatusSeeOther, callback(path))
			if l := p.login(path); l.State != test.state {
				t.Errorf("login %+v", l)
			}
		})
	}
}

func TestChooseFirstFactor(t *testing.T) {
	p := newProvider(t)
	p.policy = loginPolicy(1, []string{"password", "flashCall"}, nil)
	a := p.agent()
	path := p.begin(a)
	page := a.get(path)
	if page.page().Find("button[name=method]").Length() != 2 {
		t.Fatal("not two methods to choose from")
	}
	a.post(path, page.form("button[value=password]", "method", "password")).wants(http.StatusSeeOther, path)
	page = a.get(path)
	page.form("#password")
	a.post(path, page.form("button[value=other]", "action", "other")).wants(http.StatusSeeOther, path)
	a.post(path, a.get(path).form("button[value=password]", "method", "nosuch")).wants(http.StatusBadRequest, "")
	if p.call.begins() != 0 {
		t.Error("a first factor was begun")
	}
}

func TestBlockedInTheMiddle(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	form := a.get(path).form("#code", "code", "0421")
	p.memory.users["ann"].Blocked = true
	a.post(path, form).wants(http.StatusSeeOther, callback(path))
	if l := p.login(path); l.State != idp.LoginDenied || p.call.answers() != 0 {
		t.Errorf("login %+v, %d codes looked at", l, p.call.answers())
	}
}

// A method that vouches for somebody else than asked is out of order.
func TestProofOfSomebodyElse(t *testing.T) {
	p := newProvider(t)
	p.call.prove = func(factors.Login, factors.Answer) (*factors.Proof, error) {
		return &factors.Proof{PersonID: "bob", AMR: []string{"tel"}}, nil
	}
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	page := a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusInternalServerError, "")
	if page.problem() != "internal" || len(p.login(path).Facts) != 1 {
		t.Errorf("problem %q, facts %v", page.problem(), p.login(path).Facts)
	}
	if log := p.log.String(); !strings.Contains(log, "login_id="+p.login(path).ID) || !strings.Contains(log, "client_id=shop") {
		t.Errorf("the log doesn't say which login failed: %s", log)
	}
}

func TestSingleSignOn(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	p.signIn(a)
	cookie := a.cookie()
	_, session := a.visit()
	p.wait(30 * time.Minute)

	path := p.begin(a, func(l *idp.Login) { l.Request.Prompt = []string{"none"} })
	a.get(path).wants(http.StatusSeeOther, callback(path))
	l := p.login(path)
	if l.State != idp.LoginDone || l.Session != session || len(l.Facts) != 2 || !l.AuthTime.Equal(p.now().Add(-30*time.Minute)) {
		t.Errorf("login %+v", l)
	}
	if s := p.memory.sessions[session]; !s.SeenAt.Equal(p.now()) {
		t.Error("the session's use was not noted")
	}
	if a.cookie() != cookie {
		t.Error("the cookie changed though nothing was proved")
	}

	p.wait(61 * time.Minute) // idle for too long
	path = p.begin(a, func(l *idp.Login) { l.Request.Prompt = []string{"none"} })
	a.get(path).wants(http.StatusSeeOther, callback(path))
	if l := p.login(path); l.State != idp.LoginDenied || l.Error != "login_required" {
		t.Errorf("login %+v", l)
	}
}

// Signing in as somebody else ends the session that was there.
func TestAnotherPersonInTheSameBrowser(t *testing.T) {
	p := newProvider(t)
	p.policy.Level = 1
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, callback(path))
	_, first := a.visit()
	p.wait(time.Minute)
	path = p.begin(a, func(l *idp.Login) { l.Request.Prompt = []string{"login"} })
	page := a.get(path)
	if got := page.page().Find("#login").AttrOr("value", ""); got != "demo" {
		t.Errorf("the form is filled in with %q", got)
	}
	a.post(path, page.form("#password", "login", "bob", "password", "right")).wants(http.StatusSeeOther, callback(path))
	_, second := a.visit()
	if second == first || p.memory.sessions[first].EndedAt.IsZero() || p.memory.sessions[second].UserID != "bob" {
		t.Errorf("sessions %+v and %+v", p.memory.sessions[first], p.memory.sessions[second])
	}
}

// A session that ends while a login leans on it counts no more, also when it
// ends after the request was read.
func TestSessionEndsInTheMiddle(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	p.signIn(a)
	_, session := a.visit()
	path := p.begin(a, func(l *idp.Login) { l.Request.Prompt = []string{"consent"} })
	form := a.get(path).form("button[value=allow]", "action", "allow")
	p.memory.beforeUpdateSession = func(s *idp.Session) { s.EndedAt = p.now() }
	a.post(path, form).wants(http.StatusSeeOther, path)
	a.get(path).form("#password")
	if l := p.login(path); l.State != idp.LoginOpen || p.memory.sessions[session].EndedAt.IsZero() {
		t.Errorf("login %+v", l)
	}
}

// A new first factor renews the session's life, a second one alone does not.
func TestSessionLife(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	p.signIn(a)
	_, id := a.visit()
	end := p.memory.sessions[id].ExpiresAt
	p.wait(10 * time.Minute)
	maxAge := int64(60)
	path := p.begin(a, func(l *idp.Login) { l.Request.MaxAge = &maxAge })
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusSeeOther, callback(path))
	if got := p.memory.sessions[id].ExpiresAt; !got.Equal(end.Add(10 * time.Minute)) {
		t.Errorf("proved anew, the session ends at %v", got)
	}
	p.wait(10 * time.Minute)
	path = p.begin(a)
	a.get(path).wants(http.StatusSeeOther, callback(path))
	if got := p.memory.sessions[id].ExpiresAt; !got.Equal(end.Add(10 * time.Minute)) {
		t.Errorf("used again, the session ends at %v", got)
	}
}
