package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/server"
)

func serveCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the provider; SIGTERM drains and ends it", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), std.err, func(in *installation) error {
				return in.serve(cmd.Context(), func(p *provider) error {
					in.warn()
					_, err := fmt.Fprintf(std.out, "provider       %s\n%s%sready\n", in.settings.Issuer, consoleLine(in.settings), p.operations())
					return err
				})
			})
		},
	}
	return f.register(cmd)
}

// warn tells once what weakens the calls.
func (in *installation) warn() {
	for _, w := range callWarnings(in.settings) {
		in.log.Warn(w.Text, "warning", w.ID, "hint", w.Hint)
	}
}

// provider is a provider whose listeners are open.
type provider struct {
	server *server.Server
	loops  *loopHost // nil where no method needs a driver
	// ops and console are nil where they are off.
	public, ops, console net.Listener
}

// serve opens the listeners, tells ready, and serves until ctx ends. Besides
// the provider's own endpoints it serves beside, whose listeners it closes in
// any case.
func (in *installation) serve(ctx context.Context, ready func(*provider) error, beside ...endpoint) (err error) {
	p, err := in.provider(ctx)
	if err != nil {
		return errors.Join(err, closeAll(beside))
	}
	if err := ready(p); err != nil {
		return errors.Join(err, p.close(), closeAll(beside))
	}
	defer func() { err = errors.Join(err, p.loops.Close()) }()
	slog.SetDefault(in.log) // the OpenID library logs there and nowhere else
	// Background work outlives the last request, which may still ask for a call.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	group, failed := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer stop()
		return serveAll(failed, in.settings.Server.ShutdownTimeout, append(p.endpoints(in), beside...)...)
	})
	group.Go(func() error { return p.server.Run(background) })
	in.log.Info("serving", "issuer", in.settings.Issuer, "version", version)
	err = group.Wait()
	in.log.Info("stopped")
	return err
}

func (in *installation) provider(ctx context.Context) (_ *provider, err error) {
	if err := checkScopes(in.settings); err != nil {
		return nil, err
	}
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
	var calls *server.FlashCall
	if usesCalls(in.settings) {
		if p.loops, err = in.newLoopHost(); err != nil {
			return nil, err
		}
		if calls, err = in.flashCall(ctx, p.loops); err != nil {
			return nil, err
		}
	}
	if p.server, err = server.New(in.serverOptions(calls)); err != nil {
		return nil, err
	}
	if err = p.server.Ready(ctx); errors.Is(err, keyring.ErrSealed) {
		return nil, fmt.Errorf("keys.master is not the master key that this database was made with: %w", err)
	}
	return p, err
}

func (p *provider) endpoints(in *installation) []endpoint {
	s := in.settings.Server
	list := []endpoint{{listener: p.public, handler: p.server.Handler(), tls: s.TLS, headers: s.Limits.Headers}}
	if p.ops != nil {
		list = append(list, endpoint{listener: p.ops, handler: p.server.Ops(), headers: s.Limits.Headers})
	}
	if p.console != nil {
		list = append(list, endpoint{listener: p.console, handler: p.server.Console(), tls: s.TLS, headers: s.Limits.Headers})
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
	errs := []error{p.loops.Close()}
	for _, l := range []net.Listener{p.public, p.ops, p.console} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	return errors.Join(errs...)
}
