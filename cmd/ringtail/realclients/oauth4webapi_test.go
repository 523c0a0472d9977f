package realclients

import (
	"maps"
	"testing"
)

func oauth4webapi() software {
	return software{
		name: "oauth4webapi", version: "3.8.8", from: "npm",
		setups: []setup{
			{"public", whole + "; no secret, RS256", func(t *testing.T, p *provider) {
				id := clientID(t)
				p.addClient(t, id, "--public", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runNode(t, p, "oauth4webapi.js", nodeSettings{"id": id})
			}},
			{"form_post", "the same with form_post, max_age, auth_time, EdDSA; secret in the form", func(t *testing.T, p *provider) {
				id := clientID(t)
				secret := p.addClient(t, id, "--alg", "EdDSA", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runNode(t, p, "oauth4webapi.js", nodeSettings{"id": id, "secret": secret, "alg": "EdDSA", "formPost": true, "maxAge": 300})
			}},
			{"strictest", "the same with private_key_jwt, PAR, a signed request object, PS256", webapiKey("PS256",
				nodeSettings{"signed": true, "par": true, "maxAge": 300}, "--request-object-alg", "PS256", "--require-par")},
			{"code id_token", "the same, hybrid: c_hash and at_hash checked", webapiKey("RS256",
				nodeSettings{"hybrid": true, "par": true}, append(hybrid(), "--require-par")...)},
			{"JWT access tokens", "the same with a resource (RFC 8707), whose server checks the token by RFC 9068", webapiKey("ES256",
				nodeSettings{"resource": "https://api.example/"}, "--jwt-access-token", "--resource", "https://api.example/")},
		},
	}
}

// webapiKey registers a client with a key of the algorithm and runs it.
func webapiKey(alg string, settings nodeSettings, flags ...string) func(*testing.T, *provider) {
	return func(t *testing.T, p *provider) {
		id, key := clientID(t), newPartyKey(t, alg)
		p.addClient(t, id, append(flags, "--auth", "private_key_jwt", "--jwks", key.set, "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)...)
		given := nodeSettings{"id": id, "key": key.private}
		maps.Copy(given, settings)
		runNode(t, p, "oauth4webapi.js", given)
	}
}
