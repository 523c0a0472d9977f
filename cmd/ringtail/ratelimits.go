package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp/front"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
)

// rateLimits are the limits of the settings, without a memory.
func rateLimits(l conf.RateLimits) ratelimit.Options {
	changes := map[string]ratelimit.Change{}
	for _, r := range l.Routes {
		changes[r.Name] = ratelimit.Change{PerMinute: r.PerMinute, Burst: r.Burst}
	}
	return ratelimit.Options{Off: !l.Enabled, Factor: l.Factor, Exempt: l.Exempt, Changes: changes}
}

// connections bounds those of one listener.
func connections(s conf.Server) *overload.Connections {
	return overload.NewConnections(overload.ConnectionOptions{Most: s.Limits.Connections, MostOf: s.Limits.AddressConnections, Shared: s.TrustedProxies})
}

// checkRateLimits tells of changes to rules that there are none of.
func checkRateLimits(s *conf.Settings) error {
	known := map[string]bool{}
	for _, r := range front.Rules() {
		known[r.Name] = true
	}
	var faults []error
	for _, r := range s.Server.RateLimits.Routes {
		if !known[r.Name] {
			faults = append(faults, faultAt(s, hocon.JoinPath("server", "rateLimits", "routes", r.Name),
				"there is no such rule; write one of %s", strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
		}
	}
	return errors.Join(faults...)
}
