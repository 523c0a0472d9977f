package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// loopHost runs drivers: worker processes, and the way out for their requests.
type loopHost struct {
	pool   *sandbox.Pool
	runner loops.Runner
}

// Close ends the workers. A nil host has none.
func (h *loopHost) Close() error {
	if h == nil {
		return nil
	}
	return h.pool.Close()
}

// newLoopHost starts the workers: this very program, with the hidden subcommand.
func (in *installation) newLoopHost() (*loopHost, error) {
	s := in.settings.Loops
	limits := loopLimits(s.Limits)
	pool, err := newPool(limits, s.Workers, s.Queue, in.log)
	if err != nil {
		return nil, err
	}
	requests := egress.New(egress.Options{Limits: limits, Allow: allowances(s.Egress), Proxy: s.Egress.Proxy})
	kept := tokens.New(tokens.Options{Store: vault.NewTokens(in.store, in.keyring), Lease: limits.Run, Now: time.Now})
	runner := host.New(host.Options{Steps: pool, Requests: requests, Tokens: kept, Limits: limits, Now: time.Now, Rand: rand.Reader})
	return &loopHost{pool: pool, runner: runner}, nil
}

func newPool(limits loops.Limits, size, queue int, log *slog.Logger) (*sandbox.Pool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program, to run drivers with it: %w", err)
	}
	pool, err := sandbox.New(sandbox.Options{
		Command: []string{self, workerName}, Limits: limits, Size: size, Queue: queue, Now: time.Now, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the worker processes for drivers: %w", err)
	}
	return pool, nil
}

func loopLimits(l conf.LoopLimits) loops.Limits {
	limits := loops.DefaultLimits()
	limits.Code, limits.Step, limits.Memory, limits.Steps, limits.Run = l.Code, l.Step, l.Memory, l.Steps, l.Run
	limits.Message, limits.Headers, limits.Request, limits.Answer = l.Message, l.Headers, l.Request, l.Answer
	limits.Connect, limits.Reply = l.Connect, l.Reply
	return limits
}

func allowances(e conf.Egress) []egress.Allowance {
	var list []egress.Allowance
	for _, host := range e.AllowHTTP {
		list = append(list, egress.Allowance{Host: host, Plain: true})
	}
	for _, host := range e.AllowPrivate {
		list = append(list, egress.Allowance{Host: host, Private: true})
	}
	return list
}

// flashCall finds the driver that the settings name and has its script checked,
// so that a fault in it shows at the start and not in somebody's login.
func (in *installation) flashCall(ctx context.Context, h *loopHost) (*server.FlashCall, error) {
	driver, err := findDriver(in.settings)
	if err != nil {
		return nil, err
	}
	secrets, err := in.secrets().Of(ctx, driver.Name, driverSecrets(in.settings, driver.Name))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(missingSecrets(in.settings, driver, secrets), checkDriver(ctx, in.settings, driver, h.pool)); err != nil {
		return nil, err
	}
	return flashCallOptions(in.settings, driver, h.runner), nil
}

// findDriver finds the driver that flashCall uses. Faults of other drivers in
// the folder are no reason not to serve.
func findDriver(s *conf.Settings) (*loops.Driver, error) {
	known, err := knownDrivers(s.Loops.Folder)
	name := s.Login.Methods.FlashCall.Driver
	if d := drivers.Find(known, name); d != nil {
		return d, nil
	}
	if err != nil {
		return nil, err // the driver may be the one with the fault
	}
	return nil, faultAt(s, "login.methods.flashCall.driver", "there is no driver %s; 'ringtail loop list' shows those that there are", name)
}

// faultAt names the place of the setting that a fault has to do with, in the
// form of the checks of the file itself.
func faultAt(s *conf.Settings, path, format string, arguments ...any) error {
	full, text := "blitz.prod.local.idp."+path, fmt.Sprintf(format, arguments...)
	if place, known := s.Origin(path); known {
		return fmt.Errorf("%s: %s: %s", place, full, text)
	}
	return fmt.Errorf("%s: %s", full, text)
}

// knownDrivers are those that ship, and those of the installation's own folder,
// which win. With an error, those without fault are given all the same.
func knownDrivers(folder string) ([]*loops.Driver, error) {
	shipped, err := drivers.Shipped()
	if err != nil || folder == "" {
		return shipped, err
	}
	own, err := drivers.Load(folder)
	return drivers.Merge(shipped, own), err
}

// missingSecrets names the secrets that the driver wants and that nobody gave.
func missingSecrets(s *conf.Settings, d *loops.Driver, given map[string]string) error {
	var faults []error
	for _, name := range d.Manifest.Secrets {
		if given[name] == "" {
			faults = append(faults, faultAt(s, "login.methods.flashCall.driver",
				"wants a secret; set loops.secrets.%[1]s.%[2]s, or run: ringtail loop secret set %[1]s %[2]s", d.Name, name))
		}
	}
	return errors.Join(faults...)
}

// checkDriver finds what would fail in somebody's login: a code length that the
// provider can't do, a script that does not parse.
func checkDriver(ctx context.Context, s *conf.Settings, d *loops.Driver, pool *sandbox.Pool) error {
	var faults []error
	if err := flashcall.CheckDriver(d, s.Login.Methods.FlashCall.CodeLength); err != nil {
		faults = append(faults, faultAt(s, "login.methods.flashCall.driver", "%v", err))
	}
	problems, err := pool.Check(ctx, d.File, d.Source)
	if err != nil {
		faults = append(faults, fmt.Errorf("checking the driver %s: %w", d.Name, err))
	}
	for _, p := range problems {
		faults = append(faults, errors.New(p.String()))
	}
	return errors.Join(faults...)
}
