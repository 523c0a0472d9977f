package server

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientIP(t *testing.T) {
	trusted := proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, c := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"no proxy":                        {"203.0.113.7:1234", nil, "203.0.113.7"},
		"a stranger who claims":           {"203.0.113.7:1234", []string{"198.51.100.1"}, "203.0.113.7"},
		"a trusted proxy":                 {"10.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		"two trusted proxies":             {"10.0.0.1:1234", []string{"198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		"a claim before the true address": {"10.0.0.1:1234", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1"},
		"two header lines":                {"10.0.0.1:1234", []string{"127.0.0.1", "198.51.100.1"}, "198.51.100.1"},
		"a trusted proxy that is silent":  {"10.0.0.1:1234", nil, "10.0.0.1"},
		"a trusted proxy with nonsense":   {"10.0.0.1:1234", []string{"unknown"}, "10.0.0.1"},
		"an IPv4 address in IPv6 form":    {"[::ffff:10.0.0.1]:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		"IPv6":                            {"[fd00::1]:1234", []string{"2001:db8::1"}, "2001:db8::1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.remote
			for _, line := range c.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			if got := trusted.clientIP(r); got.String() != c.want {
				t.Errorf("clientIP = %s, want %s", got, c.want)
			}
		})
	}
}
