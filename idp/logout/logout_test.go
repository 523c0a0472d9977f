package logout_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout"
)

func TestTheSessionsIDTokenSignsOut(t *testing.T) {
	for name, c := range map[string]struct {
		pairs []string
		want  string // where the browser goes; empty: the goodbye
	}{
		"and stays":              {nil, ""},
		"and goes on":            {[]string{"post_logout_redirect_uri", goodbye}, goodbye},
		"with a state":           {[]string{"post_logout_redirect_uri", goodbye, "state", "s&1=2#3"}, goodbye + "?state=s%261%3D2%233"},
		"beside a query":         {[]string{"post_logout_redirect_uri", goodbye + "?x=1", "state", "s"}, goodbye + "?x=1&state=s"},
		"to a native app":        {[]string{"post_logout_redirect_uri", "com.example.app:/bye"}, "com.example.app:/bye"},
		"with client_id too":     {[]string{"post_logout_redirect_uri", goodbye, "client_id", "shop"}, goodbye},
		"with a state alone":     {[]string{"state", "s"}, ""},
		"with hints that fit":    {[]string{"logout_hint", "ANNA", "ui_locales", "ru en"}, ""},
		"a hint by e-mail":       {[]string{"logout_hint", "anna@example.com"}, ""},
		"a hint by number":       {[]string{"logout_hint", "+7 999 000-00-01"}, ""},
		"unknown parameters too": {[]string{"nonsense", "1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, post := range []bool{false, true} {
				a := w.agent()
				session := a.signIn("u1", "shop")
				pairs := append([]string{"id_token_hint", w.hint(session)}, c.pairs...)
				got := a.logout(pairs...)
				if post {
					session = a.signIn("u1", "shop")
					pairs[1] = w.hint(session)
					got = a.post(logout.Path, values(pairs))
				}
				if got.location != c.want || (c.want == "") != (got.page == "goodbye") || !w.ended(session) {
					t.Errorf("posted %v: %d page %q location %q ended %v", post, got.status, got.page, got.location, w.ended(session))
				}
				if got.header.Get("Cache-Control") != "no-store" || c.want != "" && got.header.Get("Referrer-Policy") != "no-referrer" {
					t.Errorf("headers %v", got.header)
				}
				if again := a.logout(); again.page != "goodbye" {
					t.Errorf("still signed in: %q", again.page)
				}
			}
		})
	}
}

func TestAnExpiredIDTokenWillDo(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop")
	token := w.hint(session)
	w.now = w.now.Add(5 * time.Hour)
	if got := a.logout("id_token_hint", token); got.page != "goodbye" || !w.ended(session) {
		t.Errorf("page %q", got.page)
	}
}

func TestTheQuestion(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop")
	got := a.logout("client_id", "shop", "post_logout_redirect_uri", goodbye, "state", "s1", "ui_locales", "ru")
	var q logout.Question
	w.must(json.Unmarshal(got.body, &q))
	if got.page != "question" || q.Person != "anna" || q.Client != "The shop" || q.Action != "/blitz"+logout.PathConfirm ||
		!slices.Equal(q.FormTargets, []string{goodbye}) || !slices.Equal(q.UILocales, []string{"ru"}) || q.Hidden["id_token_hint"] != "" {
		t.Errorf("page %q %+v", got.page, q)
	}
	form := url.Values{}
	for name, value := range q.Hidden {
		form.Set(name, value)
	}
	if got := a.post(logout.PathConfirm, form); got.location != goodbye+"?state=s1" || !w.ended(session) {
		t.Errorf("%d page %q location %q", got.status, got.page, got.location)
	}
	if got := a.post(logout.PathConfirm, form); got.page != "goodbye" || got.location != "" {
		t.Errorf("a second click: page %q location %q", got.page, got.location)
	}
}

func TestWhereNobodyIsSignedIn(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop")
	w.now = w.now.Add(9 * time.Hour) // its life is over
	token := w.hint(session)
	for name, c := range map[string]struct {
		agent *agent
		pairs []string
		want  string
	}{
		"nothing":                         {a, nil, ""},
		"an ID token and an address":      {a, []string{"id_token_hint", token, "post_logout_redirect_uri", goodbye, "state", "s"}, goodbye + "?state=s"},
		"an address alone":                {a, []string{"client_id", "shop", "post_logout_redirect_uri", goodbye}, ""},
		"a browser that was never here":   {w.agent(), []string{"client_id", "shop", "post_logout_redirect_uri", goodbye}, ""},
		"another browser with the token":  {w.agent(), []string{"id_token_hint", token, "post_logout_redirect_uri", goodbye}, goodbye},
		"an address that isn't anybody's": {w.agent(), []string{"post_logout_redirect_uri", "https://evil.example"}, ""},
	} {
		if got := c.agent.logout(c.pairs...); got.location != c.want || (c.want == "") != (got.page == "goodbye") {
			t.Errorf("%s: page %q location %q", name, got.page, got.location)
		}
	}
}

// An ID token that somebody kept must not end a session from afar.
func TestAnIDTokenInAnotherBrowserEndsNothing(t *testing.T) {
	w := newWorld(t)
	session := w.agent().signIn("u1", "shop")
	if got := w.agent().logout("id_token_hint", w.hint(session)); got.page != "goodbye" || w.ended(session) {
		t.Errorf("page %q, ended %v", got.page, w.ended(session))
	}
}

// A session that was idle for too long still stands for applications.
func TestEarlierSessionsOfTheBrowserEndToo(t *testing.T) {
	w := newWorld(t)
	a, elsewhere := w.agent(), w.agent()
	earlier, other := a.signIn("u1", "shop"), elsewhere.signIn("u1", "shop")
	somebody := a.signIn("u2", "shop")
	session := a.signIn("u1", "shop")
	a.logout("id_token_hint", w.hint(session))
	if !w.ended(session) || !w.ended(earlier) || w.ended(other) || w.ended(somebody) {
		t.Errorf("ended: now %v, earlier %v, elsewhere %v, another's %v", w.ended(session), w.ended(earlier), w.ended(other), w.ended(somebody))
	}
}

// Front-Channel Logout 1.0, sections 2 and 3.
func TestFramesForTheApplicationsOfTheSession(t *testing.T) {
	w := newWorld(t)
	front := func(uri string, session bool) func(*idp.Client) {
		return func(c *idp.Client) { c.FrontchannelLogoutURI, c.FrontchannelSession = uri, session }
	}
	w.register("mail", front("https://mail.example/out?a=b", true))
	w.register("chat", front("https://chat.example/out", false))
	w.register("odd", front("javascript:alert(1)", true))
	w.register("away", front("https://away.example/out", true))
	a := w.agent()
	session := a.signIn("u1", "shop", "mail", "chat", "odd", "gone")
	token := w.hint(session)
	got := a.logout("id_token_hint", token, "post_logout_redirect_uri", goodbye, "state", "s")
	var g logout.Goodbye
	w.must(json.Unmarshal(got.body, &g))
	want := []string{"https://chat.example/out", "https://mail.example/out?a=b&" + url.Values{"iss": {w.issuer}, "sid": {session}}.Encode()}
	slices.Sort(g.Frames)
	if got.page != "goodbye" || !slices.Equal(g.Frames, want) || g.Next != goodbye+"?state=s" || g.Client != "The shop" || g.Wait != 3*time.Second {
		t.Errorf("page %q %+v", got.page, g)
	}
	if got := a.logout("id_token_hint", token, "post_logout_redirect_uri", goodbye); got.location != goodbye {
		t.Errorf("reloaded: page %q location %q", got.page, got.location)
	}
	// A page that leads nowhere has no time to run out.
	session = a.signIn("u1", "chat")
	got = a.logout("id_token_hint", w.hint(session))
	g = logout.Goodbye{}
	w.must(json.Unmarshal(got.body, &g))
	if len(g.Frames) != 1 || g.Wait != 0 || g.Next != "" {
		t.Errorf("page %q %+v", got.page, g)
	}
}

func TestTheServerOptions(t *testing.T) {
	if _, err := logout.New(logout.Options{Issuer: "https://login.example"}); err == nil {
		t.Error("a handler without anything was made")
	}
	w := newWorld(t)
	for method, status := range map[string]int{http.MethodPut: 405, http.MethodDelete: 405} {
		r, err := http.NewRequest(method, w.issuer+logout.Path, nil)
		w.must(err)
		if got := w.agent().send(r); got.status != status {
			t.Errorf("%s: %d", method, got.status)
		}
	}
	r, err := http.NewRequest(http.MethodGet, w.issuer+logout.PathConfirm, nil)
	w.must(err)
	if got := w.agent().send(r); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET of the answer: %d", got.status)
	}
}
