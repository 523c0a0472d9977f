package server

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/ringtail-id/ringtail/idp/register"
)

// Registration lets software register itself (RFC 7591).
type Registration struct {
	// Open lets anybody, without an initial access token.
	Open       bool
	Policy     register.Policy
	Statements register.Statements
	// Most is how many clients may have registered themselves; PerNetworkHour is how
	// many an hour may come from one network where registration is open.
	Most, PerNetworkHour int
	// UnusedFor is how long a client is kept that nobody signs in to; 0 is for ever.
	UnusedFor time.Duration
}

// mountRegistration mounts the endpoints where they are on.
func (s *Server) mountRegistration(mux *routes, base string) error {
	o, r := &s.options, s.options.Registration
	if r == nil {
		return nil
	}
	keys, err := s.keySets()
	if err != nil {
		return err
	}
	handler, err := register.New(register.Options{
		Issuer: o.issuer(), Records: o.Store, Keyring: o.Keyring, Rules: ClientRules(s.signing.Algorithms, o.Policy.Second), Policy: r.Policy,
		Open: r.Open, Statements: r.Statements, Verifier: keys, Most: r.Most, Network: s.network, PerHour: r.PerNetworkHour,
		Audit: o.Audit, Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
	if err != nil {
		return err
	}
	mux.Handle(base+register.Path, handler)
	mux.Handle(base+register.Path+"/", handler)
	return nil
}

// network names where a request comes from: its /24, or /48 of IPv6, hashed.
func (s *Server) network(r *http.Request) string {
	address := proxies(s.options.TrustedProxies).clientIP(r)
	bits := 24
	if address.Is6() {
		bits = 48
	}
	network, err := address.Prefix(bits)
	if err != nil {
		network = netip.Prefix{} // of no known address: all of those are one network
	}
	return s.options.Keyring.Hash("network", network.String())
}

// sweepRegistrationsEvery is seldom: who isn't used for weeks isn't in a hurry.
const sweepRegistrationsEvery = time.Hour

// sweepRegistrations deletes clients that registered themselves and that nobody
// signs in to.
func (s *Server) sweepRegistrations(ctx context.Context) error {
	r := s.options.Registration
	if r == nil || r.UnusedFor <= 0 {
		return nil
	}
	ticker := time.NewTicker(sweepRegistrationsEvery)
	defer ticker.Stop()
	for {
		for {
			now := s.options.Now()
			n, err := s.options.Store.SweepRegistrations(ctx, now.Add(-r.UnusedFor), now, sweepBatch)
			if err != nil && ctx.Err() == nil {
				s.options.Log.Error("sweeping registrations", "error", err)
			}
			if err != nil || n == 0 {
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
