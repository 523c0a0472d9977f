package rules_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// attack is something that nobody should send.
type attack struct {
	name string
	rule string // the number of the rule that holds it off
	send func(*scene) reply
	want want
}

// want is what must come back.
type want struct {
	text  string // for the documentation
	check func(*scene, reply)
}

// scene is where an attack takes place: Ada and Bob are signed in, each in a
// browser of their own.
type scene struct {
	*site
	ada, bob *browser
	app      *party // confidential
	other    *party // as confidential, and somebody else's
	spa      *party // public
	fresh    *browser
}

func (s *scene) in(t testing.TB) *scene {
	here := s.site.in(t)
	next := &scene{site: here, ada: s.ada.in(here), bob: s.bob.in(here), app: here.party("app"), other: here.party("other"), spa: here.public("spa")}
	next.fresh = here.browser("ada")
	return next
}

// refused is an OAuth error in JSON.
func refused(status int, codes ...string) want {
	return want{fmt.Sprintf("%d `%s`", status, strings.Join(codes, "` or `")), func(s *scene, r reply) {
		s.Helper()
		if code, _ := r.json()["error"].(string); r.status != status || !slices.Contains(codes, code) {
			s.Errorf("%d %s, want %d %v", r.status, r.body, status, codes)
		}
		if r.header.Get("Cache-Control") != "no-store" {
			s.Errorf("Cache-Control: %s", r.header.Get("Cache-Control"))
		}
	}}
}

// page is a page for the person that tells of the problem and leads nowhere.
func page(problem string) want {
	return want{fmt.Sprintf("a page, `%s`", problem), func(s *scene, r reply) {
		s.Helper()
		if r.out != nil || r.status < 400 || r.problem() != problem {
			s.Errorf("%d problem %q out %v, want %s\n%s", r.status, r.problem(), r.out, problem, r.body)
		}
	}}
}

// back is an error at the relying party's registered address, with the state and
// the issuer, and without a code.
func back(code string) want {
	return want{fmt.Sprintf("back with `%s`", code), func(s *scene, r reply) {
		s.Helper()
		answer := r.answer()
		if r.out == nil || !strings.HasPrefix(r.out.String(), callback) || answer.Get("error") != code || answer.Get("iss") != s.issuer || answer.Has("code") {
			s.Errorf("%d out %v, want %s\n%s", r.status, r.out, code, r.body)
		}
		if !errorText.MatchString(answer.Get("error_description")) {
			s.Errorf("error_description %q", answer.Get("error_description"))
		}
	}}
}

// that is anything else.
func that(text string, check func(*scene, reply)) want { return want{text, check} }

// status is an answer of that status and no more.
func status(code int) want {
	return want{fmt.Sprint(code), func(s *scene, r reply) {
		s.Helper()
		if r.status != code || r.out != nil {
			s.Errorf("%d out %v, want %d\n%s", r.status, r.out, code, r.body)
		}
	}}
}

// group is a part of the table.
type group struct {
	title   string
	attacks []attack
}

func attacks() []group {
	return []group{
		{"Codes", badCodes()},
		{"PKCE", badPKCE()},
		{"Redirect URIs", badRedirects()},
		{"Authorization requests", badAuthorization()},
		{"Repeated parameters", repeatedParameters()},
		{"ID token hints", badHints()},
		{"Client authentication", badClients()},
		{"Client assertions", badAssertions()},
		{"Request objects", badObjects()},
		{"Pushed requests", badPushes()},
		{"Hybrid and implicit answers", badFronts()},
		{"Token requests", badTokenRequests()},
		{"Refresh tokens", badRefreshes()},
		{"Token exchange", badExchanges()},
		{"Grants that a client signs", badBearers()},
		{"Userinfo", badUserinfo()},
		{"JWT access tokens", badJWTs()},
		{"Introspection", badIntrospection()},
		{"Revocation", badRevocation()},
		{"Devices", badDevices()},
		{"Registration", badRegistrations()},
		{"Logout", badLogout()},
		{"ID token hints at logout", badLogoutHints()},
		{"Logins and browsers", badLogins()},
		{"Pages", badFrames()},
		{"Other origins", badOrigins()},
		{"Addresses, methods and sizes", badHTTP()},
	}
}

// heldBack are attacks that the provider doesn't hold off yet.
func heldBack() []string {
	return nil
}

// harmless checks that whoever wasn't attacked goes on as before; what takes many
// requests only once a group.
func (s *scene) harmless(witness *tokens, last bool) {
	s.Helper()
	if !s.other.works(witness.Access) {
		s.Error("another application's access token is dead")
	}
	if !last {
		return
	}
	*witness = s.other.send(oidc.PathToken, refreshForm(witness.Refresh)).tokens()
	if got := s.ada.authorize("other", "prompt", "none", "scope", "openid"); !got.answer().Has("code") {
		s.Errorf("Ada is signed out: %d out %v\n%s", got.status, got.out, got.body)
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newSite(t, openRegistration)
	stage := &scene{site: s, ada: s.browser(s.person("ada")), bob: s.browser(s.person("bob"))}
	stage = stage.in(t)
	stage.ada.code("other")
	witness := stage.other.tokens(stage.bob)
	for _, g := range attacks() {
		t.Run(g.title, func(t *testing.T) {
			for i, a := range g.attacks {
				t.Run(a.name, func(t *testing.T) {
					if slices.Contains(heldBack(), a.name) {
						t.Skip("a known gap")
					}
					here := stage.in(t)
					got := a.send(here)
					got.shaped()
					a.want.check(here, got)
					here.harmless(&witness, i == len(g.attacks)-1)
				})
			}
		})
	}
	for _, text := range []string{secret, verifier, passport} {
		if strings.Contains(s.log.String(), text) {
			t.Errorf("the log has a secret: %q", text)
		}
	}
}

func TestBadInputIsDocumented(t *testing.T) {
	var b strings.Builder
	n, names := 0, map[string]bool{}
	for _, g := range attacks() {
		fmt.Fprintf(&b, "\n## %s\n\n| rule | what is sent | what comes back |\n|---|---|---|\n", g.title)
		sorted := slices.Clone(g.attacks)
		slices.SortStableFunc(sorted, func(a, b attack) int { return strings.Compare(a.rule, b.rule) })
		for _, a := range sorted {
			if names[g.title+a.name] {
				t.Errorf("%s: %q is there twice", g.title, a.name)
			}
			names[g.title+a.name] = true
			if slices.Contains(heldBack(), a.name) {
				continue
			}
			n++
			fmt.Fprintf(&b, "| %s | %s | %s |\n", a.rule, strings.ReplaceAll(a.name, "|", "\\|"), a.want.text)
		}
	}
	golden(t, "bad-input.md", fmt.Sprintf(badInputIntroduction, n)+b.String())
}

const badInputIntroduction = `# Bad input

Generated from the tests of ` + "`idp/rules`" + `: %d cases that are sent over TLS to a composed provider, by the number of the rule that each would break. «Core» is OpenID Connect Core, «RPIL» RP-Initiated Logout, «ASVS» OWASP ASVS 5.

After each case somebody else's tokens still work, and after each group the person is still signed in. Of every answer it is checked that nothing internal is in it (stack, SQL, text of a Go error, file), that no secret is repeated, that a 401 has
` + "`WWW-Authenticate`" + ` and a 405 ` + "`Allow`" + `, that JSON errors are RFC 6749's and are in no cache, that pages can't be framed, have no inline script and name their problem by an id, and that cookies are ` + "`__Host-`, `Secure`, `HttpOnly` and `SameSite`" + `.
The log has no secret afterwards.
`

// answers405 is for methods.
func answers405() want { return refused(http.StatusMethodNotAllowed, "invalid_request") }
