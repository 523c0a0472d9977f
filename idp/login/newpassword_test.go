package login_test

import (
	"net/http"
	"strings"
	"testing"

	factorpassword "github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

const another = "ring-the-other-phone"

// mustChange gives ann a password that she has to change.
func (p *provider) mustChange() {
	hash, err := p.setter.Make(p.t.Context(), "demo", "", "ring-the-phone")
	must(p.t, err)
	u := p.memory.users["ann"]
	u.PasswordHash, u.MustChangePassword = hash, true
}

// toNewPassword goes on to the page of the new password.
func (p *provider) toNewPassword(a *agent) (path string, page *answer) {
	path = p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, path)
	a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusSeeOther, path)
	return path, a.get(path).wants(http.StatusOK, "")
}

func TestNewPassword(t *testing.T) {
	p := newProvider(t)
	p.mustChange()
	a := p.agent()
	path, page := p.toNewPassword(a)
	for name, c := range map[string]struct{ typed, again, problem string }{
		"nothing":           {"", "", "field_missing"},
		"too short":         {"ring-ring", "ring-ring", factorpassword.ProblemShort},
		"a common one":      {"Password123!", "Password123!", factorpassword.ProblemCommon},
		"the login":         {"demo123456", "demo123456", factorpassword.ProblemIsLogin},
		"the old one":       {"ring-the-phone", "ring-the-phone", factorpassword.ProblemSame},
		"typed differently": {another, another + "s", login.ProblemRepeat},
	} {
		got := a.post(path, a.get(path).form("#password_new", "password_new", c.typed, "password_repeat", c.again)).wants(http.StatusBadRequest, "")
		if got.problem() != c.problem {
			t.Errorf("%s: problem %s, want %s", name, got.problem(), c.problem)
		}
		if strings.Contains(got.body, "ring-") {
			t.Errorf("%s: the page repeats the password", name)
		}
	}
	if p.login(path).State != idp.LoginOpen || len(p.memory.changes) != 0 {
		t.Fatal("a password that was refused counts")
	}
	_, session := a.visit()
	form := page.form("#password_new", "password_new", another, "password_repeat", another, "end_sessions", "yes")
	a.post(path, form).wants(http.StatusSeeOther, callback(path))
	a.post(path, form).wants(http.StatusSeeOther, callback(path)) // of a double click
	if len(p.memory.changes) != 1 {
		t.Fatalf("changed %d times", len(p.memory.changes))
	}
	if c := p.memory.changes[0]; !c.EndOthers || c.Session != session || session == "" || path != "/blitz/login/"+c.Login {
		t.Errorf("change %+v", c)
	}
	if strings.Contains(p.log.String(), another) {
		t.Error("the log has the password")
	}
}

// Until the password is changed the person is signed in nowhere: who leaves the
// page and comes back has to prove the password anew.
func TestNewPasswordCantBeLeftOut(t *testing.T) {
	p := newProvider(t)
	p.mustChange()
	a := p.agent()
	p.toNewPassword(a)
	if got := a.get(p.begin(a)); got.page().Find("#password").Length() != 1 {
		t.Errorf("the next login shows\n%s", got.body)
	}
	a = p.agent()
	path, page := p.toNewPassword(a)
	a.post(path, page.form("[value=cancel]", "action", "cancel")).wants(http.StatusSeeOther, callback(path))
	if l := p.login(path); l.State != idp.LoginDenied || l.Error != login.ErrorAccessDenied {
		t.Errorf("cancelled: %s %s", l.State, l.Error)
	}
}

// Whoever had the cookie before the proof can't choose the password.
func TestNewPasswordBelongsToWhoProved(t *testing.T) {
	p := newProvider(t)
	p.mustChange()
	a := p.agent()
	a.visit()
	thief := p.withCookie(a.cookie())
	path, page := p.toNewPassword(a)
	got := thief.post(path, page.form("#password_new", "password_new", another, "password_repeat", another))
	if got.status != http.StatusForbidden || len(p.memory.changes) != 0 {
		t.Errorf("answer %d, %d changes", got.status, len(p.memory.changes))
	}
}

// An administrator who was quicker wins.
func TestNewPasswordLosesAgainstAnother(t *testing.T) {
	p := newProvider(t)
	p.mustChange()
	a := p.agent()
	path, page := p.toNewPassword(a)
	u := *p.memory.users["ann"]
	u.MustChangePassword = false
	p.memory.users["ann"] = &u
	a.post(path, page.form("#password_new", "password_new", another, "password_repeat", another)).wants(http.StatusSeeOther, callback(path))
	if p.memory.users["ann"].PasswordHash != u.PasswordHash {
		t.Error("the password was changed all the same")
	}
}

func TestNewPasswordTwin(t *testing.T) {
	p := newProvider(t)
	p.mustChange()
	a := p.app()
	path := p.begin(a)
	a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	got := a.tell(path, `{"code":"0421"}`, http.StatusOK)
	values, _ := got["values"].(map[string]any)
	if got["step"] != "newPassword" || values["min_length"] != 10.0 {
		t.Fatalf("the step is %v", got)
	}
	got = a.tell(path, `{"password_new":"short","password_repeat":"short"}`, http.StatusBadRequest)
	if problem, _ := got["problem"].(map[string]any); problem["id"] != factorpassword.ProblemShort || problem["field"] != "password_new" {
		t.Errorf("problem %v", got)
	}
	got = a.tell(path, `{"password_new":"`+another+`","password_repeat":"`+another+`"}`, http.StatusOK)
	if got["redirect_to"] != callback(path) || p.memory.changes[0].EndOthers {
		t.Errorf("at the end %v", got)
	}
}
