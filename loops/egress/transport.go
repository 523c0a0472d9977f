package egress

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"

	"github.com/ringtail-id/ringtail/loops"
)

// transport serves one request: what one driver may dial must not be there for another.
func (c *Client) transport(r loops.Request, p permission) *http.Transport {
	t := &http.Transport{
		Protocols:              onlyHTTP1(),
		DisableKeepAlives:      true,
		DisableCompression:     true, // a small answer can't unpack into a large one
		TLSClientConfig:        c.tls(),
		TLSHandshakeTimeout:    c.o.Limits.Connect,
		MaxResponseHeaderBytes: int64(c.o.Limits.Headers),
	}
	if c.o.Proxy != nil {
		t.Proxy = http.ProxyURL(c.o.Proxy)
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			limited, cancel := context.WithTimeout(ctx, c.o.Limits.Connect)
			defer cancel()
			return c.o.Dial(limited, network, address)
		}
		return t
	}
	t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		limited, cancel := context.WithTimeout(ctx, c.o.Limits.Connect)
		defer cancel()
		return c.dial(limited, network, r, p)
	}
	t.DialTLSContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		limited, cancel := context.WithTimeout(ctx, c.o.Limits.Connect)
		defer cancel()
		return c.dialTLS(limited, network, r, p)
	}
	return t
}

// onlyHTTP1: one request a connection has no use for HTTP/2, and its frames are one more thing that a provider could misuse.
func onlyHTTP1() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

func (c *Client) tls() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.o.Roots}
}

// dialTLS makes the whole connection, so that one limit holds for name, connection and TLS together.
func (c *Client) dialTLS(ctx context.Context, network string, r loops.Request, p permission) (net.Conn, error) {
	plain, err := c.dial(ctx, network, r, p)
	if err != nil {
		return nil, err
	}
	config := c.tls()
	config.ServerName = p.host
	secure := tls.Client(plain, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		return nil, err
	}
	return secure, nil
}

// dial resolves the host, checks every address and connects to one that was checked. A name with one forbidden address among good
// ones is refused as a whole.
func (c *Client) dial(ctx context.Context, network string, r loops.Request, p permission) (net.Conn, error) {
	addresses, err := c.resolve(ctx, p.host)
	if err != nil {
		return nil, err
	}
	for _, a := range addresses {
		if block := c.special(a); block != "" && !p.private {
			return nil, &loops.Refusal{Reason: loops.ReasonEgress, Detail: fmt.Sprintf(
				"%s: %s resolves to %s, %s address, and the settings don't allow that host by name", r.At, p.host, a, block)}
		}
	}
	var last error = &net.DNSError{Err: "no addresses", Name: p.host}
	for _, a := range addresses {
		connection, err := c.o.Dial(ctx, network, net.JoinHostPort(a.String(), p.port))
		if err == nil {
			return connection, nil
		}
		last = err
	}
	return nil, last
}

func (c *Client) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	return c.o.Resolver.LookupNetIP(ctx, "ip", host)
}
