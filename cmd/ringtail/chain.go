package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// served is a route of flashCall's chain with its driver.
type served struct {
	conf.Route
	driver *loops.Driver
}

// findChain finds the driver of every route. Faults of other drivers in the
// folder are no reason not to serve.
func findChain(s *conf.Settings) ([]served, error) {
	known, unread := knownDrivers(s.Loops.Folder)
	var chain []served
	var faults []error
	for i, route := range s.Login.Methods.FlashCall.Channels {
		if d := drivers.Find(known, route.Driver); d != nil {
			chain = append(chain, served{Route: route, driver: d})
			continue
		}
		faults = append(faults, faultAtRoute(s, i, "there is no driver %s; 'ringtail loop list' shows those that there are", route.Driver))
	}
	if len(faults) > 0 && unread != nil {
		return nil, unread // a driver may be one with a fault
	}
	return chain, errors.Join(faults...)
}

// faultAtRoute names the place where the i-th route's driver is written.
func faultAtRoute(s *conf.Settings, i int, format string, arguments ...any) error {
	place, path := s.RoutePlace(i)
	return fmt.Errorf("%s: %s: %s", place, path, fmt.Sprintf(format, arguments...))
}

// flashCall finds the chain's drivers and has their scripts checked, so that a
// fault shows at the start and not in somebody's login.
func (in *installation) flashCall(ctx context.Context, h *loopHost) (*server.FlashCall, error) {
	chain, err := findChain(in.settings)
	if err != nil {
		return nil, err
	}
	var routes []server.Route
	var faults []error
	for i, l := range chain {
		route, err := in.route(ctx, h.pool, i, l)
		routes, faults = append(routes, route), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return flashCallOptions(in.settings, routes, h.runner), nil
}

// route checks a link of the chain: its secrets, its script, its codes.
func (in *installation) route(ctx context.Context, pool *sandbox.Pool, i int, l served) (server.Route, error) {
	s, given := in.settings, driverSecrets(in.settings, l.Driver)
	secrets, err := in.secrets().Of(ctx, l.Driver, given)
	if err != nil {
		return server.Route{}, err
	}
	if err := errors.Join(missingSecrets(s, i, l.driver, secrets), checkDriver(ctx, s, i, l, pool)); err != nil {
		return server.Route{}, err
	}
	entries, err := pool.Entries(ctx, l.driver.File, l.driver.Source)
	if err != nil {
		return server.Route{}, fmt.Errorf("looking at the driver %s: %w", l.Driver, err)
	}
	return server.Route{Given: given, Route: flashcall.Route{
		ID: fmt.Sprintf("%d-%s-%s", i+1, l.Channel, l.Driver), Channel: loops.Channel(l.Channel), Driver: l.driver, Entries: entries,
		Price: l.Price, Wait: l.Wait, Countries: l.Countries, Prefixes: l.Prefixes, Operators: l.Operators, From: l.From, To: l.To,
	}}, nil
}

// missingSecrets names the secrets that the driver wants and that nobody gave.
func missingSecrets(s *conf.Settings, i int, d *loops.Driver, given map[string]string) error {
	var faults []error
	for _, name := range d.Manifest.Secrets {
		if given[name] == "" {
			faults = append(faults, faultAtRoute(s, i,
				"wants a secret; set loops.secrets.%[1]s.%[2]s, or run: ringtail loop secret set %[1]s %[2]s", d.Name, name))
		}
	}
	return errors.Join(faults...)
}

// checkDriver finds what would fail in somebody's login: a channel or a code
// length that the driver can't do, a script that does not parse.
func checkDriver(ctx context.Context, s *conf.Settings, i int, l served, pool *sandbox.Pool) error {
	var faults []error
	if err := flashcall.CheckDriver(l.driver, loops.Channel(l.Channel), s.Login.Methods.FlashCall.CodeLength); err != nil {
		faults = append(faults, faultAtRoute(s, i, "%v", err))
	}
	problems, err := pool.Check(ctx, l.driver.File, l.driver.Source)
	if err != nil {
		faults = append(faults, fmt.Errorf("checking the driver %s: %w", l.Driver, err))
	}
	for _, p := range problems {
		faults = append(faults, errors.New(p.String()))
	}
	return errors.Join(faults...)
}
