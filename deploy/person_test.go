package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	password = "a long way to Tipperary"
	callback = "https://shop.example.org/callback"
)

// person signs in by plain HTTP, as a browser without scripts, at a shop that checks
// what it gets.
type person struct {
	login, number string
	http          *http.Client
	phone         string
	heard         string // the id of the last call that was answered
	// between is called after each page, with how many there were; nil: never.
	between func(pages int)

	page  *goquery.Document
	at    *url.URL
	last  *http.Response
	pages int
}

func newPerson(c *cluster, b *balancer, login string, user int) (*person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	p := &person{login: login, number: strings.TrimPrefix(numberOf(user), "+"), http: b.client(), phone: c.phone}
	p.http.Jar = jar
	p.http.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return p, nil
}

// signIn goes the whole way: password, call, code, tokens whose signature and nonce
// are checked, userinfo and a refresh.
func (p *person) signIn(ctx context.Context) error {
	ctx = oidc.ClientContext(ctx, p.http)
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return fmt.Errorf("discovery: %w", err)
	}
	shop := &oauth2.Config{ClientID: "shop", ClientSecret: "shop-secret-of-test", RedirectURL: callback, Endpoint: provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, oidc.ScopeOfflineAccess}}
	verifier := oauth2.GenerateVerifier()
	back, err := p.authorize(shop.AuthCodeURL("state", oidc.Nonce("nonce"), oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("prompt", "login consent")))
	if err != nil {
		return err
	}
	token, err := shop.Exchange(ctx, back.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return fmt.Errorf("exchanging the code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: "shop"}).Verify(ctx, raw)
	if err != nil || id.Nonce != "nonce" {
		return fmt.Errorf("the ID token has nonce %q: %w", id.Nonce, err)
	}
	token.Expiry = time.Now().Add(-time.Hour)
	source := shop.TokenSource(ctx, token)
	info, err := provider.UserInfo(ctx, source)
	if err != nil {
		return fmt.Errorf("refreshing and asking for userinfo: %w", err)
	}
	if info.Subject != id.Subject {
		return fmt.Errorf("userinfo is about %s, the ID token about %s", info.Subject, id.Subject)
	}
	return nil
}

// authorize opens the address and answers pages until the browser is sent back.
func (p *person) authorize(address string) (url.Values, error) {
	if err := p.read(p.http.Get(address)); err != nil {
		return nil, err
	}
	for range 12 {
		if to, err := p.last.Location(); err == nil && strings.HasPrefix(to.String(), callback) {
			if to.Query().Get("code") == "" {
				return nil, fmt.Errorf("no code came back: %s", to.RawQuery)
			}
			return to.Query(), nil
		}
		if err := p.step(); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s never leads back to the shop", p.at)
}

func (p *person) step() error {
	for _, s := range []struct {
		field  string
		values func() (map[string]string, error)
	}{
		{"input[name=password]", func() (map[string]string, error) {
			return map[string]string{"login": p.login, "password": password}, nil
		}},
		{"input[name=code]", func() (map[string]string, error) {
			code, err := p.code()
			return map[string]string{"code": code}, err
		}},
		{"button[value=allow]", func() (map[string]string, error) { return map[string]string{"action": "allow"}, nil }},
		{"button[value=continue]", func() (map[string]string, error) { return map[string]string{"action": "continue"}, nil }},
	} {
		form := p.page.Find(s.field).First().Closest("form")
		if form.Length() == 0 {
			continue
		}
		values, err := s.values()
		if err != nil {
			return err
		}
		return p.send(form, values)
	}
	return fmt.Errorf("%s (%s) shows nothing to answer: %s", p.at, p.last.Status, strings.Join(strings.Fields(p.page.Find("body").Text()), " "))
}

func (p *person) send(form *goquery.Selection, values map[string]string) error {
	fields := url.Values{}
	form.Find("input[name]").Each(func(_ int, s *goquery.Selection) { fields.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	for name, value := range values {
		fields.Set(name, value)
	}
	target, err := p.at.Parse(form.AttrOr("action", ""))
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, target.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://"+host) // as browsers do, and balancers must leave it
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := p.http.Do(r)
	if p.between != nil && errors.Is(err, io.EOF) {
		// A node died with the connection that the balancer kept to it. No balancer
		// repeats a POST; people send a form again, and forms count once.
		if r.Body, err = r.GetBody(); err != nil {
			return err
		}
		res, err = p.http.Do(r)
	}
	return p.read(res, err)
}

func (p *person) read(res *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if p.page, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		return err
	}
	// 409 is a page too: the code is still on its way, where a node died that knew it.
	if p.at, p.last = res.Request.URL, res; res.StatusCode >= 400 && res.StatusCode != http.StatusConflict {
		return fmt.Errorf("%s %s is answered with %s: %s", res.Request.Method, p.at, res.Status, strings.Join(strings.Fields(p.page.Text()), " "))
	}
	if p.pages++; p.between != nil {
		p.between(p.pages)
	}
	return nil
}

var errSilent = errors.New("the phone didn't ring")

// code waits for the next call to the person, and reads it off the number that calls.
// Where it doesn't ring, the person looks at the page again and asks for another call
// as soon as they may: nobody else does where a node died while it placed one.
func (p *person) code() (string, error) {
	patience := time.Now().Add(5 * time.Second)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		calls, err := p.calls()
		if err != nil {
			return "", err
		}
		if len(calls) > 0 && calls[0].ID != p.heard {
			p.heard = calls[0].ID
			return calls[0].From[len(calls[0].From)-4:], nil
		}
		if time.Now().After(patience) {
			if err := p.askAgain(); err != nil {
				return "", err
			}
			patience = time.Now().Add(time.Second)
		}
	}
	return "", errSilent
}

func (p *person) askAgain() error {
	if err := p.read(p.http.Get(p.at.String())); err != nil {
		return err
	}
	form := p.page.Find("[name=action][value=resend]").First().Closest("form")
	if form.Length() == 0 {
		return nil
	}
	return p.send(form, map[string]string{"action": "resend"})
}

type call struct{ ID, From string }

func (p *person) calls() (list []call, err error) {
	res, err := http.Get(p.phone + "/api/calls?to=" + p.number)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return list, json.NewDecoder(res.Body).Decode(&list)
}
