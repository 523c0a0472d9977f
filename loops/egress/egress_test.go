package egress_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// names is a resolver that gives each lookup of a name the next of its answers, the last one for ever.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list := n[host]
	if len(list) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(list) > 1 {
		n[host] = list[1:]
	}
	return []netip.Addr{netip.MustParseAddr(list[0])}, nil
}

func driver(hosts ...string) *loops.Driver {
	return &loops.Driver{Name: "test", File: "driver.js", Manifest: loops.Manifest{Hosts: hosts}}
}

func get(url string) loops.Request {
	return loops.Request{Method: "GET", URL: url, At: "driver.js:3:5"}
}

// provider serves h over TLS as provider.example, which resolves to a public address that Dial leads to the server.
func provider(t *testing.T, h http.HandlerFunc, change func(o *egress.Options)) *egress.Client {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	o := egress.Options{
		Limits: loops.DefaultLimits(), Roots: x509.NewCertPool(),
		Resolver: names{"example.com": {"8.8.4.4"}, "www.example.com": {"8.8.4.4"}},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != "8.8.4.4:443" {
				t.Errorf("dialled %s", address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	}
	o.Roots.AddCert(server.Certificate()) // httptest's certificate is for example.com
	if change != nil {
		change(&o)
	}
	return egress.New(o)
}

func refusal(t *testing.T, err error) string {
	t.Helper()
	var r *loops.Refusal
	if !errors.As(err, &r) || r.Reason != loops.ReasonEgress {
		t.Fatalf("err = %v; want an egress refusal", err)
	}
	return r.Detail
}

func failure(t *testing.T, err error) *loops.Failure {
	t.Helper()
	var f *loops.Failure
	if !errors.As(err, &f) {
		t.Fatalf("err = %v; want a failure", err)
	}
	return f
}

func TestExchange(t *testing.T) {
	c := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.URL.RequestURI() != "/call?x=1" || r.Header.Get("Token") != "k" || r.Host != "example.com" {
			t.Errorf("got %s %s %v", r.Method, r.URL, r.Header)
		}
		if r.Header.Get("Accept-Encoding") != "" || r.ContentLength != 7 {
			t.Errorf("headers %v, length %d", r.Header, r.ContentLength)
		}
		w.Header().Set("X-Rate", "9")
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"ok":true}`))
	}, nil)
	answer, err := c.Exchange(context.Background(), driver("example.com"), loops.Request{
		Method: "POST", URL: "https://Example.com/call?x=1", Header: http.Header{"Token": {"k"}}, Body: `{"a":1}`,
	})
	if err != nil || answer.Status != 202 || answer.Body != `{"ok":true}` || answer.Header.Get("X-Rate") != "9" {
		t.Fatalf("answer = %+v, %v", answer, err)
	}
}

func TestWhatIsRefusedBeforeAnythingIsSent(t *testing.T) {
	c := egress.New(egress.Options{
		Resolver: names{},
		Allow: []egress.Allowance{
			{Host: "plain.example", Plain: true},
			{Host: "not-in-the-manifest.example", Plain: true, Private: true},
		},
		Dial: func(context.Context, string, string) (net.Conn, error) {
			t.Error("something was dialled")
			return nil, errors.New("no")
		},
	})
	d := driver("ok.example", "*.wild.example", "port.example:8443", "any.example:*", "10.0.0.1", "169.254.169.254", "2130706433")
	for url, want := range map[string]string{
		"http://ok.example/":                   "plain http",
		"http://plain.example/":                "plain http",
		"https://evil.example/":                "isn't in the driver's manifest",
		"https://ok.example.evil.example/":     "isn't in the driver's manifest",
		"https://wild.example/":                "isn't in the driver's manifest",
		"https://evilwild.example/":            "isn't in the driver's manifest",
		"https://ok.example:8443/":             "isn't in the driver's manifest",
		"https://port.example/":                "isn't in the driver's manifest",
		"https://not-in-the-manifest.example/": "isn't in the driver's manifest",
		"https://user:pw@ok.example/":          "holds credentials",
		"https://ok.example@evil.example/":     "holds credentials",
		"https://ok.example/#x":                "fragment",
		"ftp://ok.example/":                    "isn't https",
		"file:///etc/passwd":                   "isn't a whole https address",
		"//ok.example/":                        "isn't https",
		"/call":                                "isn't a whole https address",
		"":                                     "isn't a whole https address",
		"https:ok.example":                     "isn't a whole https address",
		"https://ok.example:0/":                "port",
		"https://ok.example:99999/":            "port",
		"https://пример.example/":              "ASCII",
		"https://10.0.0.1/":                    "10.0.0.1 is a private address",
		"https://169.254.169.254/latest":       "link-local or metadata",
		"https://[::ffff:10.0.0.1]/":           "isn't in the driver's manifest",
		"https://127.0.0.1/":                   "isn't in the driver's manifest",
		"https://ok.example/\x00":              "isn't a whole https address",
	} {
		t.Run(url, func(t *testing.T) {
			for name, err := range map[string]error{
				"check":    c.Check(d, get(url)),
				"exchange": func() error { _, err := c.Exchange(context.Background(), d, get(url)); return err }(),
			} {
				if detail := refusal(t, err); !strings.HasPrefix(detail, "driver.js:3:5: ") || !strings.Contains(detail, want) {
					t.Errorf("%s: %s; want ..%s..", name, detail, want)
				}
			}
		})
	}
	for _, url := range []string{"https://ok.example/", "https://ok.example:443/x", "https://OK.EXAMPLE./", "https://a.wild.example/",
		"https://a.b.wild.example/", "https://port.example:8443/", "https://any.example:1234/"} {
		if err := c.Check(d, get(url)); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestHeadersAndMethodsThatCannotBeSet(t *testing.T) {
	c := egress.New(egress.Options{})
	for name, r := range map[string]loops.Request{
		"Host":              {Method: "GET", Header: http.Header{"Host": {"evil.example"}}},
		"host, lower case":  {Method: "GET", Header: http.Header{"host": {"evil.example"}}},
		"length":            {Method: "POST", Header: http.Header{"Content-Length": {"3"}}},
		"transfer encoding": {Method: "POST", Header: http.Header{"Transfer-Encoding": {"chunked"}}},
		"line break":        {Method: "GET", Header: http.Header{"A": {"b\r\nC: d"}}},
		"bad name":          {Method: "GET", Header: http.Header{"A B": {"c"}}},
		"CONNECT":           {Method: "CONNECT"},
		"TRACE":             {Method: "TRACE"},
		"two methods":       {Method: "GET / HTTP/1.1\r\nX:"},
		"long headers":      {Method: "GET", Header: http.Header{"A": {strings.Repeat("x", 20<<10)}}},
		"long body":         {Method: "POST", Body: strings.Repeat("x", 65<<10)},
	} {
		t.Run(name, func(t *testing.T) {
			r.URL = "https://ok.example/"
			refusal(t, c.Check(driver("ok.example"), r))
		})
	}
}

func TestSpecialAddressesAreRefusedWhenTheyAreResolved(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
		"198.18.0.1", "192.0.2.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
		"2001::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:0:127.0.0.1",
	} {
		t.Run(address, func(t *testing.T) {
			c := egress.New(egress.Options{
				Resolver: names{"ok.example": {address}},
				Dial: func(context.Context, string, string) (net.Conn, error) {
					t.Error("dialled")
					return nil, errors.New("no")
				},
			})
			_, err := c.Exchange(context.Background(), driver("ok.example"), get("https://ok.example/"))
			if detail := refusal(t, err); !strings.Contains(detail, "ok.example resolves to") {
				t.Errorf("detail: %s", detail)
			}
		})
	}
}

// A name that is public when it is looked at and private when it is dialled.
func TestRebindingGainsNothing(t *testing.T) {
	var dialled []string
	c := egress.New(egress.Options{
		Resolver: names{"ok.example": {"8.8.4.4", "127.0.0.1"}},
		Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			dialled = append(dialled, address)
			return nil, errors.New("connection refused")
		},
	})
	_, err := c.Exchange(context.Background(), driver("ok.example"), get("https://ok.example/"))
	if f := failure(t, err); f.Key != loops.Unavailable || f.Sent {
		t.Errorf("first: %+v", f)
	}
	_, err = c.Exchange(context.Background(), driver("ok.example"), get("https://ok.example/"))
	refusal(t, err)
	if len(dialled) != 1 || dialled[0] != "8.8.4.4:443" {
		t.Errorf("dialled %v", dialled)
	}
}

func TestAllowedByName(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hi")) }))
	defer server.Close()
	address := "http://localhost:" + strings.Split(server.Listener.Addr().String(), ":")[1] + "/"
	with := func(a egress.Allowance) error {
		c := egress.New(egress.Options{Allow: []egress.Allowance{a}, Resolver: names{"localhost": {"127.0.0.1"}}})
		_, err := c.Exchange(context.Background(), driver("localhost:*"), get(address))
		return err
	}
	if err := with(egress.Allowance{Host: "localhost:*", Plain: true, Private: true}); err != nil {
		t.Errorf("all allowed: %v", err)
	}
	refusal(t, with(egress.Allowance{Host: "localhost:*", Plain: true}))
	refusal(t, with(egress.Allowance{Host: "localhost:*", Private: true}))
	refusal(t, with(egress.Allowance{Host: "localhost:1", Plain: true, Private: true}))
}

func TestRedirectIsAnAnswer(t *testing.T) {
	c := provider(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Error("the redirect was followed")
		}
		http.Redirect(w, r, "https://www.example.com/elsewhere", http.StatusFound)
	}, nil)
	answer, err := c.Exchange(context.Background(), driver("example.com", "www.example.com"), get("https://example.com/"))
	if err != nil || answer.Status != 302 || answer.Header.Get("Location") == "" {
		t.Fatalf("answer = %+v, %v", answer, err)
	}
}

func TestFaultsOfProviders(t *testing.T) {
	hang := func(r *http.Request) { <-r.Context().Done() } // until the client goes away
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		key     loops.Key
		cause   string
	}{
		"hangs": {func(_ http.ResponseWriter, r *http.Request) { hang(r) }, loops.Unavailable, "too long"},
		"hangs in the body": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			hang(r)
		}, loops.Unavailable, "too long"},
		"closes the connection": {func(w http.ResponseWriter, _ *http.Request) { abort(w, "") }, loops.Unavailable, "closed"},
		"cuts the answer off": {func(w http.ResponseWriter, _ *http.Request) {
			abort(w, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
		}, loops.Unavailable, "closed"},
		"isn't HTTP":       {func(w http.ResponseWriter, _ *http.Request) { abort(w, "SSH-2.0-OpenSSH\r\n\r\n") }, loops.BadAnswer, "isn't HTTP"},
		"10 MB, announced": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "10000000") }, loops.BadAnswer, "10000000 bytes"},
		"10 MB, not announced": {func(w http.ResponseWriter, _ *http.Request) {
			for range 10 {
				_, _ = w.Write(make([]byte, 1<<20))
			}
		}, loops.BadAnswer, "longer than"},
		"endless headers": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }, loops.BadAnswer, "headers"},
		"packed":          {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", "gzip") }, loops.BadAnswer, "Content-Encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			c := provider(t, tc.handler, func(o *egress.Options) {
				if strings.HasPrefix(name, "hangs") {
					o.Limits.Reply = 200 * time.Millisecond
				}
			})
			_, err := c.Exchange(context.Background(), driver("example.com"), get("https://example.com/?secret=s3cret"))
			f := failure(t, err)
			if f.Key != tc.key || !strings.Contains(f.Error(), tc.cause) || !f.Sent {
				t.Errorf("failure = %v, sent %v", f, f.Sent)
			}
			if strings.Contains(f.Error(), "s3cret") {
				t.Errorf("the error holds the address: %v", f)
			}
		})
	}
}

// abort writes raw bytes on a request's connection and closes it.
func abort(w http.ResponseWriter, raw string) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = connection.Write([]byte(raw))
	_ = connection.Close()
}

func TestUntrustedTLSIsUnavailable(t *testing.T) {
	old := func(s *tls.Config) { s.MaxVersion = tls.VersionTLS11 } //nolint:gosec // the fault that this test plays
	for name, change := range map[string]func(o *egress.Options){
		"unknown authority": func(o *egress.Options) { o.Roots = x509.NewCertPool() },
		"wrong name":        func(o *egress.Options) { o.Resolver = names{"other.example": {"8.8.4.4"}} },
	} {
		t.Run(name, func(t *testing.T) {
			c := provider(t, func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") }, change)
			host := "example.com"
			if name == "wrong name" {
				host = "other.example"
			}
			_, err := c.Exchange(context.Background(), driver(host), get("https://"+host+"/"))
			if f := failure(t, err); f.Key != loops.Unavailable || !strings.Contains(f.Error(), "TLS") || f.Sent {
				t.Errorf("failure = %v, sent %v", f, f.Sent)
			}
		})
	}
	t.Run("TLS 1.1", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request arrived") }))
		server.TLS = &tls.Config{} //nolint:gosec // old sets it
		old(server.TLS)
		server.StartTLS()
		defer server.Close()
		roots := x509.NewCertPool()
		roots.AddCert(server.Certificate())
		c := egress.New(egress.Options{Roots: roots, Resolver: names{"example.com": {"8.8.4.4"}}, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		}})
		_, err := c.Exchange(context.Background(), driver("example.com"), get("https://example.com/"))
		if f := failure(t, err); !strings.Contains(f.Error(), "TLS") {
			t.Errorf("failure = %v", f)
		}
	})
}

func TestCancelledByItsOwner(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c := provider(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }, nil)
	if answer, err := c.Exchange(ctx, driver("example.com"), get("https://example.com/")); !errors.Is(err, context.Canceled) {
		t.Errorf("answer = %+v, err = %v", answer, err)
	}
}

func TestEnvironmentHasNoSay(t *testing.T) {
	var asked atomic.Bool
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true) }))
	defer proxy.Close()
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("HTTP_PROXY", proxy.URL)
	c := provider(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, nil)
	answer, err := c.Exchange(context.Background(), driver("example.com"), get("https://example.com/"))
	if err != nil || answer.Status != 204 || asked.Load() {
		t.Errorf("answer = %+v, %v; proxy asked: %v", answer, err, asked.Load())
	}
}
