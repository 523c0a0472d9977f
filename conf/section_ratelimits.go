package conf

import "net/netip"

// RateLimits say how often one address or client may come to each endpoint.
type RateLimits struct {
	Enabled bool
	Factor  int // of every rate and burst
	Exempt  []netip.Prefix
	Routes  []RateLimit // that differ from the table, by name
}

// RateLimit is what differs of one rule; 0 is the table's.
type RateLimit struct {
	Name             string
	PerMinute, Burst int
}

func rateLimits(c *cursor) RateLimits {
	l := RateLimits{
		Enabled: get(c, "enabled", boolean()),
		Factor:  get(c, "factor", whole(1, 10_000)),
		Exempt:  get(c, "exempt", networks()),
	}
	entries(c, "routes", "RULE", func(name string, c *cursor) {
		l.Routes = append(l.Routes, RateLimit{
			Name:      name,
			PerMinute: getOr(c, "perMinute", whole(0, 1_000_000), 0),
			Burst:     getOr(c, "burst", whole(0, 1_000_000), 0),
		})
	})
	return l
}
