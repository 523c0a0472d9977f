package drivers_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
	loopdrivers "github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/trial"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// world is the service over a real database and real workers, with a provider on a port of this machine.
type world struct {
	t        *testing.T
	service  *drivers.Service
	store    *store.Store
	url      string // of the database
	ring     *keyring.Keyring
	workers  *sandbox.Pool
	requests *egress.Client
	settings *settings.Service
	trail    *audit.Memory // of the section
	secrets  *vault.Secrets
	facts    drivers.Facts
	elapsed  atomic.Int64
	got      chan *http.Request // what reached the provider
	answer   func(w http.ResponseWriter, r *http.Request)
}

// patient is the time of a step on a machine that is shared; the tests of what loops forever have less.
const patient = 20 * time.Second

func newWorld(t *testing.T) *world { return worldWith(t, patient) }

func worldWith(t *testing.T, step time.Duration) *world {
	t.Helper()
	w := &world{t: t, trail: &audit.Memory{}, got: make(chan *http.Request, 100)}
	w.answer = func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(`{"caller":"74950001234"}`)) }
	provider := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		select {
		case w.got <- r:
		default: // nobody looks at so many
		}
		w.answer(rw, r)
	}))
	t.Cleanup(provider.Close)
	self, err := os.Executable()
	w.must(err)
	limits := loops.DefaultLimits()
	limits.Step = step
	w.workers, err = sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 1, Limits: limits})
	w.must(err)
	t.Cleanup(func() { _ = w.workers.Close() })
	w.url = sqlitetest.URL(t)
	w.store, err = store.Open(t.Context(), store.Options{URL: w.url, Now: w.now})
	w.must(err)
	t.Cleanup(func() { w.must(w.store.Close()) })
	w.ring, err = keyring.New(make([]byte, keyring.MasterKeyBytes), nil)
	w.must(err)
	w.secrets = vault.NewSecrets(w.store, w.ring, w.now)
	w.settings, _ = settingstest.NewService(t, conf.Options{Set: []string{"login.methods.flashCall.driver = own"}})
	shipped, err := loopdrivers.Shipped()
	w.must(err)
	w.facts = drivers.Facts{Shipped: shipped, CodeLength: 4, Numbers: flashcall.Numbers{Countries: []string{"RU"}}}
	w.requests = toProvider(limits, provider.Listener.Addr().String())
	w.service = w.newService()
	return w
}

func (w *world) newService() *drivers.Service {
	w.t.Helper()
	s, err := drivers.New(drivers.Options{
		Records: w.store, Settings: w.settings, Secrets: w.secrets, Workers: w.workers, Requests: w.requests,
		Trail: w.trail, Facts: func() drivers.Facts { return w.facts }, Limits: w.workers.Limits(), Now: w.now,
		Hash: func(parts ...string) string { return w.ring.Hash("driver-trial", parts...) },
	})
	w.must(err)
	return s
}

// toProvider is the way out of loops, on which every name leads to the provider of the test.
func toProvider(limits loops.Limits, address string) *egress.Client {
	allow := []egress.Allowance{{Host: "api.provider.example", Plain: true, Private: true}, {Host: "evil.example", Plain: true, Private: true}}
	return egress.New(egress.Options{Limits: limits, Allow: allow, Resolver: loopback{}, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}})
}

type loopback struct{}

func (loopback) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) now() time.Time       { return noon.Add(time.Duration(w.elapsed.Load())) }
func (w *world) wait(d time.Duration) { w.elapsed.Add(int64(d)) }

func person(id string, roles ...admin.Role) *admin.Actor {
	return &admin.Actor{UserID: id, Login: id, Roles: roles}
}

var (
	anna  = person("anna", admin.RoleRoot)
	boris = person("boris", admin.RoleRoot)
)

// script is a driver of the test's provider; body is what run does.
func script(body string) drivers.Script {
	return drivers.Script{
		Language: drivers.JavaScript, Source: "function run(obj, result) {\n" + body + "\n}\n",
		Manifest: "title = Own\nhosts = [api.provider.example]\nsecrets = [KEY]\ncode { origin = caller, leadingZero = true }\n",
	}
}

// calling asks the provider and believes it.
const calling = `  if (result == null) return HttpLoop.callBuilder("POST", "http://api.provider.example/call").withHeader("Key", secrets.KEY)
    .withBody(JsObj.empty.addString("to", obj.asString("phone_number")));
  return HttpLoop.Ok({caller: result.body().asString("caller")});`

func (w *world) saved(name string, s drivers.Script) *drivers.Draft {
	w.t.Helper()
	d, err := w.service.Save(w.t.Context(), anna, name, s, 0, 0)
	w.must(err)
	return d
}

// publish publishes the draft as it is.
func (w *world) publish(a *admin.Actor, d *drivers.Draft, published int) (*drivers.Published, error) {
	return w.service.Publish(w.t.Context(), a, d.Driver, drivers.PublishOrder{Edition: d.Edition, Digest: d.Digest(), Published: published, Comment: "a change"})
}

func (w *world) served(name string) int {
	w.t.Helper()
	now, err := w.settings.Current(w.t.Context())
	w.must(err)
	return now.Layer.Drivers[name]
}

func (w *world) wantProblem(what string, err error, id string) {
	w.t.Helper()
	var p *idp.Problem
	if !errors.As(err, &p) || p.ID != id {
		w.t.Errorf("%s: %v, want %s", what, err, id)
	}
}

func (w *world) events(kind string) int {
	return len(slices.DeleteFunc(w.trail.Events(), func(e audit.Event) bool { return e.Type != kind }))
}

func byHand(answers ...trial.CaseAnswer) drivers.TrialOrder {
	return drivers.TrialOrder{Kind: drivers.TrialByHand, Answers: answers}
}

func answered(status int, body string) trial.CaseAnswer {
	return trial.CaseAnswer{Status: status, Body: []byte(body)}
}

func withCase(s drivers.Script, name, text string) drivers.Script {
	s.Cases = append(s.Cases, drivers.CaseFile{Name: name, Text: text})
	return s
}
