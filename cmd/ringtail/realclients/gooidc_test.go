package realclients

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

func goOIDC() software {
	return software{
		name: "coreos/go-oidc and x/oauth2", version: "v3.21.0, v0.37.0", from: "go.mod",
		setups: []setup{
			{"default", whole + "; confidential, way of authentication found by x/oauth2, RS256", func(t *testing.T, p *provider) {
				secret := p.addClient(t, "go-default", "--redirect", goRedirect, "--post-logout", goLoggedOut)
				signInWithGo(t, p, &oauth2.Config{ClientID: "go-default", ClientSecret: secret, RedirectURL: goRedirect}, oidc.RS256)
			}},
			{"native", whole + "; public, loopback port of its choice, ES256", func(t *testing.T, p *provider) {
				p.addClient(t, "go-native", "--public", "--alg", "ES256", "--redirect", "http://127.0.0.1/back", "--post-logout", goLoggedOut)
				signInWithGo(t, p, &oauth2.Config{ClientID: "go-native", RedirectURL: "http://127.0.0.1:51234/back"}, oidc.ES256)
			}},
			{"EdDSA", whole + "; confidential, secret in the form, EdDSA", func(t *testing.T, p *provider) {
				secret := p.addClient(t, "go-eddsa", "--alg", "EdDSA", "--redirect", goRedirect, "--post-logout", goLoggedOut)
				signInWithGo(t, p, &oauth2.Config{ClientID: "go-eddsa", ClientSecret: secret, RedirectURL: goRedirect, Endpoint: oauth2.Endpoint{AuthStyle: oauth2.AuthStyleInParams}}, oidc.EdDSA)
			}},
			{"device", whole + "; device authorization (RFC 8628), the code typed by the person; public", func(t *testing.T, p *provider) {
				p.addClient(t, "go-device", append(deviceGrants(), "--public", "--post-logout", goLoggedOut)...)
				signInDeviceWithGo(t, p, &oauth2.Config{ClientID: "go-device"})
			}},
		},
	}
}

// Nobody listens there: the person stops where the provider sends the browser.
const (
	goRedirect  = "https://go.example/back"
	goLoggedOut = "https://go.example/bye"
)

// signInWithGo takes a login from discovery to logout, everything checked that
// the two libraries can check.
func signInWithGo(t *testing.T, p *provider, conf *oauth2.Config, alg string) {
	t.Helper()
	ctx := context.Background()
	found, err := oidc.NewProvider(ctx, p.issuer)
	if err != nil {
		t.Fatal(err)
	}
	style := conf.Endpoint.AuthStyle
	conf.Endpoint = found.Endpoint()
	conf.Endpoint.AuthStyle = style
	conf.Scopes = []string{oidc.ScopeOpenID, "profile", "email", oidc.ScopeOfflineAccess}
	verifier := found.Verifier(&oidc.Config{ClientID: conf.ClientID, SupportedSigningAlgs: []string{alg}})
	who := newPerson(t, p)
	token, id := exchange(t, ctx, conf, verifier, who)
	if id.Subject == "" || id.VerifyAccessToken(token.AccessToken) != nil {
		t.Errorf("the ID token of %s doesn't go with the access token: %v", id.Subject, id.VerifyAccessToken(token.AccessToken))
	}
	useWithGo(t, ctx, found, conf, verifier, who, token, id.Subject)
}

// signInDeviceWithGo lets a device in, which then has tokens as any client.
func signInDeviceWithGo(t *testing.T, p *provider, conf *oauth2.Config) {
	t.Helper()
	ctx := context.Background()
	found, err := oidc.NewProvider(ctx, p.issuer)
	if err != nil {
		t.Fatal(err)
	}
	conf.Endpoint, conf.Scopes = found.Endpoint(), []string{oidc.ScopeOpenID, "email", oidc.ScopeOfflineAccess}
	device, err := conf.DeviceAuth(ctx)
	if err != nil {
		t.Fatal(err)
	}
	who := newPerson(t, p)
	who.approve(device.VerificationURI, device.UserCode)
	token, err := conf.DeviceAccessToken(ctx, device)
	if err != nil {
		t.Fatal(err)
	}
	verifier := found.Verifier(&oidc.Config{ClientID: conf.ClientID})
	useWithGo(t, ctx, found, conf, verifier, who, token, idToken(t, ctx, verifier, token).Subject)
}

// useWithGo takes tokens from refresh to logout.
func useWithGo(t *testing.T, ctx context.Context, found *oidc.Provider, conf *oauth2.Config, verifier *oidc.IDTokenVerifier, who *person, token *oauth2.Token, subject string) {
	t.Helper()
	token = refreshed(t, ctx, conf, verifier, token, subject)
	checkUserInfo(t, ctx, found, token, subject)
	signOutWithGo(t, found, who, token)
}

// exchange signs the person in and redeems the code.
func exchange(t *testing.T, ctx context.Context, conf *oauth2.Config, verifier *oidc.IDTokenVerifier, who *person, more ...oauth2.AuthCodeOption) (*oauth2.Token, *oidc.IDToken) {
	t.Helper()
	pkce := oauth2.GenerateVerifier()
	got := query(t, who.open(conf.AuthCodeURL("state-1", append(more, oidc.Nonce("nonce-1"), oauth2.S256ChallengeOption(pkce))...), conf.RedirectURL).URL)
	if got.Get("state") != "state-1" || got.Get("code") == "" {
		t.Fatalf("the provider answers %s", got)
	}
	token, err := conf.Exchange(ctx, got.Get("code"), oauth2.VerifierOption(pkce))
	if err != nil {
		t.Fatal(err)
	}
	id := idToken(t, ctx, verifier, token)
	if id.Nonce != "nonce-1" {
		t.Errorf("nonce %q", id.Nonce)
	}
	return token, id
}

func idToken(t *testing.T, ctx context.Context, verifier *oidc.IDTokenVerifier, token *oauth2.Token) *oidc.IDToken {
	t.Helper()
	raw, _ := token.Extra("id_token").(string)
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// refreshed lets x/oauth2 see a token whose time is over.
func refreshed(t *testing.T, ctx context.Context, conf *oauth2.Config, verifier *oidc.IDTokenVerifier, token *oauth2.Token, subject string) *oauth2.Token {
	t.Helper()
	old := *token
	old.Expiry = time.Now().Add(-time.Hour)
	fresh, err := conf.TokenSource(ctx, &old).Token()
	if err != nil {
		t.Fatal(err)
	}
	if fresh.AccessToken == token.AccessToken || fresh.RefreshToken == token.RefreshToken {
		t.Error("the refresh gave an old token")
	}
	if id := idToken(t, ctx, verifier, fresh); id.Subject != subject {
		t.Errorf("the refresh is about %q, want %q", id.Subject, subject)
	}
	return fresh
}

func checkUserInfo(t *testing.T, ctx context.Context, found *oidc.Provider, token *oauth2.Token, subject string) {
	t.Helper()
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		t.Fatal(err)
	}
	if info.Subject != subject || info.Email != "demo@shop.example" {
		t.Errorf("userinfo tells of %q, %q", info.Subject, info.Email)
	}
}

// signOutWithGo goes to the endpoint of the discovery document: go-oidc has no
// logout of its own.
func signOutWithGo(t *testing.T, found *oidc.Provider, who *person, token *oauth2.Token) {
	t.Helper()
	var endpoints struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&endpoints); err != nil {
		t.Fatal(err)
	}
	if !who.signedIn() {
		t.Fatal("the person isn't signed in before the logout")
	}
	hint, _ := token.Extra("id_token").(string)
	ask := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {goLoggedOut}, "state": {"bye-1"}}
	if got := who.open(endpoints.EndSession+"?"+ask.Encode(), goLoggedOut).URL; got != goLoggedOut+"?state=bye-1" {
		t.Errorf("the logout leads to %s", got)
	}
	if who.signedIn() {
		t.Error("the person is still signed in after the logout")
	}
}
