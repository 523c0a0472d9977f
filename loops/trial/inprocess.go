package trial

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// inProcess is the name under which a stand-in inside of this process is reached. No resolver knows it (RFC 2606).
const inProcess = "stand-in.invalid"

// Played is an Exchanger that sends each request to a handler inside of this process, over real HTTP but without a port: nobody
// else can reach it. A request is checked as a real one would be, as with StandIn. Close it.
type Played struct {
	standIn
	server *http.Server
	pipes  *pipes
}

// Play starts a handler as a stand-in. check decides which requests may be made at all; limits hold for those that are.
func Play(handler http.Handler, check *egress.Client, limits loops.Limits) *Played {
	p := &Played{pipes: newPipes()}
	p.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: limits.Reply + time.Second, ErrorLog: log.New(io.Discard, "", 0),
	}
	allow := egress.Allowance{Host: inProcess, Plain: true, Private: true}
	p.standIn = standIn{
		check: check, base: "http://" + inProcess, host: inProcess,
		send: egress.New(egress.Options{Limits: limits, Allow: []egress.Allowance{allow}, Resolver: nowhere{}, Dial: p.pipes.dial}),
	}
	go func() { _ = p.server.Serve(p.pipes) }() // until Close
	return p
}

// Close ends the stand-in, and every answer that it still gives.
func (p *Played) Close() error { return p.server.Close() }

// nowhere gives each name the address of this machine; pipes.dial looks at none.
type nowhere struct{}

// LookupNetIP implements egress.Resolver.
func (nowhere) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}, nil
}

// pipes is a net.Listener whose connections are pipes in memory.
type pipes struct {
	next chan net.Conn
	done chan struct{}
	once sync.Once
}

var _ net.Listener = (*pipes)(nil)

func newPipes() *pipes { return &pipes{next: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	var err error
	select {
	case p.next <- theirs:
		return mine, nil
	case <-p.done:
		err = net.ErrClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, errors.Join(err, mine.Close(), theirs.Close())
}

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.next:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: inProcess, Net: "pipe"} }
