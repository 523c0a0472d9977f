package drivertest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// bench is where a driver is tried: the subject, its driver and the workers that run it.
type bench struct {
	Subject
	driver *loops.Driver
	pool   *sandbox.Pool
	real   bool // there is such a provider, and a stand-in of it
}

func newBench(t *testing.T, s Subject) *bench {
	t.Helper()
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Subject: s, driver: drivers.Find(list, s.Driver)}
	if b.driver == nil {
		t.Fatalf("no driver %s ships", s.Driver)
	}
	if b.real = b.Play == nil; b.real {
		b.Secrets = providers.Secrets(b.Driver)
		b.Play = func(o providers.Options) (Provider, error) { return providers.New(b.Driver, o) }
	}
	if b.Sent == "" {
		b.Sent = Number
	}
	if b.Length == 0 {
		b.Length = 4
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if b.pool, err = sandbox.New(sandbox.Options{Command: []string{self, workerName}, Size: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.pool.Close() })
	return b
}

// clock is what the host and the stand-in both look at.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// line is one connection between a driver and a stand-in of its own.
type line struct {
	*testing.T
	*bench
	standin Provider
	host    *host.Host
	secrets map[string]string
	clock   *clock // the host's
	theirs  *clock // the stand-in's

	mu    sync.Mutex
	paths []string // of the requests that came
	given []string // tokens that logins gave
}

// lineOptions say how a line differs from the usual.
type lineOptions struct {
	rand  io.Reader         // where the stand-in's numbers come from
	reply time.Duration     // for one request
	known map[string]string // the stand-in's secrets
}

func (b *bench) line(t *testing.T, o lineOptions) *line {
	t.Helper()
	l := &line{T: t, bench: b, secrets: maps.Clone(b.Secrets), clock: newClock(), theirs: newClock()}
	var err error
	l.standin, err = b.Play(providers.Options{Now: l.theirs.Now, Rand: o.rand, Secrets: o.known})
	if err != nil {
		t.Fatal(err)
	}
	limits := loops.DefaultLimits()
	if o.reply > 0 {
		limits.Reply = o.reply
	}
	way := l.listen(limits)
	cache := tokens.New(tokens.Options{Store: &tokens.Memory{}, Now: l.clock.Now})
	l.host = host.New(host.Options{Steps: b.pool, Requests: egress.New(way), Tokens: cache, Limits: limits, Trace: true, Now: l.clock.Now, Rand: rand.Reader})
	return l
}

// ready is a line whose driver has logged in already where it must, so that what is played next meets the request that
// places the call.
func (b *bench) ready(t *testing.T, o lineOptions) *line {
	t.Helper()
	l := b.line(t, o)
	if b.Login != nil {
		l.placed(map[string]any{loops.InputReference: "ref-0"})
	}
	return l
}

// listen serves the stand-in and gives the way to it.
func (l *line) listen(limits loops.Limits) egress.Options {
	watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.paths = append(l.paths, r.URL.Path)
		l.mu.Unlock()
		if l.Login != nil && r.URL.Path == l.Login.Path {
			w = &listener{w, l}
		}
		l.standin.ServeHTTP(w, r)
	})
	server := httptest.NewUnstartedServer(watched)
	l.Cleanup(server.Close)
	if l.Address != "" {
		server.Start()
		l.secrets[l.Address] = server.URL
		return egress.Options{Limits: limits, Allow: []egress.Allowance{{Host: "127.0.0.1:*", Plain: true, Private: true}}}
	}
	certificate, roots, err := certify(l.driver.Manifest.Hosts)
	if err != nil {
		l.Fatal(err)
	}
	server.TLS = certificate
	server.StartTLS()
	return egress.Options{Limits: limits, Roots: roots, Resolver: public{},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		}}
}

// listener notes the token that a login gives.
type listener struct {
	http.ResponseWriter
	line *line
}

// Write passes the answer on.
func (w *listener) Write(body []byte) (int, error) {
	var answer map[string]any
	if json.Unmarshal(body, &answer) == nil {
		w.line.mu.Lock()
		for name, value := range answer {
			if token, ok := value.(string); ok && strings.Contains(name, "token") {
				w.line.given = append(w.line.given, token)
			}
		}
		w.line.mu.Unlock()
	}
	return w.ResponseWriter.Write(body)
}

// Unwrap gives the writer behind, so that a fault can still close the connection.
func (w *listener) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// public gives every name a public address, which the line's Dial then doesn't dial.
type public struct{}

// LookupNetIP gives the address.
func (public) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("8.8.4.4")}, nil
}

// requests counts the requests for a path.
func (l *line) requests(path string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, p := range l.paths {
		if p == path {
			n++
		}
	}
	return n
}

// input is what every entry is given.
func (l *line) input(more map[string]any) map[string]any {
	in := map[string]any{loops.InputPhone: Number, loops.InputPhoneE164: E164, loops.InputCodeLength: l.Length,
		loops.InputReference: "ref-1", loops.InputRemoteIP: "203.0.113.7"}
	maps.Copy(in, more)
	return in
}

func (l *line) run(entry loops.Entry, input map[string]any) (*loops.Result, error) {
	return l.host.Run(context.Background(), loops.Job{Driver: l.driver, Entry: entry, Input: input, Secrets: l.secrets})
}

// ours is the code that a driver is given to call with, empty where it is given none.
func (l *line) ours() string {
	if l.driver.Manifest.CodeOrigin == loops.CodeFromUs {
		return "73951826"[:l.Length]
	}
	return ""
}

// start places a call.
func (l *line) start(more map[string]any) (*loops.Result, error) {
	in := l.input(nil)
	if own := l.ours(); own != "" {
		in[loops.InputCode] = own
	}
	maps.Copy(in, more)
	if l.driver.Manifest.Channel == loops.ChannelSMS {
		in[loops.InputText] = message(fmt.Sprint(in[loops.InputCode]))
	}
	return l.run(loops.EntryStart, in)
}

// message is the SMS that a driver is given, with characters that an encoding could spoil.
func message(code string) string {
	return "Вход & «проверка» + 'скидка' %: " + code + "\n\n@shop.example #" + code
}

// placed places a call that must succeed, and gives what Ok held and the call at the stand-in.
func (l *line) placed(more map[string]any) (map[string]any, standin.Call) {
	l.Helper()
	result, err := l.start(more)
	if err != nil {
		l.Fatalf("no call: %v%s", err, shown(err))
	}
	calls := l.standin.Calls(Number)
	if len(calls) == 0 {
		l.Fatal("Ok, and no phone rang")
	}
	return result.Value, calls[0]
}

// play has the stand-in make the next request fail that can.
func (l *line) play(fault standin.Fault) {
	l.Helper()
	if err := l.standin.Play(fault, 1); err != nil {
		l.Fatal(err)
	}
}

// took says whether a login would take a code out of Ok, and which.
func (l *line) took(value map[string]any, own string) (string, error) {
	if l.driver.Manifest.CodeOrigin == loops.CodeFromCheck {
		return "", nil
	}
	return l.driver.Manifest.CodeOf(value, own, l.Length)
}

// fails holds that a run ended with a word of the vocabulary, and with this one where it is not empty.
func (l *line) fails(result *loops.Result, err error, want loops.Key) *loops.Failure {
	l.Helper()
	if err == nil {
		_, err = l.took(result.Value, l.ours())
		if err == nil {
			l.Errorf("Ok with %v, want %s", result.Value, want)
			return nil
		}
	}
	var f *loops.Failure
	if !errors.As(err, &f) {
		l.Errorf("%v, want the failure %s", err, want)
		return nil
	}
	if !slices.Contains(loops.Keys(), f.Key) && f.Key != "wrong_http_status" {
		l.Errorf("%q is not one of the ten words", f.Key)
	}
	if want != "" && f.Kind() != want {
		l.Errorf("%s, want %s%s", f.Kind(), want, shown(err))
	}
	return f
}

// shown gives the steps of an error, for a test's message.
func shown(err error) string {
	out := ""
	var f *loops.Failure
	if errors.As(err, &f) {
		out = fmt.Sprintf("\nparams: %v", f.Params)
	}
	for _, s := range loops.StepsOf(err) {
		out += fmt.Sprintf("\n%s %s\n%s", s.Request.Method, s.Request.URL, s.Request.Body)
		if s.Answer != nil {
			out += fmt.Sprintf("\n-> %d %.300s", s.Answer.Status, s.Answer.Body)
		}
	}
	return out
}

// hostname gives the host of a manifest's entry without its port.
func hostname(entry string) string {
	u, err := url.Parse("https://" + entry)
	if err != nil {
		return entry
	}
	return u.Hostname()
}
