package realclients

import "testing"

func oauth4webapi() software {
	return software{
		name: "oauth4webapi", version: "3.8.8", from: "npm",
		setups: []setup{
			{"public", whole + "; no secret, RS256", func(t *testing.T, p *provider) {
				p.addClient(t, "webapi-public", "--public", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runNode(t, p, "oauth4webapi.js", nodeSettings{"id": "webapi-public"})
			}},
			{"strict", "the same with form_post, max_age, auth_time, EdDSA; secret in the form", func(t *testing.T, p *provider) {
				secret := p.addClient(t, "webapi-strict", "--alg", "EdDSA", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runNode(t, p, "oauth4webapi.js", nodeSettings{"id": "webapi-strict", "secret": secret, "strict": true})
			}},
		},
	}
}
