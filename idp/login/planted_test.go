package login_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

// plant gives the victim's browser the cookie that the thief's has.
func (p *provider) plant(thief, victim *agent) {
	u, err := url.Parse(p.server.URL)
	must(p.t, err)
	victim.client.Jar.SetCookies(u, []*http.Cookie{{Name: "ringtail", Value: thief.cookie(), Path: "/"}})
}

// A thief begins a login that ends with the consent page, plants the cookie, and
// waits for the victim to prove who they are.
func TestPlantedCookieGivesNoConsent(t *testing.T) {
	p := newProvider(t)
	p.policy.Level, p.client.AskConsent = 1, true
	thief, victim := p.agent(), p.agent()
	path := p.begin(thief)
	p.plant(thief, victim)
	form := victim.get(path).form("#password", "login", "demo", "password", "right")
	victim.post(path, form).wants(http.StatusSeeOther, path)

	for name, got := range map[string]*answer{
		"page": thief.get(path), "consent": thief.post(path, url.Values{"action": {"allow"}}),
		"consent with a form": thief.post(path, url.Values{"action": {"allow"}, "form": {"mine"}}),
	} {
		got.wants(http.StatusForbidden, "")
		if got.problem() != login.ProblemOtherBrowser || len(got.cookies) != 0 {
			t.Errorf("%s: problem %q, cookies %v", name, got.problem(), got.cookies)
		}
	}
	if _, session := thief.visit(); session != "" {
		t.Error("the thief is signed in")
	}

	page := victim.get(path).wants(http.StatusOK, "")
	victim.post(path, page.form("button[value=allow]", "action", "allow")).wants(http.StatusSeeOther, callback(path))
	if _, session := victim.visit(); session == "" || p.login(path).State != idp.LoginDone {
		t.Error("the victim's own consent doesn't count")
	}
}

// The thief's form was the last one with an id, the victim's had none.
func TestPlantedCookieAndFormWithoutID(t *testing.T) {
	p := newProvider(t)
	p.policy.Level = 1
	thief, victim := p.agent(), p.agent()
	path := p.begin(thief)
	p.plant(thief, victim)
	form := thief.get(path).form("#password", "login", "demo", "password", "wrong")
	thief.post(path, form)
	victim.post(path, url.Values{"login": {"demo"}, "password": {"right"}}).wants(http.StatusSeeOther, callback(path))
	for _, id := range []string{form.Get("form"), ""} {
		form.Set("form", id)
		if got := thief.post(path, form); len(got.cookies) != 0 {
			t.Errorf("form %q: the thief got the cookie %v", id, got.cookies)
		}
	}
	if _, session := thief.visit(); session != "" {
		t.Error("the thief is signed in")
	}
}

// Of a double click on the last factor, the browser drops the first answer and
// its cookie. The consent page must show all the same.
func TestDoubleClickBeforeConsent(t *testing.T) {
	p := newProvider(t)
	p.policy.Level, p.client.AskConsent = 1, true
	a, second := p.agent(), p.agent()
	path := p.begin(a)
	p.plant(a, second)
	form := a.get(path).form("#password", "login", "demo", "password", "right")
	a.post(path, form).wants(http.StatusSeeOther, path)
	second.post(path, form).wants(http.StatusSeeOther, path)
	page := second.get(path).wants(http.StatusOK, "")
	second.post(path, page.form("button[value=allow]", "action", "allow")).wants(http.StatusSeeOther, callback(path))
	if p.password.answers() != 1 {
		t.Errorf("%d passwords looked at", p.password.answers())
	}
}
