package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/health"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/live"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// node is a serving process: what outlives the generations of its provider.
type node struct {
	*installation
	workers *sandbox.Pools
	came    *ratelimit.Memory // who came when
	gate    *overload.Gate
	host    *live.Host
	service *settings.Service
	id      string // new at each start
	began   time.Time
	swaps   chan time.Time  // of generations
	warned  map[string]bool // of calls, by the warning's id
	hup     chan os.Signal  // since before the node serves, for a signal that nobody takes ends the process
}

// newNode makes the node and its first generation.
func (in *installation) newNode(ctx context.Context) (*node, error) {
	n := &node{
		installation: in, came: ratelimit.NewMemory(nil), gate: overload.NewGate(overload.Options{}), began: time.Now(), swaps: make(chan time.Time, 1),
		warned: map[string]bool{}, hup: make(chan os.Signal, 1),
	}
	in.followed = audit.Watch(in.audit, audit.WatchOptions{Seen: in.metrics.Facts.Event, Log: in.log, Now: time.Now})
	signal.Notify(n.hup, syscall.SIGHUP)
	var err error
	if n.id, err = idp.NewID(nil); err != nil {
		return nil, err
	}
	if in.tracing, err = newTracing(ctx, in.settings.Ops.Tracing, n.id); err != nil {
		return nil, err
	}
	if n.workers, err = newPools(in.log); err != nil {
		return nil, err
	}
	if n.host, err = live.New(live.Options{Conf: in.from, Store: in.store, Make: n.make, Swapped: n.swapped, Reloading: n.manager().Reloading, Now: time.Now, Log: in.log}); err != nil {
		return nil, err
	}
	if n.service, err = settings.New(settings.Options{Store: in.store, Node: n.host, Trail: in.trail(), Now: time.Now}); err != nil {
		return nil, err
	}
	return n, n.start(ctx)
}

// start says how to get in again where what administrators saved is what keeps the
// provider from starting.
func (n *node) start(ctx context.Context) error {
	err := n.host.Start(ctx)
	var invalid *settings.Invalid
	saved := errors.As(err, &invalid) && slices.ContainsFunc(invalid.Findings, func(f conf.Finding) bool { return f.Pos.File == conf.SavedName })
	if saved || errors.Is(err, live.ErrUnread) {
		return fmt.Errorf("%w\nto start without what was saved in the console, add: --set console.readonly=true", err)
	}
	return err
}

// generation is a provider made of one state of the settings.
type generation struct {
	*server.Server
	settings    *conf.Settings
	published   []*loops.Driver
	certificate *tls.Certificate
	loops       *loopHost
}

var _ live.Provider = (*generation)(nil)

// Close implements live.Provider.
func (g *generation) Close() error { return g.loops.Close() }

// make is live.Options.Make: it finds all that ringtail check finds, and what only
// the database knows.
func (n *node) make(ctx context.Context, s *conf.Settings, versions map[string]int) (_ live.Provider, err error) {
	in := n.at(s)
	g := &generation{settings: s, loops: in.newLoopHost(n.workers)}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.Close())
		}
	}()
	var unreadable error
	g.certificate, unreadable = certificate(s)
	if err := errors.Join(appFaults(s), checkScopes(s), checkRateLimits(s), unreadable); err != nil {
		return nil, err
	}
	if g.published, err = in.published(ctx, versions); err != nil {
		return nil, err
	}
	calls, err := in.calls(ctx, g)
	if err != nil {
		return nil, err
	}
	g.Server, err = server.New(n.options(in, g, calls))
	return g, err
}

// options are those of the settings with what outlives them.
func (n *node) options(in *installation, g *generation, calls *server.FlashCall) server.Options {
	o := in.serverOptions(calls)
	o.Metrics, o.RateLimits.Memory = n.metrics, n.came
	if in.settings.Server.ShedsLoad {
		o.Gate = n.gate
	}
	if o.Console != nil {
		o.Console.Settings, o.Console.Node = n.service, n.id
		o.Console.Loops = &server.Loops{Workers: g.loops.pool, Requests: g.loops.requests, Known: func() (shipped, folder []*loops.Driver, faults error) {
			return driversOf(g.settings.Loops.Folder)
		}}
	}
	return o
}

// driversOf are the drivers that ship and those of the folder, apart.
func driversOf(folder string) (shipped, own []*loops.Driver, faults error) {
	shipped, err := drivers.Shipped()
	if folder != "" {
		own, faults = drivers.Load(folder)
	}
	return shipped, own, errors.Join(err, faults)
}

// calls is the method flashCall with its chain; nil where it isn't in use.
func (in *installation) calls(ctx context.Context, g *generation) (*server.FlashCall, error) {
	if !usesCalls(in.settings) {
		return nil, nil
	}
	chain, err := findChain(in.settings, g.published...)
	if err != nil {
		return nil, err
	}
	if err := g.loops.pool.Start(); err != nil {
		return nil, fmt.Errorf("starting the worker processes for drivers: %w", err)
	}
	return in.flashCall(ctx, g.loops, chain)
}

// published reads the drivers that administrators published.
func (in *installation) published(ctx context.Context, versions map[string]int) (list []*loops.Driver, err error) {
	var faults conf.Errors
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		d, err := in.store.PublishedDriver(ctx, name, versions[name])
		switch {
		case errors.Is(err, idp.ErrNotFound):
			faults = append(faults, conf.Finding{
				Pos: hocon.Pos{File: conf.SavedName}, Path: settings.DriverPath(name),
				Msg: fmt.Sprintf("there is no version %d that was let serve; publish another one", versions[name]),
			})
		case err != nil:
			return nil, fmt.Errorf("reading the driver %s: %w", name, err)
		default:
			list = append(list, d)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return list, nil
}

// generation is the one that serves now.
func (n *node) generation() *generation { return n.host.Provider().(*generation) }

// swapped has what outlives generations go by the settings that serve now.
func (n *node) swapped(s *conf.Settings) {
	n.warn()
	n.audit.use(s)
	select {
	case n.swaps <- time.Now():
	default:
	}
}

// warn tells what weakens calls, where the generation before didn't.
func (n *node) warn() {
	g := n.generation()
	now := map[string]bool{}
	for _, w := range callWarnings(g.settings, g.published...) {
		if now[w.ID] = true; !n.warned[w.ID] {
			n.log.Warn(w.Text, "warning", w.ID, "hint", w.Hint)
		}
	}
	n.warned = now
}

// run keeps the provider going until ctx ends.
func (n *node) run(ctx context.Context) error {
	defer signal.Stop(n.hup)
	ctx, stop := context.WithCancel(ctx)
	var heart sync.WaitGroup
	heart.Go(func() { n.heart().Run(ctx, n.beats(ctx)) })
	err := n.host.Run(ctx, n.looks(ctx), n.hup)
	stop()
	heart.Wait()
	return err
}

// looks are when the node looks for other settings: each second, and at once where
// the database tells of some.
func (n *node) looks(ctx context.Context) <-chan time.Time {
	looks := make(chan time.Time)
	changed := n.store.Changes(ctx)
	go func() {
		second := time.NewTicker(time.Second)
		defer second.Stop()
		for {
			now := time.Now()
			select {
			case now = <-second.C:
			case <-changed:
			case <-ctx.Done():
				return
			}
			select {
			case looks <- now:
			case <-ctx.Done():
				return
			}
		}
	}()
	return looks
}

// beats are when the heart beats: every few seconds, and when other settings serve.
func (n *node) beats(ctx context.Context) <-chan time.Time {
	beats := make(chan time.Time)
	go func() {
		every := time.NewTicker(health.BeatEvery)
		defer every.Stop()
		for {
			var now time.Time
			select {
			case now = <-every.C:
			case now = <-n.swaps:
			case <-ctx.Done():
				return
			}
			select {
			case beats <- now:
			case <-ctx.Done():
				return
			}
		}
	}()
	return beats
}

// tls is what the public listener speaks, with the certificate that the settings
// name when a connection begins; nil is plain HTTP.
func (n *node) tls() *tls.Config {
	if n.generation().certificate == nil {
		return nil
	}
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if c := n.generation().certificate; c != nil {
			return c, nil
		}
		return nil, errors.New("the settings name no certificate any more")
	}}
}
