package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

// start serves the whole program at an address of the system's choice.
func start(t *testing.T) *httptest.Server {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	must(t, err)
	t.Cleanup(func() { must(t, data.Close()) })
	var handler http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	provider, err := mount(t.Context(), web.URL, data)
	must(t, err)
	handler = routes(web.URL, provider.Handler())
	return web
}

func TestTheProviderServesInsideAnotherProgram(t *testing.T) {
	web := start(t)
	for path, want := range map[string]int{
		"/": 200, "/blitz/oauth/keys": 200, "/blitz/.well-known/openid-configuration": 200, "/blitz/login/unknown": 404,
		"/metrics": 404, "/callback": 403, "/callback?code=x&state=": 403,
	} {
		res, err := http.Get(web.URL + path)
		must(t, err)
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s answers %s, want %d", path, res.Status, want)
		}
	}
}

func TestSignInToTheProgramThroughItsProvider(t *testing.T) {
	web := start(t)
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar}
	at, page := post(t, browser, web.URL+"/sign-in", nil)
	form := url.Values{"login": {"ann"}, "password": {"ring-the-phone"}}
	page.Find("form").Has("#password").Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		form.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	at, page = post(t, browser, at.String(), form)
	if got := page.Find("#greeting").Text(); got != "Hello, Ann." || at.Path != "/callback" {
		t.Errorf("signing in ends at %s with %q", at, got)
	}
}

// post sends a form and follows where it leads.
func post(t *testing.T, browser *http.Client, target string, form url.Values) (*url.URL, *goquery.Document) {
	t.Helper()
	res, err := browser.PostForm(target, form)
	must(t, err)
	defer res.Body.Close()
	page, err := goquery.NewDocumentFromReader(res.Body)
	must(t, err)
	return res.Request.URL, page
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
