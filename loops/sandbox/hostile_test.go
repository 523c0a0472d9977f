package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// overtime is what a hostile script may take beyond the longest that its step may last on a busy machine, until its caller has
// the refusal.
const overtime = 2 * time.Second

// hostile is one file of testdata/hostile. Its first line says what it tries, its second what must come of it: "reasons:" with the
// refusals that are right, "ok:" with the value, or "failure:" with the word. NAME.then.js is run after NAME.js by the same worker.
type hostile struct {
	name, source string
	kind, want   string
}

func hostileScripts(t *testing.T) []hostile {
	t.Helper()
	paths, err := filepath.Glob("testdata/hostile/*.js")
	if err != nil || len(paths) < 45 {
		t.Fatalf("%d scripts, %v", len(paths), err)
	}
	var out []hostile
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitN(string(source), "\n", 3)
		kind, want, ok := strings.Cut(strings.TrimPrefix(lines[1], "// "), ": ")
		if !ok || !strings.HasPrefix(lines[0], "// ") || !slices.Contains([]string{"reasons", "ok", "failure"}, kind) {
			t.Fatalf("%s: the head says neither what it tries nor what must come of it", path)
		}
		out = append(out, hostile{name: strings.TrimSuffix(filepath.Base(path), ".js"), source: string(source), kind: kind, want: want})
	}
	return out
}

func (h hostile) question() loops.Question {
	q := ask(h.source)
	q.Driver.Name, q.Driver.File = h.name, h.name+".js"
	q.Driver.Manifest.Hosts = []string{"a.example", "169.254.169.254"}
	if !strings.HasSuffix(h.name, ".then") {
		q.Secrets = map[string]string{"token": "secret-of-this-driver"}
	}
	q.Seed[0] = 7
	return q
}

func (h hostile) allows(r loops.Reason) bool {
	return slices.Contains(strings.Fields(h.want), string(r))
}

// judge says what is wrong with how a script ended, and nothing where all is well. A request counts as what egress makes of it.
func (h hostile) judge(action *loops.Action, err error) string {
	q := h.question()
	if err == nil && action.Request != nil {
		err = egress.New(egress.Options{}).Check(q.Driver, *action.Request)
	}
	var r *loops.Refusal
	switch {
	case h.kind == "ok" && err == nil && string(action.Ok) == h.want:
		return ""
	case h.kind == "failure" && err == nil && action.Failure != nil && string(action.Failure.Key) == h.want:
		return ""
	case h.kind != "reasons" || !errors.As(err, &r):
		return fmt.Sprintf("got %s, %v; want %s: %s", said(action), err, h.kind, h.want)
	case !h.allows(r.Reason):
		return fmt.Sprintf("%v; want a refusal for %s", r, h.want)
	case !regexp.MustCompile(`^`+regexp.QuoteMeta(q.Driver.File)+`:\d+:\d+: `).MatchString(r.Detail) || strings.Contains(r.Detail, "/etc/") || len(r.Detail) > 600:
		return "the detail is " + r.Detail
	}
	return ""
}

func said(action *loops.Action) string {
	if action == nil {
		return "nothing"
	}
	return fmt.Sprintf("request %+v, Ok %.500s, failure %v", action.Request, action.Ok, action.Failure)
}

// arena holds the pools that the scripts meet in. Where time may end a script its limit is short, and memory is less than usual,
// so that the test is short; where another reason must come first, a busy machine gets a second chance with much time.
type arena struct {
	quick, usual, patient, alone *sandbox.Pool
}

func newArena(t *testing.T) *arena {
	step := func(d time.Duration, size int) *sandbox.Pool {
		return pool(t, func(o *sandbox.Options) { o.Limits.Step, o.Limits.Memory, o.Size = d, 48<<20, size })
	}
	return &arena{quick: step(300*time.Millisecond, 2), usual: step(time.Second, 2), patient: step(time.Minute, 1), alone: step(30*time.Second, 1)}
}

// tries is how often a script is run until it ends in time, on a machine that has other things to do.
const tries = 3

// end runs a script until it ends in time, and says what was wrong otherwise.
func (a *arena) end(h hostile) (took time.Duration, wrong string) {
	p := a.usual
	if h.allows(loops.ReasonTime) {
		p = a.quick
	}
	most := loops.Patience*(p.Limits().Step+p.Limits().Grace) + overtime
	for range tries {
		began := time.Now()
		action, err := p.Step(context.Background(), h.question())
		took, wrong = time.Since(began), h.judge(action, err)
		if took <= most {
			break
		}
	}
	switch {
	case took > most:
		return took, fmt.Sprintf("it took %v, want at most %v", took, most)
	case wrong == "":
		return took, ""
	}
	action, err := a.patient.Step(context.Background(), h.question())
	return took, h.judge(action, err)
}

// Each script ends as its head says, within its limit and a little, while the same workers serve others; and the server's
// own memory doesn't grow.
func TestHostileScripts(t *testing.T) {
	a := newArena(t)
	mustAnswer(t, a.quick)
	began := residentBytes(t)
	for _, h := range hostileScripts(t) {
		t.Run(h.name, func(t *testing.T) {
			if h.kind != "reasons" || strings.HasPrefix(h.name, "leak-") {
				a.thrice(t, h)
				return
			}
			answered := a.meanwhile(t)
			took, wrong := a.end(h)
			if wrong != "" {
				t.Error(wrong)
			}
			t.Logf("%v", took.Round(time.Millisecond))
			answered()
			mustAnswer(t, a.usual)
		})
		if grown := residentBytes(t) - began; grown > 64<<20 {
			t.Errorf("after %s this process has grown by %d MiB", h.name, grown>>20)
		}
	}
}

// thrice runs a script again and again in one worker, where what an earlier run left behind would show. The patience is for
// scripts that fill the memory.
func (a *arena) thrice(t *testing.T, h hostile) {
	t.Helper()
	for range 3 {
		action, err := a.alone.Step(context.Background(), h.question())
		if wrong := h.judge(action, err); wrong != "" {
			t.Fatal(wrong)
		}
	}
}

// meanwhile asks a good driver again and again beside a hostile one, in the same pools. What it gives stops that, and holds
// that the good driver was answered at least once, and never wrongly. A step may run out of its short time on a busy machine.
func (a *arena) meanwhile(t *testing.T) func() {
	var stop atomic.Bool
	done := make(chan error, 1)
	go func() {
		answered, last := false, error(nil)
		pause := time.NewTicker(5 * time.Millisecond)
		defer pause.Stop()
		for n := 0; !stop.Load() || (!answered && n < tries); n++ {
			p := []*sandbox.Pool{a.quick, a.usual}[n%2]
			action, err := p.Step(context.Background(), ask(good))
			<-pause.C
			var r *loops.Refusal
			switch {
			case err == nil && string(action.Ok) == `{"code":"79990000001"}`:
				answered = true
			case errors.As(err, &r) && r.Reason == loops.ReasonTime:
				last = err
			default:
				done <- fmt.Errorf("got %s, %w", said(action), err)
				return
			}
		}
		if answered {
			last = nil
		}
		done <- last
	}()
	return func() {
		stop.Store(true)
		if err := <-done; err != nil {
			t.Errorf("a good driver beside it: %v", err)
		}
	}
}

// residentBytes is the memory that this process holds now.
func residentBytes(t *testing.T) int64 {
	t.Helper()
	runtime.GC()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmRSS:")); ok {
			kib, err := strconv.ParseInt(strings.Fields(string(rest))[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
