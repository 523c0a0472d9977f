package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	admindrivers "github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// served is a route of flashCall's chain with its driver.
type served struct {
	conf.Route
	driver *loops.Driver
}

// findChain finds the driver of every route; published are those of the console.
// Faults of other drivers in the folder are no reason not to serve.
func findChain(s *conf.Settings, published ...*loops.Driver) ([]served, error) {
	known, unread := knownDrivers(s.Loops.Folder, published...)
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
		return nil, inLines(unread) // a driver may be one with a fault
	}
	return chain, errors.Join(faults...)
}

// faultAtRoute names the place where the i-th route's driver is written.
func faultAtRoute(s *conf.Settings, i int, format string, arguments ...any) error {
	place, path := s.RoutePlace(i)
	return conf.Errors{{Pos: place, Path: path, Msg: fmt.Sprintf(format, arguments...)}}
}

// flashCall has the chain's drivers checked, so that a fault shows at the start and
// not in somebody's login.
func (in *installation) flashCall(ctx context.Context, h *loopHost, chain []served) (*server.FlashCall, error) {
	s := in.settings
	entries, err := checkChain(ctx, s, chain, h.pool, func(driver string) (map[string]string, error) {
		return in.secrets().Of(ctx, driver, admindrivers.SecretsOf(s, driver))
	})
	if err != nil {
		return nil, err
	}
	routes := make([]server.Route, len(chain))
	for i, l := range chain {
		routes[i] = server.Route{Given: admindrivers.SecretsOf(s, l.Driver), Route: flashcall.Route{
			ID: fmt.Sprintf("%d-%s-%s", i+1, l.Channel, l.Driver), Channel: loops.Channel(l.Channel), Driver: l.driver, Entries: entries[l.Driver],
			Price: l.Price, Wait: l.Wait, Countries: l.Countries, Prefixes: l.Prefixes, Operators: l.Operators, From: l.From, To: l.To,
		}}
	}
	return flashCallOptions(s, routes, h), nil
}

// checkChain finds everything in the chain that would fail in somebody's login,
// and tells the entries of each driver's script. secrets gives those of a driver;
// nil leaves them unchecked.
func checkChain(ctx context.Context, s *conf.Settings, chain []served, pool checker,
	secrets func(driver string) (map[string]string, error)) (map[string][]loops.Entry, error) {
	entries := map[string][]loops.Entry{}
	var faults []error
	for i, l := range chain {
		faults = append(faults, checkRoute(s, i, l))
		if _, done := entries[l.Driver]; done {
			continue // what is wrong with the driver itself was told
		}
		if secrets != nil {
			given, err := secrets(l.Driver)
			if err != nil {
				return nil, err
			}
			faults = append(faults, missingSecrets(s, i, l.driver, given))
		}
		has, err := checkScript(ctx, l.driver, pool)
		entries[l.Driver], faults = has, append(faults, err)
	}
	return entries, errors.Join(faults...)
}

// checkRoute finds what the settings want of a driver that can't do it.
func checkRoute(s *conf.Settings, i int, l served) error {
	var faults []error
	if err := flashcall.CheckDriver(l.driver, loops.Channel(l.Channel), s.Login.Methods.FlashCall.CodeLength); err != nil {
		faults = append(faults, faultAtRoute(s, i, "%v", err))
	}
	if slices.Contains(s.Login.First, flashcall.ID) && l.driver.Manifest.CodeOrigin == loops.CodeFromCheck {
		faults = append(faults, faultAtRoute(s, i, "driver %s lets its provider check the code, and how long that takes would tell whether somebody "+
			"has the number; choose another driver, or take flashCall out of the first factors", l.Driver))
	}
	return errors.Join(faults...)
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

// checker looks at scripts; workers are one.
type checker interface {
	Check(ctx context.Context, file, source string) ([]engine.Problem, error)
	Entries(ctx context.Context, file, source string) ([]loops.Entry, error)
}

// checkScript finds what is wrong with a driver's script, and tells its entries.
func checkScript(ctx context.Context, d *loops.Driver, pool checker) ([]loops.Entry, error) {
	problems, err := pool.Check(ctx, d.File, d.Source)
	if err != nil {
		return nil, fmt.Errorf("checking the driver %s: %w", d.Name, err)
	}
	var faults []error
	for _, p := range problems {
		faults = append(faults, conf.Errors{{Msg: p.String()}}) // which begins with its place
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	entries, err := pool.Entries(ctx, d.File, d.Source)
	if err != nil {
		return nil, fmt.Errorf("looking at the driver %s: %w", d.Name, err)
	}
	if d.Manifest.CodeOrigin == loops.CodeFromCheck && !slices.Contains(entries, loops.EntryCheck) {
		return nil, conf.Errors{{Pos: hocon.Pos{File: d.File}, Msg: "code.origin is check, so the script needs a function check, which it doesn't have"}}
	}
	return entries, nil
}
