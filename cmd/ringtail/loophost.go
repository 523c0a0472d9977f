package main

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/tracing"
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
	pool     *sandbox.Lease
	requests *egress.Client
	runner   loops.Runner
}

// Close gives the workers back.
func (h *loopHost) Close() error { return h.pool.Close() }

func (h *loopHost) stats() server.WorkerStats {
	s := h.pool.Stats()
	return server.WorkerStats{Running: int64(s.Running), Waiting: s.Waiting, Started: s.Started}
}

// newPools are worker processes that start when they are needed: this very program,
// with the hidden subcommand.
func newPools(log *slog.Logger) (*sandbox.Pools, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program, to run drivers with it: %w", err)
	}
	return sandbox.NewPools(sandbox.Options{Command: []string{self, workerName}, Now: time.Now, Log: log}), nil
}

// newLoopHost runs drivers by the settings, with workers that outlive them where the
// next settings want the same ones.
func (in *installation) newLoopHost(workers *sandbox.Pools) *loopHost {
	s := in.settings.Loops
	limits := loopLimits(s.Limits)
	pool := workers.Lease(limits, s.Workers, s.Queue)
	requests := egress.New(egress.Options{Limits: limits, Allow: allowances(s.Egress), Proxy: s.Egress.Proxy})
	kept := tokens.New(tokens.Options{Store: vault.NewTokens(in.store, in.keyring), Lease: limits.Run, Now: time.Now})
	timed := in.metrics.Drivers
	runner := tracing.Runner(timed.Runner(host.New(host.Options{
		Steps: tracing.Steps(timed.Steps(pool)), Requests: tracing.Exchanges(timed.Exchanges(requests)), Tokens: kept, Limits: limits, Now: time.Now, Rand: rand.Reader,
	})))
	return &loopHost{pool: pool, requests: requests, runner: runner}
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

// faultAt names the place of the setting that a fault has to do with, in the
// form of the checks of the file itself.
func faultAt(s *conf.Settings, path, format string, arguments ...any) error {
	place, _ := s.Origin(path)
	return conf.Errors{{Pos: place, Path: "blitz.prod.local.idp." + path, Msg: fmt.Sprintf(format, arguments...)}}
}

// inLines makes a fault of each line of an error whose lines begin with their places.
func inLines(err error) error {
	if err == nil {
		return nil
	}
	var faults conf.Errors
	for line := range strings.Lines(err.Error()) {
		faults = append(faults, conf.Finding{Msg: strings.TrimSuffix(line, "\n")})
	}
	return faults
}

// knownDrivers are those that ship, in their place those that were published in the
// console, and in the place of both those of the installation's own folder. With an
// error, those without fault are given all the same.
func knownDrivers(folder string, published ...*loops.Driver) ([]*loops.Driver, error) {
	shipped, err := drivers.Shipped()
	if err != nil {
		return nil, err
	}
	known := drivers.Merge(shipped, published)
	if folder == "" {
		return known, nil
	}
	own, err := drivers.Load(folder)
	return drivers.Merge(known, own), err
}
