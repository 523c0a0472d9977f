package realclients

import (
	"fmt"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// These setups end the session at the provider, where nothing passes through the
// client, and look whether the client learned of it.

func apacheTold(name, what string, flags func(port int) []string) setup {
	return setup{name, what, func(t *testing.T, p *provider) {
		port, id := processtest.FreePorts(t, 1), clientID(t)
		secret := p.addClient(t, id, append(flags(port), "--redirect", apacheCallback(port))...)
		startApache(t, port, apacheParty(p, port, "OIDCClientID "+id, "OIDCClientSecret "+secret, "OIDCPKCEMethod S256")...)
		who := newPerson(t, p)
		if got := who.visit(apacheHome(port)).body(); got != "behind the module" {
			t.Fatalf("behind the module is %q", got)
		}
		who.signOut()
		processtest.Eventually(t, "the module never learns of the logout", func() bool {
			who.get(apacheHome(port))
			return who.has("input[name=password]")
		})
	}}
}

// apacheLogouts are the two ways in which the module is told.
func apacheLogouts() []setup {
	return []setup{
		apacheTold("back-channel logout", "login; its session ends when the provider's does: `?logout=backchannel`", func(port int) []string {
			return []string{"--backchannel-logout", apacheCallback(port) + "?logout=backchannel", "--backchannel-session"}
		}),
		apacheTold("front-channel logout", "the same by the browser: `?logout=get`", func(port int) []string {
			return []string{"--frontchannel-logout", apacheCallback(port) + "?logout=get", "--frontchannel-session"}
		}),
	}
}

// expressTold is a server that keeps what it was told in memory.
func expressTold(t *testing.T, p *provider) {
	port := processtest.FreePorts(t, 1)
	e := startExpress(t, p, port, clientID(t), map[string]any{"backchannelLogout": true},
		"--backchannel-logout", fmt.Sprintf("http://%s/backchannel-logout", address(port)), "--backchannel-session")
	e.signIn(t)
	known := func() string {
		e.who.get(e.home + "known")
		return e.who.body()
	}
	if got := known(); got != `{"known":true}` {
		t.Fatalf("before the logout the server says %s", got)
	}
	e.who.signOut()
	processtest.Eventually(t, "the server never learns of the logout", func() bool { return known() == `{"known":false}` })
}

// signOut ends the session at the provider's own page, and loads the frames in
// which it tells applications.
func (p *person) signOut() {
	p.t.Helper()
	p.get(p.provider.issuer + "/oauth/logout")
	if !p.fill("form[action*=logout] button", nil) {
		p.t.Fatalf("%s asks for no confirmation:\n%s", p.at, p.body())
	}
	var frames []string
	p.page.Find("iframe[src]").Each(func(_ int, s *goquery.Selection) { frames = append(frames, s.AttrOr("src", "")) })
	for _, frame := range frames {
		p.get(frame)
	}
	if p.signedIn() {
		p.t.Fatal("the person is still signed in after the logout")
	}
}
