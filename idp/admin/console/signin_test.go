package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/server"
)

func TestSigningIn(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	v := a.get("/blitz/console/administrators?x=1").wants(t, http.StatusOK, "")
	if v.at.Path != "/blitz/console/administrators" || v.at.RawQuery != "x=1" || v.page.Find("h1").Text() != "Administrators" {
		t.Errorf("at %s: %s", v.at, v.page.Find("h1").Text())
	}
	if who := v.page.Find(".who strong").Text(); who != "root" {
		t.Errorf("signed in as %q", who)
	}
	if got := w.types(); !slices.Equal(got, []string{audit.TypeConsoleEntered}) {
		t.Errorf("recorded are %v", got)
	}
	policy := v.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if n := v.page.Find("h1").Length(); n != 1 {
		t.Errorf("%d headings of the first rank", n)
	}
	if bad := v.page.Find("[style], script:not([src]), [onclick]").Length(); bad > 0 || v.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d inline styles or scripts", bad)
	}
}

func TestTheMenuFollowsTheRoles(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	titles := func() (all []string) {
		v := a.get(pagesBase+"/").wants(t, http.StatusOK, "")
		for _, link := range v.page.Find(".menu a").EachIter() {
			all = append(all, link.Text())
		}
		return all
	}
	if got := titles(); !slices.Contains(got, "Administrators") {
		t.Errorf("root sees %v", got)
	}
	w.appoint("bob", admin.RoleRoot)
	w.appoint("root", admin.RoleAppAdmin)
	if got := titles(); slices.Contains(got, "Administrators") {
		t.Errorf("an administrator of applications sees %v", got)
	}
}

// Who has no role gets in nowhere, and can leave.
func TestAPlainUser(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("ann", 2)
	v := a.get(pagesBase+"/administrators").wants(t, http.StatusForbidden, "console_no_role")
	if v.page.Find(".menu").Length() > 0 {
		t.Error("a plain user sees a menu")
	}
	out := a.post(pagesBase+"/signout", url.Values{"form_token": {v.token()}})
	if out.Code != http.StatusSeeOther || !a.once(http.MethodGet, pagesBase+"/", "", nil).asksToSignIn() {
		t.Errorf("signing out: %d", out.Code)
	}
}

func TestSigningOutEndsBothSessions(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	v := a.get(pagesBase + "/")
	stolen := a.cookies[origin+" ringtail-console"]
	a.post(pagesBase+"/signout", url.Values{"form_token": {v.token()}})
	session, err := w.store.SessionByID(t.Context(), a.session)
	w.must(err)
	if session.EndedAt.IsZero() {
		t.Error("the session at the provider goes on")
	}
	a.cookies[origin+" ringtail-console"] = stolen
	if !a.once(http.MethodGet, pagesBase+"/", "", nil).asksToSignIn() {
		t.Error("a cookie works after the sign-out")
	}
	if got := w.types(); !slices.Contains(got, audit.TypeConsoleLeft) {
		t.Errorf("recorded are %v", got)
	}
}

// A provider that is embedded without a console has none of it.
func TestWithoutAConsole(t *testing.T) {
	w := newWorld(t)
	s, err := server.New(server.Options{
		Issuer: issuer, Store: w.store, Keyring: w.ring, Policy: loginPolicy(), Session: server.Session{Idle: time.Hour, Life: time.Hour},
		Password: passwordOptions(), Now: w.now,
	})
	w.must(err)
	w.server = s
	a := w.agent()
	for _, path := range []string{pagesBase + "/", apiBase + "/administrators"} {
		if v := a.once(http.MethodGet, path, "", nil); v.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, v.Code)
		}
	}
	if v := a.get("/blitz/oauth/ae?client_id=" + console.ClientID); v.Code != http.StatusBadRequest {
		t.Errorf("the console's client: %d", v.Code)
	}
}

// On a listener of its own the console works as a relying party on another origin.
func TestAListenerOfItsOwn(t *testing.T) {
	w := newWorld(t, func(o *server.ConsoleOptions) { o.URL = ownOrigin })
	a := w.signedIn("root", 2)
	if v := a.once(http.MethodGet, pagesBase+"/", "", nil); v.Code != http.StatusNotFound {
		t.Errorf("the public listener serves the console: %d", v.Code)
	}
	v := a.get(ownOrigin+pagesBase+"/administrators").wants(t, http.StatusOK, "")
	if v.at.Host != "localhost:8500" {
		t.Errorf("at %s", v.at)
	}
	for _, asset := range []string{"link[rel=stylesheet]", "script"} {
		address := v.page.Find(asset).AttrOr("href", v.page.Find(asset).AttrOr("src", ""))
		if got := a.once(http.MethodGet, ownOrigin+address, "", nil); got.Code != http.StatusOK {
			t.Errorf("%s: %d", address, got.Code)
		}
	}
	if v := a.once(http.MethodGet, ownOrigin+"/blitz/oauth/te", "", nil); v.Code != http.StatusNotFound {
		t.Errorf("the console's listener serves the provider: %d", v.Code)
	}
}
