package trial

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
)

// standIn is an Exchanger that sends each request to a stand-in. A request is checked as a real one would be, and only
// scheme and host are replaced: a driver is tried as it will be used.
type standIn struct {
	check *egress.Client
	send  *egress.Client
	base  string // scheme and host
	host  string // with its port
}

// StandIn makes an Exchanger that sends to the stand-in at address, http or https with a host and nothing after it. check
// decides which requests may be made at all; limits hold for those that are.
func StandIn(address string, check *egress.Client, limits loops.Limits) (host.Exchanger, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%q is not an address like http://localhost:8410", address)
	}
	allow := egress.Allowance{Host: strings.ToLower(u.Host), Plain: true, Private: true}
	return &standIn{
		check: check, base: u.Scheme + "://" + u.Host, host: allow.Host,
		send: egress.New(egress.Options{Limits: limits, Allow: []egress.Allowance{allow}}),
	}, nil
}

// Exchange sends a request that the driver may make to the stand-in.
func (s *standIn) Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error) {
	if err := s.check.Check(withHostOf(d, r), r); err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(r.URL, "://") // there is one, or Check had refused it
	r.URL = s.base
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		r.URL += rest[i:]
	}
	sent := *d
	sent.Manifest.Hosts = []string{s.host}
	return s.send.Exchange(ctx, &sent, r)
}
