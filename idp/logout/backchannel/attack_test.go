package backchannel_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// What a relying party registers is its own word. None of these is ever dialled.
func TestAddressesThatAreNotReached(t *testing.T) {
	for name, c := range map[string]struct {
		uri      string
		resolves string
	}{
		"loopback":                    {"https://127.0.0.1/logout", ""},
		"loopback of IPv6":            {"https://[::1]/logout", ""},
		"a private address":           {"https://10.0.0.7/logout", ""},
		"the metadata service":        {"https://169.254.169.254/latest/meta-data/", ""},
		"a name on loopback":          {"https://evil.example/logout", "127.0.0.1"},
		"a name on the metadata":      {"https://evil.example/logout", "169.254.169.254"},
		"a name on IPv4 in IPv6":      {"https://evil.example/logout", "::ffff:127.0.0.1"},
		"a name on a private address": {"https://evil.example/logout", "192.168.1.1"},
		"an address as a number":      {"https://2130706433/logout", ""},
		"plain http":                  {"http://example.com/logout", "93.184.215.14"},
		"credentials":                 {"https://user:pass@example.com/logout", "93.184.215.14"},
		"another scheme":              {"file:///etc/passwd", ""},
		"no address":                  {"::", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.register("evil", func(c2 *idp.Client) { c2.BackchannelLogoutURI = c.uri })
			if c.resolves != "" {
				for _, host := range []string{"evil.example", "example.com"} {
					w.resolves[host] = []netip.Addr{public, netip.MustParseAddr(c.resolves)}
				}
			}
			w.ended("evil")
			if n := w.work(); n != 1 || len(w.dialled) > 0 {
				t.Errorf("worked %d times; log:\n%s", n, w.log.String())
			}
			if !w.logged("may not be reached") && !w.logged("no address") {
				t.Errorf("the log doesn't say why:\n%s", w.log.String())
			}
		})
	}
}

func TestTheSettingsMayAllowAPrivateHost(t *testing.T) {
	w := newWorld(t)
	reached := 0
	server := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ })
	var uri string
	w.serve("inside", server, &uri)
	w.resolves["example.com"] = []netip.Addr{netip.MustParseAddr("10.0.0.7")}
	w.register("inside", func(c *idp.Client) { c.BackchannelLogoutURI = uri })
	w.ended("inside")
	w.work()
	if reached > 0 {
		t.Fatal("reached without being allowed")
	}
	w.sender = w.node(func(o *backchannel.Options) {
		o.Post = backchannel.NewPost(egress.Options{
			Roots: w.roots, Resolver: w, Allow: []egress.Allowance{{Host: "example.com:*", Private: true}}, Dial: w.dialAnywhere,
		})
	})
	w.advance(time.Minute)
	w.work()
	if reached != 1 {
		t.Errorf("reached %d times; log:\n%s", reached, w.log.String())
	}
}

// A redirect is no success, and nobody follows it.
func TestARedirectIsNotFollowed(t *testing.T) {
	for _, target := range []string{"https://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "/elsewhere"} {
		w := newWorld(t)
		calls := 0
		var uri string
		w.serve("evil", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			calls++
			http.Redirect(rw, r, target, http.StatusTemporaryRedirect)
		}), &uri)
		w.register("evil", func(c *idp.Client) { c.BackchannelLogoutURI = uri })
		w.ended("evil")
		w.work()
		if calls != 1 || len(w.dialled) > 0 || !w.logged("not told of a logout yet") {
			t.Errorf("%s: called %d times; log:\n%s", target, calls, w.log.String())
		}
	}
}

// An answer without end is cut off.
func TestAnEndlessAnswerEnds(t *testing.T) {
	for name, write := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"body": func(w http.ResponseWriter, _ *http.Request) bool {
			_, err := w.Write(make([]byte, 8<<10))
			return err == nil
		},
		"header": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var uri string
			w.serve("evil", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				for write(rw, r) {
				}
			}), &uri)
			w.register("evil", func(c *idp.Client) { c.BackchannelLogoutURI = uri })
			w.ended("evil")
			if n := w.work(); n != 1 || !w.logged("not told of a logout yet") {
				t.Errorf("worked %d times; log:\n%s", n, w.log.String())
			}
		})
	}
}
