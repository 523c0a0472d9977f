package main

import (
	"context"
	"crypto/subtle"
	"fmt"
	"html"
	"log"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Cookies of a sign-in that is under way.
const (
	cookieState    = "embed-state"
	cookieVerifier = "embed-verifier"
)

// app is the program's own part: a page that greets whoever signed in.
type app struct{ origin, issuer string }

func (a *app) home(w http.ResponseWriter, _ *http.Request) {
	show(w, `<p>The provider is below <a href="/blitz/.well-known/openid-configuration">/blitz</a>.</p>
<form method="post" action="/sign-in"><button>Sign in</button></form>`)
}

// signIn sends the browser to the provider.
func (a *app) signIn(w http.ResponseWriter, r *http.Request) {
	config, _, err := a.client(r.Context())
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	state, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	keep(w, cookieState, state)
	keep(w, cookieVerifier, verifier)
	http.Redirect(w, r, config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther)
}

// callback takes the answer, in the browser that asked.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	state, err := r.Cookie(cookieState)
	if err != nil || subtle.ConstantTimeCompare([]byte(state.Value), []byte(r.FormValue("state"))) != 1 {
		fail(w, http.StatusForbidden, fmt.Errorf("the answer belongs to no sign-in of this browser"))
		return
	}
	verifier, err := r.Cookie(cookieVerifier)
	if err != nil {
		fail(w, http.StatusForbidden, err)
		return
	}
	name, err := a.redeem(r.Context(), r.FormValue("code"), verifier.Value)
	if err != nil {
		fail(w, http.StatusForbidden, err)
		return
	}
	show(w, `<p id="greeting">Hello, `+html.EscapeString(name)+`.</p>`)
}

// redeem is who the provider says that has signed in.
func (a *app) redeem(ctx context.Context, code, verifier string) (name string, _ error) {
	config, provider, err := a.client(ctx)
	if err != nil {
		return "", err
	}
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return "", fmt.Errorf("redeeming the code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	if _, err := provider.Verifier(&oidc.Config{ClientID: clientID, SupportedSigningAlgs: []string{"ES256"}}).Verify(ctx, raw); err != nil {
		return "", fmt.Errorf("verifying the ID token: %w", err)
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return "", fmt.Errorf("asking who it is: %w", err)
	}
	var claims struct{ Name string }
	err = info.Claims(&claims)
	return claims.Name, err
}

// client finds the provider's endpoints, which are there once the listener is.
func (a *app) client(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	provider, err := oidc.NewProvider(ctx, a.issuer)
	if err != nil {
		return nil, nil, fmt.Errorf("finding the provider: %w", err)
	}
	return &oauth2.Config{
		ClientID: clientID, Endpoint: provider.Endpoint(), RedirectURL: a.origin + "/callback", Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, provider, nil
}

func keep(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/callback", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func show(w http.ResponseWriter, main string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, "<!doctype html>\n<html lang=\"en\">\n<title>Embedded</title>\n<main>\n<h1>The embedding program</h1>\n%s\n</main>\n", main)
}

func fail(w http.ResponseWriter, status int, err error) {
	log.Print(err)
	http.Error(w, "This didn't work.", status)
}
