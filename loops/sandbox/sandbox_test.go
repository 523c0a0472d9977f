package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

func pool(t testing.TB, change func(o *sandbox.Options)) *sandbox.Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := sandbox.Options{Command: []string{self, "loop-worker"}, Limits: loops.DefaultLimits(), Size: 2}
	if change != nil {
		change(&o)
	}
	p, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func ask(source string) loops.Question {
	return loops.Question{
		Driver: &loops.Driver{Name: "test", File: "driver.js", Source: source},
		Entry:  loops.EntryStart, Input: []byte(`{"phone_number":"79990000001"}`), Now: time.Unix(1772366400, 0),
	}
}

const good = `function run(obj) { return HttpLoop.Ok({code: obj.asString("phone_number")}) }`

func mustAnswer(t *testing.T, p *sandbox.Pool) {
	t.Helper()
	action, err := p.Step(context.Background(), ask(good))
	if err != nil || string(action.Ok) != `{"code":"79990000001"}` {
		t.Fatalf("a good driver gave %+v, %v", action, err)
	}
}

func TestStep(t *testing.T) {
	p := pool(t, nil)
	mustAnswer(t, p)
	c := ask(`function run(obj, result, state) {
  if (result == null) return HttpLoop.callBuilder("PUT", "https://a.example/").withHeader("X", secrets.key).withText("<&>").build({n: 1});
  return HttpLoop.Ok({status: result.status(), text: result.text(), n: state.asInt("n"), h: result.header("Y")});
}`)
	c.Secrets = map[string]string{"key": "k"}
	first, err := p.Step(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	if r := first.Request; r.Method != "PUT" || r.Body != "<&>" || r.Header.Get("X") != "k" || r.At != "driver.js:2:50" {
		t.Errorf("request = %+v", r)
	}
	c.State = first.State
	c.Answer = &loops.Answer{Status: 201, Header: map[string][]string{"Y": {"z"}}, Body: "made"}
	last, err := p.Step(context.Background(), c)
	if err != nil || string(last.Ok) != `{"status":201,"text":"made","n":1,"h":"z"}` {
		t.Errorf("last = %+v, %v", last, err)
	}
	failed, err := p.Step(context.Background(), ask(`function run() { return HttpLoop.error("no_funds", {left: 0}) }`))
	if err != nil || failed.Failure.Key != loops.NoFunds || failed.Failure.Params["left"] != "0" {
		t.Errorf("failed = %+v, %v", failed, err)
	}
}

func TestConfinementHolds(t *testing.T) {
	held := pool(t, nil).Holds()
	if !held.Memory || !held.CPU || !held.Files || !held.Core || !held.Env {
		t.Errorf("what needs no privilege doesn't hold: %+v", held)
	}
	if held.Open != 3 {
		t.Errorf("a worker was started with %d open files, want its three pipes", held.Open)
	}
	t.Logf("%+v", held)
}

func TestNothingLeaksBetweenRuns(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size = 1 })
	c := ask(`function run() { Object.prototype.polluted = secrets.key; globalThis.kept = secrets.key; return HttpLoop.Ok({}) }`)
	c.Secrets = map[string]string{"key": "of-another-driver"}
	if _, err := p.Step(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	action, err := p.Step(context.Background(), ask(`function run() { return HttpLoop.Ok({a: typeof kept, b: "" + {}.polluted, c: "key" in secrets}) }`))
	if err != nil || string(action.Ok) != `{"a":"undefined","b":"undefined","c":false}` {
		t.Fatalf("got %+v, %v", action, err)
	}
}

// A worker is killed for every fourth step that ends, while 16 goroutines run steps: no step may be lost.
func TestKilledWorkersLoseNothing(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size, o.Steps, o.Limits.Step = 4, 20, 30*time.Second })
	var runs sync.WaitGroup
	var ended atomic.Int64
	failures := make(chan error, 16*15)
	for g := range 16 {
		runs.Go(func() {
			for n := range 15 {
				want := fmt.Sprintf(`{"n":%d}`, g*1000+n)
				c := ask(`function run(obj) { let x = 0; for (let i = 0; i < 20000; i++) x += i; return HttpLoop.Ok({n: obj.asInt("n")}) }`)
				c.Input = []byte(want)
				action, err := p.Step(context.Background(), c)
				if err != nil || string(action.Ok) != want {
					failures <- fmt.Errorf("step %s gave %+v, %w", want, action, err)
				}
				if k := int(ended.Add(1)); k%4 == 0 {
					if pids := children(t); len(pids) > 0 {
						_ = syscall.Kill(pids[k%len(pids)], syscall.SIGKILL)
					}
				}
			}
		})
	}
	runs.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	t.Logf("%+v", p.Stats())
}

// children gives the process ids of this test's own workers.
func children(t *testing.T) []int {
	t.Helper()
	var out []int
	tasks, _ := os.ReadDir("/proc/self/task")
	for _, task := range tasks {
		text, _ := os.ReadFile("/proc/self/task/" + task.Name() + "/children")
		for field := range strings.FieldsSeq(string(text)) {
			var pid int
			if _, err := fmt.Sscan(field, &pid); err == nil {
				out = append(out, pid)
			}
		}
	}
	return out
}

func TestWorkersAreReplaced(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size, o.Steps = 1, 2 })
	for range 10 {
		mustAnswer(t, p)
	}
	if started := p.Stats().Started; started < 5 {
		t.Errorf("%d workers served 10 steps at 2 each", started)
	}
}

func TestFullQueueRefuses(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size, o.Queue = 1, -1; o.Limits.Step = 500 * time.Millisecond })
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		_, _ = p.Step(context.Background(), ask(`function run() { for (;;) {} }`))
	}()
	for p.Stats().Running == 0 {
		time.Sleep(time.Millisecond)
	}
	_, err := p.Step(context.Background(), ask(good))
	var f *loops.Failure
	if !errors.Is(err, loops.ErrBusy) || !errors.As(err, &f) || f.Key != loops.Unavailable {
		t.Errorf("err = %v", err)
	}
	<-busy
	mustAnswer(t, p)
}

func TestQueueHoldsWhatItSaysAndLosesNothing(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size, o.Queue = 1, 2; o.Limits.Step = 2 * time.Second })
	ends := make(chan error, 3)
	step := func(source string) {
		_, err := p.Step(context.Background(), ask(source))
		ends <- err
	}
	go step(`function run() { for (;;) {} }`)
	for p.Stats().Running == 0 {
		time.Sleep(time.Millisecond)
	}
	go step(good)
	go step(good)
	for p.Stats().Waiting < 2 {
		time.Sleep(time.Millisecond)
	}
	if _, err := p.Step(context.Background(), ask(good)); !errors.Is(err, loops.ErrBusy) {
		t.Errorf("one too many: %v", err)
	}
	refused := 0
	for range 3 {
		if err := <-ends; err != nil {
			refused++
		}
	}
	if s := p.Stats(); refused != 1 || s.Waiting != 0 {
		t.Errorf("%d of three steps were refused, want the endless one alone; %+v", refused, s)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size = 1; o.Limits.Step = 500 * time.Millisecond })
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		_, _ = p.Step(context.Background(), ask(`function run() { for (;;) {} }`))
	}()
	for p.Stats().Running == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Step(ctx, ask(good)); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	<-busy
}

func TestBreakerStopsADriverThatExhaustsWorkers(t *testing.T) {
	var mu sync.Mutex
	now := time.Unix(1772366400, 0)
	p := pool(t, func(o *sandbox.Options) {
		o.Limits.Step = 50 * time.Millisecond
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	loop := ask(`function run() { let i = 0; for (;;) i++ }`)
	refusal := func() string {
		_, err := p.Step(context.Background(), loop)
		var r *loops.Refusal
		if !errors.As(err, &r) || r.Reason != loops.ReasonTime {
			t.Fatalf("err = %v", err)
		}
		return r.Detail
	}
	for range 3 {
		if d := refusal(); strings.Contains(d, "not run") {
			t.Fatalf("stopped too early: %s", d)
		}
	}
	if d := refusal(); !strings.Contains(d, "refused 3 times in a row, so it is not run for 30s") {
		t.Errorf("detail: %s", d)
	}
	mu.Lock()
	now = now.Add(31 * time.Second)
	mu.Unlock()
	if d := refusal(); strings.Contains(d, "not run") {
		t.Errorf("not tried again: %s", d)
	}
}

func TestClosedPoolRefuses(t *testing.T) {
	p := pool(t, nil)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Step(context.Background(), ask(good)); !errors.Is(err, sandbox.ErrClosed) {
		t.Errorf("err = %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestWrongCommandIsAnError(t *testing.T) {
	if _, err := sandbox.New(sandbox.Options{Command: []string{"/nonexistent"}}); err == nil {
		t.Error("no error")
	}
	if _, err := sandbox.New(sandbox.Options{}); err == nil {
		t.Error("no error")
	}
}

func BenchmarkWarmStep(b *testing.B) {
	p := pool(b, nil)
	c := ask(good)
	for b.Loop() {
		if _, err := p.Step(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWarmStepParallel(b *testing.B) {
	p := pool(b, nil)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := p.Step(context.Background(), ask(good)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEmptyRoundTrip is what BenchmarkWarmStep is to be compared with: task and reply without a script's run.
func BenchmarkEmptyRoundTrip(b *testing.B) {
	p := pool(b, nil)
	for b.Loop() {
		if _, err := p.Check(context.Background(), "driver.js", good); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkColdWorker(b *testing.B) {
	for b.Loop() {
		p := pool(b, func(o *sandbox.Options) { o.Size = 1 })
		if _, err := p.Step(context.Background(), ask(good)); err != nil {
			b.Fatal(err)
		}
		_ = p.Close()
	}
}

// A step tells what it took where that is asked, and only there.
func TestStepsAreMeasured(t *testing.T) {
	p := pool(t, patient)
	measured := func(source string) int64 {
		q := ask(source)
		q.Measure = true
		action, err := p.Step(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		return action.Memory
	}
	small, large := measured(good), measured(`function run() { const all = new Array(300000).fill("x"); return HttpLoop.Ok({n: all.length}) }`)
	if small <= 0 || small > 4<<20 || large < small+3_000_000 {
		t.Errorf("a small step took %d bytes, one with 300,000 elements %d", small, large)
	}
	if action, err := p.Step(context.Background(), ask(good)); err != nil || action.Memory != 0 {
		t.Errorf("unasked: %+v, %v", action, err)
	}
}
