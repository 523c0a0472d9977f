package realclients

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

const proxyVersion = "v7.15.6"

func oauth2Proxy() software {
	return software{
		name: "oauth2-proxy", version: proxyVersion, from: "Makefile",
		setups: []setup{
			{"default", whole + "; no PKCE, which its registration waives, RS256", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "proxy-default", "--pkce", "optional", "--redirect", proxyCallback(port), "--post-logout", proxyHome(port))
				signInThroughProxy(t, p, port, "proxy-default", secret)
			}},
			{"PKCE", "the same with `code_challenge_method = \"S256\"`, nonce checked", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "proxy-pkce", "--redirect", proxyCallback(port), "--post-logout", proxyHome(port))
				signInThroughProxy(t, p, port, "proxy-pkce", secret, "--code-challenge-method=S256", "--insecure-oidc-skip-nonce=false")
			}},
		},
	}
}

func proxyHome(port int) string     { return fmt.Sprintf("http://%s/", address(port)) }
func proxyCallback(port int) string { return proxyHome(port) + "oauth2/callback" }

// signInThroughProxy puts the proxy in front of an answer of its own, and takes
// a person through it.
func signInThroughProxy(t *testing.T, p *provider, port int, id, secret string, more ...string) {
	t.Helper()
	binary := installed(t, filepath.Join("bin", "clients", "oauth2-proxy@"+proxyVersion, "oauth2-proxy"), "make clients")
	running := processtest.Start(t, exec.Command(binary, append([]string{
		"--provider=oidc", "--oidc-issuer-url=" + p.issuer, "--client-id=" + id, "--client-secret=" + secret, "--redirect-url=" + proxyCallback(port),
		"--scope=openid profile email offline_access", "--email-domain=*", "--upstream=static://200", "--http-address=" + address(port),
		"--cookie-secret=0123456789abcdef0123456789abcdef", "--cookie-secure=false", "--cookie-refresh=1s", "--skip-provider-button",
		"--set-xauthrequest", "--pass-access-token", "--whitelist-domain=" + p.host(),
	}, more...)...))
	running.Listening(t, address(port))
	who := newPerson(t, p)
	if got := who.visit(proxyHome(port)).body(); got != "Authenticated" {
		t.Fatalf("behind the proxy is %q", got)
	}
	checkProxyUser(t, who, port)
	refreshThroughProxy(t, who, port)
	signOutThroughProxy(t, who, port, id)
}

// checkProxyUser reads what the proxy learned, the email from the userinfo endpoint.
func checkProxyUser(t *testing.T, who *person, port int) {
	t.Helper()
	who.get(proxyHome(port) + "oauth2/userinfo")
	var user struct{ User, Email, PreferredUsername string }
	if err := json.Unmarshal([]byte(who.body()), &user); err != nil || user.User == "" || user.Email != "demo@shop.example" || user.PreferredUsername != "demo" {
		t.Errorf("the proxy learned %s", who.body())
	}
}

// refreshThroughProxy waits until the proxy has another access token: it renews
// a session of more than a second.
func refreshThroughProxy(t *testing.T, who *person, port int) {
	t.Helper()
	token := func() string {
		who.get(proxyHome(port) + "oauth2/auth")
		if who.last.StatusCode != 202 {
			t.Fatalf("the proxy answers %s", who.last.Status)
		}
		return who.last.Header.Get("X-Auth-Request-Access-Token")
	}
	first := token()
	processtest.Eventually(t, "the proxy never renews its tokens", func() bool { return token() != first })
}

// signOutThroughProxy ends the proxy's session and then the provider's. The
// proxy has no logout of its own at the provider: it sends the browser there
// without a hint, and the person is asked.
func signOutThroughProxy(t *testing.T, who *person, port int, id string) {
	t.Helper()
	if !who.signedIn() {
		t.Fatal("the person isn't signed in before the logout")
	}
	ask := url.Values{"client_id": {id}, "post_logout_redirect_uri": {proxyHome(port)}}
	end := who.provider.issuer + "/oauth/logout?" + ask.Encode()
	got := who.open(proxyHome(port)+"oauth2/sign_out?rd="+url.QueryEscape(end), proxyHome(port)).URL
	if !strings.HasPrefix(got, proxyHome(port)) {
		t.Errorf("the logout leads to %s", got)
	}
	if who.signedIn() {
		t.Error("the person is still signed in after the logout")
	}
}
