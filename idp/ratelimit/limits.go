package ratelimit

import (
	"errors"
	"hash/maphash"
	"net/netip"
	"slices"
	"time"
)

// Key says who is counted.
type Key string

// Keys of rules.
const (
	// KeyAddress is the address that a request comes from, as far as proxies are
	// believed.
	KeyAddress Key = "address"
	// KeyClient is a client that has proved who it is. One that only says its name
	// isn't counted: anybody could use up what is somebody else's.
	KeyClient Key = "client"
)

// Rule is one row of the table.
type Rule struct {
	// Name is the rule's in the settings and in metrics; it never changes.
	Name string
	Key  Key
	// PerMinute requests are let through in the long run, and Burst at once. Both are
	// 1 to 1,000,000.
	PerMinute, Burst int
}

// Change is what the settings say of a rule; 0 leaves what the table has.
type Change struct{ PerMinute, Burst int }

// Options for New. Memory is required.
type Options struct {
	Memory *Memory
	// Off lets everything through.
	Off bool
	// Factor multiplies every rate and burst; 0 is 1, and 10,000 the most.
	Factor int
	// Changes by the rule's name.
	Changes map[string]Change
	// Exempt are networks that are not counted by address.
	Exempt []netip.Prefix
}

// Limits make limits of rules by one state of the settings.
type Limits struct{ o Options }

// New refuses incomplete options.
func New(o Options) (*Limits, error) {
	if o.Memory == nil {
		return nil, errors.New("ratelimit: Options.Memory is missing")
	}
	if o.Factor <= 0 {
		o.Factor = 1
	}
	return &Limits{o: o}, nil
}

// Limit is a rule in force. It is safe for concurrent use; nil lets everything
// through.
type Limit struct {
	rule   Rule
	memory *Memory
	exempt []netip.Prefix
	name   uint64 // hash, apart from all other rules'
	one    rate
	wide   rate // of a /48
}

// rate is how far apart requests are in the long run, and how far ahead of that a
// key may be; in nanoseconds.
type rate struct{ interval, slack int64 }

// Limit puts a rule in force, changed as the settings say; nil where limits are off.
func (l *Limits) Limit(r Rule) *Limit {
	if l.o.Off {
		return nil
	}
	r = l.Changed(r)
	return &Limit{
		rule: r, memory: l.o.Memory, exempt: l.o.Exempt, name: maphash.String(l.o.Memory.seed, r.Name),
		one: rateOf(r, 1), wide: rateOf(r, widePrefixes),
	}
}

// Changed is the rule as the settings have it.
func (l *Limits) Changed(r Rule) Rule {
	c := l.o.Changes[r.Name]
	if c.PerMinute > 0 {
		r.PerMinute = c.PerMinute
	}
	if c.Burst > 0 {
		r.Burst = c.Burst
	}
	r.PerMinute, r.Burst = times(r.PerMinute, l.o.Factor), times(r.Burst, l.o.Factor)
	return r
}

// Bounds of a rule and of the factor, so that nothing below overflows.
const (
	maxPerRule = 1_000_000
	maxFactor  = 10_000
)

// times multiplies within what a rule may have.
func times(n, factor int) int { return min(max(n, 1), maxPerRule) * min(factor, maxFactor) }

// widePrefixes is how many /64 a /48 counts as.
const widePrefixes = 16

func rateOf(r Rule, times int) rate {
	interval := max(int64(time.Minute)/(int64(r.PerMinute)*int64(times)), 1)
	burst := int64(r.Burst) * int64(times)
	return rate{interval: interval, slack: (burst - 1) * interval}
}

// Name is the rule's.
func (l *Limit) Name() string { return l.rule.Name }

// Address counts a request from the address and says how long to wait where it is
// one too many; 0 lets it through. Requests of no known address are all one's.
func (l *Limit) Address(ip netip.Addr) time.Duration {
	if l == nil || slices.ContainsFunc(l.exempt, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return 0
	}
	return l.Everybody(ip)
}

// Everybody is Address without those that are exempt.
func (l *Limit) Everybody(ip netip.Addr) time.Duration {
	if l == nil {
		return 0
	}
	if !ip.Is6() || ip.Is4In6() {
		return l.memory.take(key(l, ip.Unmap()), l.one)
	}
	if wait := l.memory.take(key(l, network(ip, 64)), l.one); wait > 0 {
		return wait
	}
	return l.memory.take(key(l, network(ip, 48)), l.wide)
}

// Client counts a request of a client; see Address.
func (l *Limit) Client(id string) time.Duration {
	if l == nil {
		return 0
	}
	return l.memory.take(maphash.String(l.memory.seed, id)^l.name, l.one)
}

// key is apart from that of any other rule, address or network.
func key[T comparable](l *Limit, of T) uint64 { return maphash.Comparable(l.memory.seed, of) ^ l.name }

// network is comparable, and differs by its length.
func network(ip netip.Addr, bits int) netip.Prefix {
	p, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{} // never: the address is one of IPv6
	}
	return p
}
