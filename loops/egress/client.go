package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

// Resolver finds the addresses of a host; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Options are what a Client needs.
type Options struct {
	Limits   loops.Limits   // zero: loops.DefaultLimits
	Allow    []Allowance    // what the settings grant beyond the manifests
	Proxy    *url.URL       // http or https proxy from the settings; nil: none. The environment's is never used
	Roots    *x509.CertPool // nil: the system's
	Resolver Resolver       // nil: the system's
	// Dial connects to an address that has been checked already; nil: a net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client makes requests for drivers. It serves many goroutines and holds no connections.
type Client struct {
	o      Options
	ranges []specialRange
	// unicast is all of IPv6 that IANA gives out for the open network.
	unicast netip.Prefix
}

// New makes a Client.
func New(o Options) *Client {
	if o.Limits == (loops.Limits{}) {
		o.Limits = loops.DefaultLimits()
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	return &Client{o: o, ranges: specialRanges(), unicast: netip.MustParsePrefix("2000::/3")}
}

// Exchange makes one request for a driver. Any HTTP answer is an Answer, whatever its status. The error is
// a *loops.Refusal when the request isn't allowed, a *loops.Failure (unavailable or bad_answer) when no usable answer
// came, or ctx's own error when its owner cancelled it. A Failure's Sent says whether the request may have arrived.
func (c *Client) Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error) {
	u, p, err := c.permit(d, r)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, c.reply(d))
	defer cancel()
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(limited, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	request, err := http.NewRequestWithContext(traced, r.Method, u.String(), strings.NewReader(r.Body))
	if err != nil {
		return nil, &loops.Refusal{Reason: loops.ReasonEgress, Detail: r.At + ": the request can't be made"}
	}
	request.Header = r.Header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", "Ringtail")
	}
	request.Close = true
	transport := c.transport(r, p)
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return nil, c.fault(ctx, err, sent.Load())
	}
	defer func() { _ = answer.Body.Close() }()
	return c.read(ctx, limited, answer)
}

func (c *Client) reply(d *loops.Driver) time.Duration {
	if t := d.Manifest.Timeout; t > 0 && t < c.o.Limits.Reply {
		return t
	}
	return c.o.Limits.Reply
}

// read takes the answer in, up to the limits. One that comes when the time is up, or when its owner is gone, is none: both
// sides of a connection that is being closed may still see something that looks like an answer.
func (c *Client) read(ctx, limited context.Context, answer *http.Response) (*loops.Answer, error) {
	if answer.StatusCode < 200 {
		return nil, badAnswer("the provider answered %d, which ends nothing", answer.StatusCode)
	}
	if encoding := answer.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, badAnswer("the answer has a Content-Encoding, which was not asked for")
	}
	most := int64(c.o.Limits.Answer)
	if answer.ContentLength > most {
		return nil, badAnswer("the answer has %d bytes, at most %d are allowed", answer.ContentLength, most)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	if err != nil {
		return nil, c.fault(ctx, err, true)
	}
	if err := limited.Err(); err != nil {
		return nil, c.fault(ctx, err, true)
	}
	if int64(len(body)) > most {
		return nil, badAnswer("the answer is longer than %d bytes", most)
	}
	return &loops.Answer{Status: answer.StatusCode, Header: answer.Header, Body: string(body)}, nil
}

func badAnswer(format string, args ...any) *loops.Failure {
	return &loops.Failure{Key: loops.BadAnswer, Sent: true, Cause: fmt.Errorf(format, args...)}
}

// fault maps what can go wrong on the way onto the vocabulary.
func (c *Client) fault(ctx context.Context, err error, sent bool) error {
	var refused *loops.Refusal
	if errors.As(err, &refused) {
		return refused
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	reason := reasonOf(err, sent)
	key := loops.Unavailable
	if reason == notHTTP {
		key = loops.BadAnswer
	}
	return &loops.Failure{Key: key, Sent: sent, Cause: errors.New(reason)}
}

// notHTTP is the one fault of the way that is an answer, a bad one.
const notHTTP = "the provider's answer isn't HTTP, or its headers are too long"

// reasonOf says what happened without the address, whose path and query may hold a secret or a number.
func reasonOf(err error, sent bool) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout net.Error
	var network *net.OpError
	text := err.Error()
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "the provider took too long"
	case errors.As(err, &dns):
		return "the provider's host name can't be resolved"
	case errors.As(err, &certificate), errors.As(err, &record), strings.Contains(text, "tls: "), strings.Contains(text, "x509: "):
		return "the provider's TLS connection can't be trusted"
	case strings.Contains(text, "connection refused"):
		return "the provider refused the connection"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(text, "connection reset"), strings.Contains(text, "broken pipe"):
		return "the provider closed the connection"
	case sent && !errors.As(err, &network): // net/http has a text of its own for each way to be no HTTP
		return notHTTP
	}
	return "the provider can't be reached"
}
