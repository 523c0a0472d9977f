package login_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

func TestAnotherBrowser(t *testing.T) {
	p := newProvider(t)
	victim, thief := p.agent(), p.agent()
	path := p.begin(victim)
	form := victim.get(path).form("#password", "login", "demo", "password", "right")
	for name, a := range map[string]*agent{"with a cookie of its own": thief, "without a cookie": p.agent()} {
		t.Run(name, func(t *testing.T) {
			if a == thief {
				a.visit()
			}
			for _, got := range []*answer{a.get(path), a.post(path, form)} {
				got.wants(http.StatusForbidden, "")
				if got.problem() != login.ProblemOtherBrowser {
					t.Errorf("problem %q", got.problem())
				}
				if strings.Contains(got.body, "shop") || strings.Contains(got.body, "demo") {
					t.Error("the page gives the login's details away")
				}
			}
		})
	}
	if p.password.answers() != 0 || p.login(path).State != idp.LoginOpen {
		t.Error("another browser's form was looked at")
	}
	nobodys := p.begin(victim, func(l *idp.Login) { l.Browser = "" })
	p.agent().get(nobodys).wants(http.StatusForbidden, "")
	victim.post(path, form).wants(http.StatusSeeOther, path)
}

func TestNoLogin(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	expired, answered := p.begin(a), p.begin(a)
	p.memory.logins[strings.TrimPrefix(answered, "/blitz/login/")].State = idp.LoginAnswered
	p.memory.logins[strings.TrimPrefix(expired, "/blitz/login/")].ExpiresAt = p.now()
	form := url.Values{"login": {"demo"}, "password": {"right"}}
	for path, want := range map[string]struct {
		status  int
		problem string
	}{
		"/blitz/login/nosuch":                         {http.StatusNotFound, idp.ProblemLoginUnknown},
		"/blitz/login/" + strings.Repeat("a", 100000): {http.StatusNotFound, idp.ProblemLoginUnknown},
		expired:  {http.StatusGone, idp.ProblemLoginExpired},
		answered: {http.StatusGone, idp.ProblemLoginAnswered},
	} {
		got := a.get(path)
		if got.status != want.status || got.problem() != want.problem {
			t.Errorf("%.40s: %d %q, want %v", path, got.status, got.problem(), want)
		}
		if path != answered {
			if got := a.post(path, form); got.status != want.status {
				t.Errorf("%.40s: a post gives %d, want %d", path, got.status, want.status)
			}
		}
	}
	if p.password.answers() != 0 {
		t.Error("a password was looked at")
	}
}

func TestCrossOriginPost(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	form := a.get(path).form("#password", "login", "demo", "password", "right")
	for name, header := range map[string][2]string{
		"another site":     {"Sec-Fetch-Site", "cross-site"},
		"a sibling":        {"Sec-Fetch-Site", "same-site"},
		"an older browser": {"Origin", "https://evil.example"},
		"an opaque origin": {"Origin", "null"},
	} {
		t.Run(name, func(t *testing.T) {
			evil := *a
			evil.header = a.header.Clone()
			evil.header.Set(header[0], header[1])
			got := evil.post(path, form).wants(http.StatusForbidden, "")
			if got.problem() != login.ProblemCrossOrigin || p.password.answers() != 0 {
				t.Errorf("problem %q, %d passwords looked at", got.problem(), p.password.answers())
			}
		})
	}
	a.header.Set("Origin", a.base)
	a.header.Set("Sec-Fetch-Site", "same-origin")
	a.post(path, form).wants(http.StatusSeeOther, path)
}

func TestScriptInLoginHint(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	hint := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	path := p.begin(a, func(l *idp.Login) { l.Request.LoginHint = hint })
	p.client.Name = hint
	page := a.get(path).wants(http.StatusOK, "")
	doc := page.page()
	if got := doc.Find("#login").AttrOr("value", ""); got != hint {
		t.Errorf("the field holds %q", got)
	}
	if doc.Find("script:not([src])").Length() != 0 || doc.Find("img").Length() != 0 {
		t.Error("the hint became markup")
	}
	path = p.begin(a, func(l *idp.Login) { l.Request.LoginHint = strings.Repeat("a", 300) })
	if got := a.get(path).page().Find("#login").AttrOr("value", ""); got != "" {
		t.Error("a hint longer than any login is shown")
	}
}

func TestHeaders(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	for redirect, source := range map[string]string{
		"https://shop.example/callback":       "https://shop.example",
		"http://127.0.0.1:7000/cb":            "http://127.0.0.1:7000",
		"com.example.app:/callback":           "com.example.app:",
		"https://shop.example;script-src/x":   "https:",
		"https://shop.example/; script-src *": "https://shop.example",
	} {
		path := p.begin(a, func(l *idp.Login) { l.Request.RedirectURI = redirect })
		h := a.get(path).wants(http.StatusOK, "").header
		want := "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
			"form-action 'self' " + source + "; frame-ancestors 'none'; base-uri 'none'"
		if got := h.Get("Content-Security-Policy"); got != want {
			t.Errorf("policy for %s\n%s, want\n%s", redirect, got, want)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cache-Control": "no-store", "X-Robots-Tag": "noindex",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// The limit of whoever mounts the login is the one that counts.
func TestBodyLimitFromOutside(t *testing.T) {
	p := newProvider(t)
	p.maxBody = 8 << 10
	a := p.agent()
	path := p.begin(a)
	long := strings.Repeat("&login=a", 2000)
	for kind, body := range map[string]string{
		"application/x-www-form-urlencoded": long, "application/json": `{"login":"` + long + `"}`,
	} {
		b := *a
		b.header = a.header.Clone()
		b.header.Set("Content-Type", kind)
		got := b.do(http.MethodPost, path, strings.NewReader(body))
		if got.status != http.StatusRequestEntityTooLarge || got.problem() != login.ProblemTooLarge {
			t.Errorf("%s: %d %q", kind, got.status, got.problem())
		}
	}
}

func TestBadForms(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	tests := []struct {
		name, kind, body string
		status           int
		problem          string
	}{
		{"too large", "application/x-www-form-urlencoded", "login=" + strings.Repeat("a", idp.MaxBody), http.StatusRequestEntityTooLarge, login.ProblemTooLarge},
		{"too large JSON", "application/json", `{"login":"` + strings.Repeat("a", idp.MaxBody) + `"}`, http.StatusRequestEntityTooLarge, login.ProblemTooLarge},
		{"a field too long", "application/x-www-form-urlencoded", "login=" + strings.Repeat("a", 2000), http.StatusBadRequest, factors.ProblemFieldTooLong},
		{"a field twice", "application/x-www-form-urlencoded", "login=a&login=b", http.StatusBadRequest, login.ProblemForm},
		{"a field twice in JSON", "application/json", `{"login":"a","login":"b"}`, http.StatusBadRequest, login.ProblemForm},
		{"many fields", "application/x-www-form-urlencoded", "a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=&l=&m=&n=&o=&p=&q=", http.StatusBadRequest, login.ProblemForm},
		{"bad escapes", "application/x-www-form-urlencoded", "login=%zz", http.StatusBadRequest, login.ProblemForm},
		{"not UTF-8", "application/x-www-form-urlencoded", "login=%ff", http.StatusBadRequest, factors.ProblemFieldInvalid},
		{"a name that is not UTF-8", "application/x-www-form-urlencoded", "%ff=a", http.StatusBadRequest, login.ProblemForm},
		{"a number in JSON", "application/json", `{"code":421}`, http.StatusBadRequest, login.ProblemForm},
		{"an object in JSON", "application/json", `{"code":{}}`, http.StatusBadRequest, login.ProblemForm},
		{"a JSON array", "application/json", `["code"]`, http.StatusBadRequest, login.ProblemForm},
		{"half a JSON object", "application/json", `{"code":"1"`, http.StatusBadRequest, login.ProblemForm},
		{"two JSON objects", "application/json", `{"code":"1"}{}`, http.StatusBadRequest, login.ProblemForm},
		{"no JSON", "application/json", ``, http.StatusBadRequest, login.ProblemForm},
		{"XML", "application/xml", `<a/>`, http.StatusUnsupportedMediaType, login.ProblemMediaType},
		{"an unknown action", "application/x-www-form-urlencoded", "action=approve", http.StatusBadRequest, factors.ProblemUnknownAction},
		{"consent that nobody asked for", "application/x-www-form-urlencoded", "action=allow", http.StatusBadRequest, factors.ProblemUnknownAction},
		{"another way where there is none", "application/x-www-form-urlencoded", "action=other", http.StatusBadRequest, factors.ProblemUnknownAction},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := *a
			b.header = a.header.Clone()
			b.header.Set("Content-Type", test.kind)
			got := b.do(http.MethodPost, path, strings.NewReader(test.body))
			if got.status != test.status || got.problem() != test.problem {
				t.Errorf("%d %q, want %d %q", got.status, got.problem(), test.status, test.problem)
			}
		})
	}
	if p.password.answers() != 0 {
		t.Error("a bad form reached the method")
	}
	if got := a.do(http.MethodPut, path, strings.NewReader("")); got.status != http.StatusMethodNotAllowed {
		t.Errorf("PUT gives %d", got.status)
	}
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right")).wants(http.StatusSeeOther, path)
}

// A double click on the password: one proof, one call, and both answers lead on.
func TestDoubleClickOnThePassword(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	form := a.get(path).form("#password", "login", "demo", "password", "right")
	for _, got := range p.parallel(p.password, 2, func() *answer { return a.post(path, form) }) {
		got.wants(http.StatusSeeOther, path)
	}
	if p.password.answers() != 1 || p.call.begins() != 1 || len(p.login(path).Facts) != 1 {
		t.Errorf("%d passwords, %d calls, facts %v", p.password.answers(), p.call.begins(), p.login(path).Facts)
	}
}

// The second of a double click tells what the first would have told.
func TestDoubleClickOnAWrongCode(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	form := a.get(path).form("#code", "code", "9999")
	for _, got := range p.parallel(p.call, 3, func() *answer { return a.post(path, form) }) {
		got.wants(http.StatusBadRequest, "")
		if got.problem() != "code_wrong" {
			t.Errorf("problem %q", got.problem())
		}
	}
	if p.call.answers() != 1 {
		t.Errorf("%d attempts were spent", p.call.answers())
	}
}

// A double click on the last form: whichever answer the browser keeps, it is
// signed in, to the same session.
func TestDoubleClickOnTheLastForm(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	form := a.get(path).form("#code", "code", "0421")
	old := a.cookie()
	for _, got := range p.parallel(p.call, 2, func() *answer { return p.withCookie(old).post(path, form) }) {
		got.wants(http.StatusSeeOther, callback(path))
		if len(got.cookies) != 1 {
			t.Fatalf("%d cookies", len(got.cookies))
		}
		if _, session := p.withCookie(got.cookies[0].Value).visit(); session != p.login(path).Session {
			t.Errorf("signed in to %q, want %q", session, p.login(path).Session)
		}
	}
	if p.call.answers() != 1 || len(p.memory.sessions) != 1 {
		t.Errorf("%d codes looked at, %d sessions", p.call.answers(), len(p.memory.sessions))
	}
}

// The cookie of before the login, kept by whoever planted it, opens nothing:
// only the very form that ended the login does.
func TestPlantedCookie(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	planted := a.cookie()
	early := p.withCookie(planted).get(path).form("#password", "login", "demo", "password", "right")
	a.post(path, a.get(path).form("#password", "login", "demo", "password", "right"))
	a.post(path, a.get(path).form("#code", "code", "0421")).wants(http.StatusSeeOther, callback(path))
	thief := p.withCookie(planted)
	for _, form := range []url.Values{early, {"code": {"0421"}}, {"form": {""}}, {}} {
		if got := thief.post(path, form); len(got.cookies) != 0 {
			t.Errorf("%v signed the thief in", form)
		}
	}
	if got := thief.get(path); len(got.cookies) != 0 {
		t.Error("a page view signed the thief in")
	}
	if _, session := thief.visit(); session != "" {
		t.Error("the planted cookie has the session")
	}
}

// The browser hangs up in the middle of the first post: what it began is
// finished, and the second post goes on from there.
func TestHungUpPost(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	form := a.get(path).form("#password", "login", "demo", "password", "right")
	p.password.gate = make(chan struct{})
	p.contexts = make(chan context.Context, 4)
	ctx, hangUp := context.WithCancel(context.Background())
	gone := make(chan error)
	go func() {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+path, strings.NewReader(form.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			_, err = a.client.Do(r)
		}
		gone <- err
	}()
	<-p.password.inside
	hangUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Fatalf("the first post ended with %v", err)
	}
	<-(<-p.contexts).Done() // now the server knows as well
	close(p.password.gate)
	a.post(path, form).wants(http.StatusSeeOther, path)
	a.get(path).form("#code")
	if p.password.answers() != 1 || p.call.begins() != 1 {
		t.Errorf("%d passwords, %d calls", p.password.answers(), p.call.begins())
	}
}

func TestFaultsStayInside(t *testing.T) {
	p := newProvider(t)
	a := p.agent()
	path := p.begin(a)
	a.visit()
	p.memory.broken = errors.New("database is locked: logins.go:17")
	got := a.get(path).wants(http.StatusInternalServerError, "")
	if got.problem() != "internal" || strings.Contains(got.body, "locked") {
		t.Errorf("the page tells %q", got.body)
	}
}

// parallel runs n requests of which the first waits inside the method until
// the others had time to arrive.
func (p *provider) parallel(m *method, n int, request func() *answer) []*answer {
	m.gate = make(chan struct{})
	answers := make([]*answer, n)
	var all sync.WaitGroup
	run := func(i int) { all.Go(func() { answers[i] = request() }) }
	run(0)
	<-m.inside
	for i := 1; i < n; i++ {
		run(i)
	}
	close(m.gate)
	all.Wait()
	m.gate = nil
	return answers
}

// withCookie is a browser that has that key.
func (p *provider) withCookie(key string) *agent {
	a := p.agent()
	u, err := url.Parse(a.base)
	must(p.t, err)
	a.client.Jar.SetCookies(u, []*http.Cookie{{Name: "ringtail", Value: key, Expires: time.Now().Add(time.Hour)}})
	return a
}

// Nothing of one person's proofs is left when another one takes over.
func TestFactsDoNotChangeHands(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a)
	a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	p.policy = loginPolicy(2, []string{"totp"}, []string{"password", "flashCall"})
	p.totp.prove = func(factors.Login, factors.Answer) (*factors.Proof, error) {
		return &factors.Proof{PersonID: "bob"}, nil
	}
	a.tell(path, `{"code":"0421"}`, http.StatusOK)
	if l := p.login(path); l.UserID != "bob" || len(l.Facts) != 1 || l.Facts[0].Method != "totp" {
		t.Errorf("login of %s with %v", l.UserID, l.Facts)
	}
}

// A session counts in its own browser alone, and only while it lives.
func TestForeignSession(t *testing.T) {
	for name, change := range map[string]func(*provider, *idp.Session){
		"of another browser": func(_ *provider, s *idp.Session) { s.Browser = "other" },
		"ended":              func(p *provider, s *idp.Session) { s.EndedAt = p.now() },
		"over":               func(p *provider, s *idp.Session) { s.ExpiresAt = p.now() },
		"idle":               func(p *provider, s *idp.Session) { s.SeenAt = p.now().Add(-time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			a := p.agent()
			p.signIn(a)
			_, id := a.visit()
			change(p, p.memory.sessions[id])
			a.get(p.begin(a)).wants(http.StatusOK, "").form("#password")
		})
	}
}
