package main

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"
)

// relyingParty is the demo's client in the test's own hands, so that the test
// sees the code and the tokens themselves.
func (d *demo) relyingParty(id, secret, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: id, ClientSecret: secret, RedirectURL: redirect, Scopes: []string{"openid", "offline_access"},
		Endpoint: oauth2.Endpoint{AuthURL: d.provider + "/blitz/oauth/ae", TokenURL: d.provider + "/blitz/oauth/te", AuthStyle: oauth2.AuthStyleInHeader},
	}
}

// signIn walks a login and returns the code that the redirect carries.
func (c *client) signIn(d *demo, rp *oauth2.Config, verifier, login, password, number string) (code string) {
	c.t.Helper()
	c.http.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), rp.RedirectURL) {
			code = r.URL.Query().Get("code")
			return http.ErrUseLastResponse
		}
		return nil
	}
	before := len(d.calls(c.t, number))
	c.get(rp.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)))
	c.submit("input[name=password]", map[string]string{"login": login, "password": password}).must("input[name=code]")
	c.submit("input[name=code]", map[string]string{"code": d.ringing(c.t, number, before+1)})
	if code == "" {
		c.t.Fatalf("the login of %s gave no code:\n%s", login, c.page.Text())
	}
	return code
}

func TestAClientAddedBesideARunningProvider(t *testing.T) {
	d := startDemo(t)
	file := filepath.Join(d.dir, "blitz.conf")
	code, secret, errOut := ringtail(t, "", "client", "add", "beside", "--conf", file, "--redirect", "http://localhost:1/cb", "--alg", "EdDSA")
	if code != exitOK {
		t.Fatal(errOut)
	}
	rp := d.relyingParty("beside", strings.TrimSpace(secret), "http://localhost:1/cb")
	verifier := oauth2.GenerateVerifier()
	token, err := rp.Exchange(t.Context(), newClient(t).signIn(d, rp, verifier, "demo", "ring-the-phone", demoNumber), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if token.RefreshToken == "" || token.Extra("id_token") == nil {
		t.Errorf("token answer %v", token)
	}
	if code, _, errOut := ringtail(t, "", "client", "remove", "beside", "--conf", file); code != exitOK {
		t.Fatal(errOut)
	}
	if _, err := rp.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err == nil {
		t.Error("a removed client got tokens")
	}
}

func TestTheDemosAdministrator(t *testing.T) {
	d := startDemo(t)
	password := regexp.MustCompile(`administrator +admin, password (\S+)`).FindStringSubmatch(d.out.String())
	if password == nil {
		t.Fatalf("the password is not printed:\n%s", d.out)
	}
	rp := d.relyingParty("demo-app", "demo-app-secret", d.shop+"/callback")
	newClient(t).signIn(d, rp, oauth2.GenerateVerifier(), "admin", password[1], "79990000002")
}

func TestStartingAgainOnTheSameData(t *testing.T) {
	dir := t.TempDir()
	var token *oauth2.Token
	for round := range 2 {
		t.Run(map[int]string{0: "first", 1: "again"}[round], func(t *testing.T) {
			d := startDemoIn(t, dir)
			if printed := strings.Contains(d.out.String(), "administrator"); printed != (round == 0) {
				t.Errorf("round %d: the administrator's password printed: %v", round, printed)
			}
			rp := d.relyingParty("demo-app", "demo-app-secret", d.shop+"/callback")
			if token != nil {
				if _, err := rp.TokenSource(context.Background(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err != nil {
					t.Errorf("the refresh token of the first run: %v", err)
				}
			}
			verifier := oauth2.GenerateVerifier()
			var err error
			token, err = rp.Exchange(context.Background(), newClient(t).signIn(d, rp, verifier, "demo", "ring-the-phone", demoNumber), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestManyLoginsOfOneUserAtOnce(t *testing.T) {
	d := startDemo(t, "--set", "login.methods.password.hash.memoryKiB=7168", "--set", "login.methods.password.hash.iterations=1")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 5 {
				c := newClient(t)
				c.password(d)
				if !c.has("input[name=code]") {
					t.Errorf("no call page: %s", c.problems())
					return
				}
			}
		})
	}
	group.Wait()
}

func TestTheLogNamesNobodysSecrets(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			d := startDemo(t, "--set", "log.level=debug", "--set", "log.format="+format)
			rp := d.relyingParty("demo-app", "demo-app-secret", d.shop+"/callback")
			c, verifier := newClient(t), oauth2.GenerateVerifier()
			code := c.signIn(d, rp, verifier, "demo", "ring-the-phone", demoNumber)
			token, err := rp.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := rp.Exchange(t.Context(), code, oauth2.VerifierOption(verifier)); err == nil {
				t.Error("the code worked twice")
			}
			from := d.calls(t, demoNumber)[0].From
			secrets := map[string]string{
				"the password": "ring-the-phone", "the number": demoNumber, "the number as written": "999 000-00-01", "the caller": strings.TrimPrefix(from, "+"),
				"the client's secret": "demo-app-secret", "the master key": strings.TrimSpace(readFile(t, d.dir, "master.key")),
				"the authorization code": code, "the verifier": verifier, "the access token": token.AccessToken, "the refresh token": token.RefreshToken,
				"the ID token": token.Extra("id_token").(string), "the call's code": `="` + from[len(from)-4:], "the call's code bare": "=" + from[len(from)-4:] + " ",
				"the call's code in JSON": `:"` + from[len(from)-4:] + `"`,
			}
			issuer, err := url.Parse(d.provider)
			if err != nil {
				t.Fatal(err)
			}
			for _, cookie := range c.http.Jar.Cookies(issuer) {
				secrets["the cookie "+cookie.Name] = cookie.Value
			}
			if len(secrets) < 15 {
				t.Errorf("only %d secrets are looked for", len(secrets))
			}
			log := d.log.String()
			if !strings.Contains(log, "event=call_placed") && !strings.Contains(log, `"event":"call_placed"`) {
				t.Fatal("the log does not tell of the call: this test looks at nothing")
			}
			for fact, times := range map[string]int{"login_begun": 1, "call_asked": 1, "call_placed": 1, "code_confirmed": 1, "login": 1, "token_issued": 1, "token_reused": 1} {
				got := strings.Count(log, "event="+fact+" ") + strings.Count(log, `"event":"`+fact+`"`)
				if got != times {
					t.Errorf("%s is told %d times", fact, got)
				}
			}
			for what, secret := range secrets {
				if strings.Contains(log, secret) {
					t.Errorf("the log shows %s", what)
				}
			}
		})
	}
}

func TestANewPasswordAndABlockSignOutEverywhere(t *testing.T) {
	for name, arguments := range map[string][]string{"a new password": {"user", "password", "demo"}, "a block": {"user", "block", "demo"}, "a sign-out": {"user", "sign-out", "demo"}} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t)
			rp := d.relyingParty("demo-app", "demo-app-secret", d.shop+"/callback")
			c, verifier := newClient(t), oauth2.GenerateVerifier()
			token, err := rp.Exchange(t.Context(), c.signIn(d, rp, verifier, "demo", "ring-the-phone", demoNumber), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(d.dir, "blitz.conf")
			if code, _, errOut := ringtail(t, "another good password", append(arguments, "--conf", file)...); code != exitOK {
				t.Fatal(errOut)
			}
			if code, _, errOut := ringtail(t, "", "user", "unblock", "demo", "--conf", file); code != exitOK {
				t.Fatal(errOut)
			}
			if _, err := rp.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err == nil {
				t.Error("the refresh token still works")
			}
			c.get(rp.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier))).must("input[name=password]") // the session is over
		})
	}
}
