package shop

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// home shows the claims of who is signed in, or the way to sign in.
func (a *App) home(w http.ResponseWriter, r *http.Request) {
	s, err := a.jar.get(r)
	if err != nil || s.Token == nil {
		a.render(w, "welcome.html", nil)
		return
	}
	a.render(w, "account.html", map[string]any{
		"Claims": pretty(s.Claims), "UserInfo": pretty(s.UserInfo), "Name": s.UserInfo["name"],
		"Refreshable": s.Token.RefreshToken != "", "Expires": s.Token.Expiry.UTC().Format("15:04:05 UTC"),
	})
}

// login sends the browser to the provider. Query parameters that start a
// sign-in of another kind (prompt, max_age, acr_values, login_hint,
// ui_locales) are passed on.
func (a *App) login(w http.ResponseWriter, r *http.Request) {
	var options []oauth2.AuthCodeOption
	for _, name := range []string{"prompt", "max_age", "acr_values", "login_hint", "ui_locales"} {
		if v := r.URL.Query().Get(name); v != "" {
			options = append(options, oauth2.SetAuthURLParam(name, v))
		}
	}
	a.begin(w, r, session{}, options...)
}

// begin sends the browser to the provider with an authorization request, which
// the session keeps what is needed to check of.
func (a *App) begin(w http.ResponseWriter, r *http.Request, s session, options ...oauth2.AuthCodeOption) {
	p, err := a.discover(r.Context())
	if err != nil {
		a.fail(w, http.StatusBadGateway, "The identity provider can't be reached.", err)
		return
	}
	s.State, s.Nonce, s.Verifier = rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	options = append(options, oidc.Nonce(s.Nonce), oauth2.S256ChallengeOption(s.Verifier))
	a.jar.put(w, r, s)
	http.Redirect(w, r, p.oauth.AuthCodeURL(s.State, options...), http.StatusFound)
}

// callback checks the answer, redeems the code and verifies the ID token.
func (a *App) callback(w http.ResponseWriter, r *http.Request) {
	s, err := a.jar.get(r)
	q := r.URL.Query()
	if err != nil || s.State == "" || subtle.ConstantTimeCompare([]byte(s.State), []byte(q.Get("state"))) != 1 {
		a.fail(w, http.StatusBadRequest, "This answer doesn't belong to a sign-in of yours. Please start again.", err)
		return
	}
	if code := q.Get("error"); code != "" {
		a.fail(w, http.StatusUnauthorized, "The sign-in did not take place: "+code+".", nil)
		return
	}
	if iss := q.Get("iss"); iss != "" && iss != a.Issuer { // RFC 9207
		a.fail(w, http.StatusBadRequest, "The answer comes from another provider.", nil)
		return
	}
	if err := a.redeem(r.Context(), &s, q.Get("code")); err != nil {
		a.fail(w, http.StatusBadGateway, "The identity provider's answer could not be verified.", err)
		return
	}
	to := "/"
	if s.Registering {
		to = "/register"
	}
	a.jar.put(w, r, s)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (a *App) redeem(ctx context.Context, s *session, code string) error {
	p, err := a.discover(ctx)
	if err != nil {
		return err
	}
	ctx = oidc.ClientContext(ctx, a.HTTP)
	token, err := p.oauth.Exchange(ctx, code, oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return fmt.Errorf("redeeming the code: %w", err)
	}
	nonce := s.Nonce
	s.State, s.Nonce, s.Verifier = "", "", ""
	return a.take(ctx, p, s, token, nonce)
}

// take verifies the ID token and asks for the user's claims.
func (a *App) take(ctx context.Context, p *provider, s *session, token *oauth2.Token, nonce string) error {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return errors.New("the token answer has no ID token")
	}
	id, err := p.oidc.Verifier(&oidc.Config{ClientID: a.ClientID, Now: a.Now}).Verify(ctx, raw)
	if err != nil {
		return fmt.Errorf("verifying the ID token: %w", err)
	}
	if nonce != "" && id.Nonce != nonce {
		return errors.New("the ID token carries another nonce")
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil {
		return fmt.Errorf("comparing at_hash: %w", err)
	}
	info, err := p.oidc.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("asking for the user's claims: %w", err)
	}
	if info.Subject != id.Subject {
		return errors.New("userinfo answers for another subject")
	}
	s.IDToken, s.Token, s.Claims, s.UserInfo = raw, token, map[string]any{}, map[string]any{}
	return errors.Join(id.Claims(&s.Claims), info.Claims(&s.UserInfo))
}

// refresh gets new tokens with the refresh token.
func (a *App) refresh(w http.ResponseWriter, r *http.Request) {
	s, err := a.jar.get(r)
	if err != nil || s.Token == nil || s.Token.RefreshToken == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	if err := a.renew(r.Context(), &s); err != nil {
		a.jar.drop(w, r)
		a.fail(w, http.StatusUnauthorized, "The session can't be refreshed. Please sign in again.", err)
		return
	}
	a.jar.put(w, r, s)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *App) renew(ctx context.Context, s *session) error {
	p, err := a.discover(ctx)
	if err != nil {
		return err
	}
	ctx = oidc.ClientContext(ctx, a.HTTP)
	token, err := p.oauth.TokenSource(ctx, &oauth2.Token{RefreshToken: s.Token.RefreshToken}).Token()
	if err != nil {
		return fmt.Errorf("refreshing: %w", err)
	}
	return a.take(ctx, p, s, token, "")
}

// logout revokes the refresh token, forgets the session and ends the
// provider's session too (OpenID Connect RP-Initiated Logout).
func (a *App) logout(w http.ResponseWriter, r *http.Request) {
	s, err := a.jar.get(r)
	a.jar.drop(w, r)
	if err != nil || s.Token == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	p, err := a.discover(r.Context())
	if err != nil || p.endSession == "" {
		a.fail(w, http.StatusBadGateway, "You are signed out here, but the identity provider can't be reached.", err)
		return
	}
	if err := a.revoke(r.Context(), p, s.Token.RefreshToken); err != nil {
		a.Log.Warn("revoking the refresh token", "error", err)
	}
	q := url.Values{"id_token_hint": {s.IDToken}, "post_logout_redirect_uri": {a.URL + "/"}, "client_id": {a.ClientID}}
	http.Redirect(w, r, p.endSession+"?"+q.Encode(), http.StatusSeeOther)
}

func (a *App) revoke(ctx context.Context, p *provider, token string) error {
	if token == "" || p.revocation == "" {
		return nil
	}
	form := url.Values{"token": {token}, "token_type_hint": {"refresh_token"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.revocation, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(a.ClientID), url.QueryEscape(a.ClientSecret))
	res, err := a.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the provider answered %s", res.Status)
	}
	return nil
}

func pretty(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}
