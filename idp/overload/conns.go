package overload

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// Connections bound how many connections are kept. For one too many the oldest is
// closed that no request is running on: idle ones, and those that have sent no whole request
// yet. Where there is none the new one is closed. It is safe for concurrent use.
type Connections struct {
	o ConnectionOptions

	mu     sync.Mutex
	count  int
	idle   list.List // the oldest first
	peers  map[netip.Prefix]*peer
	closed uint64
}

// ConnectionOptions for NewConnections.
type ConnectionOptions struct {
	// Most are kept in all, MostOf from one address; at least 1.
	Most, MostOf int
	// Shared are addresses that many come from: trusted proxies. MostOf isn't theirs.
	Shared []netip.Prefix
}

type peer struct {
	count int
	idle  list.List
}

// connection is one that was accepted.
type connection struct {
	net.Conn
	all  *Connections
	from netip.Prefix

	requests      int           // that run
	inAll, inPeer *list.Element // nil while requests run
	closed        bool
}

// NewConnections has none yet.
func NewConnections(o ConnectionOptions) *Connections {
	o.Most, o.MostOf = max(o.Most, 1), max(o.MostOf, 1)
	return &Connections{o: o, peers: map[netip.Prefix]*peer{}}
}

// Listen bounds what the listener accepts.
func (c *Connections) Listen(l net.Listener) net.Listener { return &listener{l, c} }

type listener struct {
	net.Listener
	all *Connections
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		conn := &connection{Conn: accepted, all: l.all, from: addressOf(accepted.RemoteAddr())}
		drop, kept := l.all.keep(conn)
		for _, one := range drop {
			_ = one.Close()
		}
		if kept {
			return conn, nil
		}
		_ = accepted.Close()
	}
}

// addressOf is the peer's address, or its /64.
func addressOf(a net.Addr) netip.Prefix {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := at.Addr().Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// keep makes room for the connection and says what to close for it.
func (c *Connections) keep(conn *connection) (drop []*connection, kept bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.peers[conn.from]
	if p == nil {
		p = &peer{}
		c.peers[conn.from] = p
	}
	if p.count >= c.o.MostOf && !c.shared(conn.from) {
		drop = c.close(drop, &p.idle)
	}
	if c.count >= c.o.Most {
		drop = c.close(drop, &c.idle)
	}
	if p.count >= c.o.MostOf && !c.shared(conn.from) || c.count >= c.o.Most {
		c.closed++
		c.forget(conn.from, p)
		return drop, false
	}
	c.peers[conn.from] = p // again, where the last of its connections was closed
	c.count++
	p.count++
	c.rest(conn)
	return drop, true
}

func (c *Connections) shared(from netip.Prefix) bool {
	return slices.ContainsFunc(c.o.Shared, func(p netip.Prefix) bool { return p.Contains(from.Addr()) })
}

// close chooses the oldest of the list, if there is one.
func (c *Connections) close(drop []*connection, of *list.List) []*connection {
	if of.Len() == 0 {
		return drop
	}
	conn := of.Front().Value.(*connection)
	c.closed++
	c.gone(conn)
	return append(drop, conn)
}

// rest puts the connection last among those that may be closed.
func (c *Connections) rest(conn *connection) {
	conn.inAll = c.idle.PushBack(conn)
	conn.inPeer = c.peers[conn.from].idle.PushBack(conn)
}

func (c *Connections) wake(conn *connection) {
	if conn.inAll != nil {
		c.idle.Remove(conn.inAll)
		c.peers[conn.from].idle.Remove(conn.inPeer)
		conn.inAll, conn.inPeer = nil, nil
	}
}

// gone forgets a connection, once.
func (c *Connections) gone(conn *connection) {
	if conn.closed {
		return
	}
	p := c.peers[conn.from]
	c.wake(conn)
	conn.closed = true
	c.count--
	p.count--
	c.forget(conn.from, p)
}

func (c *Connections) forget(from netip.Prefix, p *peer) {
	if p.count == 0 {
		delete(c.peers, from)
	}
}

// Close implements net.Conn.
func (conn *connection) Close() error {
	conn.all.mu.Lock()
	conn.all.gone(conn)
	conn.all.mu.Unlock()
	return conn.Conn.Close()
}

// Open is how many connections there are, and how many were closed for others.
func (c *Connections) Open() (open int, closed uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count, c.closed
}

type connectionKey struct{}

// Context is for http.Server.ConnContext.
func (c *Connections) Context(ctx context.Context, conn net.Conn) context.Context {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = wrapped.NetConn()
	}
	return context.WithValue(ctx, connectionKey{}, conn)
}

// Serving says that a request of the connection is running, until done is called.
func Serving(ctx context.Context) (done func()) {
	conn, ok := ctx.Value(connectionKey{}).(*connection)
	if !ok {
		return func() {}
	}
	conn.request(1)
	return conn.served
}

func (conn *connection) served() { conn.request(-1) }

func (conn *connection) request(more int) {
	c := conn.all
	c.mu.Lock()
	defer c.mu.Unlock()
	conn.requests += more
	switch {
	case conn.closed:
	case conn.requests == 0:
		c.rest(conn)
	default:
		c.wake(conn)
	}
}
