package apps

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// recipe is what to write into a common client; see docs/how-to/connect-common-clients.md,
// whose clients are tested.
type recipe struct{ Title, Text, Note string }

// recipes are those that fit the client.
func recipes(issuer string, c *idp.Client) []recipe {
	v := values{issuer: issuer, id: c.ID, redirect: first(c.RedirectURIs), after: first(c.PostLogoutURIs)}
	if !c.Allows(idp.GrantCode) {
		return []recipe{v.ownToken(c), v.plain(c)}
	}
	if c.Public() {
		return []recipe{v.plain(c), v.browser(), v.appAuth(), v.kubelogin()}
	}
	return []recipe{v.plain(c), v.proxy(), v.apache(), v.node(), v.authjs(), v.spring(), v.golang(), v.authlib()}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// values fill the recipes in.
type values struct{ issuer, id, redirect, after string }

const someScopes = "openid profile email offline_access"

func (v values) fill(text string) string {
	host := v.issuer
	if u, err := url.Parse(v.issuer); err == nil {
		host = u.Hostname()
	}
	return strings.NewReplacer("{ISSUER}", v.issuer, "{HOST}", host, "{ID}", v.id, "{REDIRECT}", cmp.Or(v.redirect, "https://app.example/callback"),
		"{AFTER}", cmp.Or(v.after, "https://app.example/"), "{SCOPES}", someScopes).Replace(text)
}

func (v values) plain(c *idp.Client) recipe {
	text := "Issuer         {ISSUER}\nDiscovery      {ISSUER}/.well-known/openid-configuration\nClient ID      {ID}\n"
	if c.TakesSecret() {
		text += "Client secret  the one that was shown when it was made\n"
	}
	if c.Allows(idp.GrantCode) {
		text += "Redirect URI   {REDIRECT}\nScopes         {SCOPES}\nFlow           authorization code with PKCE (S256)\n"
	}
	return recipe{Title: "Any OpenID Connect client", Text: v.fill(text), Note: "A refresh token is given for the scope offline_access alone. Claims of the person are at the userinfo endpoint."}
}

func (v values) ownToken(c *idp.Client) recipe {
	return recipe{Title: "A token of its own", Text: v.fill("curl -u {ID}:SECRET {ISSUER}/oauth/te -d grant_type=client_credentials -d scope='" + strings.Join(c.Scopes, " ") + "'")}
}

func (v values) proxy() recipe {
	return recipe{Title: "oauth2-proxy", Text: v.fill(`provider = "oidc"
oidc_issuer_url = "{ISSUER}"
client_id = "{ID}"
client_secret = "..."
redirect_url = "{REDIRECT}"
scope = "{SCOPES}"
code_challenge_method = "S256"
cookie_refresh = "5m"
email_domains = ["*"]
whitelist_domains = ["{HOST}"]
`), Note: "It refuses people whose email_verified is false."}
}

func (v values) apache() recipe {
	return recipe{Title: "mod_auth_openidc (Apache)", Text: v.fill(`OIDCProviderMetadataURL {ISSUER}/.well-known/openid-configuration
OIDCClientID {ID}
OIDCClientSecret ...
OIDCRedirectURI {REDIRECT}
OIDCCryptoPassphrase "exec:/usr/local/bin/passphrase"
OIDCScope "{SCOPES}"
OIDCPKCEMethod S256
OIDCRemoteUserClaim sub
<Location "/">
  AuthType openid-connect
  Require valid-user
</Location>
`), Note: "Without OIDCPKCEMethod, make PKCE optional here."}
}

func (v values) node() recipe {
	return recipe{Title: "openid-client (Node.js)", Text: v.fill(`const config = await client.discovery(new URL('{ISSUER}'), '{ID}', secret)
// buildAuthorizationUrl with redirect_uri '{REDIRECT}', code_challenge_method S256 and scope "{SCOPES}"
`)}
}

func (v values) authjs() recipe {
	return recipe{Title: "Auth.js (Node.js)", Text: v.fill(`{ id: 'ringtail', name: 'Ringtail', type: 'oidc', issuer: '{ISSUER}', clientId: '{ID}', clientSecret: secret,
  idToken: false }
`), Note: "The redirect URI ends in /auth/callback/ringtail."}
}

func (v values) spring() recipe {
	return recipe{Title: "Spring Security", Text: v.fill(`spring.security.oauth2.client:
  provider.ringtail.issuer-uri: {ISSUER}
  registration.ringtail:
    client-id: {ID}
    client-secret: ${RINGTAIL_SECRET}
    scope: openid, profile, email
`), Note: "Confidential clients send PKCE only where told: OAuth2AuthorizationRequestCustomizers.withPkce(). Not tested here."}
}

func (v values) golang() recipe {
	return recipe{Title: "go-oidc (Go)", Text: v.fill(`provider, err := oidc.NewProvider(ctx, "{ISSUER}")
conf := oauth2.Config{ClientID: "{ID}", ClientSecret: secret, Endpoint: provider.Endpoint(), RedirectURL: "{REDIRECT}",
	Scopes: []string{oidc.ScopeOpenID, "profile", "email", oidc.ScopeOfflineAccess}}
verifier := oauth2.GenerateVerifier() // oauth2.S256ChallengeOption(verifier), oauth2.VerifierOption(verifier)
`)}
}

func (v values) authlib() recipe {
	return recipe{Title: "Authlib (Python)", Text: v.fill(`party = OAuth2Session("{ID}", secret, redirect_uri="{REDIRECT}", code_challenge_method="S256", scope="{SCOPES}")
`)}
}

func (v values) browser() recipe {
	return recipe{Title: "oidc-client-ts (browser)", Text: v.fill(`new UserManager({
  authority: '{ISSUER}', client_id: '{ID}', redirect_uri: '{REDIRECT}', post_logout_redirect_uri: '{AFTER}',
  scope: '{SCOPES}', loadUserInfo: true, revokeTokensOnSignout: true,
})
`)}
}

func (v values) appAuth() recipe {
	return recipe{Title: "AppAuth (native applications)", Text: v.fill("issuer {ISSUER}, client {ID}, redirect {REDIRECT}\n"),
		Note: "It reads the discovery document and sends PKCE by itself; on a loopback address it may use any port."}
}

func (v values) kubelogin() recipe {
	return recipe{Title: "kubelogin (kubectl)", Text: v.fill(`args: [oidc-login, get-token, --oidc-issuer-url={ISSUER}, --oidc-client-id={ID}, --oidc-extra-scope=offline_access]
`), Note: "Its redirect URIs are http://localhost:8000 and http://localhost:18000."}
}
