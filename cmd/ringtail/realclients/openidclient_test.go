package realclients

import (
	"maps"
	"testing"
)

func openidClient() software {
	return software{
		name: "openid-client", version: "6.9.0", from: "npm",
		setups: []setup{
			{"default", whole + ", introspection, revocation; secret in the form, RS256", openidSecret(nil)},
			{"strict", "the same with client_secret_basic, nonce, max_age, auth_time, ES256, signatures checked of TLS answers too",
				openidSecret(nodeSettings{"alg": "ES256", "basic": true, "nonRepudiation": true}, "--alg", "ES256", "--auth", "client_secret_basic", "--require-auth-time")},
			{"PAR", "the same with PAR required and form_post", openidSecret(nodeSettings{"par": true, "formPost": true}, "--require-par")},
			{"private_key_jwt ES256", "the same with a key in place of a secret", openidKey("ES256", nil)},
			{"private_key_jwt RS256", "the same", openidKey("RS256", nil)},
			{"private_key_jwt PS256", "the same, with PAR", openidKey("PS256", nodeSettings{"par": true}, "--require-par")},
			{"private_key_jwt EdDSA", "the same, ID tokens too; the header's `Ed25519` (RFC 9864) written as `EdDSA` by `modifyAssertion`", openidKey("EdDSA", nodeSettings{"alg": "EdDSA"}, "--alg", "EdDSA")},
			{"request object", "the same with a signed request object by value, ES256", openidKey("ES256", nodeSettings{"signed": true}, "--request-object-alg", "ES256")},
			{"request object in PAR", "the same, pushed: private_key_jwt, PAR, signed request object, nonce, max_age, form_post",
				openidKey("PS256", nodeSettings{"signed": true, "par": true, "formPost": true, "nonRepudiation": true}, "--request-object-alg", "PS256", "--require-par")},
			{"code id_token", "the same with the hybrid flow and its answer in the fragment, code and state bound to the ID token, claims at both places",
				openidSecret(nodeSettings{"hybrid": true, "alg": "ES256"}, append(hybrid(), "--alg", "ES256")...)},
			{"code id_token, strictest", "the same: private_key_jwt, PAR, signed request object, form_post, nonce, max_age",
				openidKey("ES256", nodeSettings{"hybrid": true, "signed": true, "par": true, "formPost": true, "nonRepudiation": true},
					append(hybrid(), "--request-object-alg", "ES256", "--require-par")...)},
			{"consent", "the same after the person was asked for consent", func(t *testing.T, p *provider) {
				id := clientID(t)
				secret := p.addClient(t, id, "--consent", "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				if who := runNode(t, p, "openid-client.js", nodeSettings{"id": id, "secret": secret}); who.consents != 1 {
					t.Errorf("the person was asked %d times", who.consents)
				}
			}},
			{"token exchange", "the same, and its access token exchanged for one of another resource (RFC 8693)",
				openidSecret(nodeSettings{"exchange": "https://api.example/"}, "--resource", "https://api.example/",
					"--grant", "authorization_code", "--grant", "refresh_token", "--grant", "urn:ietf:params:oauth:grant-type:token-exchange")},
			{"device", whole + "; device authorization (RFC 8628), its code in the address", func(t *testing.T, p *provider) {
				id := clientID(t)
				secret := p.addClient(t, id, append(deviceGrants(), "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)...)
				runNode(t, p, "device.js", nodeSettings{"id": id, "secret": secret})
			}},
			{"registration", "the same, registered by the library itself with an initial access token (RFC 7591)", func(t *testing.T, p *provider) {
				runNode(t, p, "openid-client.js", nodeSettings{"token": p.registrationToken(t), "register": map[string]any{
					"client_name": "Registered by itself", "redirect_uris": []string{nodeRedirect}, "post_logout_redirect_uris": []string{nodeLoggedOut},
					"grant_types": []string{"authorization_code", "refresh_token"}, "token_endpoint_auth_method": "client_secret_post",
				}})
			}},
			{"JWT access tokens", "the same with access tokens of RFC 9068", openidSecret(nil, "--jwt-access-token")},
		},
	}
}

// openidSecret registers a client with a secret and runs it.
func openidSecret(settings nodeSettings, flags ...string) func(*testing.T, *provider) {
	return func(t *testing.T, p *provider) {
		id := clientID(t)
		secret := p.addClient(t, id, append(flags, "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)...)
		given := nodeSettings{"id": id, "secret": secret}
		maps.Copy(given, settings)
		runNode(t, p, "openid-client.js", given)
	}
}

// openidKey registers a client with a key of the algorithm and runs it.
func openidKey(alg string, settings nodeSettings, flags ...string) func(*testing.T, *provider) {
	return func(t *testing.T, p *provider) {
		id, key := clientID(t), newPartyKey(t, alg)
		p.addClient(t, id, append(flags, "--auth", "private_key_jwt", "--auth-alg", alg, "--jwks", key.set, "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)...)
		given := nodeSettings{"id": id, "key": key.private}
		maps.Copy(given, settings)
		runNode(t, p, "openid-client.js", given)
	}
}
