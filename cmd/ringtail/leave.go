package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/cmd/ringtail/drain"
	"github.com/ringtail-id/ringtail/cmd/ringtail/systemd"
)

// settle is how long handshakes in progress take to be over, and clients to be
// answered once more on the connections that they keep.
const settle = 100 * time.Millisecond

// running is an endpoint that is served.
type running struct {
	endpoint
	server *http.Server
}

// leaving is how listeners end.
type leaving struct {
	grace time.Duration // for requests in progress
	// delay is how long they go on while the gate says that they leave; nil asked, or
	// one that says no, is an end that nobody asked for, which waits for nothing.
	delay   time.Duration
	asked   func() bool
	gate    *drain.Gate
	manager systemd.Manager
	log     *slog.Logger
}

func (in *installation) leaving(p *provider, asked func() bool) leaving {
	s := in.settings.Server
	return leaving{grace: s.ShutdownTimeout, delay: s.DrainDelay, asked: asked, gate: &p.gate, manager: p.node.manager(), log: in.log}
}

// leave ends what is served: first the balancers hear of it, then nobody new is let
// in, then requests in progress end, and last what tells of all this.
func (l leaving) leave(ctx context.Context, open []running) error {
	if l.asked != nil && l.asked() {
		l.gate.Leave() // first: whoever hears of it finds it so
		l.manager.Stopping()
		l.log.Info("leaving", "drain_delay", l.delay.String())
		<-time.After(l.delay)
		l.hush(open)
		<-time.After(settle)
	}
	ctx, cancel := context.WithTimeout(ctx, l.grace)
	defer cancel()
	return errors.Join(shutdown(ctx, open, false), shutdown(ctx, open, true))
}

func (l leaving) hush(open []running) {
	for _, r := range open {
		if r.last {
			continue
		}
		if err := drain.Hush(r.listener); err != nil {
			l.log.Debug("new connections are taken until the end", "address", r.listener.Addr().String(), "reason", err)
		}
	}
}

// shutdown ends the listeners that are last, or all others.
func shutdown(ctx context.Context, open []running, last bool) error {
	var group errgroup.Group
	for _, r := range open {
		if r.last != last {
			continue
		}
		group.Go(func() error {
			if err := r.server.Shutdown(ctx); err != nil {
				return errors.Join(fmt.Errorf("draining %s: %w", r.listener.Addr(), err), r.server.Close())
			}
			return nil
		})
	}
	return group.Wait()
}
