package health_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/health"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/templates/console"
)

var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// nodes keeps them in memory.
type nodes struct {
	all    []health.Node
	last   health.Node // that was put
	forget time.Time
	fault  error
}

func (n *nodes) PutNode(_ context.Context, one health.Node, forget time.Time) error {
	n.forget, n.last = forget, one
	_ = n.RemoveNode(context.Background(), one.ID)
	n.all = append(n.all, one)
	return n.fault
}

func (n *nodes) Nodes(context.Context) ([]health.Node, error) { return n.all, n.fault }

func (n *nodes) RemoveNode(_ context.Context, id string) error {
	n.all = slices.DeleteFunc(n.all, func(o health.Node) bool { return o.ID == id })
	return n.fault
}

type keys []signing.Info

func (k keys) List(context.Context) ([]signing.Info, error) { return k, nil }

// view renders pages as the console does, without its frame's facts.
type view struct{}

func (*view) Show(w http.ResponseWriter, _ *http.Request, _ *admin.Actor, page admin.Page) error {
	same := func(path string) string { return path }
	r, err := console.New(console.Options{URL: same, Asset: same})
	if err != nil {
		return err
	}
	return r.Render(w, console.Page{Name: page.Name, Title: page.Title, Data: page.Data})
}

func (*view) Redirect(http.ResponseWriter, *http.Request, string, string) {}
func (*view) URL(path string) string                                      { return path }

func node(change func(*health.Node)) health.Node {
	n := health.Node{
		ID: "n1", Host: "alpha", Version: "1.0", Started: noon.Add(-time.Hour), Seen: noon.Add(-2 * time.Second), Revision: 3,
		State: health.State{Workers: health.Workers{Size: 2, Queue: 100}, Routes: []health.Route{{ID: "1-flashCall-newtel", Driver: "newtel"}}},
	}
	if change != nil {
		change(&n)
	}
	return n
}

func options(all ...health.Node) (health.Options, *nodes) {
	kept := &nodes{all: all}
	active := signing.Info{ID: "k1", Alg: "RS256", State: signing.Active, ActiveFrom: noon.Add(-time.Hour), ActiveUntil: noon.Add(time.Hour)}
	return health.Options{
		Nodes: kept, Keys: keys{active}, Self: "n1", Now: func() time.Time { return noon },
		Database: func(context.Context) (health.Database, error) {
			return health.Database{Answered: 1500 * time.Microsecond, Bytes: 3 << 20, Writes: 7, Commits: 5}, nil
		},
		Latest: func(context.Context) (settings.Revision, error) {
			return settings.Revision{Number: 3, At: noon.Add(-time.Minute)}, nil
		},
	}, kept
}

func TestConcerns(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*health.Node)
		want   []string
	}{
		"none":            {nil, nil},
		"silent":          {func(n *health.Node) { n.Seen = noon.Add(-time.Minute); n.Revision = 1 }, []string{health.ConcernGone}},
		"a beat late":     {func(n *health.Node) { n.Seen = noon.Add(-20 * time.Second) }, nil},
		"behind":          {func(n *health.Node) { n.Revision = 2 }, []string{health.ConcernBehind}},
		"before the save": {func(n *health.Node) { n.Revision = 2; n.Seen = noon.Add(-time.Minute + time.Second); n.ID = "x" }, []string{health.ConcernGone}},
		"refuses":         {func(n *health.Node) { n.Revision = 2; n.State.Trouble = []string{"console:1:1: x"} }, []string{health.ConcernTrouble}},
		"waits":           {func(n *health.Node) { n.State.Waiting = []string{"ops.listen", "log"} }, []string{health.ConcernRestart, health.ConcernRestart}},
		"another version": {func(n *health.Node) { n.Version = "2.0" }, []string{health.ConcernVersions}},
		"a route is open": {func(n *health.Node) { n.State.Routes[0].Until = noon.Add(time.Second) }, []string{health.ConcernRoute}},
		"it was open":     {func(n *health.Node) { n.State.Routes[0].Until = noon.Add(-time.Second) }, nil},
		"a long queue":    {func(n *health.Node) { n.State.Workers.Waiting = 51 }, []string{health.ConcernQueue}},
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := options(node(func(n *health.Node) { n.ID, n.Host = "n0", "zero" }), node(c.change))
			r, err := o.Report(t.Context())
			var got []string
			for _, one := range r.Concerns {
				got = append(got, one.ID)
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%v %+v, want %v", err, r.Concerns, c.want)
			}
		})
	}
}

func TestAKeyThatIsOverdue(t *testing.T) {
	o, _ := options(node(nil))
	late := signing.Info{ID: "k1", Alg: "ES256", State: signing.Active, ActiveFrom: noon.Add(-time.Hour), ActiveUntil: noon.Add(-time.Minute)}
	o.Keys = keys{late}
	if r, err := o.Report(t.Context()); err != nil || len(r.Concerns) != 1 || r.Concerns[0].ID != health.ConcernKey {
		t.Errorf("%+v, %v", r.Concerns, err)
	}
	o.Keys = keys{late, {ID: "k2", Alg: "ES256", State: signing.Pending, ActiveFrom: noon}}
	if r, err := o.Report(t.Context()); err != nil || len(r.Concerns) != 0 {
		t.Errorf("%+v, %v", r.Concerns, err)
	}
}

func serve(t *testing.T, routes []admin.Route, w http.ResponseWriter) {
	t.Helper()
	if err := routes[0].Serve(w, httptest.NewRequest("GET", "/health", nil), &admin.Actor{}); err != nil {
		t.Fatal(err)
	}
}

func TestPageAndEndpoint(t *testing.T) {
	o, _ := options(node(func(n *health.Node) { n.State.Routes[0].Until = noon.Add(time.Minute) }), node(func(n *health.Node) { n.ID, n.Host, n.Seen = "n2", "beta", noon.Add(-time.Hour) }))
	s, err := health.NewSection(o, &view{})
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	serve(t, s.Pages(), rec)
	for _, want := range []string{"alpha (this node)", `data-concern="route_open"`, `data-concern="node_gone"`, "passed over", "RS256", "1.5 ms", "3.0 MiB", "7, in 5 commits"} {
		if !strings.Contains(rec.Body.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, rec.Body)
		}
	}
	rec = httptest.NewRecorder()
	serve(t, s.Endpoints(), rec)
	var got struct {
		Revision int
		Concerns []health.Concern
		Nodes    []struct {
			Host    string
			Gone    bool
			Workers health.Workers
			Routes  []health.Route
		}
		Keys     []signing.Info
		Database map[string]float64
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Revision != 3 || len(got.Concerns) != 2 || len(got.Nodes) != 2 || !got.Nodes[1].Gone || got.Nodes[0].Workers.Queue != 100 ||
		!got.Nodes[0].Routes[0].Until.Equal(noon.Add(time.Minute)) || got.Keys[0].ID != "k1" || got.Database["answered_millis"] != 1.5 {
		t.Errorf("%s", rec.Body)
	}
}

func TestWithoutTheDatabaseThereIsNoReport(t *testing.T) {
	o, kept := options(node(nil))
	kept.fault = errors.New("disk full")
	if _, err := o.Report(t.Context()); err == nil {
		t.Error("a report of nothing")
	}
	if _, err := health.NewSection(health.Options{}, &view{}); err == nil {
		t.Error("a section without anything to look at")
	}
}

func TestHeart(t *testing.T) {
	for name, fault := range map[string]error{"well": nil, "without the database": errors.New("disk full")} {
		kept, looks := &nodes{fault: fault}, 0
		var log bytes.Buffer
		tick := make(chan time.Time)
		h := &health.Heart{
			Nodes: kept, Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Look: func() health.Node {
				looks++
				return node(func(n *health.Node) { n.Revision, n.Seen = looks, time.Time{} })
			},
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { h.Run(ctx, tick); close(ended) }()
		tick <- noon
		tick <- noon // taken when the beat before is done
		stop()
		<-ended
		if last := kept.last; last.Revision < 2 || last.Seen != noon || kept.forget != noon.Add(-24*time.Hour) || len(kept.all) != 0 {
			t.Errorf("%s: %+v, forgotten before %v, left over %+v", name, last, kept.forget, kept.all)
		}
		if told := strings.Contains(log.String(), "disk full"); told != (fault != nil) {
			t.Errorf("%s: the log says %s", name, &log)
		}
	}
}
