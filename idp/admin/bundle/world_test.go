package bundle_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/bundle"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	section "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// The test's own binary is the worker that checks scripts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "loop-worker" {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// world is a provider's admin API, of the sections that a bundle speaks to.
type world struct {
	t        *testing.T
	settings *settings.Service
	client   *bundle.Client
	dir      string

	mu    sync.Mutex
	asked []string // the rights of each request
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	w.settings, _ = settingstest.NewService(t, conf.Options{Set: []string{"login.methods.flashCall.driver = example"}})
	mux := http.NewServeMux()
	for _, s := range []admin.Section{w.settingsSection(), w.driversSection()} {
		for _, route := range s.Endpoints() {
			mux.HandleFunc(route.Method+" "+route.Path, w.serve(route))
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.client = &bundle.Client{Base: server.URL, For: w.with}
	return w
}

func (w *world) settingsSection() admin.Section {
	s, err := section.New(section.Options{Store: w.settings, Drivers: nobody{}, Attributes: nobody{}, View: nobody{}})
	w.must(err)
	return s
}

func (w *world) driversSection() admin.Section {
	self, err := os.Executable()
	w.must(err)
	limits := loops.DefaultLimits()
	limits.Step = 20 * time.Second
	pool, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 1, Limits: limits})
	w.must(err)
	w.t.Cleanup(func() { _ = pool.Close() })
	data, err := store.Open(w.t.Context(), store.Options{URL: sqlitetest.URL(w.t), Now: time.Now})
	w.must(err)
	w.t.Cleanup(func() { w.must(data.Close()) })
	ring, err := keyring.New(make([]byte, keyring.MasterKeyBytes), nil)
	w.must(err)
	service, err := drivers.New(drivers.Options{
		Records: data, Settings: w.settings, Secrets: vault.NewSecrets(data, ring, time.Now), Workers: pool,
		Requests: egress.New(egress.Options{Limits: limits}), Trail: &audit.Memory{}, Facts: func() drivers.Facts { return drivers.Facts{CodeLength: 4} }, Limits: limits,
		Hash: func(parts ...string) string { return ring.Hash("driver-trial", parts...) },
	})
	w.must(err)
	return drivers.NewSection(service, nobody{}, false)
}

// nobody is what these tests don't need.
type nobody struct{}

func (nobody) Known(context.Context) ([]*loops.Driver, error)                          { return nil, nil }
func (nobody) Missing(context.Context, *loops.Driver) ([]string, error)                { return nil, nil }
func (nobody) NumberAttributes(context.Context) ([]string, error)                      { return nil, nil }
func (nobody) Redirect(http.ResponseWriter, *http.Request, string, string)             {}
func (nobody) URL(path string) string                                                  { return path }
func (nobody) Show(http.ResponseWriter, *http.Request, *admin.Actor, admin.Page) error { return nil }

// with sends the rights along, as a token's scopes would.
func (w *world) with(_ context.Context, rights ...admin.Right) *http.Client {
	var scopes []string
	for _, r := range rights {
		scopes = append(scopes, r.Scope())
	}
	return &http.Client{Transport: scoped{strings.Join(scopes, " "), w}}
}

type scoped struct {
	scopes string
	w      *world
}

func (s scoped) RoundTrip(r *http.Request) (*http.Response, error) {
	s.w.mu.Lock()
	s.w.asked = append(s.w.asked, r.Method+" "+s.scopes)
	s.w.mu.Unlock()
	r.Header.Set("X-Scopes", s.scopes)
	return http.DefaultTransport.RoundTrip(r)
}

// serve refuses who hasn't the right, as the console does.
func (w *world) serve(route admin.Route) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		a := &admin.Actor{ClientID: "deploy", Scopes: strings.Fields(r.Header.Get("X-Scopes"))}
		err := error(&idp.Problem{ID: admin.ProblemForbidden, Status: http.StatusForbidden})
		if a.May(route.Right) {
			err = route.Serve(rw, r, a)
		}
		var p *idp.Problem
		switch {
		case errors.As(err, &p):
			rw.WriteHeader(p.HTTPStatus())
			_ = json.NewEncoder(rw).Encode(map[string]string{"id": p.ID, "detail": "It can't be done."})
		case err != nil:
			http.Error(rw, err.Error(), http.StatusInternalServerError)
		}
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// file writes a file of the folder.
func (w *world) file(name, text string) {
	w.t.Helper()
	file := filepath.Join(w.dir, name)
	w.must(os.MkdirAll(filepath.Dir(file), 0o755))
	w.must(os.WriteFile(file, []byte(text), 0o644))
}

func (w *world) state() *bundle.State {
	w.t.Helper()
	s, err := w.client.State(w.t.Context(), true)
	w.must(err)
	return s
}

func root() *admin.Actor {
	return &admin.Actor{UserID: "anna", Login: "anna", Roles: []admin.Role{admin.RoleRoot}}
}

// diff is what the folder would change.
func (w *world) diff() string {
	w.t.Helper()
	s := w.state()
	wants, err := bundle.Read(os.DirFS(w.dir), s.Whole)
	w.must(err)
	var all []string
	for _, c := range bundle.Diff(&s.Bundle, wants) {
		all = append(all, c.String())
	}
	return strings.Join(all, "\n")
}

// apply does it, and tells what was told.
func (w *world) apply() (string, error) {
	w.t.Helper()
	s := w.state()
	wants, err := bundle.Read(os.DirFS(w.dir), s.Whole)
	w.must(err)
	var all []string
	err = w.client.Apply(w.t.Context(), s, wants, "deployed", func(line string) { all = append(all, line) })
	return strings.Join(all, "\n"), err
}
