package realclients

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

func appAuth() software {
	return software{
		name: "@openid/appauth", version: "1.3.2", from: "npm",
		setups: []setup{
			{"native", whole + "; AppAuth-JS in Node.js: public, loopback port of its choice, RS256", func(t *testing.T, p *provider) {
				p.addClient(t, "appauth", "--public", "--redirect", "http://127.0.0.1", "--post-logout", nodeLoggedOut)
				runNode(t, p, "appauth.js", nodeSettings{"id": "appauth", "port": processtest.FreePorts(t, 1)})
			}},
		},
	}
}

func expressOpenIDConnect() software {
	return software{
		name: "express-openid-connect", version: "3.4.0", from: "npm",
		setups: []setup{
			{"default", "login with both factors, logout; its default is implicit: `id_token` by form_post", func(t *testing.T, p *provider) {
				express := startExpress(t, p, processtest.FreePorts(t, 1), clientID(t), map[string]any{"authorizationParams": map[string]any{"response_type": "id_token", "response_mode": "form_post"}},
					"--grant", "implicit", "--response-type", "id_token")
				express.signIn(t)
				express.signOut(t)
			}},
			{"code", whole + "; `idpLogout`, client_secret_basic, RS256", func(t *testing.T, p *provider) {
				signInToExpress(t, p, "express-code", nil)
			}},
			{"form_post", "the same with form_post and the secret in the form", func(t *testing.T, p *provider) {
				signInToExpress(t, p, "express-post", map[string]any{
					"clientAuthMethod": "client_secret_post",
					"authorizationParams": map[string]any{
						"response_type": "code", "response_mode": "form_post", "scope": "openid profile email offline_access",
					},
				})
			}},
			{"PAR and a key", "the same with `pushedAuthorizationRequests`, private_key_jwt, PS256", func(t *testing.T, p *provider) {
				key := newPartyKey(t, "PS256")
				signInToExpress(t, p, "express-key", map[string]any{
					"clientAssertionSigningKey": key.private, "clientAssertionSigningAlg": "PS256", "pushedAuthorizationRequests": true,
				}, "--require-par", "--auth", "private_key_jwt", "--jwks", key.set)
			}},
			{"back-channel logout", "login; its session ends when the provider's does", expressTold},
			{"code id_token", "the same with the hybrid flow, form_post", func(t *testing.T, p *provider) {
				signInToExpress(t, p, "express-hybrid", map[string]any{
					"authorizationParams": map[string]any{
						"response_type": "code id_token", "response_mode": "form_post", "scope": "openid profile email offline_access",
					},
				}, hybrid()...)
			}},
		},
	}
}

// express is a running server over the library, and a person who visits it.
type express struct {
	home string
	who  *person
}

func startExpress(t *testing.T, p *provider, port int, id string, more map[string]any, flags ...string) express {
	t.Helper()
	home := fmt.Sprintf("http://%s/", address(port))
	secret := p.addClient(t, id, append(flags, "--redirect", home+"callback", "--post-logout", home+"bye")...)
	serveNode(t, p, "express-openid-connect.js", nodeSettings{"id": id, "secret": secret, "port": port, "more": more})
	return express{home, newPerson(t, p)}
}

// signInToExpress takes a person through login, refresh, userinfo and logout.
func signInToExpress(t *testing.T, p *provider, id string, more map[string]any, flags ...string) {
	t.Helper()
	e := startExpress(t, p, processtest.FreePorts(t, 1), id, more, flags...)
	e.signIn(t)
	var learned struct {
		Sub, Email string
		Changed    bool
	}
	e.who.get(e.home + "refreshed")
	if err := json.Unmarshal([]byte(e.who.body()), &learned); err != nil || learned.Sub == "" || learned.Email != "demo@shop.example" || !learned.Changed {
		t.Errorf("the server learned %s", e.who.body())
	}
	e.signOut(t)
}

func (e express) signIn(t *testing.T) {
	t.Helper()
	if got := e.who.visit(e.home).body(); got != "behind the login" {
		t.Fatalf("behind the login is %q", got)
	}
}

func (e express) signOut(t *testing.T) {
	t.Helper()
	if !e.who.signedIn() {
		t.Fatal("the person isn't signed in before the logout")
	}
	if got := e.who.visit(e.home + "logout").body(); got != "signed out" {
		t.Errorf("the logout leads to %s: %s", e.who.at, got)
	}
	if e.who.signedIn() {
		t.Error("the person is still signed in after the logout")
	}
}

func authJS() software {
	return software{
		name: "@auth/express", version: "0.12.3", from: "npm",
		setups: []setup{
			{"default", "login with both factors, userinfo; Auth.js has neither refresh nor logout of its own; PKCE, state and nonce, client_secret_basic, RS256", signInToAuthJS},
		},
	}
}

func signInToAuthJS(t *testing.T, p *provider) {
	t.Helper()
	port := processtest.FreePorts(t, 1)
	home := fmt.Sprintf("http://%s/", address(port))
	secret := p.addClient(t, "auth-js", "--redirect", home+"auth/callback/ringtail")
	serveNode(t, p, "auth-express.js", nodeSettings{"id": "auth-js", "secret": secret, "port": port})
	who := newPerson(t, p)
	who.get(home + "auth/csrf")
	var csrf struct{ CSRFToken string }
	if err := json.Unmarshal([]byte(who.body()), &csrf); err != nil {
		t.Fatalf("Auth.js answers %s", who.body())
	}
	who.post(home+"auth/signin/ringtail", url.Values{"csrfToken": {csrf.CSRFToken}, "callbackUrl": {home}})
	who.leave()
	var session struct{ User struct{ Name, Email string } }
	if err := json.Unmarshal([]byte(who.body()), &session); err != nil || session.User.Email != "demo@shop.example" || session.User.Name != "Demo User" {
		t.Errorf("%s: Auth.js learned %s", who.at, who.body())
	}
}
