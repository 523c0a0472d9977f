package realclients

import (
	"context"
	"net/http"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

func modAuthResource() software {
	return software{
		name: "mod_auth_openidc, `AuthType oauth20`", version: "2.4.12.3", from: "Debian 12",
		setups: []setup{
			{"introspection", "resource server: takes opaque access tokens for its resource by introspection, refuses others", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "apache-api", "--serves", apacheHome(port), "--grant", "client_credentials")
				checkApacheTokens(t, p, port, "OIDCOAuthServerMetadataURL "+p.issuer+"/.well-known/openid-configuration",
					"OIDCOAuthClientID apache-api", "OIDCOAuthClientSecret "+secret)
			}},
		},
	}
}

// checkApacheTokens asks for pages with an access token that was given for the
// server, and with what isn't one.
func checkApacheTokens(t *testing.T, p *provider, port int, directives ...string) {
	t.Helper()
	startApache(t, port, append(directives, "OIDCOAuthRemoteUserClaim sub", "OIDCOAuthSSLValidateServer Off", apacheBehind("oauth20"))...)
	id := clientID(t)
	secret := p.addClient(t, id, "--redirect", goRedirect, "--resource", apacheHome(port))
	ctx := context.Background()
	found, err := oidc.NewProvider(ctx, p.issuer)
	if err != nil {
		t.Fatal(err)
	}
	conf := &oauth2.Config{ClientID: id, ClientSecret: secret, RedirectURL: goRedirect, Endpoint: found.Endpoint(), Scopes: []string{oidc.ScopeOpenID}}
	token, _ := exchange(t, ctx, conf, found.Verifier(&oidc.Config{ClientID: id}), newPerson(t, p), oauth2.SetAuthURLParam("resource", apacheHome(port)))
	for name, c := range map[string]struct {
		bearer string
		want   int
	}{
		"the access token": {token.AccessToken, http.StatusOK},
		"a changed one":    {token.AccessToken[:len(token.AccessToken)-8] + "AAAAAAAA", http.StatusUnauthorized},
		"no token":         {"", http.StatusUnauthorized},
	} {
		if got := statusWith(t, apacheHome(port), c.bearer); got != c.want {
			t.Errorf("%s is answered with %d, want %d", name, got, c.want)
		}
	}
}

func statusWith(t *testing.T, address, bearer string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}
