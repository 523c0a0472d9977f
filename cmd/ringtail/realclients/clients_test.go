package realclients

import (
	"os"
	"strings"
	"testing"
)

// software is a client that others made.
type software struct {
	name, version string
	// from is where the version is pinned, or that it is Debian's.
	from   string
	setups []setup
}

// setup is one way to configure it.
type setup struct {
	name string
	// tested goes to the reference page.
	tested string
	run    func(*testing.T, *provider)
}

// whole is what every client is put through.
const whole = "login with both factors, refresh, userinfo, logout"

func list() []software {
	return []software{
		goOIDC(),
		openidClient(),
		oauth4webapi(),
		oidcClientTS(),
		appAuth(),
		expressOpenIDConnect(),
		authJS(),
		authlib(),
		oauth2Proxy(),
		kubelogin(),
		modAuthOpenIDC(),
		modAuthResource(),
	}
}

func TestClients(t *testing.T) {
	if os.Getenv("RINGTAIL_CLIENTS") == "" {
		t.Skip("make test-clients runs this: it needs clients that make installs")
	}
	p := startProvider(t, "--set", "registration.enabled=true")
	for _, c := range list() {
		t.Run(strings.ReplaceAll(c.name, "/", "-"), func(t *testing.T) {
			for _, s := range c.setups {
				t.Run(s.name, func(t *testing.T) { s.run(t, p) })
			}
		})
	}
}
