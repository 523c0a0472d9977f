package main

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/standin"
)

// The workers are this test program, as they are the program itself when it runs.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerArgument {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// world is the provider and the phone, each behind a listener of its own.
type world struct {
	t     *testing.T
	web   *httptest.Server
	phone *standin.Phone
	rings chan struct{} // one for each call that was placed
	rp    oauth2.Config
	known *oidc.Provider
	keys  *oidc.IDTokenVerifier
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, rings: make(chan struct{}, 16)}
	var err error
	w.phone, err = standin.NewPhone(standin.PhoneOptions{Token: phoneToken})
	must(t, err)
	ringing := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.phone.ServeHTTP(rw, r)
		if r.Method == http.MethodPost && r.URL.Path == "/calls" {
			w.rings <- struct{}{}
		}
	}))
	t.Cleanup(ringing.Close)
	var handler http.Handler
	w.web = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(w.web.Close)
	self, err := os.Executable()
	must(t, err)
	p, err := newProvider(t.Context(), settings{issuer: w.web.URL, phone: ringing.URL, worker: []string{self, workerArgument}})
	must(t, err)
	handler = p
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { p.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended; must(t, p.Close()) })
	w.discover()
	return w
}

// discover makes the relying party by what the provider says of itself.
func (w *world) discover() {
	known, err := oidc.NewProvider(w.t.Context(), w.web.URL)
	must(w.t, err)
	w.known = known
	w.rp = oauth2.Config{ClientID: "app", Endpoint: known.Endpoint(), RedirectURL: "http://localhost:8470/callback", Scopes: []string{"openid"}}
	w.keys = known.Verifier(&oidc.Config{ClientID: "app"})
}

// browser follows redirects up to the relying party's.
type browser struct {
	t      *testing.T
	client *http.Client
	left   *url.URL // where it left the provider for
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(w.t, err)
	b := &browser{t: w.t, client: &http.Client{Jar: jar}}
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), w.rp.RedirectURL) {
			b.left = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	return b
}

// view is a page with its address.
type view struct {
	status int
	at     *url.URL
	page   *goquery.Document
}

func (b *browser) read(res *http.Response, err error) view {
	b.t.Helper()
	must(b.t, err)
	defer res.Body.Close()
	page, err := goquery.NewDocumentFromReader(res.Body)
	must(b.t, err)
	return view{res.StatusCode, res.Request.URL, page}
}

func (b *browser) get(target string) view { return b.read(b.client.Get(target)) }

// post sends the fields with the login's id, as the page's form does.
func (b *browser) post(v view, pairs ...string) view {
	b.t.Helper()
	form := url.Values{"id": {v.page.Find("[name=id]").AttrOr("value", "")}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.read(b.client.PostForm(v.at.String(), form))
}

func (v view) problem() string { return v.page.Find("[data-problem]").AttrOr("data-problem", "") }

// code is what ann reads off her phone, once it rang.
func (w *world) code() string {
	<-w.rings
	from := w.phone.Calls(strings.TrimPrefix(annsPhone, "+"))[0].From
	return from[len(from)-4:]
}

func TestSignInWithACall(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	verifier := oauth2.GenerateVerifier()
	v := b.get(w.rp.AuthCodeURL("state", oidc.Nonce("nonce"), oauth2.S256ChallengeOption(verifier)))
	if v.page.Find("#password").Length() != 1 {
		t.Fatalf("%d at %s, want the password's form", v.status, v.at)
	}
	if wrong := b.post(v, "login", "ann", "password", "guess"); wrong.problem() != "password_wrong" || wrong.status != http.StatusUnauthorized {
		t.Fatalf("a wrong password: %d %q", wrong.status, wrong.problem())
	}
	if len(w.phone.Orders("79990000001")) != 0 {
		t.Fatal("a wrong password rings the phone")
	}
	v = b.post(v, "login", "Ann", "password", "ring-the-phone")
	if v.page.Find("#code").Length() != 1 || !strings.Contains(v.page.Text(), "***") {
		t.Fatalf("%d at %s, want the code's form and the masked number:\n%s", v.status, v.at, v.page.Text())
	}
	code := w.code()
	wrong := "0000"
	if code == wrong {
		wrong = "0001"
	}
	if v := b.post(v, "code", wrong); v.problem() != "code_wrong" {
		t.Fatalf("a wrong code: %d %q", v.status, v.problem())
	}
	b.post(v, "code", code)
	if b.left == nil || b.left.Query().Get("state") != "state" {
		t.Fatalf("the right code leads to %v", b.left)
	}
	w.redeem(b.left.Query().Get("code"), verifier)
}

// redeem fetches the tokens and verifies what they say; the code is good for once.
func (w *world) redeem(code, verifier string) {
	t := w.t
	t.Helper()
	token, err := w.rp.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
	must(t, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := w.keys.Verify(t.Context(), raw)
	must(t, err)
	var claims struct{ AMR []string }
	must(t, id.Claims(&claims))
	if id.Subject != "ann-1" || id.Nonce != "nonce" || !slices.Equal(claims.AMR, []string{"pwd", "tel"}) {
		t.Errorf("the ID token is of %s with %q and amr %v", id.Subject, id.Nonce, claims.AMR)
	}
	if _, err := w.rp.Exchange(t.Context(), code, oauth2.VerifierOption(verifier)); err == nil {
		t.Error("the code is redeemed twice")
	}
	info, err := w.known.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
	must(t, err)
	if info.Subject != "ann-1" {
		t.Errorf("userinfo is of %s", info.Subject)
	}
}

// A login goes on in the browser that it began in, and no step can be left out.
func TestNoShortCut(t *testing.T) {
	w := newWorld(t)
	b, eve := w.browser(), w.browser()
	v := b.get(w.rp.AuthCodeURL("state", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())))
	callback := w.rp.Endpoint.AuthURL + "/callback?" + v.at.RawQuery
	if got := eve.get(v.at.String()); got.status != http.StatusForbidden {
		t.Errorf("another browser sees the login: %d", got.status)
	}
	if got := eve.post(v, "login", "ann", "password", "ring-the-phone"); got.status != http.StatusForbidden {
		t.Errorf("another browser answers the login: %d", got.status)
	}
	for _, step := range []func(){
		func() {}, func() { b.post(v, "code", "0000") }, func() { b.post(v, "login", "ann", "password", "ring-the-phone") },
	} {
		step()
		if b.get(callback); b.left != nil && b.left.Query().Get("error") != "interaction_required" {
			t.Fatalf("a login that isn't done leads to %s", b.left)
		}
	}
	code := w.code()
	if got := eve.post(v, "code", code); got.status != http.StatusForbidden || eve.left != nil {
		t.Errorf("another browser has the code: %d", got.status)
	}
	if b.post(v, "code", code); b.left == nil || b.left.Query().Get("code") == "" {
		t.Fatalf("the login ends at %v", b.left)
	}
	if got := eve.get(callback); got.status != http.StatusForbidden || eve.left != nil {
		t.Errorf("another browser fetches the answer: %d", got.status)
	}
	if without := b.get(w.rp.AuthCodeURL("state")); without.page.Find("form").Length() != 0 {
		t.Error("a request without PKCE leads to the login page")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
