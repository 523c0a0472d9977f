package realclients

import "testing"

func openidClient() software {
	return software{
		name: "openid-client", version: "6.9.0", from: "npm",
		setups: []setup{
			{"default", whole + ", introspection, revocation; secret in the form, RS256", func(t *testing.T, p *provider) {
				secret := p.addClient(t, "node-default", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runNode(t, p, "openid-client.js", nodeSettings{ID: "node-default", Secret: secret})
			}},
			{"strict", "the same with client_secret_basic, nonce, max_age, auth_time, ES256, signatures checked of TLS answers too", func(t *testing.T, p *provider) {
				secret := p.addClient(t, "node-strict", "--alg", "ES256", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runNode(t, p, "openid-client.js", nodeSettings{ID: "node-strict", Secret: secret, Strict: true})
			}},
		},
	}
}
