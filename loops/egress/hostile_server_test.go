package egress_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// authority signs the certificates of a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	return authority{sign(t, template, template, key, key), key}
}

func sign(t *testing.T, template, parent *x509.Certificate, public, private *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &public.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// serves gives a server's certificate for a name that holds between two moments from now. Without an authority it signs itself.
func (a *authority) serves(t *testing.T, name string, from, until time.Duration) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(until), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	parent, signer := template, key
	if a != nil {
		parent, signer = a.certificate, a.key
	}
	leaf := sign(t, template, parent, key, signer)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}
}

// raw serves example.com over TLS with bytes of its own: say is called when a request has come, and the connection closed after
// it. It gives a client that reaches it.
func raw(t *testing.T, say func(c net.Conn), change func(s *tls.Config, o *egress.Options)) *egress.Client {
	t.Helper()
	ca := newAuthority(t)
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{ca.serves(t, "example.com", -time.Hour, time.Hour)}}
	o := egress.Options{Limits: loops.DefaultLimits(), Roots: x509.NewCertPool(), Resolver: names{"example.com": {"8.8.4.4"}}}
	o.Roots.AddCert(ca.certificate)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, l.Addr().String())
	}
	if change != nil {
		change(config, &o)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(tls.Server(c, config), say)
		}
	}()
	return egress.New(o)
}

func serve(c *tls.Conn, say func(c net.Conn)) {
	defer func() { _ = c.Close() }()
	if c.Handshake() != nil {
		return
	}
	for in := bufio.NewReader(c); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if strings.TrimSpace(line) == "" {
			say(c)
			return
		}
	}
}

// text says one thing; endless says head, and then rest until nobody listens.
func text(all string) func(net.Conn) {
	return func(c net.Conn) { _, _ = c.Write([]byte(all)) }
}

func endless(head, rest string, pause time.Duration) func(net.Conn) {
	return func(c net.Conn) {
		_, err := c.Write([]byte(head))
		for tick := time.NewTicker(max(pause, 1)); err == nil; <-tick.C {
			_, err = c.Write([]byte(rest))
		}
	}
}

const ok = "HTTP/1.1 200 OK\r\n"

// Whatever a provider's server does, a request ends within its limits with a word of the vocabulary, and never with half an answer.
func TestHostileServers(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, tc := range map[string]struct {
		say func(net.Conn)
		key loops.Key
	}{
		"slow headers":             {endless(ok, "X: y\r\n", 10*time.Millisecond), loops.Unavailable},
		"slow status line":         {endless("HTTP/1.1 200 ", "x", 10*time.Millisecond), loops.Unavailable},
		"slow body":                {endless(ok+"Content-Length: 60000\r\n\r\n", "x", 10*time.Millisecond), loops.Unavailable},
		"slow chunks":              {endless(ok+"Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 10*time.Millisecond), loops.Unavailable},
		"silence":                  {endless("", "", 10*time.Millisecond), loops.Unavailable},
		"endless headers":          {endless(ok, "X: "+long[:1000]+"\r\n", 0), loops.BadAnswer},
		"endless header line":      {endless(ok+"X: ", long[:1000], 0), loops.BadAnswer},
		"endless status line":      {endless("HTTP/1.1 200 ", long[:1000], 0), loops.BadAnswer},
		"endless body":             {endless(ok+"\r\n", long[:1000], 0), loops.BadAnswer},
		"endless chunks":           {endless(ok+"Transfer-Encoding: chunked\r\n\r\n", "10\r\n0123456789abcdef\r\n", 0), loops.BadAnswer},
		"endless chunk extension":  {endless(ok+"Transfer-Encoding: chunked\r\n\r\n1;", long[:1000], 0), loops.BadAnswer},
		"endless empty trailers":   {endless(ok+"Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: "+long[:1000]+"\r\n", 0), loops.BadAnswer},
		"endless 103":              {endless("", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", 0), loops.BadAnswer},
		"endless 100":              {endless("", "HTTP/1.1 100 Continue\r\n\r\n", 0), loops.BadAnswer},
		"101":                      {text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello"), loops.BadAnswer},
		"a chunk of 2**64":         {text(ok + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx"), loops.BadAnswer},
		"a chunk of -1":            {text(ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n"), loops.BadAnswer},
		"a chunk without its end":  {text(ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n"), loops.BadAnswer},
		"chunks cut off":           {text(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"), loops.Unavailable},
		"two lengths":              {text(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), loops.BadAnswer},
		"a length of -1":           {text(ok + "Content-Length: -1\r\n\r\nab"), loops.BadAnswer},
		"a length of 2**63":        {text(ok + "Content-Length: 9223372036854775808\r\n\r\nab"), loops.BadAnswer},
		"packed transfer":          {text(ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), loops.BadAnswer},
		"packed body":              {text(ok + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"), loops.BadAnswer},
		"packed with another word": {text(ok + "Content-Encoding: x-bomb\r\nContent-Length: 0\r\n\r\n"), loops.BadAnswer},
		"a status of five digits":  {text("HTTP/1.1 20000 OK\r\n\r\n"), loops.BadAnswer},
		"a status of letters":      {text("HTTP/1.1 abc OK\r\n\r\n"), loops.BadAnswer},
		"no version":               {text("HTTP/x 200 OK\r\n\r\n"), loops.BadAnswer},
		"a header without a name":  {text(ok + ": x\r\n\r\n"), loops.BadAnswer},
		"a header with a NUL":      {text(ok + "X: a\x00b\r\n\r\n"), loops.BadAnswer},
		"HTTP/2's first words":     {text("\x00\x00\x12\x04\x00\x00\x00\x00\x00"), loops.BadAnswer},
		"nothing":                  {text(""), loops.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			c := raw(t, tc.say, func(_ *tls.Config, o *egress.Options) {
				if strings.HasPrefix(name, "slow") || name == "silence" {
					o.Limits.Reply = 200 * time.Millisecond
				}
			})
			answer, err := c.Exchange(context.Background(), driver("example.com"), get("https://example.com/?secret=s3cret"))
			if err == nil {
				t.Fatalf("got the answer %d, %.100q", answer.Status, answer.Body)
			}
			if f := failure(t, err); f.Key != tc.key || !f.Sent || strings.Contains(f.Error(), "s3cret") || strings.Contains(f.Error(), "xxxx") {
				t.Errorf("failure = %v, sent %v; want %s", f, f.Sent, tc.key)
			}
		})
	}
}

// What such a server sends beside a good answer changes nothing in it.
func TestAnswersThatSayMoreThanTheyShould(t *testing.T) {
	for name, say := range map[string]string{
		"a second answer":  ok + "Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
		"an early answer":  "HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi",
		"a length in vain": ok + "Content-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
		"keeps alive":      ok + "Connection: keep-alive\r\nContent-Length: 2\r\n\r\nhi",
		"trailers":         ok + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\nhi\r\n0\r\nX: evil\r\n\r\n",
		"another protocol": ok + "Alt-Svc: h3=\":443\"\r\nContent-Length: 2\r\n\r\nhi",
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := raw(t, text(say), nil).Exchange(context.Background(), driver("example.com"), get("https://example.com/"))
			if err != nil || answer.Status != 200 || answer.Body != "hi" || answer.Header.Get("X") != "" {
				t.Errorf("answer = %+v, %v", answer, err)
			}
		})
	}
}

func TestCertificatesThatDoNotHold(t *testing.T) {
	for name, make := range map[string]func(t *testing.T, ca authority) tls.Certificate{
		"expired": func(t *testing.T, ca authority) tls.Certificate {
			return ca.serves(t, "example.com", -2*time.Hour, -time.Hour)
		},
		"not valid yet": func(t *testing.T, ca authority) tls.Certificate {
			return ca.serves(t, "example.com", time.Hour, 2*time.Hour)
		},
		"another name": func(t *testing.T, ca authority) tls.Certificate {
			return ca.serves(t, "www.example.org", -time.Hour, time.Hour)
		},
		"signs itself": func(t *testing.T, _ authority) tls.Certificate {
			return (*authority)(nil).serves(t, "example.com", -time.Hour, time.Hour)
		},
		"another authority": func(t *testing.T, _ authority) tls.Certificate {
			other := newAuthority(t)
			return other.serves(t, "example.com", -time.Hour, time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ca := newAuthority(t)
			c := raw(t, func(net.Conn) { t.Error("a request arrived") }, func(s *tls.Config, o *egress.Options) {
				s.Certificates = []tls.Certificate{make(t, ca)}
				o.Roots = x509.NewCertPool()
				o.Roots.AddCert(ca.certificate)
			})
			_, err := c.Exchange(context.Background(), driver("example.com"), get("https://example.com/"))
			if f := failure(t, err); f.Key != loops.Unavailable || !strings.Contains(f.Error(), "TLS") || f.Sent {
				t.Errorf("failure = %v, sent %v", f, f.Sent)
			}
		})
	}
}

// One limit holds for name, connection and TLS, whichever of them hangs.
func TestConnectLimit(t *testing.T) {
	stuck := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and never says a word of TLS
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for name, change := range map[string]func(o *egress.Options){
		"name": func(o *egress.Options) { o.Resolver = stuckNames{} },
		"connection": func(o *egress.Options) {
			o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { return nil, stuck(ctx) }
		},
		"TLS": func(o *egress.Options) {
			o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, silent.Addr().String())
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := egress.Options{Limits: loops.DefaultLimits(), Resolver: names{"example.com": {"8.8.4.4"}}}
			o.Limits.Connect, o.Limits.Reply = 50*time.Millisecond, time.Hour
			change(&o)
			_, err := egress.New(o).Exchange(context.Background(), driver("example.com"), get("https://example.com/"))
			if f := failure(t, err); f.Key != loops.Unavailable || !strings.Contains(f.Error(), "too long") || f.Sent {
				t.Errorf("failure = %v, sent %v", f, f.Sent)
			}
		})
	}
}

// Each request has a connection of its own, in HTTP/1.1, even where the server would talk HTTP/2 and keep it open.
func TestConnectionsAreNotShared(t *testing.T) {
	seen := make(chan string, 4)
	c := raw(t, func(c net.Conn) {
		state := c.(*tls.Conn).ConnectionState()
		seen <- fmt.Sprint(c.RemoteAddr(), " ", state.NegotiatedProtocol, " ", state.DidResume)
		text(ok + "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n")(c)
	}, func(s *tls.Config, _ *egress.Options) { s.NextProtos = []string{"h2", "http/1.1"} })
	for range 2 {
		if _, err := c.Exchange(context.Background(), driver("example.com"), get("https://example.com/")); err != nil {
			t.Fatal(err)
		}
	}
	first, second := <-seen, <-seen
	if first == second || strings.Contains(first+second, "h2") || strings.Contains(second, "true") {
		t.Errorf("the connections were %s and %s", first, second)
	}
}
