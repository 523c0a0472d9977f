package host_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
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

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "loop-worker" {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// setup is a Host on real workers that reaches servers on this machine by name.
type setup struct {
	host   *host.Host
	pool   *sandbox.Pool
	limits loops.Limits
}

func newSetup(t testing.TB, o egress.Options, change func(l *loops.Limits)) setup {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	limits := loops.DefaultLimits()
	if change != nil {
		change(&limits)
	}
	pool, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 2, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	o.Limits = limits
	return setup{pool: pool, limits: limits, host: host.New(host.Options{
		Steps: pool, Requests: egress.New(o), Tokens: tokens.New(tokens.Options{Store: &tokens.Memory{}}), Limits: limits, Trace: true, Now: time.Now, Rand: rand.Reader,
	})}
}

func demo() egress.Options {
	return egress.Options{Allow: []egress.Allowance{{Host: "127.0.0.1:*", Plain: true, Private: true}}}
}

func shipped(t testing.TB, name string) *loops.Driver {
	t.Helper()
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	d := drivers.Find(list, name)
	if d == nil {
		t.Fatalf("no driver %s ships", name)
	}
	return d
}

func phone(t testing.TB) (*standin.Phone, *httptest.Server) {
	t.Helper()
	p, err := standin.NewPhone(standin.PhoneOptions{Token: "phone-token"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return p, server
}

func ring(driver *loops.Driver, url string) loops.Job {
	return loops.Job{
		Driver: driver, Entry: loops.EntryStart,
		Input:   map[string]any{loops.InputPhone: "79990000001", loops.InputReference: "c-1", loops.InputCodeLength: 4},
		Secrets: map[string]string{"URL": url, "TOKEN": "phone-token", "UNDECLARED": "x"},
	}
}

// The whole way: driver in a worker, request over real HTTP, a phone that rings.
func TestVirtualPhoneRings(t *testing.T) {
	s := newSetup(t, demo(), nil)
	p, server := phone(t)
	result, err := s.host.Run(context.Background(), ring(shipped(t, "virtual-phone"), server.URL))
	if err != nil {
		t.Fatal(err)
	}
	calls := p.Calls("79990000001")
	if len(calls) != 1 || result.Value["caller"] != calls[0].From {
		t.Fatalf("value %v, calls %v", result.Value, calls)
	}
	code, err := shipped(t, "virtual-phone").Manifest.CodeOf(result.Value, "", 4)
	if err != nil || !strings.HasSuffix(calls[0].From, code) || len(code) != 4 {
		t.Errorf("code %q, %v", code, err)
	}
	text, _ := json.Marshal(result.Steps)
	if len(result.Steps) != 1 || strings.Contains(string(text), "phone-token") {
		t.Errorf("steps: %s", text)
	}
	if _, err := s.host.Run(context.Background(), ring(shipped(t, "virtual-phone"), server.URL)); err != nil {
		t.Fatal(err)
	}
	if calls := p.Calls("79990000001"); len(calls) != 1 {
		t.Errorf("the same reference rang %d times", len(calls))
	}
}

func TestFaultsOfThePhone(t *testing.T) {
	s := newSetup(t, demo(), func(l *loops.Limits) { l.Reply = 300 * time.Millisecond })
	p, server := phone(t)
	for fault, want := range map[standin.Fault]loops.Key{
		standin.FaultError: loops.Unavailable, standin.FaultHang: loops.Unavailable, standin.FaultClose: loops.Unavailable,
		standin.FaultHuge: loops.BadAnswer, standin.FaultHTML: loops.BadAnswer, standin.FaultRedirect: loops.BadAnswer,
		standin.FaultRateLimit: loops.RateLimited,
	} {
		t.Run(string(fault), func(t *testing.T) {
			if err := p.Play(fault, 1); err != nil {
				t.Fatal(err)
			}
			_, err := s.host.Run(context.Background(), ring(shipped(t, "virtual-phone"), server.URL))
			var f *loops.Failure
			if !errors.As(err, &f) || f.Kind() != want || !f.Sent || len(f.Steps) != 1 {
				t.Fatalf("err = %v, want %s", err, want)
			}
			if f.MovesOn() != (want == loops.Unavailable) {
				t.Errorf("moves on: %v", f.MovesOn())
			}
		})
	}
	for _, fault := range []standin.Fault{standin.FaultNoCaller, standin.FaultShort} {
		t.Run(string(fault), func(t *testing.T) {
			if err := p.Play(fault, 1); err != nil {
				t.Fatal(err)
			}
			result, err := s.host.Run(context.Background(), ring(shipped(t, "virtual-phone"), server.URL))
			if err != nil {
				t.Fatal(err)
			}
			_, err = shipped(t, "virtual-phone").Manifest.CodeOf(result.Value, "", 4)
			var f *loops.Failure
			if !errors.As(err, &f) || f.Key != loops.BadAnswer {
				t.Errorf("err = %v", err)
			}
		})
	}
	server.Close()
	_, err := s.host.Run(context.Background(), ring(shipped(t, "virtual-phone"), server.URL))
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.Unavailable || f.Sent {
		t.Errorf("nobody listens: %v", err)
	}
}

// Provider X over TLS, under its own name.
func TestExampleAgainstItsStandIn(t *testing.T) {
	x, err := providers.New("example", providers.Options{Secrets: map[string]string{"token": "x-token"}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(x)
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	driver := *shipped(t, "example")
	// httptest's certificate is for example.com; the driver's host takes that name here.
	driver.Source = strings.ReplaceAll(driver.Source, "provider.example", "example.com")
	driver.Manifest.Hosts = []string{"example.com"}
	s := newSetup(t, egress.Options{
		Roots: roots, Resolver: public{},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	}, nil)
	job := loops.Job{Driver: &driver, Entry: loops.EntryStart, Input: map[string]any{"phone_number": "79991234567"}, Secrets: map[string]string{"token": "x-token"}}
	result, err := s.host.Run(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	if calls := x.Calls("79991234567"); len(calls) != 1 || result.Value["code"] != calls[0].From {
		t.Errorf("value %v, calls %v", result.Value, calls)
	}
	job.Secrets["token"] = "wrong"
	_, err = s.host.Run(context.Background(), job)
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != "wrong_http_status" || f.Kind() != loops.AuthFailed {
		t.Errorf("wrong token: %v", err)
	}
}

type public struct{}

func (public) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("8.8.4.4")}, nil
}

func script(source string) *loops.Driver {
	return &loops.Driver{Name: "test", File: "driver.js", Source: source, Manifest: loops.Manifest{Hosts: []string{"127.0.0.1:*"}, Secrets: []string{"URL"}}}
}

func TestRunsEnd(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }))
	defer server.Close()
	s := newSetup(t, demo(), nil)
	run := func(source string) error {
		_, err := s.host.Run(context.Background(), ring(script(source), server.URL))
		return err
	}
	var r *loops.Refusal
	err := run(`function run(obj, result) { return HttpLoop.callBuilder("GET", secrets.URL) }`)
	if !errors.As(err, &r) || r.Reason != loops.ReasonContract || len(r.Steps) != 8 {
		t.Errorf("endless requests: %v", err)
	}
	err = run(`function run(obj, result, state) {
  const n = state == null ? 0 : state.asInt("n");
  return n == 8 ? HttpLoop.Ok({n}) : HttpLoop.callBuilder("GET", secrets.URL).build({n: n + 1}) }`)
	if err != nil {
		t.Errorf("eight requests are allowed: %v", err)
	}
	err = run(`function run() { return HttpLoop.callBuilder("GET", "https://evil.example/") }`)
	if !errors.As(err, &r) || r.Reason != loops.ReasonEgress || !strings.HasPrefix(r.Detail, "driver.js:1:") {
		t.Errorf("foreign host: %v", err)
	}
	err = run(`function run() { throw new Error("URL is " + secrets.URL) }`)
	if !errors.As(err, &r) || strings.Contains(r.Detail, server.URL) || !strings.Contains(r.Detail, "***") {
		t.Errorf("a secret in a message: %v", err)
	}
	err = run(`function run() { return HttpLoop.error("no_funds", {why: secrets.URL}) }`)
	var f *loops.Failure
	if !errors.As(err, &f) || f.Params["why"] != "***" || f.Sent {
		t.Errorf("a secret in a parameter: %v", err)
	}
	err = run(`function run() { return HttpLoop.Ok({a: secrets.TOKEN}) }`)
	if !errors.As(err, &r) || !strings.Contains(r.Detail, "no secret TOKEN") {
		t.Errorf("a secret that the manifest doesn't name: %v", err)
	}
}

func TestTimeOfTheWholeRun(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer server.Close()
	s := newSetup(t, demo(), func(l *loops.Limits) { l.Run = 300 * time.Millisecond })
	driver := script(`function run() { return HttpLoop.callBuilder("GET", secrets.URL) }`)
	_, err := s.host.Run(context.Background(), ring(driver, server.URL))
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.Unavailable || !f.Sent {
		t.Errorf("our own limit: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.host.Run(ctx, ring(driver, server.URL)); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller's wish: %v", err)
	}
}

func TestSixteenRunsAtOnce(t *testing.T) {
	s := newSetup(t, demo(), nil)
	p, server := phone(t)
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			job := ring(shipped(t, "virtual-phone"), server.URL)
			job.Input[loops.InputReference] = string(rune('a' + n))
			if _, err := s.host.Run(context.Background(), job); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(p.Calls("79990000001")); n != 16 {
		t.Errorf("%d calls", n)
	}
}

func BenchmarkRun(b *testing.B) {
	s := newSetup(b, demo(), nil)
	_, server := phone(b)
	job := ring(shipped(b, "virtual-phone"), server.URL)
	for b.Loop() {
		if _, err := s.host.Run(context.Background(), job); err != nil {
			b.Fatal(err)
		}
	}
}
