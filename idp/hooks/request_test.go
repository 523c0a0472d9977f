package hooks_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/loops"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A signature holds for the path as it came: nothing may clean it, unescape it or redirect.
func TestThePathArrivesAsItCame(t *testing.T) {
	for _, path := range []string{
		"/blitz/hooks/some", "/blitz/hooks/some/", "/blitz/hooks/some/a/b/c", "/blitz/hooks/some//a///b", "/blitz/hooks/some/a%2Fb",
		"/blitz/hooks/some/a%2fb%2F", "/blitz/hooks/some/./a", "/blitz/hooks/some/a/../b", "/blitz/hooks/some/../../login/x", "/blitz/hooks/some/%2e%2E/x",
		"/blitz/hooks/some/a%20b+c", "/blitz/hooks/some/\"quoted\"|^", "/blitz/hooks/some/тел", "/blitz/hooks/some/;p=1:@&=$,!*'()",
	} {
		t.Run(path, func(t *testing.T) {
			w := newWorld(t, nil)
			for _, target := range []string{path, "http://login.example" + path} {
				answer, _ := w.ask(t, "POST", target+"?q=%2f&&a=b?c", "x")
				if answer.StatusCode != http.StatusOK || answer.Header.Get("Location") != "" {
					t.Fatalf("%s: %d to %q", target, answer.StatusCode, answer.Header.Get("Location"))
				}
				runs := w.runs()
				in := runs[len(runs)-1].Input
				if in[loops.InputPath] != path || in[loops.InputQuery] != "q=%2f&&a=b?c" {
					t.Errorf("the script has path %q and query %q", in[loops.InputPath], in[loops.InputQuery])
				}
			}
			if w.passed != 0 {
				t.Error("the mux saw it too")
			}
		})
	}
}

func TestTheRequestArrivesAsItCame(t *testing.T) {
	w := newWorld(t, nil)
	body := "{\"a\":1}\r\n <&> é\x00"
	w.status(t, 200, "PUT", "/blitz/hooks/some?x", body, "X-Timestamp: 1", "X-Two: a", "x-two: b", "Authorization: Basic YTpi", "Cookie: __Host-blitz=session")
	job := w.runs()[0]
	if job.Entry != loops.EntryCallback || job.Driver != driver || job.Secrets["KEY"] != "secret-key" {
		t.Errorf("the job is %+v", job)
	}
	if job.Input[loops.InputMethod] != "PUT" || job.Input[loops.InputBody] != body {
		t.Errorf("the input is %q", job.Input)
	}
	got := job.Input[loops.InputHeaders].(map[string]string)
	for name, want := range map[string]string{"x-timestamp": "1", "x-two": "a, b", "authorization": "Basic YTpi", "host": "login.example"} {
		if got[name] != want {
			t.Errorf("header %s is %q, want %q", name, got[name], want)
		}
	}
	if _, ok := got["cookie"]; ok {
		t.Error("the script sees somebody's cookies")
	}
}

func TestOnlyDriversInServiceAreRun(t *testing.T) {
	w := newWorld(t, func(o *hooks.Options) {
		known := o.Driver
		o.Driver = func(name string) *loops.Driver {
			if !loops.ValidName(name) {
				t.Errorf("somebody is asked for %q", name)
			}
			return known(name)
		}
	})
	for _, path := range []string{
		"/blitz/hooks/", "/blitz/hooks//some", "/blitz/hooks/other", "/blitz/hooks/../hooks/some", "/blitz/hooks/./some", "/blitz/hooks/some%2Fx",
		"/blitz/hooks/%73ome", "/blitz/hooks/SOME", "/blitz/hooks/some%00", "/blitz/hooks/..", "/blitz/hooks/some;x", "/blitz/hooks/" + strings.Repeat("a", 4000),
	} {
		answer, body := w.ask(t, "POST", path, "x")
		if answer.StatusCode != http.StatusNotFound || body != "" {
			t.Errorf("%.60s: %d %q", path, answer.StatusCode, body)
		}
	}
	if n := len(w.runs()) + w.passed; n != 0 {
		t.Errorf("%d requests got further", n)
	}
}

func TestAllElseIsTheMuxs(t *testing.T) {
	w := newWorld(t, nil)
	others := []string{"/blitz/hooks", "/blitz/login/x", "/", "/hooks/some", "/blitz/hooksome/some", "/blitz/%68ooks/some", "/blitz/Hooks/some"}
	for _, path := range others {
		w.ask(t, "GET", path, "")
	}
	w.ask(t, "OPTIONS", "*", "")
	if w.passed != len(others) || len(w.runs()) != 0 {
		t.Errorf("%d of %d went on, %d ran", w.passed, len(others), len(w.runs()))
	}
	for _, path := range []string{"//blitz/hooks/some", "/blitz//hooks/some", "/x/../blitz/hooks/some"} { // the mux's to redirect
		if answer, _ := w.ask(t, "POST", path, "x"); answer.StatusCode == http.StatusOK || len(w.runs()) != 0 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}

func TestMethods(t *testing.T) {
	w := newWorld(t, nil)
	for _, method := range []string{"HEAD", "OPTIONS", "TRACE", "PROPFIND", "get"} {
		answer, body := w.ask(t, method, "/blitz/hooks/some", "")
		if answer.StatusCode != http.StatusMethodNotAllowed || body != "" || answer.Header.Get("Allow") != "GET, POST, PUT, PATCH, DELETE" {
			t.Errorf("%s: %d %q", method, answer.StatusCode, body)
		}
		if answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s lets other sites in", method)
		}
	}
	if len(w.runs()) != 0 {
		t.Error("one of them ran the script")
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		w.status(t, 200, method, "/blitz/hooks/some", "")
	}
	if len(w.runs()) != 5 {
		t.Errorf("%d ran", len(w.runs()))
	}
}

func TestSizes(t *testing.T) {
	const most = 1000
	w := newWorld(t, func(o *hooks.Options) {
		o.Limits = loops.DefaultLimits()
		o.Limits.Message = most
	})
	w.status(t, 200, "POST", "/blitz/hooks/some", strings.Repeat("x", most-200))
	w.status(t, 413, "POST", "/blitz/hooks/some", strings.Repeat("x", most+1))
	w.status(t, 413, "POST", "/blitz/hooks/some", strings.Repeat("\"", most-200)) // twice as long in JSON
	w.status(t, 413, "POST", "/blitz/hooks/some?"+strings.Repeat("x", most), "")
	w.status(t, 431, "POST", "/blitz/hooks/some", "", "X-Long: "+strings.Repeat("x", most/2))
	w.status(t, 400, "POST", "/blitz/hooks/some", "\xff")
	w.status(t, 400, "POST", "/blitz/hooks/some", "", "X-Bytes: \xff")
	w.status(t, 400, "POST", "/blitz/hooks/some/\xff", "")
	w.status(t, 400, "POST", "/blitz/hooks/some?\xff", "")
	if len(w.runs()) != 1 {
		t.Errorf("%d ran", len(w.runs()))
	}
	for name, body := range map[string]string{
		"without a length": "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", most+1, strings.Repeat("x", most+1)),
		"with a huge one":  "Content-Length: 1099511627776\r\n\r\nx",
	} {
		if answer, _ := w.send(t, "POST /blitz/hooks/some HTTP/1.1\r\nHost: x\r\n"+body); answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("a body %s: %d", name, answer.StatusCode)
		}
	}
	if answer, _ := w.send(t, "POST /blitz/hooks/some HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a broken body: %d", answer.StatusCode)
	}
}

// Bodies that drip hold up nobody: they have no worker and no place in the queue.
func TestSlowBodies(t *testing.T) {
	w := newWorld(t, nil)
	for range 100 { // more than may wait
		conn, err := net.Dial("tcp", w.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "POST /blitz/hooks/some HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"); err != nil {
			t.Fatal(err)
		}
	}
	w.status(t, 200, "POST", "/blitz/hooks/some", "x")

	soon := newWorld(t, func(o *hooks.Options) { o.BodyWithin = 20 * time.Millisecond })
	if answer, _ := soon.send(t, "POST /blitz/hooks/some HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"); answer.StatusCode != http.StatusRequestTimeout {
		t.Errorf("a body that never ends: %d", answer.StatusCode)
	}
}

// The time for the body ends with the body, or it would end the script's run.
func TestTheRunOutlivesTheTimeForTheBody(t *testing.T) {
	const within = 300 * time.Millisecond
	w := newWorld(t, func(o *hooks.Options) { o.BodyWithin = within; o.Within = time.Minute })
	w.script = func(ctx context.Context, _ loops.Job) (map[string]any, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(2 * within):
			return rang(ctx, loops.Job{})
		}
	}
	w.status(t, 200, "POST", "/blitz/hooks/some", "x")
	w.status(t, 200, "GET", "/blitz/hooks/some", "")
}
