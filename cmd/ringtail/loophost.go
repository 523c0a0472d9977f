package main

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/ringtail-id/ringtail/conf"
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
