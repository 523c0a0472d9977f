package realclients

import (
	"maps"
	"os/exec"
	"path/filepath"
	"testing"
)

func authlib() software {
	return software{
		name: "Authlib", version: "1.2.0", from: "Debian 12",
		setups: []setup{
			{"default", whole + ", introspection, revocation; client_secret_basic, RS256", func(t *testing.T, p *provider) {
				secret := p.addClient(t, clientID(t), "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runAuthlib(t, p, nodeSettings{"secret": secret})
			}},
			{"private_key_jwt", "the same with a key in place of a secret: the issuer as audience, a life of five minutes, ES256", func(t *testing.T, p *provider) {
				key := newPartyKey(t, "ES256")
				p.addClient(t, clientID(t), "--auth", "private_key_jwt", "--jwks", key.set, "--redirect", nodeRedirect, "--post-logout", nodeLoggedOut)
				runAuthlib(t, p, nodeSettings{"key": key.private})
			}},
		},
	}
}

func runAuthlib(t *testing.T, p *provider, settings nodeSettings) {
	t.Helper()
	python := "/usr/bin/python3" // Debian's, which has Debian's packages
	if out, err := exec.Command(python, "-c", "import authlib, requests").CombinedOutput(); err != nil {
		t.Fatalf("Authlib is missing: apt-get install python3-authlib python3-requests\n%s", out)
	}
	given := nodeSettings{"id": clientID(t), "redirect": nodeRedirect, "loggedOut": nodeLoggedOut}
	maps.Copy(given, settings)
	t.Setenv("AUTHLIB_INSECURE_TRANSPORT", "1") // the test's provider has no TLS
	runParty(t, p, startParty(t, p, given, python, filepath.Join("testdata", "python", "authlib_party.py")))
}
