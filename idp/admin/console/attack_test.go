package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
	"github.com/ringtail-id/ringtail/idp/server"
)

// giveBob is the form that makes bob an administrator.
func giveBob(token string) url.Values {
	return url.Values{"login": {"bob"}, "roles": {string(admin.RoleSupport)}, "form_token": {token}}
}

const giving = pagesBase + "/administrators"

// bobIs fails unless bob has exactly the roles.
func (w *world) bobIs(name string, roles ...admin.Role) {
	w.t.Helper()
	if got := w.roles("bob"); !slices.Equal(got, roles) {
		w.t.Errorf("%s: bob is %v, want %v", name, got, roles)
	}
}

func TestFormsOfOthers(t *testing.T) {
	w := newWorld(t)
	a, other := w.signedIn("root", 2), w.signedIn("sue", 2)
	mine, others := a.get(giving).token(), other.get(giving).token()
	twice := giveBob(mine)
	twice.Add("form_token", mine)
	for name, form := range map[string]url.Values{
		"no token": {"login": {"bob"}, "roles": {"support"}}, "an empty token": giveBob(""), "a guess": giveBob(strings.Repeat("0", 64)),
		"another session's token": giveBob(others), "two tokens": twice,
	} {
		v := a.post(giving, form)
		if v.Code != http.StatusForbidden || v.problem() != "console_form_foreign" {
			t.Errorf("%s: %d %s", name, v.Code, v.problem())
		}
		w.bobIs(name)
	}
	if v := a.post(giving+"?form_token="+mine, url.Values{"login": {"bob"}, "roles": {"support"}}); v.problem() != "console_form_foreign" {
		t.Errorf("the token in the address: %d", v.Code)
	}
	for name, header := range map[string]http.Header{
		"as plain text": {"Content-Type": {"text/plain"}}, "without a type": {}, "as JSON": {"Content-Type": {"application/json"}},
	} {
		if v := a.once(http.MethodPost, giving, giveBob(mine).Encode(), header); v.problem() != "console_form_foreign" {
			t.Errorf("%s: %d", name, v.Code)
		}
	}
	w.bobIs("by other kinds of bodies")
	if v := a.post(giving, giveBob(mine)); v.Code != http.StatusSeeOther {
		t.Fatalf("the own form: %d %s", v.Code, v.problem())
	}
	w.bobIs("by the own form", admin.RoleSupport)
}

func TestOtherSitesCantPost(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	form := giveBob(a.get(giving).token())
	for name, header := range map[string]http.Header{
		"another site":     {"Sec-Fetch-Site": {"cross-site"}},
		"a sibling domain": {"Sec-Fetch-Site": {"same-site"}},
		"another origin":   {"Origin": {"https://evil.example"}},
		"no origin":        {"Origin": {"null"}},
	} {
		a.header = header
		v := a.post(giving, form)
		if v.Code != http.StatusForbidden || v.problem() != idp.ProblemCrossOrigin {
			t.Errorf("%s: %d %s", name, v.Code, v.problem())
		}
	}
	w.bobIs("by other sites")
}

// The console's cookie is worth nothing in a browser that isn't signed in to the
// provider as the same session, and nothing at all when there is no such session.
func TestAStolenCookie(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	form := giveBob(a.get(giving).token())
	stolen := a.cookies[origin+" ringtail-console"]
	for name, thief := range map[string]*agent{"alone": w.agent(), "beside a session of the thief's": w.signedIn("ann", 2)} {
		thief.cookies[origin+" ringtail-console"] = stolen
		if v := thief.once(http.MethodGet, giving, "", nil); !v.asksToSignIn() {
			t.Errorf("%s: %d", name, v.Code)
		}
		thief.post(giving, form).wants(t, http.StatusUnauthorized, "console_signed_out")
	}
	for name, value := range map[string]string{"empty": "", "a guess": strings.Repeat("a", 52), "endless": strings.Repeat("a", 5000)} {
		b := w.signedIn("root", 2)
		b.cookies[origin+" ringtail-console"] = value
		b.post(giving, form).wants(t, http.StatusUnauthorized, "console_signed_out")
		_ = name
	}
	w.bobIs("by a stolen cookie")
}

func TestWhatEndsASession(t *testing.T) {
	for name, end := range map[string]func(w *world, a *agent) error{
		"the session at the provider ends": func(w *world, a *agent) error {
			_, err := w.store.EndSessions(w.t.Context(), idp.Ending{UserID: "sue", Session: a.session}, w.now())
			return err
		},
		"single sign-out everywhere": func(w *world, _ *agent) error {
			_, err := w.store.EndSessions(w.t.Context(), idp.Ending{UserID: "sue", Offline: true}, w.now())
			return err
		},
		"the password is set anew": func(w *world, _ *agent) error {
			return w.store.ResetUser(w.t.Context(), "sue", func(u *idp.User) error { u.PasswordHash = "x"; return nil })
		},
		"a block": func(w *world, _ *agent) error {
			_, err := w.store.UpdateUser(w.t.Context(), "sue", func(u *idp.User) error { u.Blocked = true; return nil })
			return err
		},
		"no use for a quarter of an hour": func(w *world, _ *agent) error { w.wait(15 * time.Minute); return nil },
		"eight hours, used all the time": func(w *world, a *agent) error {
			for range 8 * 60 / 14 {
				w.wait(14 * time.Minute)
				a.get(giving).wants(w.t, http.StatusOK, "")
			}
			w.wait(10 * time.Minute)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.signedIn("sue", 2)
			form := giveBob(a.get(giving).token())
			w.must(end(w, a))
			if v := a.once(http.MethodGet, giving, "", nil); !v.asksToSignIn() {
				t.Errorf("the page is shown: %d", v.Code)
			}
			a.post(giving, form).wants(t, http.StatusUnauthorized, "console_signed_out")
			w.bobIs("afterwards")
		})
	}
}

// A role that is taken away counts for the next request, and its forms too.
func TestARoleTakenAwayInTheMiddle(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("sue", 2)
	form := giveBob(a.get(giving).token())
	w.appoint("sue", admin.RoleSupport)
	a.get(giving).wants(t, http.StatusForbidden, admin.ProblemForbidden)
	a.post(giving, form).wants(t, http.StatusForbidden, admin.ProblemForbidden)
	w.appoint("sue")
	if v := a.once(http.MethodGet, giving, "", nil); !v.asksToSignIn() {
		t.Errorf("without any role: %d", v.Code)
	}
	a.get(giving).wants(t, http.StatusForbidden, "console_no_role")
	w.bobIs("afterwards")
}

// With one factor proved the provider asks for the second, and lets nobody through.
func TestOneFactorIsNotEnough(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 1)
	v := a.get(giving)
	if !strings.HasPrefix(v.at.Path, "/blitz/login/") || v.Code != http.StatusOK {
		t.Errorf("at %s: %d", v.at, v.Code)
	}
	if v := a.once(http.MethodGet, giving, "", nil); !v.asksToSignIn() {
		t.Errorf("afterwards: %d", v.Code)
	}
	if len(w.trail.Events()) > 0 {
		t.Error("somebody came in")
	}
}

// answerTo goes with the browser up to the provider's answer, and keeps it.
func (a *agent) answerTo(v *view) (answer *url.URL) {
	a.w.t.Helper()
	for range 8 {
		next, err := v.at.Parse(v.Header().Get("Location"))
		a.w.must(err)
		if strings.HasSuffix(next.Path, "/console/callback") {
			return next
		}
		v = a.once(http.MethodGet, next.String(), "", nil)
	}
	a.w.t.Fatal("the provider doesn't answer")
	return nil
}

// An answer belongs to the browser and the attempt that it was asked in.
func TestInjectedAnswers(t *testing.T) {
	w := newWorld(t)
	evil, victim := w.signedIn("ann", 2), w.signedIn("root", 2)
	evils := evil.answerTo(evil.once(http.MethodGet, giving, "", nil))
	first := victim.answerTo(victim.once(http.MethodGet, giving, "", nil))
	second := victim.answerTo(victim.once(http.MethodGet, giving, "", nil))
	mixed := func(state, code *url.URL) string {
		q := state.Query()
		q.Set("code", code.Query().Get("code"))
		return first.Path + "?" + q.Encode()
	}
	without := func(name, value string) string {
		q := first.Query()
		q.Set(name, value)
		return first.Path + "?" + q.Encode()
	}
	for name, target := range map[string]string{
		"another's state and code":         evils.String(),
		"the own state, another's code":    mixed(first, evils),
		"another's state, the own code":    mixed(evils, first),
		"the code of another attempt":      mixed(first, second),
		"no state":                         without("state", ""),
		"a forged state":                   without("state", "a.Lw."+strings.Repeat("0", 64)),
		"a state with another path in it":  without("state", strings.Replace(first.Query().Get("state"), ".", ".x", 1)),
		"the answer of another issuer":     without("iss", "https://evil.example"),
		"no issuer":                        without("iss", ""),
		"no code":                          without("code", ""),
		"a code that was never given":      without("code", strings.Repeat("a", 52)),
		"nothing":                          first.Path,
		"an error with a state of another": evils.Path + "?error=access_denied&iss=" + url.QueryEscape(issuer) + "&state=" + url.QueryEscape(evils.Query().Get("state")),
	} {
		v := victim.once(http.MethodGet, target, "", nil)
		if v.Code != http.StatusBadRequest || v.problem() != "console_signin_failed" {
			t.Errorf("%s: %d %s", name, v.Code, v.problem())
		}
	}
	if v := victim.once(http.MethodGet, giving, "", nil); !v.asksToSignIn() {
		t.Errorf("somebody is signed in: %d", v.Code)
	}
	// A code works once. The first one was used above, with a wrong verifier beside it.
	third := victim.answerTo(victim.once(http.MethodGet, giving, "", nil))
	if v := victim.once(http.MethodGet, third.String(), "", nil); v.Code != http.StatusSeeOther {
		t.Fatalf("the own answer: %d %s", v.Code, v.problem())
	}
	victim.once(http.MethodGet, third.String(), "", nil).wants(t, http.StatusBadRequest, "console_signin_failed")
}

// A sign-in comes back to the console and to nowhere else.
func TestNoOpenRedirect(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"//evil.example/", "/\\evil.example", "/%2f%2fevil.example", "/..//evil.example"} {
		a := w.signedIn("root", 2)
		v := a.get(pagesBase + path)
		if v.at.Host != "localhost:8400" || !strings.HasPrefix(v.at.Path, "/blitz/") {
			t.Errorf("%s leads to %s", path, v.at)
		}
	}
}

// Whoever is a root by the API, by a person's token or by a cookie isn't one.
func TestTheAPIIsForClients(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	a.get(giving)
	put := func(name, token string, status int, problem string) {
		t.Helper()
		header := http.Header{"Content-Type": {"application/json"}, "If-Match": {administrators.Tag(nil)}}
		if token != "" {
			header.Set("Authorization", "Bearer "+token)
		}
		v := a.once(http.MethodPut, apiBase+"/administrators/bob", `{"roles":["support"]}`, header)
		if v.Code != status || v.problem() != problem {
			t.Errorf("%s: %d %s", name, v.Code, v.problem())
		}
	}
	put("a cookie", "", http.StatusUnauthorized, "token_invalid")
	put("a guess", strings.Repeat("a", 52), http.StatusUnauthorized, "token_invalid")
	put("a person's token", w.personsToken("root"), http.StatusUnauthorized, "token_invalid")
	put("the scope to look", w.apiClient("looks", admin.AdministratorsView.Scope()), http.StatusForbidden, "scope_missing")
	w.bobIs("by others")
	put("the scope to change", w.apiClient("changes", admin.AdministratorsEdit.Scope()), http.StatusOK, "")
	w.bobIs("by a client", admin.RoleSupport)
	token := w.apiClient("climbs", admin.AdministratorsEdit.Scope())
	v := a.once(http.MethodPut, apiBase+"/administrators/bob", `{"roles":["root"]}`, http.Header{
		"Authorization": {"Bearer " + token}, "If-Match": {administrators.Tag([]admin.Role{admin.RoleSupport})},
	})
	v.wants(t, http.StatusForbidden, "administrator_root_only")
}

func TestReadOnly(t *testing.T) {
	w := newWorld(t, func(o *server.ConsoleOptions) { o.ReadOnly = true })
	a := w.signedIn("root", 2)
	v := a.get(giving).wants(t, http.StatusOK, "")
	if v.page.Find("[data-readonly]").Length() != 1 {
		t.Error("the page doesn't say that it is read only")
	}
	a.post(giving, giveBob(v.token())).wants(t, http.StatusForbidden, admin.ProblemReadOnly)
	token := w.apiClient("api", admin.AdministratorsView.Scope(), admin.AdministratorsEdit.Scope())
	header := http.Header{"Authorization": {"Bearer " + token}}
	a.once(http.MethodPut, apiBase+"/administrators/bob", `{"roles":["support"]}`, header).wants(t, http.StatusForbidden, admin.ProblemReadOnly)
	a.once(http.MethodGet, apiBase+"/administrators", "", header).wants(t, http.StatusOK, "")
	w.bobIs("read only")
	if v := a.post(pagesBase+"/signout", url.Values{"form_token": {v.token()}}); v.Code != http.StatusSeeOther {
		t.Errorf("signing out: %d", v.Code)
	}
}

// An old proof changes nothing; the form can be sent once more after a new one.
func TestAnOldProof(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	form := giveBob(a.get(giving).token())
	w.wait(5*time.Minute + time.Second)
	v := a.post(giving, form).wants(t, http.StatusForbidden, "")
	w.bobIs("with an old proof")
	again := url.Values{}
	for _, input := range v.page.Find("main form input").EachIter() {
		again.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	if again.Encode() != form.Encode() {
		t.Errorf("the form is offered as %v, was %v", again, form)
	}
	a.post(giving, again).wants(t, http.StatusForbidden, "") // nothing was proved yet

	asked := a.once(http.MethodGet, v.page.Find("main a.button").AttrOr("href", ""), "", nil)
	at, err := url.Parse(asked.Header().Get("Location"))
	w.must(err)
	if at.Query().Get("max_age") == "" {
		t.Errorf("asked is %s", at)
	}
	if v := a.get(at.String()); !strings.HasPrefix(v.at.Path, "/blitz/login/") {
		t.Errorf("with old facts it leads to %s", v.at)
	}
	a.prove()
	if v := a.get(pagesBase + "/prove"); v.at.Path != pagesBase+"/proved" {
		t.Fatalf("a new proof leads to %s", v.at)
	}
	if v := a.post(giving, again); v.Code != http.StatusSeeOther {
		t.Errorf("sent once more: %d %s", v.Code, v.problem())
	}
	w.bobIs("after a new proof", admin.RoleSupport)
}

// A form with a secret isn't put into a page.
func TestSecretsAreNotOfferedAgain(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	form := giveBob(a.get(giving).token())
	form.Set("newPassword", "correct horse")
	w.wait(6 * time.Minute)
	if v := a.post(giving, form); strings.Contains(v.Body.String(), "correct horse") || v.page.Find("main form").Length() != 0 {
		t.Errorf("the page holds the secret or offers the form:\n%s", v.Body)
	}
}

// The notice of a change is shown once, to nobody else.
func TestNotices(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	a.post(giving, giveBob(a.get(giving).token()))
	note := a.cookies[origin+" ringtail-console-notice"]
	if v := a.get(giving); v.page.Find(".notice").Text() != "Roles were given to bob." {
		t.Errorf("told is %q", v.page.Find(".notice").Text())
	}
	if v := a.get(giving); v.page.Find(".notice").Length() != 0 {
		t.Error("it is told twice")
	}
	other := w.signedIn("sue", 2)
	other.get(giving)
	other.cookies[origin+" ringtail-console-notice"] = note
	if v := other.get(giving); v.page.Find(".notice").Length() != 0 {
		t.Error("it is told to somebody else")
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	form := giveBob(a.get(giving).token())
	form.Set("more", strings.Repeat("x", 70<<10))
	a.post(giving, form).wants(t, http.StatusRequestEntityTooLarge, idp.ProblemForm)
	w.bobIs("by a large form")
}

func TestUnknownPathsAndMethods(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	a.get(giving)
	a.once(http.MethodGet, pagesBase+"/nowhere", "", nil).wants(t, http.StatusNotFound, "path_unknown")
	if v := a.once(http.MethodPut, giving, "", nil).wants(t, http.StatusMethodNotAllowed, "method_not_allowed"); !strings.Contains(v.Header().Get("Allow"), "POST") {
		t.Errorf("allowed is %q", v.Header().Get("Allow"))
	}
	a.once(http.MethodGet, apiBase+"/nowhere", "", nil).wants(t, http.StatusNotFound, "path_unknown")
	a.once(http.MethodDelete, apiBase+"/administrators", "", nil).wants(t, http.StatusMethodNotAllowed, "method_not_allowed")
}

// Whatever the console and the API answer stays out of caches and runs nothing: pages
// have a policy, and what is downloaded is no page, whatever strangers put into it.
func TestNothingThatIsAnsweredRuns(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	a.get(giving)
	for _, path := range []string{
		pagesBase + "/", pagesBase + "/nowhere", pagesBase + "/out", pagesBase + "/callback", pagesBase + "/users/export",
		pagesBase + "/audit/export?format=csv", pagesBase + "/audit/export?format=jsonl", apiBase + "/nowhere", apiBase + "/users",
	} {
		v := a.once(http.MethodGet, path, "", nil)
		h := v.Header()
		policy := h.Get("Content-Security-Policy")
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" ||
			!strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: %d %v", path, v.Code, h)
		}
	}
}
