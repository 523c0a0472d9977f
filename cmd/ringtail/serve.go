package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/cmd/ringtail/drain"
	"github.com/ringtail-id/ringtail/cmd/ringtail/memory"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

func serveCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the provider; SIGTERM drains and ends it", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.serve(cmd.Context(), func(p *provider) error {
					p.node.warn()
					_, err := fmt.Fprintf(std.out, "provider       %s\n%s%sready\n", in.settings.Issuer, consoleLine(in.settings), p.operations())
					return err
				})
			})
		},
	}
	return f.register(cmd)
}

// provider is a provider whose listeners are open.
type provider struct {
	node *node
	gate drain.Gate
	// ops and console are nil where they are off.
	public, ops, console net.Listener
}

// serve opens the listeners, tells ready, and serves until ctx ends. Besides the
// provider's own endpoints it serves beside, whose listeners it closes in any case.
func (in *installation) serve(ctx context.Context, ready func(*provider) error, beside ...endpoint) error {
	p, err := in.provider(ctx)
	if err != nil {
		return errors.Join(err, closeAll(beside))
	}
	if err := ready(p); err != nil {
		return errors.Join(err, p.close(), closeAll(beside))
	}
	in.limitMemory(ctx)
	slog.SetDefault(in.log) // the OpenID library logs there and nowhere else
	// Background work outlives the last request, which may still ask for a call.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	group, failed := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer stop()
		return serveAll(failed, in.leaving(p, func() bool { return ctx.Err() != nil }), append(p.endpoints(in), beside...)...)
	})
	group.Go(func() error {
		second := time.NewTicker(time.Second)
		defer second.Stop()
		memory.Rest(background, second.C)
		return nil
	})
	group.Go(func() error { return p.node.run(background) })
	group.Go(func() error { return p.node.watch(background) })
	in.audit.use(in.settings)
	group.Go(func() error { return in.audit.run(background) })
	in.log.Info("serving", "issuer", in.settings.Issuer, "version", version)
	p.node.manager().Ready()
	err = errors.Join(group.Wait(), in.audit.close())
	in.endTracing()
	in.audit.emitters.End()
	in.log.Info("stopped")
	return err
}

// limitMemory keeps this process under what its container gives it. Where that can't
// be read nothing is limited, as without a container.
func (in *installation) limitMemory(ctx context.Context) {
	l := in.settings.Loops
	memory.Collect(ctx)
	if _, err := memory.Limit(memory.Options{Workers: l.Workers, Script: int64(l.Limits.Memory), Log: in.log}); err != nil {
		in.log.Debug("the limit of memory is left as it is", "reason", err)
	}
}

func (in *installation) provider(ctx context.Context) (_ *provider, err error) {
	p := &provider{}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.public, err = listen(in.settings.Server.Listen, "choose another address with server.listen"); err != nil {
		return nil, err
	}
	if address := in.settings.Ops.Listen; address != "" {
		if p.ops, err = listen(address, "choose another address with ops.listen"); err != nil {
			return nil, err
		}
	}
	if c := in.settings.Console; c.Enabled && c.Listen != "" {
		if p.console, err = listen(c.Listen, "choose another address with console.listen"); err != nil {
			return nil, err
		}
	}
	if p.node, err = in.newNode(ctx); err != nil {
		return nil, err
	}
	if err = p.node.generation().Ready(ctx); errors.Is(err, keyring.ErrSealed) {
		return nil, fmt.Errorf("keys.master is not the master key that this database was made with: %w", err)
	}
	return p, err
}

func (p *provider) endpoints(in *installation) []endpoint {
	s, host, gate := in.settings.Server, p.node.host, &p.gate
	list := []endpoint{{listener: p.public, handler: gate.Public(host.Handler()), tls: p.node.tls(), headers: s.Limits.Headers, connections: connections(s)}}
	if p.ops != nil {
		list = append(list, endpoint{listener: p.ops, handler: gate.Ops(host.Ops()), headers: s.Limits.Headers, last: true})
	}
	if p.console != nil {
		list = append(list, endpoint{listener: p.console, handler: gate.Public(host.Console()), tls: p.node.tls(), headers: s.Limits.Headers, connections: connections(s)})
	}
	return list
}

// operations is the line about the operations listener, empty where it is off.
func (p *provider) operations() string {
	if p.ops == nil {
		return ""
	}
	return fmt.Sprintf("operations     http://%s/healthz\n", p.ops.Addr())
}

// close undoes what provider began.
func (p *provider) close() error {
	var errs []error
	if p.node != nil {
		errs = append(errs, p.node.host.Close())
	}
	for _, l := range []net.Listener{p.public, p.ops, p.console} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}
