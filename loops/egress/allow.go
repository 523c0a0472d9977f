package egress

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/ringtail-id/ringtail/loops"
)

// Allowance is what the settings grant beyond the manifests, to every driver whose manifest names the host.
type Allowance struct {
	Host    string // as in a manifest: name, *.name, name:port or name:*
	Plain   bool   // plain http is allowed too
	Private bool   // whatever address the name has is allowed, loopback and private ones included
}

// permission is what one request may do.
type permission struct {
	host    string // lower case, without port
	port    string
	private bool
}

var methods = regexp.MustCompile(`^[A-Z]{1,20}$`)

// numeric finds a last label that is a number, decimal, octal or hex: some resolvers take 127.1, 0x7f.1 or 2130706433 for an address.
var numeric = regexp.MustCompile(`(^|\.)([0-9]+|0[xX][0-9a-fA-F]*)$`)

// ownHeaders are set by this package alone: a script that could set them could smuggle a second request into the first, or
// speak to another host behind the same address.
var ownHeaders = map[string]bool{
	"Host": true, "Content-Length": true, "Transfer-Encoding": true, "Connection": true, "Keep-Alive": true, "Upgrade": true,
	"Te": true, "Trailer": true, "Expect": true, "Proxy-Authorization": true, "Proxy-Connection": true, "Accept-Encoding": true,
}

// Check decides about a request without resolving or sending anything. The error is a *loops.Refusal that names the
// place in the script.
func (c *Client) Check(d *loops.Driver, r loops.Request) error {
	_, _, err := c.permit(d, r)
	return err
}

func (c *Client) permit(d *loops.Driver, r loops.Request) (*url.URL, permission, error) {
	deny := func(format string, args ...any) (*url.URL, permission, error) {
		at := r.At
		if at == "" {
			at = d.File + ":1:1"
		}
		return nil, permission{}, &loops.Refusal{Reason: loops.ReasonEgress, Detail: at + ": " + fmt.Sprintf(format, args...)}
	}
	if !methods.MatchString(r.Method) || r.Method == http.MethodConnect || r.Method == http.MethodTrace {
		return deny("the method %scan't be used", echo(r.Method))
	}
	if what := c.oversized(r); what != "" {
		return deny("%s", what)
	}
	if name := badHeader(r.Header); name != "" {
		return deny("the header %scan't be set, or has a value that no header can have", echo(name))
	}
	u, err := addressOf(r.URL)
	if err != nil {
		return deny("%v", err)
	}
	p, err := portOf(u)
	if err != nil {
		return deny("%v", err)
	}
	named, plain := c.reach(d, &p, u.Scheme)
	if u.Scheme == "http" && !plain {
		return deny("plain http to %s isn't allowed: use https, or name the host in loops.egress.allowHttp", u.Host)
	}
	if !named {
		return deny("the host %s isn't in the driver's manifest (hosts in driver.conf)", u.Host)
	}
	if a, err := netip.ParseAddr(p.host); err == nil && !p.private {
		if block := c.special(a); block != "" {
			return deny("%s is %s address", p.host, block)
		}
	}
	u.Host = net.JoinHostPort(p.host, p.port)
	if p.port == schemePort(u.Scheme) {
		u.Host = strings.TrimSuffix(u.Host, ":"+p.port)
	}
	return u, p, nil
}

// addressOf reads the address of a request. The error says why it isn't one that can be sent.
func addressOf(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return nil, errors.New("the address isn't a whole https address, like https://api.provider.example/call")
	case u.User != nil:
		return nil, errors.New("the address holds credentials; send them with withBasicAuth or withHeader")
	case u.Fragment != "":
		return nil, errors.New("the address holds a fragment (#..), which is never sent")
	case strings.ContainsFunc(u.RawQuery, func(c rune) bool { return c <= ' ' || c > '~' }):
		return nil, errors.New("the address's query holds a blank or a character outside ASCII, which would break the request line: use withQuery or encodeURIComponent")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("the scheme %sisn't https", echo(u.Scheme))
	}
	return u, nil
}

// echo quotes a short text, with a blank after it, and leaves out a long one. A secret in it would be known and masked later; what
// is left of one that was cut would not.
func echo(text string) string {
	if len(text) > 80 {
		return ""
	}
	return strconv.Quote(text) + " "
}

func portOf(u *url.URL) (permission, error) {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if host == "" || strings.ContainsAny(host, " %/\\") {
		return permission{}, fmt.Errorf("the address names no host")
	}
	for _, r := range host {
		if r >= 0x80 {
			return permission{}, fmt.Errorf("write the host %q in its ASCII form (xn--..)", host)
		}
	}
	if _, err := netip.ParseAddr(host); err != nil && numeric.MatchString(host) {
		return permission{}, fmt.Errorf("the host %q is a number that isn't an address", host)
	}
	port := u.Port()
	if port == "" {
		port = schemePort(u.Scheme)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return permission{}, fmt.Errorf("the port %q isn't one", port)
	}
	return permission{host: host, port: port}, nil
}

func schemePort(scheme string) string {
	if scheme == "http" {
		return "80"
	}
	return "443"
}

// reach says whether the manifest names the host, and gives what the settings grant for it then.
func (c *Client) reach(d *loops.Driver, p *permission, scheme string) (named, plain bool) {
	for _, pattern := range d.Manifest.Hosts {
		named = named || matches(pattern, *p, scheme)
	}
	for _, a := range c.o.Allow {
		if named && matches(a.Host, *p, scheme) {
			plain, p.private = plain || a.Plain, p.private || a.Private
		}
	}
	return named, plain
}

// matches reports whether a pattern of a manifest names host and port. "*." stands for one or more labels, and never
// for part of an address in numbers.
func matches(pattern string, p permission, scheme string) bool {
	host, port := pattern, schemePort(scheme)
	if h, given, err := net.SplitHostPort(pattern); err == nil {
		host, port = h, given
	}
	if port != "*" && port != p.port {
		return false
	}
	if suffix, wild := strings.CutPrefix(host, "*."); wild {
		label, inside := strings.CutSuffix(p.host, "."+suffix)
		_, err := netip.ParseAddr(p.host)
		return err != nil && inside && label != "" && suffix != ""
	}
	return host == p.host
}

func (c *Client) oversized(r loops.Request) string {
	headers := r.HeaderSize()
	l := c.o.Limits
	switch {
	case len(r.URL) > l.URL:
		return fmt.Sprintf("the address has %d bytes, at most %d are allowed", len(r.URL), l.URL)
	case headers > l.Headers:
		return fmt.Sprintf("the headers have %d bytes, at most %d are allowed", headers, l.Headers)
	case len(r.Body) > l.Request:
		return fmt.Sprintf("the body has %d bytes, at most %d are allowed", len(r.Body), l.Request)
	}
	return ""
}

// badHeader names the first header that may not be sent.
func badHeader(h http.Header) string {
	for name, values := range h {
		if !httpguts.ValidHeaderFieldName(name) || ownHeaders[http.CanonicalHeaderKey(name)] {
			return name
		}
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return name
			}
		}
	}
	return ""
}
