package rules_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// loginPage is the page on which a fresh browser of Ada's begins.
func (s *scene) loginPage() reply {
	s.Helper()
	at := s.fresh.authorize("app")
	if !at.has("input[name=password]") {
		s.Fatalf("no login page: %d\n%s", at.status, at.body)
	}
	return at
}

// elsewhere is a page that doesn't let this browser into another one's login.
func elsewhere() want {
	return want{"a page, `login_unknown`", func(s *scene, r reply) {
		s.Helper()
		if r.out != nil || r.status < 400 || r.has("input[name=password], input[name=code]") {
			s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
		}
	}}
}

// notIn wants the person to be asked still, and no cookie of a sign-in.
func notIn() want {
	return want{"nobody is signed in", func(s *scene, r reply) {
		s.Helper()
		if r.out != nil && r.answer().Has("code") {
			s.Errorf("%d out %v", r.status, r.out)
		}
		if got := s.fresh.authorize("app", "prompt", "none"); got.answer().Has("code") {
			s.Error("the browser is signed in")
		}
	}}
}

func badLogins() []attack {
	foreign := []change{header("Origin", "https://evil.example"), header("Sec-Fetch-Site", "cross-site")}
	return []attack{
		{"a wrong password", "ASVS 6.3.1", func(s *scene) reply {
			return s.fresh.submit(s.loginPage(), "input[name=password]", "login", "ada", "password", "wrong")
		}, notIn()},
		{"nobody's login name looks like a wrong password", "ASVS 6.3.8", func(s *scene) reply {
			known := s.fresh.submit(s.loginPage(), "input[name=password]", "login", "ada", "password", "wrong")
			unknown := s.fresh.submit(known, "input[name=password]", "login", "nobody", "password", "wrong")
			if known.status != unknown.status || known.problem() == "" || known.problem() != unknown.problem() {
				s.Errorf("%d %q and %d %q", known.status, known.problem(), unknown.status, unknown.problem())
			}
			return unknown
		}, notIn()},
		{"the login page of another browser", "RFC 9700, 4.7; ASVS 7.2.1", func(s *scene) reply {
			return s.bob.send(http.MethodGet, s.loginPage().sent.URL.String(), "")
		}, elsewhere()},
		{"another person's password in this browser's login", "RFC 9700, 4.7; ASVS 3.5.1", func(s *scene) reply {
			action, form := s.loginPage().form("input[name=password]")
			return s.bob.post(action, with(form, "login", "bob", "password", passport))
		}, elsewhere()},
		{"the password posted without cookies", "ASVS 3.5.1", func(s *scene) reply {
			action, form := s.loginPage().form("input[name=password]")
			return s.app.post(action, with(form, "login", "ada", "password", passport))
		}, elsewhere()},
		{"the password posted by another site (login CSRF)", "RFC 9700, 4.7; ASVS 3.5.1", func(s *scene) reply {
			action, form := s.loginPage().form("input[name=password]")
			return s.fresh.post(action, with(form, "login", "ada", "password", passport), foreign...)
		}, that("403, and nobody is signed in", func(s *scene, r reply) {
			if r.status != http.StatusForbidden {
				s.Errorf("%d\n%s", r.status, r.body)
			}
			notIn().check(s, r)
		})},
		{"the password in the query", "ASVS 14.2.1", func(s *scene) reply {
			at := s.loginPage()
			return s.fresh.send(http.MethodGet, at.sent.URL.String()+"?"+url.Values{"login": {"ada"}, "password": {passport}}.Encode(), "")
		}, notIn()},
		{"a field of the login twice", "ASVS 15.3.7", func(s *scene) reply {
			action, form := s.loginPage().form("input[name=password]")
			form["login"] = []string{"ada", "bob"}
			return s.fresh.post(action, with(form, "password", passport))
		}, notIn()},
		{"an answer to a step that isn't due", "ASVS 2.3.1", func(s *scene) reply {
			action, form := s.loginPage().form("input[name=password]")
			return s.fresh.post(action, with(form, "code", "1234", "action", "allow", "step", "consent"))
		}, notIn()},
		{"the end of the login before it is done", "ASVS 2.3.1", func(s *scene) reply {
			at := s.loginPage().sent.URL.Path
			return s.fresh.get(oidc.PathCallback, url.Values{"id": {at[strings.LastIndex(at, "/")+1:]}})
		}, that("the login page again", func(s *scene, r reply) {
			if r.out != nil || !r.has("input[name=password]") {
				s.Errorf("%d out %v\n%s", r.status, r.out, r.body)
			}
		})},
		{"the call is skipped", "ASVS 2.3.1, 6.3.3", func(s *scene) reply {
			at := s.fresh.submit(s.loginPage(), "input[name=password]", "login", "ada", "password", passport).sent.URL.Path
			return s.fresh.get(oidc.PathCallback, url.Values{"id": {at[strings.LastIndex(at, "/")+1:]}})
		}, notIn()},
		{"a wrong code", "ASVS 6.6.3", func(s *scene) reply {
			at := s.fresh.submit(s.loginPage(), "input[name=password]", "login", "ada", "password", passport)
			return s.fresh.submit(at, "input[name=code]", "code", "0000")
		}, notIn()},
		{"the end of another browser's login", "RFC 9700, 4.7", func(s *scene) reply {
			at := s.loginPage().sent.URL.Path
			return s.bob.get(oidc.PathCallback, url.Values{"id": {at[strings.LastIndex(at, "/")+1:]}})
		}, page("login_unknown")},
		{"an end that was given before", "RFC 6749, 10.5", func(s *scene) reply {
			hops := s.hops(s.fresh, s.issuer+oidc.PathAuthorize+"?"+asked("app", "prompt", "none").Encode())
			last := hops[len(hops)-1]
			return s.fresh.send(http.MethodGet, last, "")
		}, page("login_answered")},
		{"a login that nobody began", "ASVS 7.2.1", func(s *scene) reply { return s.ada.get("/login/unknown", nil) }, elsewhere()},
		{"a planted cookie is not kept at sign-in (session fixation)", "ASVS 7.2.4; RFC 9700, 4.7", fixation, that("another cookie than before the sign-in; the old one opens nothing", func(*scene, reply) {})},
		{"consent given for somebody else's login", "ASVS 10.7.1, 3.5.1", func(s *scene) reply {
			action, form := s.bob.authorize("asking").form("button[value=allow]")
			return s.ada.post(action, with(form, "action", "allow"))
		}, elsewhere()},
		{"consent posted by another site", "ASVS 10.7.1, 3.5.1", func(s *scene) reply {
			action, form := s.ada.authorize("asking").form("button[value=allow]")
			return s.ada.post(action, with(form, "action", "allow"), foreign...)
		}, status(http.StatusForbidden)},
		{"consent by GET", "ASVS 3.5.3", func(s *scene) reply {
			at := s.ada.authorize("asking")
			return s.ada.send(http.MethodGet, at.sent.URL.String()+"?action=allow", "")
		}, that("the question again", func(s *scene, r reply) {
			if r.out != nil || !r.has("button[value=allow]") {
				s.Errorf("%d out %v", r.status, r.out)
			}
		})},
		{"consent refused", "RFC 6749, 4.1.2.1", func(s *scene) reply {
			return s.ada.submit(s.ada.authorize("asking"), "button[value=cancel]", "action", "cancel")
		}, back("access_denied")},
		{"a login form of a megabyte", "ASVS 4.3.1", func(s *scene) reply {
			action, form := s.loginPage().form("input[name=password]")
			return s.fresh.post(action, with(form, "login", strings.Repeat("a", 1<<20)))
		}, status(http.StatusRequestEntityTooLarge)},
		{"XML for a login form", "ASVS 4.1.1", func(s *scene) reply {
			return s.fresh.send(http.MethodPost, s.loginPage().sent.URL.String(), "<login/>", header("Content-Type", "application/xml"))
		}, status(http.StatusUnsupportedMediaType)},
	}
}

// hops are the addresses that a browser is led through.
func (s *scene) hops(b *browser, target string) []string {
	s.Helper()
	var list []string
	walker := *b.http
	walker.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if err := s.inside(r, via); err != nil {
			return err
		}
		list = append(list, r.URL.String())
		return nil
	}
	s.read(walker.Get(target))
	return list
}

// fixation signs in with a cookie that an attacker knows, and tries it then.
func fixation(s *scene) reply {
	s.loginPage()
	at, err := url.Parse(s.issuer)
	s.must(err)
	planted := s.fresh.http.Jar.Cookies(at)
	got := s.fresh.walk(s.fresh.authorize("app"))
	if !got.answer().Has("code") {
		s.Fatalf("not signed in: %d", got.status)
	}
	jar, err := cookiejar.New(nil)
	s.must(err)
	thief := s.browser("ada")
	thief.http.Jar = jar
	for _, c := range planted {
		c.Secure, c.Path = true, "/"
	}
	jar.SetCookies(at, planted)
	if got := thief.authorize("app", "prompt", "none"); got.answer().Has("code") {
		s.Error("the cookie from before the sign-in is signed in")
	}
	return got
}
