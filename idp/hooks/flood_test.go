package hooks_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/loops"
)

// workers is a Runner with so many workers that run one job each, and no queue: who finds none free is told so.
type workers struct {
	free    chan struct{}
	started chan struct{} // closed when the first callback runs
	blocked chan struct{} // callbacks wait for it
	mu      sync.Mutex
	now     int
	most    int
}

func newWorkers(n int) *workers {
	return &workers{free: make(chan struct{}, n), started: make(chan struct{}), blocked: make(chan struct{})}
}

func (w *workers) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	select {
	case w.free <- struct{}{}:
		defer func() { <-w.free }()
	default:
		return nil, &loops.Failure{Key: loops.Unavailable, Cause: loops.ErrBusy}
	}
	if job.Entry != loops.EntryCallback {
		return &loops.Result{Value: map[string]any{"code": "0042"}}, nil
	}
	w.count(1)
	defer w.count(-1)
	<-w.blocked
	value, err := rang(ctx, job)
	return &loops.Result{Value: value}, err
}

func (w *workers) count(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.most == 0 {
		close(w.started)
	}
	w.now += n
	w.most = max(w.most, w.now)
}

// A flood of callbacks never has more than half of the workers, so the calls of logins find one free.
func TestAFloodLeavesWorkersToLogins(t *testing.T) {
	for name, c := range map[string]struct{ workers, lanes int }{
		"two workers": {2, 1}, "five workers": {5, 2}, "eight workers": {8, 4},
	} {
		t.Run(name, func(t *testing.T) {
			const flood = 64
			runner := newWorkers(c.workers)
			w := newWorld(t, func(o *hooks.Options) { o.Runner, o.Workers = runner, c.workers })
			statuses := make(chan *http.Response, flood)
			var all sync.WaitGroup
			for i := range flood {
				all.Go(func() {
					answer, _ := w.ask(t, "POST", "/blitz/hooks/some", "x"+itoa(i))
					statuses <- answer
				})
			}
			admitted := c.lanes * 9 // one runs, eight wait
			for range flood - admitted {
				answer := <-statuses // those that are refused don't wait for the others
				if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
					t.Errorf("one too many: %d, Retry-After %q", answer.StatusCode, answer.Header.Get("Retry-After"))
				}
			}
			for range 100 { // the flood is at its height: as many run and wait as may
				if _, err := runner.Run(t.Context(), loops.Job{Driver: driver, Entry: loops.EntryStart}); err != nil {
					t.Fatalf("a login's call: %v", err)
				}
			}
			close(runner.blocked)
			all.Wait()
			for range admitted {
				if answer := <-statuses; answer.StatusCode != http.StatusOK {
					t.Errorf("one that waited: %d", answer.StatusCode)
				}
			}
			if log := w.log.String(); strings.Count(log, "level=DEBUG") != flood-admitted || strings.Contains(log, "level=INFO") {
				t.Errorf("the flood is in the log: %s", log)
			}
			if runner.most > c.lanes || runner.most == 0 || len(w.news()) != admitted {
				t.Errorf("%d ran at once, %d were heard", runner.most, len(w.news()))
			}
			w.status(t, 200, "POST", "/blitz/hooks/some", "after the flood")
		})
	}
}

// Who gave up waiting leaves its place to the next.
func TestWaitingEnds(t *testing.T) {
	runner := newWorkers(2)
	w := newWorld(t, func(o *hooks.Options) { o.Runner, o.Within = runner, 5*time.Millisecond })
	held := make(chan struct{})
	go func() {
		defer close(held)
		w.status(t, 200, "POST", "/blitz/hooks/some", "holds the lane, whatever the time")
	}()
	<-runner.started
	for i := range 20 { // more than may wait
		w.status(t, 503, "POST", "/blitz/hooks/some", "x"+itoa(i))
	}
	close(runner.blocked)
	<-held
	if len(w.news()) != 1 || strings.Contains(w.log.String(), "too many") {
		t.Errorf("heard %v, log %s", w.news(), w.log.String())
	}
}
