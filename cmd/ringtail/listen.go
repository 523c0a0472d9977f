package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/cmd/ringtail/drain"
	"github.com/ringtail-id/ringtail/idp/overload"
)

// Times of one connection; requests of every handler are short.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = time.Minute
	idleTimeout       = 2 * time.Minute
)

// endpoint is one listener with what it serves.
type endpoint struct {
	listener net.Listener
	handler  http.Handler
	tls      *tls.Config // nil: plain HTTP
	headers  int         // bytes
	// connections bounds those that are kept; nil keeps any number.
	connections *overload.Connections
	last        bool // closes when the others are closed: it tells of them
}

// listen opens an address; hint says how to choose another one.
func listen(address, hint string) (net.Listener, error) {
	l, err := drain.Listen(context.Background(), "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: stop it, or %s", address, hint)
	}
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	return l, nil
}

// serveAll serves the endpoints until ctx ends or one of them fails, and then leaves.
func serveAll(ctx context.Context, l leaving, endpoints ...endpoint) error {
	group, ctx := errgroup.WithContext(ctx)
	var open []running
	for _, e := range endpoints {
		server := &http.Server{
			Handler: e.handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
			WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: e.headers,
		}
		group.Go(func() error { return e.serve(server) })
		open = append(open, running{e, server})
	}
	group.Go(func() error {
		<-ctx.Done()
		return l.leave(context.WithoutCancel(ctx), open)
	})
	return group.Wait()
}

func (e endpoint) serve(server *http.Server) error {
	var err error
	l := e.listener
	if e.connections != nil {
		l, server.ConnContext = e.connections.Listen(l), e.connections.Context
	}
	if e.tls != nil {
		server.TLSConfig = e.tls
		err = server.ServeTLS(l, "", "")
	} else {
		err = server.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving on %s: %w", e.listener.Addr(), err)
}

// closeAll closes listeners that nobody will serve.
func closeAll(list []endpoint) error {
	var errs []error
	for _, e := range list {
		errs = append(errs, e.listener.Close())
	}
	return errors.Join(errs...)
}
