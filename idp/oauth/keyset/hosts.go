package keyset

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Whoever may change a jwks_uri has as many addresses as there are paths, but
// each host costs something to have. So a host and port is held to a pace and
// a share of its own. The pace carries about a hundred sets on one host: each
// is fetched once in Fresh, which is 120 fetches in the long run, and after a
// start 60 come at once.
const (
	// HostPace is the time between two fetches from one host and port in the long
	// run; hostBurst is how many may come at once.
	HostPace  = 5 * time.Second
	hostBurst = 60
	// hostFetches bounds the fetches from one host at one time, maxHosts the hosts
	// that are remembered.
	hostFetches = 4
	maxHosts    = 2000
)

// host is what is known of a host and port.
type host struct {
	pace  pace
	slots chan struct{}
	busy  int // fetches that run or wait
}

// pace is when its long run would allow the next fetch, had it had no burst.
type pace struct{ next time.Time }

// after is what next becomes by one more fetch, and whether that may be now.
func (p pace) after(now time.Time, each time.Duration, burst int) (pace, bool) {
	next := p.next
	if earliest := now.Add(-time.Duration(burst) * each); next.Before(earliest) {
		next = earliest
	}
	next = next.Add(each)
	return pace{next}, !next.After(now)
}

// host is what is kept of a host, which is remembered from now on. The caller
// holds mu.
func (s *Sets) host(name string) *host {
	if h := s.hosts[name]; h != nil {
		return h
	}
	if len(s.hosts) >= maxHosts {
		s.forgetHost()
	}
	h := &host{slots: make(chan struct{}, hostFetches)}
	s.hosts[name] = h
	return h
}

// forgetHost drops the host whose pace has had the longest rest. One that is
// being asked stays, or it would have its share again.
func (s *Sets) forgetHost() {
	rested := ""
	for name, h := range s.hosts {
		if h.busy == 0 && (rested == "" || h.pace.next.Before(s.hosts[rested].pace.next)) {
			rested = name
		}
	}
	delete(s.hosts, rested)
}

// slot waits for one of the host's and then for one of all. The host's comes
// first: what waits for a slow host holds none of the others'.
func (s *Sets) slot(ctx context.Context, h *host) (release func(), ok bool) {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
	case <-waiting.Done():
		return nil, false
	}
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots; <-h.slots }, true
	case <-waiting.Done():
		<-h.slots
		return nil, false
	}
}

// hostPort is the one spelling of an address's host and port.
func hostPort(u *url.URL) string {
	name := hostName(u)
	if ip, err := netip.ParseAddr(name); err == nil {
		name = ip.Unmap().WithZone("").String()
	}
	return net.JoinHostPort(name, portOr(u, strings.TrimLeft(u.Port(), "0")))
}

func hostName(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

// portOr is the port, or the scheme's where it is empty.
func portOr(u *url.URL, port string) string {
	switch {
	case port != "":
		return port
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
