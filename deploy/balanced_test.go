package deploy

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestBalanced runs both examples in front of three nodes of the built binary that
// share a database.
func TestBalanced(t *testing.T) {
	wanted(t)
	for name, run := range map[string]func(*testing.T, *cluster) *balancer{"nginx": startNginx, "HAProxy": startHAProxy} {
		t.Run(name, func(t *testing.T) {
			c := startCluster(t, "ann", "ben", "cem", "dee")
			b := run(t, c)
			t.Run("a login hops nodes", func(t *testing.T) { loginHops(t, c, b) })
			t.Run("only the balancer says who calls", func(t *testing.T) { addressIsTold(t, c, b) })
			t.Run("operations are not public", func(t *testing.T) { operationsAreHidden(t, b) })
			t.Run("a rolling restart under load fails nobody", func(t *testing.T) { rollingRestart(t, c, b) })
			t.Run("a login goes on where a node dies", func(t *testing.T) { nodeDies(t, c, b) })
		})
	}
}

func mustPerson(t *testing.T, c *cluster, b *balancer, login string, user int) *person {
	t.Helper()
	p, err := newPerson(c, b, login, user)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// loginHops: each node answers a part of one login.
func loginHops(t *testing.T, c *cluster, b *balancer) {
	var before [3]int
	for i, n := range c.nodes {
		before[i] = n.served(t)
	}
	if err := mustPerson(t, c, b, "ann", 0).signIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, n := range c.nodes {
		if n.served(t) == before[i] {
			t.Errorf("node %d had no part in the login", i+1)
		}
	}
}

// addressIsTold: a forged X-Forwarded-For changes nothing, in what the audit keeps.
func addressIsTold(t *testing.T, c *cluster, b *balancer) {
	p := mustPerson(t, c, b, "ben", 1)
	p.http.Transport = forged{b.clientAt(ownAddress).Transport}
	if err := p.signIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	trail := c.audit(t)
	if strings.Contains(trail, asNumber(forgedAddress)) {
		t.Error("what a person says of their address is believed")
	}
	if !strings.Contains(trail, asNumber(ownAddress)) {
		t.Errorf("the trail has no address of the person:\n%s", trail)
	}
}

// Where the person is, and where they claim to be.
const (
	ownAddress    = "127.0.0.9"
	forgedAddress = "198.51.100.7"
)

// asNumber is an address as the audit trail has it.
func asNumber(ip string) string {
	b := netip.MustParseAddr(ip).As4()
	return fmt.Sprintf(`"ip": %d,`, binary.BigEndian.Uint32(b[:]))
}

// forged claims to be somebody's proxy.
type forged struct{ http.RoundTripper }

func (f forged) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", forgedAddress)
	r.Header.Set("Forwarded", "for="+forgedAddress)
	return f.RoundTripper.RoundTrip(r)
}

func operationsAreHidden(t *testing.T, b *balancer) {
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/debug/pprof/"} {
		res, err := b.client().Get("https://" + host + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s is answered with %s, want 404", path, res.Status)
		}
	}
}

// rollingRestart: each node is restarted in turn, while machines ask for tokens and
// people sign in, and no request fails.
func rollingRestart(t *testing.T, c *cluster, b *balancer) {
	ctx, stop := context.WithCancel(t.Context())
	var tokens, logins atomic.Int64
	var load sync.WaitGroup
	for range 4 {
		client := b.client()
		load.Go(func() {
			for ctx.Err() == nil {
				if err := machine(client); err != nil {
					t.Errorf("a token, after %d: %v", tokens.Load(), err)
					return
				}
				tokens.Add(1)
			}
		})
	}
	for i, login := range []string{"cem", "dee"} {
		p := mustPerson(t, c, b, login, 2+i)
		load.Go(func() {
			for ctx.Err() == nil {
				if err := p.signIn(context.WithoutCancel(ctx)); err != nil {
					t.Errorf("a login, after %d: %v", logins.Load(), err)
					return
				}
				logins.Add(1)
			}
		})
	}
	for _, n := range c.nodes {
		c.restart(t, n)
		b.takesIn(t, n)
	}
	stop()
	load.Wait()
	t.Logf("%d token requests and %d logins while three nodes were restarted", tokens.Load(), logins.Load())
	if tokens.Load() < 20 || logins.Load() < 2 {
		t.Error("that is no load")
	}
}

// machine asks for a token by POST, which no balancer may send twice, and reads the
// discovery document.
func machine(client *http.Client) error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"machine"}, "client_secret": {"machine-secret-of-test"}, "scope": {"phone_verification"}}
	res, err := client.PostForm(issuer+"/oauth/te", form)
	if err := whole(res, err); err != nil {
		return err
	}
	res, err = client.Get(issuer + "/.well-known/openid-configuration")
	return whole(res, err)
}

func whole(res *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.200s", res.Status, body)
	}
	return err
}

// nodeDies: a node is killed after the password, another after the call was shown;
// the login ends well on the third one.
func nodeDies(t *testing.T, c *cluster, b *balancer) {
	for _, n := range c.nodes {
		b.takesIn(t, n)
	}
	p := mustPerson(t, c, b, "ann", 0)
	calls, err := p.calls()
	if err != nil {
		t.Fatal(err)
	}
	if len(calls) > 0 {
		p.heard = calls[0].ID
	}
	p.between = func(pages int) {
		if pages <= 2 {
			c.nodes[pages-1].Kill()
		}
	}
	if err := p.signIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := p.calls()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(after) - len(calls); n > 2 {
		t.Errorf("%d calls in one login", n)
	}
}
