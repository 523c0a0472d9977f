package sandbox_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// fakeWorker is a worker that somebody took over: it misbehaves as args[0] says, or, where that is "as told", as each task's
// input says. With a second argument, a path, it does so once only, and all workers after it are real ones. A third is the path of the
// pipe that "held" waits for, or of the file that gets a byte for each task of "killed late".
func fakeWorker(args []string) int {
	if len(args) > 1 && args[1] != "" {
		if f, err := os.OpenFile(args[1], os.O_CREATE|os.O_EXCL, 0o600); err != nil {
			return sandbox.WorkerMain(os.Stdin, os.Stdout)
		} else if err := f.Close(); err != nil {
			return 1
		}
	}
	in := bufio.NewReader(os.Stdin)
	if args[0] == "hangs at start" {
		_, _ = io.Copy(io.Discard, in)
		return 0
	}
	readOne(in)
	write(`{}`) // the confinement: nothing holds
	for {
		var t struct {
			Turn  string
			Input struct {
				Do string `json:"do"`
			}
		}
		if json.Unmarshal(readOne(in), &t) != nil {
			return 0
		}
		how := args[0]
		if how == "as told" {
			how = t.Input.Do
		}
		if len(args) > 2 && !reachOut(how, args[2]) {
			return 1
		}
		if !misbehave(how, t.Turn) {
			return 0
		}
	}
}

// reachOut waits for the pipe, or notes the task.
func reachOut(how, path string) bool {
	flags := map[string]int{"held": os.O_RDONLY, "killed late": os.O_WRONLY | os.O_APPEND | os.O_CREATE}
	if _, ok := flags[how]; !ok {
		return true
	}
	f, err := os.OpenFile(path, flags[how], 0o600)
	if err != nil {
		return false
	}
	if how == "killed late" {
		_, err = f.WriteString("x")
	}
	return err == nil && f.Close() == nil
}

// misbehave answers a task. It reports whether the worker lives on.
func misbehave(how, turn string) bool {
	own := map[string]any{"turn": turn, "ok": map[string]any{"forged": true}}
	switch how {
	case "garbage":
		write("\x00\x01 not JSON")
	case "another shape":
		own["request"] = map[string]any{"method": "GET"}
		send(own)
	case "an action without one":
		send(map[string]any{"turn": turn})
	case "a refusal of its own":
		send(map[string]any{"turn": turn, "refused": "mercy", "detail": "/etc/passwd:1:1: x"})
	case "a huge refusal":
		send(map[string]any{"turn": turn, "refused": "contract", "detail": "driver.js:1:1: " + strings.Repeat("x", 100<<10)})
	case "a huge frame":
		_, _ = os.Stdout.Write(binary.BigEndian.AppendUint32(nil, 1<<31))
		_, _ = io.CopyN(os.Stdout, zeros{}, 1<<31)
	case "half a frame":
		_, _ = os.Stdout.Write([]byte{0, 0, 1, 0, '{'})
		return false
	case "silence":
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "a place of its own", "a long place":
		at := map[string]string{"a place of its own": "/etc/passwd:1:1", "a long place": "driver.js:" + strings.Repeat("1", 1000) + ":1"}[how]
		send(map[string]any{"turn": turn, "request": map[string]any{"method": "GET", "url": "https://a.example/", "at": at}})
	case "an entry of its own":
		send(map[string]any{"turn": turn, "entries": []string{"start", "steal"}})
	case "no start":
		send(map[string]any{"turn": turn, "entries": []string{"poll"}})
	case "an entry twice":
		send(map[string]any{"turn": turn, "entries": []string{"start", "poll", "poll"}})
	case "entries in disorder":
		send(map[string]any{"turn": turn, "entries": []string{"poll", "start"}})
	case "well":
		send(own)
	case "failure":
		send(map[string]any{"turn": turn, "key": "no_funds"})
	case "time", "memory", "contract":
		send(map[string]any{"turn": turn, "refused": how, "detail": "driver.js:1:1: " + how})
	case "held":
		send(map[string]any{"turn": turn, "refused": "contract", "detail": "driver.js:1:1: held"})
	case "crash":
		_, _ = os.Stderr.WriteString("fatal error: all is lost\n")
		os.Exit(2)
	case "killed late":
		<-time.After(killedAfter)
		fallthrough
	case "killed":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		<-make(chan struct{})
	case "another turn":
		own["turn"] = "another"
		send(own)
	case "replies for nothing":
		send(own)
		send(own)
	case "noise":
		for range 20 {
			_, _ = os.Stderr.WriteString(strings.Repeat("x", 1<<20))
		}
		return false
	}
	return true
}

// killedAfter is how long a worker has a task until it is "killed late".
const killedAfter = 500 * time.Millisecond

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func readOne(in *bufio.Reader) []byte {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil
	}
	body := make([]byte, binary.BigEndian.Uint32(head[:]))
	if _, err := io.ReadFull(in, body); err != nil {
		return nil
	}
	return body
}

func write(text string) {
	_, _ = os.Stdout.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
}

func send(message any) {
	text, _ := json.Marshal(message)
	write(string(text))
}

// What a worker writes that was taken over costs the step that was in it, at most; the next steps get a worker that does its work.
func TestWorkersThatMisbehave(t *testing.T) {
	for name, want := range map[string]struct{ reason, detail string }{
		"garbage":               {"contract", "broken frame"},
		"another shape":         {"contract", "gave no action"},
		"an action without one": {"contract", "gave no action"},
		"a refusal of its own":  {"contract", "a refusal that is none"},
		"a huge refusal":        {"contract", "driver.js:1:1: xxxx"},
		"a place of its own":    {"contract", "from nowhere in the script"},
		"a long place":          {"contract", "from nowhere in the script"},
		"crash":                 {"contract", "broke the interpreter (fatal error: all is lost)"},
		"killed":                {}, // as by the kernel: asked again too
		"a huge frame":          {"contract", "2147483648 bytes"},
		"silence":               {"time", "was killed"},
		"half a frame":          {}, // it died: the step is asked again, of a real worker
		"another turn":          {},
		"noise":                 {},
	} {
		t.Run(name, func(t *testing.T) {
			p := pool(t, func(o *sandbox.Options) {
				o.Command = []string{o.Command[0], "loop-fake", name, filepath.Join(t.TempDir(), "once")}
				o.Size = 1
				o.Limits.Step = 30 * time.Second
				if want.reason == "time" {
					o.Limits.Step = 300 * time.Millisecond
				}
			})
			action, err := p.Step(context.Background(), ask(good))
			var r *loops.Refusal
			switch {
			case want.reason == "" && (err != nil || string(action.Ok) != `{"code":"79990000001"}`):
				t.Errorf("got %+v, %v; want another worker's answer", action, err)
			case want.reason != "" && (!errors.As(err, &r) || string(r.Reason) != want.reason || !strings.Contains(r.Detail, want.detail) ||
				!strings.HasPrefix(r.Detail, "driver.js:") || len(r.Detail) > 3<<10):
				t.Errorf("got %+v, %.300v; want %v", action, err, want)
			}
			if want.reason == "time" {
				return // a real worker may run out of so short a time too, on a busy machine
			}
			if name == "a huge refusal" || want.detail == "gave no action" || want.detail == "a refusal that is none" || strings.HasPrefix(want.detail, "from nowhere") {
				return // well framed: the worker lives on, and is as wrong the next time
			}
			mustAnswer(t, p)
		})
	}
}

// A reply that comes before it is asked for never reaches the next step, which may be another driver's.
func TestRepliesForNothing(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) {
		o.Command = []string{o.Command[0], "loop-fake", "replies for nothing", filepath.Join(t.TempDir(), "once")}
		o.Size = 1
	})
	if _, err := p.Step(context.Background(), ask(good)); err != nil {
		t.Fatal(err)
	}
	mustAnswer(t, p)
}

func TestWorkerThatHangsAtStart(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-fake", "hangs at start"}, Start: 50 * time.Millisecond}); err == nil ||
		!strings.Contains(err.Error(), "wasn't ready after 50ms") {
		t.Errorf("err = %v", err)
	}
	once := filepath.Join(t.TempDir(), "once")
	p, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-fake", "hangs at start", once}, Start: 2 * time.Second, Size: 1})
	if err != nil {
		t.Fatalf("the second start is a good one: %v", err)
	}
	defer func() { _ = p.Close() }()
	mustAnswer(t, p)
	// From here on one start hangs, and then all are good again: the step that needs it waits for another.
	if err := os.Remove(once); err != nil {
		t.Fatal(err)
	}
	_, _ = p.Step(context.Background(), ask(`function run() { return "a".repeat(2**40) }`))
	mustAnswer(t, p)
}
