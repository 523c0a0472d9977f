package egress_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

type stuckNames struct{}

func (stuckNames) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// many is a resolver that gives all addresses of a name at once.
type many map[string][]string

func (m many) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, a := range m[host] {
		out = append(out, netip.MustParseAddr(a))
	}
	return out, nil
}

// noDial fails the test when anything is dialled.
func noDial(t *testing.T) func(context.Context, string, string) (net.Conn, error) {
	return func(_ context.Context, _, address string) (net.Conn, error) {
		t.Errorf("dialled %s", address)
		return nil, errors.New("no")
	}
}

// A name with a public and a private address is refused as a whole, in whatever order they come, before anything is dialled.
func TestMixedAddressesAreRefused(t *testing.T) {
	for _, list := range [][]string{
		{"8.8.4.4", "10.0.0.1"}, {"10.0.0.1", "8.8.4.4"}, {"8.8.4.4", "8.8.8.8", "::1"}, {"2001:4860:4860::8888", "::ffff:169.254.169.254"}, {"8.8.4.4", "fe80::1%eth0"},
	} {
		c := egress.New(egress.Options{Resolver: many{"ok.example": list}, Dial: noDial(t)})
		_, err := c.Exchange(context.Background(), driver("ok.example"), get("https://ok.example/"))
		if detail := refusal(t, err); !strings.Contains(detail, "ok.example resolves to") {
			t.Errorf("%v: %s", list, detail)
		}
	}
}

func TestAddressesOutsideTheOpenNetwork(t *testing.T) {
	for _, address := range []string{"168.63.129.16", "4000::1", "1::1", "e000::1", "::ffff:168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"} {
		c := egress.New(egress.Options{Resolver: many{"ok.example": {address}}, Dial: noDial(t)})
		_, err := c.Exchange(context.Background(), driver("ok.example"), get("https://ok.example/"))
		refusal(t, err)
	}
	dialled := ""
	c := egress.New(egress.Options{Resolver: many{"ok.example": {"2606:4700::1111"}}, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = address
		return nil, errors.New("connection refused")
	}})
	if _, err := c.Exchange(context.Background(), driver("ok.example"), get("https://ok.example/")); err == nil || dialled != "[2606:4700::1111]:443" {
		t.Errorf("dialled %q, %v", dialled, err)
	}
}

// A host that is a number in disguise is refused even where the manifest names it and a resolver would take it for an address.
func TestHostsWrittenAsNumbers(t *testing.T) {
	for _, host := range []string{
		"2130706433", "0x7f000001", "0X7F000001", "017700000001", "127.1", "127.0.1", "0x7f.1", "0177.0.0.1", "127.0.0.01", "127.0.0.1.", "0", "00", "127.0.0.0x1",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "[::1]", "[0:0:0:0:0:ffff:7f00:1]", "[64:ff9b::7f00:1]", "[fe80::1%25eth0]", "a.1", "１２７.0.0.1", "127。0。0。1", "%31%32%37.0.0.1",
	} {
		name := strings.ToLower(strings.Trim(strings.TrimSuffix(host, "."), "[]"))
		anything := many{}
		for _, n := range []string{host, name} {
			anything[n] = []string{"127.0.0.1"}
		}
		c := egress.New(egress.Options{Resolver: anything, Dial: noDial(t)})
		_, err := c.Exchange(context.Background(), driver(name, "127.0.0.1", host), get("https://"+host+"/"))
		refusal(t, err)
	}
}

// What a parser of another kind might read as another host.
func TestAddressesThatPretendToBeAnother(t *testing.T) {
	c := egress.New(egress.Options{Resolver: names{}, Dial: noDial(t)})
	for _, address := range []string{
		"https://ok.example@evil.example/", "https://ok.example:443@evil.example/", "https://ok.example%40evil.example/", `https://ok.example\@evil.example/`,
		`https://evil.example\.ok.example/`, "https://evil.example#@ok.example/", "https://evil.example/#ok.example", "https://ok.example%2eevil.example/",
		"https://ok.example%00.evil.example/", "https://ok.example .evil.example/", "https://ok.example\t/", "https://ok.example\r\nHost: evil.example/", "https://ok.example/a\r\nX: y",
		"https://ok.example..", "https://.ok.example/", "https://ok.example:443:80/", "https://ok.example:+443/", "https://ok.example:0443x/", "https://[ok.example]/",
		"https:///ok.example/", "https:\\\\ok.example", "https://ok.example:65536/", "https://ok.example:-1/", "HTTPS://EVIL.EXAMPLE/", "https://оk.example/", "https://ok。example/",
		"https://xn--k-tda.example/", "//ok.example", "javascript://ok.example/", "https+unix://ok.example/", "gopher://ok.example/", "https://ok.example/" + strings.Repeat("a", 5000),
	} {
		for what, err := range map[string]error{
			"check": c.Check(driver("ok.example"), get(address)),
			"exchange": func() error {
				_, err := c.Exchange(context.Background(), driver("ok.example"), get(address))
				return err
			}(),
		} {
			var r *loops.Refusal
			if !errors.As(err, &r) || r.Reason != loops.ReasonEgress {
				t.Errorf("%s of %.60q: %v", what, address, err)
			}
		}
	}
	for _, address := range []string{"HTTPS://OK.EXAMPLE/", "https://ok.example./", "https://ok.example:443/?evil.example", "https://ok.example/@evil.example", "https://ok.example/%0d%0aX:%20y"} {
		if err := c.Check(driver("ok.example"), get(address)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := c.Check(driver("xn--e1afmkfd.example"), get("https://XN--E1AFMKFD.example/")); err != nil {
		t.Errorf("an IDN in its ASCII form: %v", err)
	}
}

func TestPatternsOfHosts(t *testing.T) {
	c := egress.New(egress.Options{})
	for _, pattern := range []string{"*", "*.", "", "*.example", "*ok.example", "ok.*", "*.*"} {
		refusal(t, c.Check(driver(pattern), get("https://ok.test/")))
	}
	refusal(t, c.Check(driver("*.1"), get("https://8.8.8.1/")))
	refusal(t, c.Check(driver("*ok.example"), get("https://evilok.example/")))
}

// What is too long to be shown whole isn't shown: a secret that was cut would not be known, and so not be masked.
func TestRefusalsCutNothing(t *testing.T) {
	c := egress.New(egress.Options{})
	secret := strings.Repeat("s3cret-", 20)
	for name, r := range map[string]loops.Request{
		"method": {Method: "x" + secret, URL: "https://ok.example/"},
		"header": {Method: "GET", URL: "https://ok.example/", Header: http.Header{"x y" + secret: {"1"}}},
		"scheme": {Method: "GET", URL: secret + "://ok.example/"},
	} {
		if detail := refusal(t, c.Check(driver("ok.example"), r)); strings.Contains(detail, "s3cret") && !strings.Contains(detail, secret) {
			t.Errorf("%s: a part is left in %s", name, detail)
		}
	}
}

// A proxy from the settings gets a tunnel's order with the name, and TLS goes through it to the provider.
func TestProxyFromTheSettings(t *testing.T) {
	provider := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hi") }))
	defer provider.Close()
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host + " " + r.Header.Get("Proxy-Authorization") + " " + r.Header.Get("Token"))
		out, err := net.Dial("tcp", provider.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		in, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
		_, _ = io.Copy(in, out)
		_ = in.Close()
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("u", "p")
	with := func(change func(o *egress.Options)) *egress.Client {
		o := egress.Options{Proxy: address, Roots: provider.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, Resolver: many{}}
		if change != nil {
			change(&o)
		}
		return egress.New(o)
	}
	request := get("https://example.com/")
	request.Header = http.Header{"Token": {"s3cret"}}
	answer, err := with(nil).Exchange(context.Background(), driver("example.com"), request)
	if err != nil || answer.Body != "hi" || asked.Load() != "CONNECT example.com:443 Basic dTpw " {
		t.Errorf("answer = %+v, %v; the proxy was asked for %v", answer, err, asked.Load())
	}
	if _, err := with(func(o *egress.Options) { o.Roots = nil }).Exchange(context.Background(), driver("example.com"), request); err == nil {
		t.Error("the certificate behind the proxy wasn't checked")
	}
	refusal(t, with(nil).Check(driver("10.0.0.1"), get("https://10.0.0.1/")))
}

func TestProxyThatRefusesOrMisbehaves(t *testing.T) {
	for name, say := range map[string]string{
		"refuses":      "HTTP/1.1 407 s3cret\r\n\r\n",
		"isn't HTTP":   "SSH-2.0\r\n\r\n",
		"long headers": "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { abort(w, say) }))
			defer proxy.Close()
			address, err := url.Parse(proxy.URL)
			if err != nil {
				t.Fatal(err)
			}
			_, err = egress.New(egress.Options{Proxy: address}).Exchange(context.Background(), driver("example.com"), get("https://example.com/"))
			if f := failure(t, err); f.Sent || strings.Contains(f.Error(), "s3cret") {
				t.Errorf("failure = %v, sent %v", f, f.Sent)
			}
		})
	}
}

// There is no switch that turns the check of certificates off, and none may come.
func TestVerificationHasNoSwitch(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(source), "InsecureSkipVerify") {
			t.Errorf("%s can turn verification off", file)
		}
	}
}
