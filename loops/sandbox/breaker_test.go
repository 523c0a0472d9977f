package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// told is a pool whose workers end each step as its input says. Pipe is what "held" waits for.
func told(t *testing.T, c *clock, size int, pipe string) *sandbox.Pool {
	return pool(t, func(o *sandbox.Options) {
		o.Command = []string{o.Command[0], "loop-fake", "as told", "", pipe}
		o.Size, o.Queue, o.Now = size, -1, c.read
		o.Limits.Step = time.Minute
	})
}

func do(how string) loops.Question {
	q := ask(good)
	q.Input = fmt.Appendf(nil, `{"do":%q}`, how)
	return q
}

// notRun reports whether a step was refused before it reached a worker.
func notRun(err error) bool {
	var r *loops.Refusal
	return errors.As(err, &r) && strings.Contains(r.Detail, "so it is not run for")
}

func TestBreakerCountsWhatExhaustsAWorker(t *testing.T) {
	for name, tc := range map[string]struct {
		ends  string // of the steps before, in a row
		blown loops.Reason
	}{
		"time":                                {"time time time", loops.ReasonTime},
		"memory":                              {"memory memory memory", loops.ReasonMemory},
		"crashes":                             {"crash crash crash", loops.ReasonContract},
		"replies that are none":               {"garbage garbage garbage", loops.ReasonContract},
		"killed from outside":                 {"killed killed killed", loops.ReasonMemory},
		"each another":                        {"crash killed time", loops.ReasonTime},
		"refusals in time between":            {"time contract time contract contract time", loops.ReasonTime},
		"refusals in time alone":              {"contract contract contract contract", ""},
		"two":                                 {"time time", ""},
		"a good end between":                  {"time time well time time", ""},
		"a failure that the driver said":      {"time time failure time time", ""},
		"time and time and contract and well": {"time time contract well time time contract well", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := told(t, &clock{now: time.Unix(1772366400, 0)}, 1, "")
			for n, end := range strings.Fields(tc.ends) {
				if _, err := p.Step(context.Background(), do(end)); notRun(err) {
					t.Fatalf("step %d: %v", n, err)
				}
			}
			_, err := p.Step(context.Background(), do("well"))
			var r *loops.Refusal
			if errors.As(err, &r); notRun(err) != (tc.blown != "") || (r != nil && r.Reason != tc.blown) {
				t.Errorf("the step after: %v; want a refusal for %q", err, tc.blown)
			}
		})
	}
}

// The attack: two steps that exhaust their worker and one that throws, again and again.
func TestBreakerIsNotHeldOffByRefusalsInTime(t *testing.T) {
	p := told(t, &clock{now: time.Unix(1772366400, 0)}, 1, "")
	ran := 0
	for range 30 {
		for _, end := range []string{"time", "time", "contract"} {
			if _, err := p.Step(context.Background(), do(end)); !notRun(err) {
				ran++
			}
		}
	}
	if ran != 4 {
		t.Errorf("%d of 90 steps were run, want 4: time, time, contract, time", ran)
	}
}

func TestBreakerKnowsEntriesAndDriversApart(t *testing.T) {
	p := told(t, &clock{now: time.Unix(1772366400, 0)}, 1, "")
	from := do("time")
	from.Entry = loops.EntryCallback
	for range 3 {
		_, _ = p.Step(context.Background(), from)
	}
	if _, err := p.Step(context.Background(), from); !notRun(err) {
		t.Errorf("callback: %v", err)
	}
	other := do("well")
	other.Entry, other.Driver.Name = loops.EntryCallback, "another"
	for what, q := range map[string]loops.Question{"start of the same driver": do("well"), "callback of another": other} {
		if _, err := p.Step(context.Background(), q); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A try of a blown fuse that comes to no verdict leaves the try to the next caller.
func TestBreakerTriesAgainAfterNoVerdict(t *testing.T) {
	for name, try := range map[string]func(p *sandbox.Pool) error{
		"a caller who went away": func(p *sandbox.Pool) error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_, err := p.Step(ctx, do("time"))
			return expect(err, context.Canceled)
		},
		"a refusal in time": func(p *sandbox.Pool) error {
			if _, err := p.Step(context.Background(), do("contract")); notRun(err) {
				return err
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{now: time.Unix(1772366400, 0)}
			p := told(t, c, 1, "")
			blow(t, p)
			c.pass(31 * time.Second)
			if err := try(p); err != nil {
				t.Fatalf("the try: %v", err)
			}
			if _, err := p.Step(context.Background(), do("time")); notRun(err) {
				t.Errorf("the next caller: %v", err)
			}
			if _, err := p.Step(context.Background(), do("time")); !notRun(err) {
				t.Errorf("after a try that exhausted its worker: %v", err)
			}
		})
	}
}

func TestBreakerTriesAgainAfterAFullQueue(t *testing.T) {
	c := &clock{now: time.Unix(1772366400, 0)}
	pipe := newPipe(t)
	p := told(t, c, 1, pipe)
	blow(t, p)
	c.pass(31 * time.Second)
	holder := do("held")
	holder.Driver.Name = "another"
	release := hold(t, p, holder, pipe)
	if _, err := p.Step(context.Background(), do("time")); !errors.Is(err, loops.ErrBusy) {
		t.Errorf("the try: %v", err)
	}
	release()
	if _, err := p.Step(context.Background(), do("time")); notRun(err) {
		t.Errorf("the next caller: %v", err)
	}
}

// A step that ran before the fuse blew and ends without a verdict after it is no try.
func TestBreakerStaysBlownWhenAnOlderStepEnds(t *testing.T) {
	c := &clock{now: time.Unix(1772366400, 0)}
	pipe := newPipe(t)
	p := told(t, c, 2, pipe)
	release := hold(t, p, do("held"), pipe)
	blow(t, p)
	release()
	if _, err := p.Step(context.Background(), do("well")); !notRun(err) {
		t.Errorf("err = %v", err)
	}
}

// blow exhausts workers until the driver isn't run any more.
func blow(t *testing.T, p *sandbox.Pool) {
	t.Helper()
	for range 3 {
		if _, err := p.Step(context.Background(), do("time")); notRun(err) {
			t.Fatal(err)
		}
	}
	if _, err := p.Step(context.Background(), do("time")); !notRun(err) {
		t.Fatalf("the fuse didn't blow: %v", err)
	}
}

func newPipe(t *testing.T) string {
	t.Helper()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	return pipe
}

// hold has a worker in a step until what it gives is called.
func hold(t *testing.T, p *sandbox.Pool, q loops.Question, pipe string) func() {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Step(context.Background(), q)
		ended <- err
	}()
	for p.Stats().Running == 0 {
		time.Sleep(time.Millisecond)
	}
	return func() {
		f, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits until the worker is there
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if err := <-ended; err == nil || notRun(err) {
			t.Errorf("the held step: %v", err)
		}
	}
}

func expect(err, want error) error {
	if !errors.Is(err, want) {
		return fmt.Errorf("got %w, want %w", err, want)
	}
	return nil
}

// A script that has its workers killed, as by the kernel when the machine's memory ends, is begun again only within one step's time.
func TestKilledWorkersAreNotAskedForEver(t *testing.T) {
	tasks := filepath.Join(t.TempDir(), "tasks")
	p := pool(t, func(o *sandbox.Options) {
		o.Command = []string{o.Command[0], "loop-fake", "killed late", "", tasks}
		o.Size = 1
		o.Limits.Step, o.Limits.Grace = 2*killedAfter, killedAfter-100*time.Millisecond
	})
	_, err := p.Step(context.Background(), ask(good))
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.Unavailable || !strings.Contains(err.Error(), "killed from outside") {
		t.Errorf("err = %v", err)
	}
	begun, err := os.ReadFile(tasks)
	if err != nil || len(begun) < 2 || len(begun) > 3 { // the third begins within the time where a start takes less than it leaves
		t.Errorf("the task was begun %d times, %v; want 2 or 3", len(begun), err)
	}
}

// The kernel is asked to end a worker before the server.
func TestWorkersAreTheFirstToGo(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size = 1 })
	mustAnswer(t, p)
	scores := map[string]bool{}
	for _, pid := range children(t) {
		score, _ := os.ReadFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid))
		scores[strings.TrimSpace(string(score))] = true
	}
	if !scores["1000"] {
		t.Errorf("oom_score_adj of this process's children: %v", scores)
	}
}
