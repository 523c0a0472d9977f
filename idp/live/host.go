package live

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// Options for New; Store and Make are required.
type Options struct {
	// Conf says where settings come from. Its Saved is set by the Host.
	Conf conf.Options
	// Stat looks at the files that ReadFile reads; nil means os.Stat.
	Stat func(name string) (fs.FileInfo, error)
	// Store has the revisions.
	Store settings.Store
	// Make makes a provider and starts nothing. drivers are the published versions by
	// the driver's name. Where the settings can't be served its error is conf.Errors,
	// or several joined; any other is taken for something that passes.
	Make func(ctx context.Context, s *conf.Settings, drivers map[string]int) (Provider, error)
	// Swapped is told of each generation that is served; nil where nobody wants to know.
	Swapped func(s *conf.Settings)
	// Reloading is told when everything is read again because somebody asked, and done
	// when that is over; nil where nobody wants to know.
	Reloading func() (done func())
	Now       func() time.Time
	Log       *slog.Logger
}

// Host serves one generation at a time. It is safe for concurrent use.
type Host struct {
	o       Options
	started *conf.Settings // of the first generation
	current atomic.Pointer[generation]

	turn       chan struct{} // held by who makes or changes a generation
	background context.Context
	failed     chan error // of the background work that is served
	old        sync.WaitGroup

	changes changes
	tried   attempt // that failed
	trouble trouble // why it failed
}

var _ settings.Node = (*Host)(nil)

// New makes a host that serves nothing yet, so that what saves settings can be made
// of it before the first provider is made of that.
func New(o Options) (*Host, error) {
	if o.Store == nil || o.Make == nil {
		return nil, errors.New("live: Store and Make are needed")
	}
	if o.Conf.ReadFile == nil {
		o.Conf.ReadFile = conf.ReadFile
	}
	if o.Stat == nil {
		o.Stat = os.Stat
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Host{o: o, turn: make(chan struct{}, 1), failed: make(chan error, 1)}, nil
}

// ErrUnread: what administrators saved can't be read from the database.
var ErrUnread = errors.New("what administrators saved can't be read")

// Start makes the first generation, of the file and the newest revision. Its error
// is *settings.Invalid where they can't be served, ErrUnread where the revision can't
// be read although it counts. After it comes Run, or Close where it never comes to
// that; nothing else may be called before it.
func (h *Host) Start(ctx context.Context) error {
	files := h.fresh()
	r, err := settings.Latest(ctx, h.o.Store)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrUnread, err)
		if s, fault := h.load(files, settings.Layer{}); fault != nil || !s.Console.ReadOnly {
			return err
		}
		h.o.Log.Error("the settings file alone is in charge", "error", err)
	}
	g, err := h.make(ctx, files, r)
	if err != nil {
		return err
	}
	h.started = g.settings
	h.current.Store(g)
	return nil
}

func (h *Host) fresh() *snapshot { return newSnapshot(h.o.Conf.ReadFile, h.o.Stat) }

// make makes a generation of a state; *settings.Invalid where it can't be served.
func (h *Host) make(ctx context.Context, files *snapshot, r settings.Revision) (*generation, error) {
	s, err := h.load(files, r.Layer)
	if err != nil {
		return nil, err
	}
	drivers := r.Layer.Drivers
	if s.Console.ReadOnly {
		drivers = nil
	}
	p, err := h.o.Make(ctx, s, drivers)
	if err != nil {
		return nil, invalid(err)
	}
	return newGeneration(p, s, r, files), nil
}

func (h *Host) load(files *snapshot, layer settings.Layer) (*conf.Settings, error) {
	o := h.o.Conf
	o.Saved, o.ReadFile = layer.Values, files.ReadFile
	s, _, err := conf.Load(o)
	if err != nil {
		return nil, invalid(err)
	}
	return s, nil
}

// invalid makes *settings.Invalid of findings; an error that has something else in
// it stays what it is.
func invalid(err error) error {
	if all, ok := findings(err); ok && len(all) > 0 {
		return &settings.Invalid{Findings: all}
	}
	return err
}

func findings(err error) (all []conf.Finding, ok bool) {
	switch e := err.(type) {
	case conf.Errors:
		return e, true
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			more, ok := findings(one)
			if !ok {
				return nil, false
			}
			all = append(all, more...)
		}
		return all, true
	}
	return nil, false
}

// Handler serves the public by the generation that is served when the request comes.
func (h *Host) Handler() http.Handler { return h.serve(Provider.Handler) }

// Ops is Handler for the operators.
func (h *Host) Ops() http.Handler { return h.serve(Provider.Ops) }

// Console is Handler for administrators on a listener of their own.
func (h *Host) Console() http.Handler { return h.serve(Provider.Console) }

func (h *Host) serve(part func(Provider) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g := h.enter()
		if g == nil {
			oauth.ComeAgain(w, http.StatusServiceUnavailable)
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		}
		defer g.leave()
		handler := part(g.Provider)
		if handler == nil {
			handler = http.NotFoundHandler()
		}
		handler.ServeHTTP(w, r)
	})
}

// enter lets a request into the generation that is served; nil after Close.
func (h *Host) enter() *generation {
	for g := h.current.Load(); ; {
		if g.enter() {
			return g
		}
		next := h.current.Load() // a generation is replaced before it retires
		if next == g {
			return nil
		}
		g = next
	}
}

// Served implements settings.Node.
func (h *Host) Served() (*conf.Settings, int) {
	g := h.current.Load()
	return g.settings, g.revision.Number
}

// Provider is the one that serves.
func (h *Host) Provider() Provider { return h.current.Load().Provider }

// File implements settings.Node.
func (h *Host) File() (*conf.Settings, error) {
	return h.load(h.current.Load().files, settings.Layer{})
}

// Check implements settings.Node.
func (h *Host) Check(ctx context.Context, layer settings.Layer) (*conf.Settings, error) {
	g, err := h.make(ctx, h.current.Load().files, settings.Revision{Layer: layer})
	if err != nil {
		return nil, err
	}
	return g.settings, g.Close()
}

// Follow implements settings.Node.
func (h *Host) Follow(ctx context.Context, number int) error {
	unlock, err := h.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	served := h.current.Load()
	if number <= served.revision.Number {
		return nil
	}
	r, err := settings.Latest(ctx, h.o.Store)
	if err != nil {
		return fmt.Errorf("reading what administrators saved: %w", err)
	}
	return h.serveState(ctx, served.files, r)
}

func (h *Host) lock(ctx context.Context) (unlock func(), err error) {
	select {
	case h.turn <- struct{}{}:
		return func() { <-h.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serveState makes the next generation and puts it in the place of the one that is
// served. The caller holds the lock.
func (h *Host) serveState(ctx context.Context, files *snapshot, r settings.Revision) error {
	next, err := h.make(ctx, files, r)
	if err != nil {
		return err
	}
	if h.background != nil {
		next.begin(h.background, h.tell)
	}
	old := h.current.Swap(next)
	old.retire()
	h.old.Go(func() {
		if err := old.finish(); err != nil {
			h.o.Log.Error("ending the settings before", "error", err)
		}
	})
	h.tried = attempt{}
	h.trouble.clear()
	h.o.Log.Info("settings taken", "revision", r.Number)
	if waiting := h.Waiting(); len(waiting) > 0 {
		h.o.Log.Warn("these settings count from the next start on", "settings", waiting)
	}
	if h.o.Swapped != nil {
		h.o.Swapped(next.settings)
	}
	return nil
}

// tell passes the first failure of background work on to Run.
func (h *Host) tell(err error) {
	select {
	case h.failed <- err:
	default:
	}
}
