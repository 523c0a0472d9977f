package overload_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/overload"
)

// kept is a real server whose connections are bounded.
type kept struct {
	*httptest.Server
	all  *overload.Connections
	hold chan struct{} // requests for /hold run until it is closed
	held chan struct{} // one for each that runs
}

func keep(t *testing.T, o overload.ConnectionOptions, tls bool) *kept {
	t.Helper()
	k := &kept{all: overload.NewConnections(o), hold: make(chan struct{}), held: make(chan struct{}, 100)}
	k.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer overload.Serving(r.Context())()
		if r.URL.Path == "/hold" {
			k.held <- struct{}{}
			<-k.hold
		}
		_, _ = io.WriteString(w, "served")
	}))
	k.Listener, k.Config.ConnContext = k.all.Listen(k.Listener), k.all.Context
	k.Config.ReadHeaderTimeout = time.Minute
	if tls {
		k.EnableHTTP2 = true
		k.StartTLS()
	} else {
		k.Start()
	}
	t.Cleanup(k.Close)
	return k
}

// dial opens a connection and waits until the server has it.
func (k *kept) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", k.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// get asks on the connection; an error where it was closed.
func get(c net.Conn, path string) error {
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// closed waits for the end of a connection.
func closed(t *testing.T, c net.Conn) {
	t.Helper()
	must(t, c.SetReadDeadline(time.Now().Add(time.Minute)))
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Fatal("something came")
	} else if netErr, ok := err.(net.Error); ok && netErr.Timeout() {
		t.Fatal("the connection is kept")
	}
}

func TestTheOldestIdleConnectionGoes(t *testing.T) {
	k := keep(t, overload.ConnectionOptions{Most: 100, MostOf: 3}, false)
	first, second, third := k.dial(t), k.dial(t), k.dial(t)
	for _, c := range []net.Conn{first, second, third} {
		must(t, get(c, "/"))
	}
	must(t, get(first, "/")) // now second is the oldest
	fourth := k.dial(t)
	must(t, get(fourth, "/"))
	closed(t, second)
	must(t, get(first, "/"))
	must(t, get(third, "/"))
	if open, ended := k.all.Open(); open != 3 || ended != 1 {
		t.Errorf("%d open, %d closed for others", open, ended)
	}
}

// Connections that say nothing, or say it slowly, take nobody's place.
func TestSilentConnectionsGo(t *testing.T) {
	k := keep(t, overload.ConnectionOptions{Most: 8, MostOf: 100}, false)
	for range 50 {
		silent := k.dial(t)
		_, err := io.WriteString(silent, "POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		must(t, err)
	}
	must(t, get(k.dial(t), "/"))
	if open, _ := k.all.Open(); open > 8 {
		t.Errorf("%d are open", open)
	}
}

func TestRunningRequestsKeepTheirConnections(t *testing.T) {
	k := keep(t, overload.ConnectionOptions{Most: 100, MostOf: 2}, false)
	answers := make(chan error, 2)
	for range 2 {
		c := k.dial(t)
		go func() { answers <- get(c, "/hold") }()
		<-k.held
	}
	closed(t, k.dial(t))
	close(k.hold)
	must(t, <-answers)
	must(t, <-answers)
	must(t, get(k.dial(t), "/")) // an idle one went for it
}

func TestTrustedProxiesShareNoBound(t *testing.T) {
	k := keep(t, overload.ConnectionOptions{Most: 100, MostOf: 1, Shared: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}, false)
	one, other := k.dial(t), k.dial(t)
	for range 2 {
		must(t, get(one, "/"))
		must(t, get(other, "/"))
	}
}

func TestConnectionsOverTLS(t *testing.T) {
	k := keep(t, overload.ConnectionOptions{Most: 2, MostOf: 2}, true)
	for range 3 {
		res, err := k.Client().Get(k.URL)
		must(t, err)
		res.Body.Close()
		if res.ProtoMajor != 2 {
			t.Errorf("%s", res.Proto)
		}
		k.Client().CloseIdleConnections()
	}
	go func() {
		if res, err := k.Client().Get(k.URL + "/hold"); err == nil {
			res.Body.Close()
		}
	}()
	<-k.held
	for range 5 {
		k.dial(t)
	}
	close(k.hold)
	if open, _ := k.all.Open(); open > 2 {
		t.Errorf("%d are open", open)
	}
}
