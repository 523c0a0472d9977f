package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// app is one sign-in.
type app struct {
	settings
	screen io.Writer // what the person reads
	now    func() time.Time
	pause  func(ctx context.Context, d time.Duration) error
	log    callLog
	begun  bool            // the first call was asked for
	asked  int             // how many more calls than the first
	known  map[string]bool // calls in the log that are not this login's, or were posted
	since  time.Time       // when the app began to wait for the newest call
	end    time.Time       // when it gives up
}

// ending is why the app stops, in the words that the person reads.
type ending struct {
	code int
	text string
}

// Error implements error.
func (e *ending) Error() string { return e.text }

func (a *app) say(format string, args ...any) { fmt.Fprintf(a.screen, format+"\n", args...) }

// signIn takes the person through the login and prints the claims.
func (a *app) signIn(ctx context.Context, out io.Writer) error {
	web := &http.Client{Timeout: 45 * time.Second} // a code that is posted early waits for its call
	ctx = oidc.ClientContext(ctx, web)
	provider, err := oidc.NewProvider(ctx, a.issuer)
	if err != nil {
		return fmt.Errorf("reading the provider's metadata: %w", err)
	}
	r := request{
		oauth: oauth2.Config{
			ClientID: a.client, Endpoint: provider.Endpoint(), RedirectURL: a.redirect,
			Scopes: []string{oidc.ScopeOpenID, "profile", "phone"},
		},
		state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier(),
	}
	// What the phone's log has by now is not this login's call.
	if a.known, err = a.log.ids(ctx); err != nil {
		return err
	}
	steps, err := begin(ctx, web, r.url(), a.issuer)
	if err != nil {
		return err
	}
	to, err := a.walk(ctx, steps)
	if err != nil {
		return err
	}
	code, err := r.catch(ctx, steps, to, a.issuer)
	if err != nil {
		return err
	}
	claims, err := r.redeem(ctx, provider, code)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(claims)
}

// request is the authorization request and what must come back of it.
type request struct {
	oauth                  oauth2.Config
	state, nonce, verifier string
}

func (r request) url() string {
	return r.oauth.AuthCodeURL(r.state, oidc.Nonce(r.nonce), oauth2.S256ChallengeOption(r.verifier))
}

// catch opens the address that ends the login, and takes the code out of the
// redirect that would lead a browser to the app.
func (r request) catch(ctx context.Context, steps *steps, to, issuer string) (string, error) {
	back, err := steps.leave(ctx, to)
	if err != nil {
		return "", err
	}
	query := back.Query()
	at := *back
	at.RawQuery = ""
	switch {
	case at.String() != r.oauth.RedirectURL:
		return "", fmt.Errorf("the login ends at %s, not at the app", at.Redacted())
	case subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(r.state)) != 1:
		return "", errors.New("the answer belongs to another request")
	case query.Has("iss") && query.Get("iss") != issuer: // RFC 9207
		return "", errors.New("the answer comes from another provider")
	case query.Has("error"):
		return "", &ending{exitAnew, "You are not signed in: " + query.Get("error") + ". Start again."}
	}
	return query.Get("code"), nil
}

// redeem turns the code into the claims of a verified ID token.
func (r request) redeem(ctx context.Context, provider *oidc.Provider, code string) (map[string]any, error) {
	token, err := r.oauth.Exchange(ctx, code, oauth2.VerifierOption(r.verifier))
	if err != nil {
		return nil, fmt.Errorf("redeeming the code: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the token answer has no ID token")
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: r.oauth.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("verifying the ID token: %w", err)
	}
	if id.Nonce != r.nonce {
		return nil, errors.New("the ID token carries another nonce")
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil {
		return nil, fmt.Errorf("comparing at_hash: %w", err)
	}
	claims := map[string]any{}
	return claims, id.Claims(&claims)
}

// safe holds the provider's address to what a password may be sent to.
func safe(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return fmt.Errorf("native: %q is no address", issuer)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("native: %s would send the password in the clear; https is needed", issuer)
}
