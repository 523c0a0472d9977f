package drivers_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/live"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/host"
)

// provider is one generation of a node: it has its published driver place and check a call, and answers which version did.
type provider struct {
	runner loops.Runner
	driver *loops.Driver
}

func (p *provider) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		placed, err := p.runner.Run(r.Context(), loops.Job{Driver: p.driver, Entry: loops.EntryStart, Input: map[string]any{"phone_number": "79991234567"}})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = fmt.Fprint(w, placed.Value["code"])
	})
}

func (p *provider) Ops() http.Handler             { return nil }
func (p *provider) Console() http.Handler         { return nil }
func (p *provider) Run(ctx context.Context) error { <-ctx.Done(); return nil }
func (p *provider) Close() error                  { return nil }

// node is a process that serves what is published in the database of the world.
type node struct {
	*live.Host
	second chan time.Time // a look at the database, see live.Host.Run
}

func (w *world) node(runner loops.Runner, data *store.Store) *node {
	w.t.Helper()
	n := &node{second: make(chan time.Time)}
	var err error
	n.Host, err = live.New(live.Options{
		Conf: conf.Options{Set: []string{"login.methods.flashCall.driver = own"}}, Store: data, Now: w.now,
		Make: func(ctx context.Context, _ *conf.Settings, published map[string]int) (live.Provider, error) {
			p := &provider{runner: runner, driver: &loops.Driver{Name: "own", File: "driver.js", Source: `function run() { return HttpLoop.Ok({code: "0"}) }`}}
			if number := published["own"]; number > 0 {
				var err error
				p.driver, err = data.PublishedDriver(ctx, "own", number)
				return p, err
			}
			return p, nil
		},
	})
	w.must(err)
	w.must(n.Start(w.t.Context()))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx, n.second, nil) }()
	w.t.Cleanup(func() { stop(); w.must(<-done) })
	return n
}

// answer is the version that served one login.
func (n *node) answer(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	n.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusOK {
		t.Errorf("a login was broken: %s", w.Body)
	}
	return w.Body.String()
}

// While logins go on at two nodes, a driver is published twice and rolled back: each login is served by one version or the
// other, the node of the administrator serves the new one at once, and the other one after its next look at the database.
func TestPublishWhileLoginsGoOn(t *testing.T) {
	w := newWorld(t)
	runner := host.New(host.Options{Steps: w.workers, Requests: w.requests, Limits: w.workers.Limits(), Now: w.now, Rand: rand.Reader})
	data, err := store.Open(t.Context(), store.Options{URL: w.url, Now: w.now})
	w.must(err)
	t.Cleanup(func() { w.must(data.Close()) })
	own, other := w.node(runner, w.store), w.node(runner, data)
	line, err := settings.New(settings.Options{Store: w.store, Node: own, Trail: &audit.Memory{}, Now: w.now})
	w.must(err)
	w.settings = line
	w.service = w.newService()

	stop := make(chan struct{})
	var logins sync.WaitGroup
	for _, n := range []*node{own, other} {
		logins.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := n.answer(t); !strings.Contains("0 1 2", got) {
					t.Errorf("a login was served by %q", got)
				}
			}
		})
	}
	serves := func(want string) {
		t.Helper()
		if got := own.answer(t); got != want {
			t.Errorf("version %s serves at the administrator's node, want %s", got, want)
		}
		other.second <- w.now()
		other.second <- w.now() // taken when the look before is over
		if got := other.answer(t); got != want {
			t.Errorf("version %s serves at the other node, want %s", got, want)
		}
	}
	numbered := func(n int) drivers.Script {
		return script(fmt.Sprintf(`  if (result == null) return HttpLoop.callBuilder("POST", "http://api.provider.example/call"); return HttpLoop.Ok({code: "%d"})`, n))
	}
	for n := 1; n <= 2; n++ {
		w.wait(time.Second)
		_, err := w.publish(anna, w.saved("own", numbered(n)), n-1)
		w.must(err)
		serves(fmt.Sprint(n))
	}
	_, err = w.service.RollBack(t.Context(), anna, "own", 1, 2, "")
	w.must(err)
	serves("1")
	_, err = w.service.RollBack(t.Context(), anna, "own", 0, 1, "")
	w.must(err)
	serves("0")
	close(stop)
	logins.Wait()
}
