package realclients

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
)

func appAuth() software {
	return software{
		name: "@openid/appauth", version: "1.3.2", from: "npm",
		setups: []setup{
			{"native", whole + "; AppAuth-JS in Node.js: public, loopback port of its choice, RS256", func(t *testing.T, p *provider) {
				p.addClient(t, "appauth", "--public", "--redirect", "http://127.0.0.1", "--post-logout", nodeLoggedOut)
				runNode(t, p, "appauth.js", nodeSettings{"id": "appauth", "port": freePorts(t, 1)})
			}},
		},
	}
}

func expressOpenIDConnect() software {
	return software{
		name: "express-openid-connect", version: "3.4.0", from: "npm",
		setups: []setup{
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
		},
	}
}

func signInToExpress(t *testing.T, p *provider, id string, more map[string]any) {
	t.Helper()
	port := freePorts(t, 1)
	home := fmt.Sprintf("http://%s/", address(port))
	secret := p.addClient(t, id, "--redirect", home+"callback", "--post-logout", home+"bye")
	serveNode(t, p, "express-openid-connect.js", nodeSettings{"id": id, "secret": secret, "port": port, "more": more})
	who := newPerson(t, p)
	if got := who.visit(home).body(); got != "behind the login" {
		t.Fatalf("behind the login is %q", got)
	}
	var learned struct {
		Sub, Email string
		Changed    bool
	}
	who.get(home + "refreshed")
	if err := json.Unmarshal([]byte(who.body()), &learned); err != nil || learned.Sub == "" || learned.Email != "demo@shop.example" || !learned.Changed {
		t.Errorf("the server learned %s", who.body())
	}
	if !who.signedIn() {
		t.Fatal("the person isn't signed in before the logout")
	}
	if got := who.visit(home + "logout").body(); got != "signed out" {
		t.Errorf("the logout leads to %s: %s", who.at, got)
	}
	if who.signedIn() {
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
	port := freePorts(t, 1)
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
