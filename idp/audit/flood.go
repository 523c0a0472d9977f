package audit

import (
	"net/netip"
	"sync"
	"time"
)

// Bounds keep strangers from filling the disk. What is beyond them is counted: the
// next event of its kind from there, or the end of the journal, is preceded by one
// whose only param is "suppressed".
type Bounds struct {
	// Failures is how many events of each kind of failure are kept for one address
	// (of IPv6 its /64) in a minute; Begun is how many beginnings of logins.
	Failures, Begun int
}

// DefaultBounds are generous: a whole office behind one address keeps below them.
func DefaultBounds() Bounds { return Bounds{Failures: 60, Begun: 1200} }

// maxSources bounds the memory that addresses take; beyond it all others share one
// count for each kind.
const maxSources = 10_000

// flood counts what strangers cause.
type flood struct {
	bounds Bounds
	mu     sync.Mutex
	counts map[source]*count
}

type source struct {
	kind string
	from netip.Prefix
}

type count struct {
	minute     time.Time
	kept, over int
	last       Event // of those left out
}

func newFlood(b Bounds) *flood { return &flood{bounds: b, counts: map[source]*count{}} }

// bound is how many events of the kind are kept; 0 is all.
func (f *flood) bound(e Event) int {
	switch e.Type {
	case TypeLoginBegun, TypeDeviceBegun:
		return f.bounds.Begun
	case TypeClientFailed, TypeTokenRefused, TypeRegistrationRefused, TypeDeviceCodeWrong, TypeFactorFailed, TypeCallRefused, TypeCodeRefused, TypeLoginDenied:
		return f.bounds.Failures
	}
	return 0
}

// take says whether the event is kept, and which events tell of those that weren't.
func (f *flood) take(e Event) (keep bool, told []Event) {
	most := f.bound(e)
	if most == 0 {
		return true, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	minute := e.At.Truncate(time.Minute)
	c, told := f.count(e, minute)
	if c.minute != minute {
		told = append(told, c.tell()...)
		*c = count{minute: minute}
	}
	if c.kept < most {
		c.kept++
		return true, told
	}
	c.over++
	c.last = e
	return false, told
}

func (f *flood) count(e Event, minute time.Time) (c *count, told []Event) {
	key := source{kind: e.Type, from: network(e.IP)}
	if c, ok := f.counts[key]; ok {
		return c, nil
	}
	if len(f.counts) >= maxSources {
		told = f.forget(minute)
	}
	if len(f.counts) >= maxSources {
		key.from = netip.Prefix{}
	}
	if c, ok := f.counts[key]; ok {
		return c, told
	}
	c = &count{minute: minute}
	f.counts[key] = c
	return c, told
}

// forget drops the counts of minutes that are over.
func (f *flood) forget(minute time.Time) (told []Event) {
	for key, c := range f.counts {
		if c.minute != minute {
			told = append(told, c.tell()...)
			delete(f.counts, key)
		}
	}
	return told
}

// rest are the events about all that was left out and not told of yet.
func (f *flood) rest() (told []Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.forget(time.Time{})
}

func (c *count) tell() []Event {
	if c.over == 0 {
		return nil
	}
	return []Event{{Type: c.last.Type, At: c.last.At, IP: c.last.IP, Params: map[string]any{"suppressed": c.over}}}
}

// network is the source that an address counts for.
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() && !a.Is4In6() {
		bits = 64
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
