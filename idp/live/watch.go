package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// retryAfter is how long a state that can't be served waits to be tried again where
// nothing changed that can be seen from here: a folder of drivers, the database.
const retryAfter = 30 * time.Second

// attempt is a state that was tried.
type attempt struct {
	revision int
	anew     bool // with the files read anew
	files    map[string]mark
	at       time.Time
}

// trouble is why the newest state isn't served.
type trouble struct {
	mu    sync.Mutex
	lines []string
}

// set says whether these lines are news.
func (t *trouble) set(lines []string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	news := !slices.Equal(lines, t.lines)
	t.lines = lines
	return news
}

func (t *trouble) clear() { t.set(nil) }

// Run does the background work of the generation that is served, and looks for
// another state whenever tick gives something, a second apart say. A signal on hup
// has everything read again at once. It returns when ctx ended and all that was
// begun is finished, or when background work fails.
func (h *Host) Run(ctx context.Context, tick <-chan time.Time, hup <-chan os.Signal) error {
	unlock, err := h.lock(ctx)
	if err != nil {
		return errors.Join(ignoreEnd(ctx, err), h.Close())
	}
	background, stop := context.WithCancel(ctx)
	defer stop()
	h.background = background
	h.current.Load().begin(background, h.tell)
	unlock()
	err = h.watch(ctx, tick, hup)
	stop()
	return errors.Join(err, h.Close())
}

func (h *Host) watch(ctx context.Context, tick <-chan time.Time, hup <-chan os.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-h.failed:
			if ctx.Err() == nil {
				return err
			}
		case <-hup:
			h.Reload(ctx)
		case <-tick:
			h.Look(ctx)
		}
	}
}

func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Close ends the last generation. Nobody may be served any more.
func (h *Host) Close() error {
	h.turn <- struct{}{}
	defer func() { <-h.turn }()
	g := h.current.Load()
	if g == nil {
		return nil
	}
	g.mu.Lock()
	retired := g.retired
	g.mu.Unlock()
	if retired {
		return nil
	}
	g.retire()
	err := g.finish()
	h.old.Wait()
	return err
}

// Reload reads everything anew and serves it. Where it can't be served the log says
// why, and what was served goes on.
func (h *Host) Reload(ctx context.Context) {
	unlock, err := h.lock(ctx)
	if err != nil {
		return
	}
	defer unlock()
	h.o.Log.Info("reading the settings anew")
	if h.o.Reloading != nil {
		defer h.o.Reloading()()
	}
	h.take(ctx, true, attempt{})
}

// Look serves another state where there is one. Run does it at each tick.
func (h *Host) Look(ctx context.Context) {
	unlock, err := h.lock(ctx)
	if err != nil {
		return
	}
	defer unlock()
	served := h.current.Load()
	number, err := h.o.Store.LatestRevision(ctx)
	if err != nil {
		if ctx.Err() == nil {
			h.refuse(fmt.Errorf("looking for what administrators saved: %w", err))
		}
		return
	}
	written := h.changes.settled(served.files)
	if !written && number <= served.revision.Number {
		return
	}
	now := attempt{revision: number, anew: written, files: h.changes.before, at: h.o.Now()}
	if same(h.tried, now) && now.at.Sub(h.tried.at) < retryAfter {
		return
	}
	h.take(ctx, written, now)
}

func same(a, b attempt) bool {
	return a.revision == b.revision && a.anew == b.anew && maps.Equal(a.files, b.files)
}

// take serves the newest revision, with the files read anew or as they were. Files
// that can't be served don't keep a revision back, nor a revision the files.
func (h *Host) take(ctx context.Context, anew bool, now attempt) {
	served := h.current.Load()
	r, err := settings.Latest(ctx, h.o.Store)
	if err != nil {
		h.refuse(fmt.Errorf("reading what administrators saved: %w", err))
		return
	}
	files := served.files
	if anew {
		files = h.fresh()
	}
	if err = h.serveState(ctx, files, r); err == nil {
		return
	}
	if anew && r.Number > served.revision.Number && h.serveState(ctx, served.files, r) != nil {
		_ = h.serveState(ctx, files, served.revision) // what is wrong with both together is told
	}
	h.refuse(err)
	h.tried = now
}

// refuse tells why a state isn't served, once as long as it is the same.
func (h *Host) refuse(err error) {
	lines := []string{err.Error()}
	var bad *settings.Invalid
	if errors.As(err, &bad) {
		lines = lines[:0]
		for _, f := range bad.Findings {
			lines = append(lines, f.String())
		}
	}
	if !h.trouble.set(lines) {
		return
	}
	for _, line := range lines {
		h.o.Log.Error("settings not taken, those before go on", "problem", line)
	}
}

// Trouble says why the newest state isn't served; empty where it is.
func (h *Host) Trouble() []string {
	h.trouble.mu.Lock()
	defer h.trouble.mu.Unlock()
	return slices.Clone(h.trouble.lines)
}

// Waiting are the settings that are served only after a restart, by their paths.
func (h *Host) Waiting() []string { return waiting(h.started, h.current.Load().settings) }

// consoleListens is the address of the console's own listener; empty without one.
func consoleListens(s *conf.Settings) string {
	if !s.Console.Enabled {
		return ""
	}
	return s.Console.Listen
}

// waiting compares what outlives generations.
func waiting(started, now *conf.Settings) []string {
	var all []string
	differs := func(path string, is bool) {
		if is {
			all = append(all, path)
		}
	}
	a, b := started.Server, now.Server
	differs("server.listen", a.Listen != b.Listen)
	differs("server.tls", (a.TLS == nil) != (b.TLS == nil))
	differs("server.drainDelay", a.DrainDelay != b.DrainDelay)
	differs("server.shutdownTimeout", a.ShutdownTimeout != b.ShutdownTimeout)
	differs("server.limits.headers", a.Limits.Headers != b.Limits.Headers)
	differs("ops.listen", started.Ops.Listen != now.Ops.Listen)
	differs("store.url", started.Store != now.Store)
	differs("keys.master", started.Keys.Master != now.Keys.Master)
	differs("log", started.Log != now.Log)
	differs("console.listen", consoleListens(started) != consoleListens(now))
	return all
}
