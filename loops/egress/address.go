package egress

import "net/netip"

// specialRange is a block of addresses that no driver reaches unless its host is allowed by name.
type specialRange struct {
	prefix netip.Prefix
	name   string
}

// specialRanges follow IANA's special-purpose registries (RFC 6890 and its successors). Blocks that carry an IPv4
// address inside (NAT64, 6to4, Teredo) are closed as a whole, since they reach the private blocks.
func specialRanges() []specialRange {
	out := make([]specialRange, 0, len(specialNames))
	for _, r := range specialNames {
		out = append(out, specialRange{netip.MustParsePrefix(r[0]), r[1]})
	}
	return out
}

// specialNames is a constant table.
var specialNames = [][2]string{
	{"0.0.0.0/8", "an unspecified"},
	{"10.0.0.0/8", "a private"},
	{"100.64.0.0/10", "a carrier-grade NAT"},
	{"168.63.129.16/32", "a metadata"}, // Azure's, of the open network by its number alone
	{"127.0.0.0/8", "a loopback"},
	{"169.254.0.0/16", "a link-local or metadata"},
	{"172.16.0.0/12", "a private"},
	{"192.0.0.0/24", "a protocol"},
	{"192.0.2.0/24", "a documentation"},
	{"192.31.196.0/24", "a special"},
	{"192.52.193.0/24", "a special"},
	{"192.88.99.0/24", "a 6to4 relay"},
	{"192.168.0.0/16", "a private"},
	{"192.175.48.0/24", "a special"},
	{"198.18.0.0/15", "a benchmark"},
	{"198.51.100.0/24", "a documentation"},
	{"203.0.113.0/24", "a documentation"},
	{"224.0.0.0/4", "a multicast"},
	{"240.0.0.0/4", "a reserved or broadcast"},
	{"::/96", "an unspecified, loopback or IPv4-compatible"},
	{"::ffff:0:0/96", "an IPv4-mapped"},
	{"::ffff:0:0:0/96", "an IPv4-translated"},
	{"64:ff9b::/96", "a NAT64"},
	{"64:ff9b:1::/48", "a NAT64"},
	{"100::/64", "a discard"},
	{"2001::/23", "a protocol or Teredo"},
	{"2001:db8::/32", "a documentation"},
	{"2002::/16", "a 6to4"},
	{"3fff::/20", "a documentation"},
	{"5f00::/16", "a segment-routing"},
	{"fc00::/7", "a private"},
	{"fe80::/10", "a link-local"},
	{"fec0::/10", "a site-local"},
	{"ff00::/8", "a multicast"},
}

// special names the block that an address belongs to, or is empty for an address of the open network. An IPv4 address
// written as IPv6 is judged as the IPv4 address; an address with a zone is never of the open network.
func (c *Client) special(a netip.Addr) string {
	if !a.IsValid() {
		return "an invalid"
	}
	if a.Zone() != "" {
		return "a zoned"
	}
	a = a.Unmap()
	if a.Is6() && !c.unicast.Contains(a) {
		return c.inRange(a, "an unassigned")
	}
	return c.inRange(a, "")
}

// inRange names the block that an address is in, or is otherwise.
func (c *Client) inRange(a netip.Addr, otherwise string) string {
	for _, r := range c.ranges {
		if r.prefix.Contains(a) {
			return r.name
		}
	}
	return otherwise
}
