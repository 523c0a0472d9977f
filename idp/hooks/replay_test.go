package hooks_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/idp/hooks/hookstest"
	"github.com/ringtail-id/ringtail/loops"
)

func TestMemory(t *testing.T) {
	hookstest.Run(t, func(*testing.T) hooks.Seen { return new(hooks.Memory) })
}

func TestReplays(t *testing.T) {
	w := newWorld(t, nil)
	w.says(delivered(object{"status": 202, "body": "taken"}), nil)
	send := func() {
		t.Helper()
		answer, body := w.ask(t, "POST", "/blitz/hooks/some?a=b", "x", "Authorization: sig", "X-Request-Id: "+itoa(len(w.runs())))
		if answer.StatusCode != 202 || body != "taken" {
			t.Errorf("%d %q", answer.StatusCode, body)
		}
	}
	heard := func(want int) {
		t.Helper()
		if got := len(w.news()); got != want {
			t.Errorf("heard %d, want %d", got, want)
		}
	}
	send()
	send()
	w.wait(hooks.Window)
	send()
	heard(1)
	w.wait(time.Second)
	send()
	heard(2)
}

func TestWhatIsAnotherCallback(t *testing.T) {
	w := newWorld(t, nil)
	type sent struct{ method, target, body, auth string }
	all := []sent{
		{"POST", "/blitz/hooks/some", "x", "sig"}, {"PUT", "/blitz/hooks/some", "x", "sig"}, {"POST", "/blitz/hooks/some/", "x", "sig"},
		{"POST", "/blitz/hooks/some?", "x", "sig"}, {"POST", "/blitz/hooks/some?x", "", "sig"}, {"POST", "/blitz/hooks/some", "", "sig"},
		{"POST", "/blitz/hooks/some", "x ", "sig"}, {"POST", "/blitz/hooks/some", "x", "sig2"},
	}
	for range 2 {
		for _, s := range all {
			w.status(t, 200, s.method, s.target, s.body, "Authorization: "+s.auth)
		}
	}
	// A "?" without anything behind is no query: the script sees no difference either.
	if got := len(w.news()); got != len(all)-1 {
		t.Errorf("heard %d, want %d", got, len(all)-1)
	}
}

// Of one callback that comes many times at once one is heard.
func TestReplaysAtOnce(t *testing.T) {
	w := newWorld(t, func(o *hooks.Options) { o.Workers = 64 })
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() { w.status(t, 200, "POST", "/blitz/hooks/some", "x") })
	}
	all.Wait()
	if len(w.runs()) != 32 || len(w.news()) != 1 {
		t.Errorf("%d ran, %d were heard", len(w.runs()), len(w.news()))
	}
}

// What was refused is not remembered: the right one may still come, and strangers fill no table.
func TestOnlyWhatWasTakenIsRemembered(t *testing.T) {
	seen := &counted{}
	w := newWorld(t, func(o *hooks.Options) { o.Seen = seen })
	w.says(nil, &loops.Failure{Key: loops.AuthFailed})
	w.status(t, 401, "POST", "/blitz/hooks/some", "x")
	if n := seen.asked.Load(); n != 0 {
		t.Errorf("%d were written", n)
	}
	w.says(delivered(nil), nil)
	w.status(t, 200, "POST", "/blitz/hooks/some", "x")
	if len(w.news()) != 1 {
		t.Errorf("heard %v", w.news())
	}
}

type counted struct {
	hooks.Memory
	asked atomic.Int64
	fault error
}

func (c *counted) RememberCallback(ctx context.Context, digest string, now, until time.Time) (bool, error) {
	c.asked.Add(1)
	if c.fault != nil {
		return false, c.fault
	}
	return c.Memory.RememberCallback(ctx, digest, now, until)
}

// What could not be heard may come again.
func TestNewsThatFailed(t *testing.T) {
	w := newWorld(t, nil)
	w.refuse = errors.New("the database is away")
	w.status(t, 503, "POST", "/blitz/hooks/some", "x")
	w.status(t, 200, "POST", "/blitz/hooks/some", "x")
	if len(w.news()) != 1 {
		t.Errorf("heard %v", w.news())
	}
}

func TestWithoutTheStoreNothingIsHeard(t *testing.T) {
	seen := &counted{fault: errors.New("the database is away")}
	w := newWorld(t, func(o *hooks.Options) { o.Seen = seen })
	w.status(t, 503, "POST", "/blitz/hooks/some", "x")
	if len(w.news()) != 0 {
		t.Errorf("heard %v", w.news())
	}
}

// A provider that hangs up when its script has run is heard all the same, and not half.
func TestAProviderThatHangsUpIsHeard(t *testing.T) {
	var hangUp context.CancelFunc
	heard := make(chan struct{})
	seen := &counted{}
	w := newWorld(t, func(o *hooks.Options) {
		o.Seen = seen
		o.Tell = func(ctx context.Context, _ *loops.Driver, _ map[string]any) error {
			defer close(heard)
			if ctx.Err() != nil {
				t.Error("the news came with a context that had ended")
			}
			return nil
		}
	})
	w.script = func(ctx context.Context, job loops.Job) (map[string]any, error) {
		hangUp()
		<-ctx.Done()
		return rang(ctx, job)
	}
	ctx, cancel := context.WithCancel(t.Context())
	hangUp = cancel
	r, err := http.NewRequestWithContext(ctx, "POST", w.URL+"/blitz/hooks/some", nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := w.Client().Do(r); err == nil {
		_ = answer.Body.Close()
	}
	<-heard
}
