package ratelimit_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/ratelimit"
)

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func limit(t *testing.T, r ratelimit.Rule, change func(*ratelimit.Options)) (*ratelimit.Limit, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}
	o := ratelimit.Options{Memory: ratelimit.NewMemory(c.now)}
	if change != nil {
		change(&o)
	}
	limits, err := ratelimit.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return limits.Limit(r), c
}

var token = ratelimit.Rule{Name: "token", Key: ratelimit.KeyAddress, PerMinute: 60, Burst: 3}

// through counts how many of n requests are let through.
func through(l *ratelimit.Limit, ip string, n int) (let int) {
	for range n {
		if l.Address(netip.MustParseAddr(ip)) == 0 {
			let++
		}
	}
	return let
}

func TestBurstThenRate(t *testing.T) {
	l, c := limit(t, token, nil)
	if n := through(l, "192.0.2.1", 10); n != 3 {
		t.Fatalf("%d of a burst are let through, want 3", n)
	}
	if wait := l.Address(netip.MustParseAddr("192.0.2.1")); wait != time.Second {
		t.Errorf("the wait is %s", wait)
	}
	if n := through(l, "192.0.2.2", 3); n != 3 {
		t.Errorf("another address pays: %d", n)
	}
	c.at = c.at.Add(2 * time.Second)
	if n := through(l, "192.0.2.1", 10); n != 2 {
		t.Errorf("two seconds later %d are let through, want 2: refused ones cost nothing", n)
	}
	c.at = c.at.Add(time.Hour)
	if n := through(l, "192.0.2.1", 10); n != 3 {
		t.Errorf("after an hour %d are let through, want the burst and no more", n)
	}
}

// A clock that is set back makes nobody wait longer than a whole store takes to fill.
func TestClockSetBack(t *testing.T) {
	l, c := limit(t, token, nil)
	through(l, "192.0.2.1", 3)
	c.at = c.at.Add(-time.Hour)
	if wait := l.Address(netip.MustParseAddr("192.0.2.1")); wait != time.Second {
		t.Errorf("an hour earlier the wait is %s", wait)
	}
	c.at = c.at.Add(3 * time.Second)
	if n := through(l, "192.0.2.1", 10); n == 0 {
		t.Error("after three seconds nothing is let through")
	}
}

func TestNetworksOfIPv6(t *testing.T) {
	l, _ := limit(t, token, nil)
	if n := through(l, "2001:db8::1", 3) + through(l, "2001:db8::ffff:2", 3); n != 3 {
		t.Errorf("a /64 has %d, want 3", n)
	}
	let := 0
	for i := range 100 {
		let += through(l, fmt.Sprintf("2001:db8:0:%x::1", i+1), 3)
	}
	if let != 16*3-3 {
		t.Errorf("a /48 has %d more, want 45", let)
	}
	if n := through(l, "2001:db8:1::1", 3); n != 3 {
		t.Errorf("another /48 has %d", n)
	}
	if n := through(l, "::ffff:192.0.2.1", 2) + through(l, "192.0.2.1", 2); n != 3 {
		t.Errorf("an address of IPv4 in two forms has %d, want 3", n)
	}
	if l.Address(netip.Addr{}) != 0 {
		t.Error("requests of no known address have no burst")
	}
}

func TestRulesAreApart(t *testing.T) {
	c := &clock{time.Now()}
	limits, err := ratelimit.New(ratelimit.Options{Memory: ratelimit.NewMemory(c.now)})
	if err != nil {
		t.Fatal(err)
	}
	one := limits.Limit(token)
	other := token
	other.Name = "keys"
	two := limits.Limit(other)
	through(one, "192.0.2.1", 3)
	if n := through(two, "192.0.2.1", 5); n != 3 {
		t.Errorf("the other rule has %d left", n)
	}
	for range 3 {
		one.Client("app")
	}
	if one.Client("app") == 0 || one.Client("other") != 0 {
		t.Error("clients are not counted apart")
	}
}

func TestSettings(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*ratelimit.Options)
		want   int
	}{
		"off":              {func(o *ratelimit.Options) { o.Off = true }, 100},
		"a factor":         {func(o *ratelimit.Options) { o.Factor = 10 }, 30},
		"a change":         {func(o *ratelimit.Options) { o.Changes = map[string]ratelimit.Change{"token": {Burst: 7}} }, 7},
		"another's change": {func(o *ratelimit.Options) { o.Changes = map[string]ratelimit.Change{"keys": {Burst: 7}} }, 3},
		"an exempt network": {func(o *ratelimit.Options) {
			o.Exempt = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		}, 100},
		"the widest": {func(o *ratelimit.Options) {
			o.Factor, o.Changes = 1<<40, map[string]ratelimit.Change{"token": {PerMinute: 1, Burst: 1 << 40}}
		}, 100},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := limit(t, token, c.change)
			if n := through(l, "192.0.2.1", 100); n != c.want {
				t.Errorf("%d let through, want %d", n, c.want)
			}
		})
	}
	if _, err := ratelimit.New(ratelimit.Options{}); err == nil {
		t.Error("limits without a memory")
	}
}

// However many addresses come, who is deep in debt is not forgotten.
func TestFloodOfAddresses(t *testing.T) {
	heavy := ratelimit.Rule{Name: "heavy", PerMinute: 1, Burst: 50}
	l, _ := limit(t, heavy, nil)
	if n := through(l, "192.0.2.1", 60); n != 50 {
		t.Fatalf("%d let through", n)
	}
	for i := range 500_000 {
		l.Address(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if n := through(l, "192.0.2.1", 10); n != 0 {
		t.Errorf("after the flood it may come %d times again", n)
	}
}

func BenchmarkAddress(b *testing.B) {
	limits, err := ratelimit.New(ratelimit.Options{Memory: ratelimit.NewMemory(nil)})
	if err != nil {
		b.Fatal(err)
	}
	l := limits.Limit(ratelimit.Rule{Name: "token", PerMinute: 1_000_000, Burst: 1_000_000})
	ip := netip.MustParseAddr("192.0.2.1")
	b.ReportAllocs()
	for b.Loop() {
		l.Address(ip)
	}
}
