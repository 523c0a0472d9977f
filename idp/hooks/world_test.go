package hooks_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "loop-worker" {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// world is a Handler before a mux, on a real server; its script is a function.
type world struct {
	*httptest.Server
	log lockedBuffer
	// refuse fails the next news.
	refuse error

	mu     sync.Mutex
	now    time.Time
	script func(ctx context.Context, job loops.Job) (map[string]any, error)
	ran    []loops.Job
	heard  []map[string]any
	passed int // requests that went on to the mux
}

var (
	noon   = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	driver = &loops.Driver{Name: "some", File: "some/driver.js", Manifest: loops.Manifest{Secrets: []string{"KEY"}}}
)

// rang is what a script says of a callback that it takes.
func rang(context.Context, loops.Job) (map[string]any, error) {
	return map[string]any{"call_id": "call-1", "state": "delivered"}, nil
}

func newWorld(t *testing.T, change func(o *hooks.Options)) *world {
	t.Helper()
	w := &world{now: noon, script: rang}
	o := hooks.Options{
		Base: "/blitz", Workers: 2, Runner: w, Tell: w.tell, Seen: new(hooks.Memory), Now: w.clock,
		Driver: func(name string) *loops.Driver {
			if name == driver.Name {
				return driver
			}
			return nil
		},
		Secrets: func(context.Context, *loops.Driver) (map[string]string, error) {
			return map[string]string{"KEY": "secret-key"}, nil
		},
		Hash: func(parts ...string) string { return strings.Join(parts, "\x00") },
		Log:  slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	h, err := hooks.New(o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.passed++
	})
	w.Server = httptest.NewServer(h.Before(mux))
	t.Cleanup(w.Close)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Run is the Runner's.
func (w *world) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	w.mu.Lock()
	w.ran = append(w.ran, job)
	script := w.script
	w.mu.Unlock()
	value, err := script(ctx, job)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(value) // as the host gives it: numbers as json.Number, objects as maps
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	result := &loops.Result{}
	return result, dec.Decode(&result.Value)
}

func (w *world) tell(_ context.Context, d *loops.Driver, value map[string]any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.refuse; err != nil {
		w.refuse = nil
		return err
	}
	if d != driver {
		return errors.New("that is another driver")
	}
	w.heard = append(w.heard, value)
	return nil
}

func (w *world) news() []map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.heard
}

func (w *world) runs() []loops.Job {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ran
}

func (w *world) says(value map[string]any, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.script = func(context.Context, loops.Job) (map[string]any, error) { return value, err }
}

// send writes a request as it stands, for no client would send some of them.
func (w *world) send(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", w.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(request, " ")
	answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("no answer to %q: %v", request, err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// ask sends an ordinary request with a target as it stands.
func (w *world) ask(t *testing.T, method, target, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	lines := []string{method + " " + target + " HTTP/1.1", "Host: login.example", "Connection: close"}
	lines = append(lines, headers...)
	if body != "" {
		lines = append(lines, "Content-Length: "+itoa(len(body)))
	}
	return w.send(t, strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
}

func (w *world) status(t *testing.T, want int, method, target, body string, headers ...string) {
	t.Helper()
	if answer, _ := w.ask(t, method, target, body, headers...); answer.StatusCode != want {
		t.Errorf("%s %.60s: %d, want %d", method, target, answer.StatusCode, want)
	}
}
