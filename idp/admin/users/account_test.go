package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/consent"
)

func TestBlock(t *testing.T) {
	w := newWorld(t)
	w.signIn("anna", "s1")
	w.post("/users/anna/block").wants(http.StatusSeeOther)
	if !w.user("anna").Blocked || w.signedIn("anna") != 0 || w.last().Type != audit.TypeUserBlocked {
		t.Errorf("blocked %v, sessions %d, record %s", w.user("anna").Blocked, w.signedIn("anna"), w.last().Type)
	}
	if w.get("/users/anna").page().Find("[data-blocked]").Length() != 1 || w.get("/users?blocked=true").page().Find("tbody tr").Length() != 1 {
		t.Error("nobody sees it")
	}
	w.post("/users/anna/unblock").wants(http.StatusSeeOther)
	if w.user("anna").Blocked || w.last().Type != audit.TypeUserUnblocked {
		t.Error("still blocked")
	}
}

func TestDelete(t *testing.T) {
	w := newWorld(t)
	w.signIn("anna", "s1")
	page := w.get("/users/anna/delete").page()
	if !strings.Contains(page.Text(), "sessions that end now: 1") {
		t.Errorf("the page doesn't say what ends: %s", page.Text())
	}
	w.post("/users/anna/delete", "login", "somebody").wants(http.StatusConflict)
	w.user("anna")
	w.post("/users/anna/delete", "login", "Anna").wants(http.StatusSeeOther)
	if _, err := w.store.UserByID(t.Context(), "anna"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("the user is there: %v", err)
	}
	if e := w.last(); e.Type != audit.TypeUserDeleted || strings.Contains(fmt.Sprint(e.Params), "79161234567") {
		t.Errorf("record %+v", e)
	}
	w.ask(http.MethodGet, "/users/anna", "").wants(http.StatusNotFound)
}

// changesOfAccounts are all requests that change an account.
func changesOfAccounts(id string) [][3]string {
	one := "/users/" + id
	return [][3]string{
		{http.MethodPost, one, `{"attributes":{"name":"X"}}`}, {http.MethodPost, one + "/auth", `{"requiredFactor":0,"needPasswordChange":true}`},
		{http.MethodPost, one + "/pswd", `{"password":"another-password"}`}, {http.MethodPost, one + "/block", ""}, {http.MethodPost, one + "/unblock", ""},
		{http.MethodDelete, one + "/methods/password", ""}, {http.MethodDelete, one + "/methods/flashCall", ""}, {http.MethodDelete, one + "/methods/recovery", ""},
		{http.MethodPost, one + "/recovery", ""}, {http.MethodDelete, one + "/limits", ""}, {http.MethodPost, one + "/calls/stop", ""},
		{http.MethodPost, one + "/calls/allow", ""}, {http.MethodPost, one + "/sessions/reset", ""}, {http.MethodDelete, one + "/sessions/s1", ""},
		{http.MethodDelete, one + "/access/shop", ""}, {http.MethodDelete, one, ""},
	}
}

// Whoever may reset an administrator's password is that administrator. So support
// doesn't, nor does a client, and of a root only a root does.
func TestAdministratorsAccounts(t *testing.T) {
	w := newWorld(t)
	w.makeAdministrator("pub", admin.RolePublisher)
	w.makeAdministrator("boss", admin.RoleRoot)
	both := func(login string) *admin.Actor { return person(login, admin.RoleSupport, admin.RoleSecurity) }
	client := &admin.Actor{ClientID: "ci", Scopes: []string{admin.UsersEdit.Scope(), admin.AdministratorsEdit.Scope()}}
	for name, c := range map[string]struct {
		actor *admin.Actor
		of    string
		open  bool
	}{
		"support, a publisher's":                  {person("sue", admin.RoleSupport), "pub", false},
		"support, their own":                      {person("pub", admin.RoleSupport), "pub", false},
		"support, a root's":                       {person("sue", admin.RoleSupport), "boss", false},
		"who appoints, a publisher's":             {both("eve"), "pub", true},
		"who appoints, a root's":                  {both("eve"), "boss", false},
		"a client, a root's":                      {client, "boss", false},
		"root, a root's":                          {person("root", admin.RoleRoot), "boss", true},
		"a client without that scope, somebody's": {&admin.Actor{ClientID: "ci", Scopes: []string{admin.UsersEdit.Scope()}}, "pub", false},
	} {
		w.actor = c.actor
		for _, request := range changesOfAccounts(c.of) {
			if c.open && request[0] == http.MethodDelete && strings.Count(request[1], "/") == 2 {
				w.ask(request[0], request[1], request[2]).wants(http.StatusConflict) // the roles first
				continue
			}
			got := w.ask(request[0], request[1], request[2])
			if forbidden := got.status == http.StatusForbidden && strings.Contains(got.body, "user_is_administrator"); forbidden == c.open {
				t.Errorf("%s: %s %s answers %d %s", name, request[0], request[1], got.status, got.body)
			}
		}
		file := "login,name\n" + c.of + ",Imported by " + strings.ReplaceAll(name, ",", "") + "\n"
		if got := w.ask(http.MethodPost, "/users/import?dry_run=true", file); strings.Contains(got.body, "user_is_administrator") == c.open {
			t.Errorf("%s: an import answers %s", name, got.body)
		}
		if page := w.get("/users/" + c.of).page(); (page.Find(`main form[method=post]`).Length() > 0) != c.open {
			t.Errorf("%s: the page offers changes", name)
		}
	}
}

func TestNobodyBlocksThemselves(t *testing.T) {
	w := newWorld(t)
	w.makeAdministrator("boss", admin.RoleRoot)
	w.actor = person("boss", admin.RoleRoot)
	w.post("/users/boss/block").wants(http.StatusConflict)
	w.post("/users/boss/delete", "login", "boss").wants(http.StatusConflict)
	if got := w.ask(http.MethodPost, "/users/import", "login,blocked\nboss,true\n"); !strings.Contains(got.body, "user_own_account") {
		t.Errorf("by an import: %s", got.body)
	}
	if w.user("boss").Blocked {
		t.Error("blocked")
	}
}

func TestSetPassword(t *testing.T) {
	w := newWorld(t)
	w.signIn("anna", "s1")
	old := w.user("anna").PasswordHash
	page := w.post("/users/anna/password", "password", "anna").wants(http.StatusUnprocessableEntity).page()
	if !strings.Contains(page.Find(".alert").Text(), "password_short") || w.user("anna").PasswordHash != old || w.signedIn("anna") != 1 {
		t.Errorf("a short one: %s", page.Find(".alert").Text())
	}
	got := w.post("/users/anna/password", "password", "ring-another-phone", "must_change", "true").wants(http.StatusSeeOther)
	u := w.user("anna")
	if u.PasswordHash == old || !u.MustChangePassword || w.signedIn("anna") != 0 {
		t.Errorf("user %+v, %d sessions", u, w.signedIn("anna"))
	}
	if e := w.last(); e.Type != audit.TypeUserPasswordSet || e.Params["must_change"] != true || strings.Contains(fmt.Sprint(w.trail.Events()), "ring-another") || strings.Contains(got.header.Get("X-Notice"), "ring-another") {
		t.Errorf("record %+v", e)
	}
	w.ask(http.MethodPost, "/users/anna/pswd", `{"password":"ring-a-third-phone"}`).wants(http.StatusNoContent)
	if w.user("anna").MustChangePassword {
		t.Error("must be changed though nobody said so")
	}
}

func TestRequireChange(t *testing.T) {
	w := newWorld(t)
	w.signIn("anna", "s1")
	w.post("/users/anna/password/require", "must_change", "true").wants(http.StatusSeeOther)
	if !w.user("anna").MustChangePassword || w.signedIn("anna") != 1 {
		t.Error("not required, or signed out")
	}
	w.post("/users/anna/password/require", "must_change", "false").wants(http.StatusSeeOther)
	if w.user("anna").MustChangePassword {
		t.Error("still required")
	}
	w.post("/users/anna/password/require", "must_change", "true", "sign_out", "true").wants(http.StatusSeeOther)
	if w.signedIn("anna") != 0 {
		t.Error("not signed out")
	}
	if got := w.ask(http.MethodGet, "/users/anna/auth", "").wants(http.StatusOK).json(); got["needPasswordChange"] != true || got["requiredFactor"] != 0.0 {
		t.Errorf("auth %v", got)
	}
	got := w.ask(http.MethodPost, "/users/anna/auth", `{"requiredFactor":2,"needPasswordChange":false}`).wants(http.StatusOK).json()
	if got["needPasswordChange"] != false || got["requiredFactor"] != 2.0 {
		t.Errorf("auth %v", got)
	}
	w.ask(http.MethodPost, "/users/anna/auth", `{"methodsLocked":["password"]}`).wants(http.StatusBadRequest)
	w.must(w.store.ResetUser(t.Context(), "anna", func(u *idp.User) error { u.PasswordHash = ""; return nil }))
	w.post("/users/anna/password/require", "must_change", "true").wants(http.StatusConflict)
}

func TestMethods(t *testing.T) {
	w := newWorld(t)
	w.signIn("anna", "s1")
	w.must(w.store.ConfirmPhone(t.Context(), "anna", "phone_number", "+79161234567", noon))
	w.must(w.engine.Resend(t.Context(), otp.Target{LoginID: "l", PersonID: "anna", Phone: "+79161234567", Country: "RU"}))
	state := func(method string) string {
		return w.get("/users/anna/sign-in").page().Find(`tr[data-method="` + method + `"] td`).First().Text()
	}
	if got := state("flashCall"); got != "number confirmed, calls agreed to" {
		t.Errorf("the call is %q", got)
	}
	page := w.post("/users/anna/recovery").wants(http.StatusOK).page()
	codes := page.Find("[data-codes] code")
	if codes.Length() != 10 || strings.Contains(fmt.Sprint(w.trail.Events()), codes.First().Text()) {
		t.Errorf("%d codes, or they are on record", codes.Length())
	}
	if state("recovery") != "10 left of 10" || w.get("/users/anna/sign-in").page().Find("[data-codes]").Length() != 0 {
		t.Error("the codes are shown twice, or not kept")
	}
	for _, method := range []string{"flashCall", "recovery", "password"} {
		w.post("/users/anna/methods/reset", "method", method).wants(http.StatusSeeOther)
		if e := w.last(); e.Type != audit.TypeUserMethodReset || e.Params["method"] != method {
			t.Errorf("record %+v", e)
		}
	}
	if got := state("flashCall") + "; " + state("recovery") + "; " + state("password"); got != "number not confirmed; not set up; not set up" {
		t.Errorf("after the reset: %s", got)
	}
	if w.signedIn("anna") != 0 || w.user("anna").PasswordHash != "" {
		t.Error("signed in by a password that is gone")
	}
	w.post("/users/anna/methods/reset", "method", "pigeon").wants(http.StatusNotFound)
	if got := w.ask(http.MethodGet, "/users/anna/methods", "").wants(http.StatusOK); !strings.Contains(got.body, `{"method":"password","set":false}`) {
		t.Errorf("methods %s", got.body)
	}
}

func TestLimits(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		_, _ = w.passwords.Answer(t.Context(), factors.Login{Factor: 1}, factors.Answer{Fields: map[string]string{"login": "anna", "password": "wrong"}})
		w.mu.Lock()
		w.time = w.time.Add(3 * time.Second)
		w.mu.Unlock()
	}
	target := otp.Target{LoginID: "l", PersonID: "anna", Phone: "+79161234567", Country: "RU"}
	w.must(w.engine.Request(t.Context(), target))
	used := func() map[string]any {
		all := map[string]any{}
		for _, one := range w.ask(http.MethodGet, "/users/anna/limits", "").wants(http.StatusOK).json()["limits"].([]any) {
			limit := one.(map[string]any)
			all[limit["limit"].(string)] = fmt.Sprint(limit["used"], limit["over"])
		}
		return all
	}
	if got := fmt.Sprint(used()); got != "map[number_day:1 false number_hour:1 false password_failures:10 true total:1 false total_by_number:0 false]" {
		t.Errorf("limits %s", got)
	}
	if page := w.get("/users/anna/sign-in").page(); !strings.Contains(page.Find("tr:has(.bad)").Text(), "Wrong passwords in a row") {
		t.Errorf("the page shows %s", page.Find("tbody").Text())
	}
	w.post("/users/anna/limits/lift").wants(http.StatusSeeOther)
	if got := fmt.Sprint(used()); got != "map[number_day:0 false number_hour:0 false password_failures:0 false total:0 false total_by_number:0 false]" {
		t.Errorf("after it was lifted %s", got)
	}
	if e := w.last(); e.Type != audit.TypeUserLimitsLifted || fmt.Sprint(e.Params["before"].(map[string]any)["password_failures"]) != "10 of 10" {
		t.Errorf("record %+v", e)
	}
	if _, err := w.passwords.Answer(t.Context(), factors.Login{Factor: 1}, factors.Answer{Fields: map[string]string{"login": "anna", "password": "ring-the-phone"}}); err != nil {
		t.Errorf("still blocked: %v", err)
	}
}

func TestStopOfCalls(t *testing.T) {
	w := newWorld(t)
	for _, stop := range []bool{true, false} {
		w.post("/users/anna/calls", "stop", fmt.Sprint(stop)).wants(http.StatusSeeOther)
		if stopped, err := w.engine.Stopped(t.Context(), "+79161234567"); err != nil || stopped != stop {
			t.Errorf("stopped %v, %v", stopped, err)
		}
		if got := w.ask(http.MethodGet, "/users/anna/phone", "").wants(http.StatusOK).json(); got["stopped"] != stop {
			t.Errorf("phone %v", got)
		}
		if e := w.last(); e.Params["number"] != "+7 916 ***-**-67" {
			t.Errorf("record %+v", e)
		}
	}
	w.ask(http.MethodPost, "/users/anna", `{"attributes":{"phone_number":null}}`).wants(http.StatusOK)
	w.ask(http.MethodPost, "/users/anna/calls/stop", "").wants(http.StatusConflict)
}

func TestPhone(t *testing.T) {
	w := newWorld(t)
	got := w.ask(http.MethodGet, "/users/anna/phone", "").wants(http.StatusOK).json()
	if got["country"] != "RU" || got["kind"] != "mobile" || got["zone"] != "Europe/Moscow" || fmt.Sprint(got["ways"]) != "[map[broken:false channel:flashCall driver:example]]" {
		t.Errorf("phone %v", got)
	}
	if page := w.get("/users/anna").page(); !strings.Contains(page.Text(), "flashCall through example") || !strings.Contains(page.Text(), "15:00 (Europe/Moscow)") {
		t.Error("the page doesn't tell by which route the number is called, or what time it is there")
	}
	for number, problem := range map[string]string{"4915112345678": "phone_country", "74951234567": "phone_unfit"} {
		w.ask(http.MethodPost, "/users/anna", `{"attributes":{"phone_number":"`+number+`"}}`).wants(http.StatusOK)
		if got := w.ask(http.MethodGet, "/users/anna/phone", "").wants(http.StatusOK).json(); got["problem"] != problem || len(got["ways"].([]any)) != 0 {
			t.Errorf("%s: %v", number, got)
		}
	}
}

func TestSessionsAndAccess(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"s1", "s2", "s3"} {
		w.signIn("anna", id)
	}
	w.must(w.store.GiveConsent(t.Context(), "anna", "shop", []consent.Item{{Kind: consent.Scope, Name: "email"}}, noon))
	page := w.get("/users/anna/sessions").page()
	if page.Find("tr[data-session]").Length() != 3 || !strings.Contains(page.Find("tr[data-client=shop]").Text(), "email") {
		t.Errorf("the page shows %s", page.Find("main").Text())
	}
	w.post("/users/anna/sessions/end", "session", "s2").wants(http.StatusSeeOther)
	w.post("/users/anna/sessions/end", "session", "s2").wants(http.StatusNotFound)
	if w.signedIn("anna") != 2 {
		t.Errorf("%d sessions", w.signedIn("anna"))
	}
	w.post("/users/anna/access/revoke", "client", "shop").wants(http.StatusSeeOther)
	w.post("/users/anna/access/revoke", "client", "shop").wants(http.StatusNotFound)
	if e := w.last(); e.Type != audit.TypeUserAccessRevoked || e.Params["client"] != "shop" {
		t.Errorf("record %+v", e)
	}
	if got := w.ask(http.MethodPost, "/users/anna/sessions/reset", "").wants(http.StatusOK).json(); got["ended"] != 2.0 || w.signedIn("anna") != 0 {
		t.Errorf("ended %v", got)
	}
	for path, want := range map[string]string{"/sessions": `{"sessions":[]}`, "/access": `{"access":[]}`} {
		if got := w.ask(http.MethodGet, "/users/anna"+path, "").wants(http.StatusOK); strings.TrimSpace(got.body) != want {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}

// Who only looks sees no whole number, and no form.
func TestWhoOnlyLooks(t *testing.T) {
	w := newWorld(t)
	w.actor = &admin.Actor{ClientID: "ci", Scopes: []string{admin.UsersView.Scope()}}
	for _, path := range []string{"/users", "/users/anna", "/users/anna/phone"} {
		if got := w.ask(http.MethodGet, path, "").wants(http.StatusOK); strings.Contains(got.body, "1234567") {
			t.Errorf("%s shows the number: %s", path, got.body)
		}
	}
	for _, path := range []string{"/users", "/users/anna", "/users/anna/sign-in", "/users/anna/sessions"} {
		page := w.get(path).page()
		if strings.Contains(page.Text(), "123-45-67") || strings.Contains(page.Text(), "1234567") || page.Find("main form[method=post]").Length() != 0 {
			t.Errorf("%s shows the number, or a form", path)
		}
	}
}

func TestETag(t *testing.T) {
	w := newWorld(t)
	tag := w.ask(http.MethodGet, "/users/anna", "").wants(http.StatusOK).header.Get("ETag")
	first := w.ask(http.MethodPost, "/users/anna", `{"attributes":{"city":"Perm"}}`, "If-Match", tag).wants(http.StatusOK)
	if first.header.Get("ETag") == tag {
		t.Error("the version stays")
	}
	w.ask(http.MethodPost, "/users/anna", `{"attributes":{"city":"Omsk"}}`, "If-Match", tag).wants(http.StatusPreconditionFailed)
	w.ask(http.MethodPost, "/users/anna", `{"atributes":{"city":"Omsk"}}`).wants(http.StatusBadRequest)
	if w.user("anna").Attribute("city") != "Perm" {
		t.Error("a change was overwritten")
	}
}
