package login_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

// app is an agent that speaks JSON.
func (p *provider) app() *agent {
	a := p.agent()
	a.header.Set("Accept", "application/json")
	a.header.Set("Content-Type", "application/json")
	return a
}

func (a *agent) tell(path, body string, status int) map[string]any {
	a.t.Helper()
	got := a.do(http.MethodPost, path, strings.NewReader(body)).wants(status, "")
	return got.json()
}

func TestTwin(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a)

	got := a.get(path).wants(http.StatusOK, "").json()
	if got["step"] != "password" || got["form"] == "" || got["login"] != strings.TrimPrefix(path, "/blitz/login/") {
		t.Errorf("first view %v", got)
	}
	got = a.tell(path, `{"login":"demo","password":"wrong"}`, http.StatusUnauthorized)
	problem, _ := got["problem"].(map[string]any)
	if got["step"] != "password" || problem["id"] != "password_wrong" || problem["field"] != "password" || problem["text"] == "" || problem["hint"] == "" {
		t.Errorf("wrong password: %v", got)
	}
	got = a.tell(path, `{"login":"demo","password":"right","form":"`+got["form"].(string)+`","step":"password"}`, http.StatusOK)
	values, _ := got["values"].(map[string]any)
	if got["step"] != "flashCall" || got["state"] != "called" || values["phone"] != "+7 999 ***-**-01" {
		t.Errorf("after the password: %v", got)
	}
	a.header.Set("Content-Type", "application/x-www-form-urlencoded")
	got = a.do(http.MethodPost, path, strings.NewReader("code=0421")).wants(http.StatusOK, "").json()
	if got["step"] != "done" || got["redirect_to"] != callback(path) {
		t.Errorf("at the end: %v", got)
	}
	if _, session := a.visit(); session == "" || session != p.login(path).Session {
		t.Error("the app is not signed in")
	}
	if got := a.get(path).wants(http.StatusOK, "").json(); got["redirect_to"] != callback(path) {
		t.Errorf("once more: %v", got)
	}
}

func TestTwinProblems(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a)
	for _, test := range []struct {
		path   string
		agent  *agent
		status int
		id     string
	}{
		{"/blitz/login/nosuch", a, http.StatusNotFound, idp.ProblemLoginUnknown},
		{path, p.app(), http.StatusForbidden, login.ProblemOtherBrowser},
	} {
		got := test.agent.get(test.path).wants(test.status, "").json()
		if problem, _ := got["problem"].(map[string]any); problem["id"] != test.id || got["step"] != nil {
			t.Errorf("%v, want %s", got, test.id)
		}
	}
	a.header.Set("Origin", "https://evil.example")
	if got := a.tell(path, `{}`, http.StatusForbidden); got["problem"] == nil {
		t.Errorf("cross origin: %v", got)
	}
}

// Choosing a second factor begins it; choosing again begins the other one.
func TestTwinChoice(t *testing.T) {
	p := newProvider(t)
	p.policy.Second = []string{"flashCall", "totp"}
	a := p.app()
	path := p.begin(a)
	got := a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	if methods, _ := got["methods"].([]any); got["step"] != "choose" || len(methods) != 2 {
		t.Fatalf("after the password: %v", got)
	}
	if p.call.begins()+p.totp.begins() != 0 {
		t.Fatal("a method was begun before it was chosen")
	}
	if got = a.tell(path, `{"method":"flashCall"}`, http.StatusOK); got["step"] != "flashCall" || p.call.begins() != 1 {
		t.Errorf("chosen: %v, begun %d times", got, p.call.begins())
	}
	if got = a.tell(path, `{"action":"other"}`, http.StatusOK); got["step"] != "choose" {
		t.Errorf("another way: %v", got)
	}
	if got = a.tell(path, `{"method":"totp"}`, http.StatusOK); got["step"] != "totp" || p.totp.begins() != 1 {
		t.Errorf("the other: %v, begun %d times", got, p.totp.begins())
	}
	if got = a.tell(path, `{"code":"0421"}`, http.StatusOK); got["step"] != "done" {
		t.Errorf("at the end: %v", got)
	}
	if l := p.login(path); len(l.Facts) != 2 || l.Facts[1].Method != "totp" {
		t.Errorf("facts %v", l.Facts)
	}
}

// A method that can't begin is shown with its problem; the password is not lost.
func TestTwinBeginFails(t *testing.T) {
	p := newProvider(t)
	p.call.ready = &factors.Problem{ID: "no_phone"}
	p.call.show = func(*method, factors.Login) factors.View {
		return factors.View{State: "no_phone", Problem: &factors.Problem{ID: "no_phone"}}
	}
	a := p.app()
	path := p.begin(a)
	got := a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	if problem, _ := got["problem"].(map[string]any); got["step"] != "flashCall" || problem["id"] != "no_phone" {
		t.Errorf("%v", got)
	}
}

func TestTwinDenied(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a, func(l *idp.Login) { l.Request.Prompt = []string{"none"} })
	got := a.get(path).wants(http.StatusOK, "").json()
	if got["step"] != "denied" || got["redirect_to"] != callback(path) || p.login(path).Error != "login_required" {
		t.Errorf("%v", got)
	}
}

func TestLanguage(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	a.header.Set("Accept-Language", "de, en;q=0.5")
	russian := func(l *idp.Login) { l.Request.UILocales = []string{"fr", "ru-RU"} }
	for want, path := range map[string]string{"en": p.begin(a), "ru": p.begin(a, russian)} {
		page := a.get(path)
		if got := page.page().Find("html").AttrOr("lang", ""); got != want || page.header.Get("Content-Language") != want {
			t.Errorf("page in %q, want %q", got, want)
		}
	}
}
