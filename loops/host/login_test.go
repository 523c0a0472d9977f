package host_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// office is a provider that wants a login before a call, and whose tokens can be ended.
type office struct {
	mu      sync.Mutex
	logins  int
	calls   int
	refused int
	alive   map[string]bool
	answer  func(token string) (int, string) // of a login; nil: 200 with the token
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch r.URL.Path {
	case "/login":
		o.logins++
		token := fmt.Sprintf("t0ken-of-login-%d", o.logins)
		status, body := 200, fmt.Sprintf(`{"token":%q,"life":3600}`, token)
		if o.answer != nil {
			status, body = o.answer(token)
		}
		o.alive[token] = status == 200
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	case "/call":
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !o.alive[token] {
			o.refused++
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		o.calls++
		_, _ = w.Write([]byte(`{"pin":"0042"}`))
	}
}

func (o *office) endTokens() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.alive = map[string]bool{}
}

func (o *office) counts() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Sprintf("%d logins, %d calls, %d refused", o.logins, o.calls, o.refused)
}

const loggingIn = `
function login(obj, result) {
  if (result == null) return HttpLoop.callBuilder("POST", secrets.URL + "/login").withForm({ key: secrets.KEY });
  if (result.status() != 200) return HttpLoop.error("auth_failed", { status: "" + result.status() });
  return HttpLoop.Ok({ token: result.body().asString("token"), expires_in: result.body().asInt("life") });
}
function run(obj, result) {
  if (result == null) return HttpLoop.callBuilder("POST", secrets.URL + "/call").withHeader("Authorization", "Bearer " + tokens.get());
  if (result.status() != 200) return HttpLoop.error("auth_failed", { status: "" + result.status(), token: tokens.get() });
  return HttpLoop.Ok({ code: result.body().asString("pin") });
}`

func officeSetup(t *testing.T) (setup, *office, loops.Job) {
	t.Helper()
	o := &office{alive: map[string]bool{}}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	driver := script(loggingIn)
	driver.Manifest.Secrets = []string{"URL", "KEY"}
	return newSetup(t, demo(), nil), o, loops.Job{Driver: driver, Entry: loops.EntryStart,
		Secrets: map[string]string{"URL": server.URL, "KEY": "the-key"}}
}

func TestDriverLogsInOnce(t *testing.T) {
	s, o, job := officeSetup(t)
	for range 3 {
		if _, err := s.host.Run(context.Background(), job); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.counts(); got != "1 logins, 3 calls, 0 refused" {
		t.Error(got)
	}
	job.Secrets["KEY"] = "another-key"
	if _, err := s.host.Run(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	if got := o.counts(); got != "2 logins, 4 calls, 0 refused" {
		t.Errorf("after new credentials: %s", got)
	}
}

func TestRefusedTokenIsRenewedWithinTheRun(t *testing.T) {
	s, o, job := officeSetup(t)
	if _, err := s.host.Run(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	o.endTokens()
	result, err := s.host.Run(context.Background(), job)
	if err != nil || result.Value["code"] != "0042" || len(result.Steps) != 3 {
		t.Fatalf("%+v, %v", result, err)
	}
	if got := o.counts(); got != "2 logins, 2 calls, 1 refused" {
		t.Error(got)
	}
}

func TestSecondRefusalReachesTheDriver(t *testing.T) {
	s, o, job := officeSetup(t)
	o.answer = func(string) (int, string) { return 200, `{"token":"t0ken-of-nobody","life":60}` }
	_, err := s.host.Run(context.Background(), job)
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.AuthFailed || f.Params["status"] != "401" || f.Params["token"] != "***" {
		t.Fatalf("err = %v, %+v", err, f)
	}
	if got := o.counts(); got != "2 logins, 0 calls, 2 refused" {
		t.Error(got)
	}
	hidesTokens(t, f.Steps)
}

func hidesTokens(t *testing.T, steps []loops.Step) {
	t.Helper()
	text, _ := json.Marshal(steps)
	if len(steps) == 0 || strings.Contains(string(text), "t0ken") || strings.Contains(string(text), "the-key") {
		t.Errorf("the trace shows a secret: %s", text)
	}
}

func TestTraceHidesTokens(t *testing.T) {
	s, o, job := officeSetup(t)
	result, err := s.host.Run(context.Background(), job)
	if err != nil || len(result.Steps) != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	hidesTokens(t, result.Steps)

	o.endTokens()
	o.answer = func(token string) (int, string) { return 200, `{"ticket":"` + token + `"}` } // the token where the driver doesn't look
	_, err = s.host.Run(context.Background(), job)
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.BadAnswer {
		t.Fatalf("a login without a token: %v", err)
	}
	hidesTokens(t, f.Steps)

	o.answer = nil
	job.Entry = loops.EntryLogin
	result, err = s.host.Run(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	hidesTokens(t, result.Steps)
}

// A login that fails has placed no call, so the next channel may be tried.
func TestFailedLoginPlacedNoCall(t *testing.T) {
	s, o, job := officeSetup(t)
	o.answer = func(string) (int, string) { return 403, "no" }
	_, err := s.host.Run(context.Background(), job)
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.AuthFailed || f.Sent || len(f.Steps) != 1 {
		t.Fatalf("%v, %+v", err, f)
	}
}

func TestOddLogins(t *testing.T) {
	for name, tc := range map[string]struct{ ok, want string }{
		"no token":       {`{}`, "bad_answer"},
		"empty token":    {`{ token: " " }`, "bad_answer"},
		"line break":     {`{ token: "t0ken\nX: y" }`, "bad_answer"},
		"no ASCII":       {`{ token: "t0kené" }`, "bad_answer"},
		"too long":       {`{ token: "t0ken".repeat(2000) }`, "bad_answer"},
		"number":         {`{ token: 5 }`, "bad_answer"},
		"no time":        {`{ token: "t0ken", expires_in: 0 }`, "refused"},
		"time as text":   {`{ token: "t0ken", expires_in: "soon" }`, "refused"},
		"endless":        {`{ token: "t0ken", expires_in: 1e300 }`, "ok"},
		"without a time": {`{ token: "t0ken" }`, "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			s, o, job := officeSetup(t)
			o.alive["t0ken"] = true
			driver := *job.Driver
			driver.Source = strings.Replace(loggingIn, `if (result == null) return`, "return HttpLoop.Ok("+tc.ok+"); return", 1)
			job.Driver = &driver
			_, err := s.host.Run(context.Background(), job)
			var f *loops.Failure
			var r *loops.Refusal
			got := "ok"
			if errors.As(err, &f) {
				got = string(f.Key)
			} else if errors.As(err, &r) && r.Reason == loops.ReasonContract {
				got = "refused"
			}
			if got != tc.want {
				t.Errorf("got %s (%v), want %s", got, err, tc.want)
			}
		})
	}
}

// Whoever waits for a login waits no longer than its own run may take.
func TestWaitingForALoginHasTheRunsLimit(t *testing.T) {
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server sees a caller leave only once the body is read
		<-r.Context().Done()
	}))
	defer hang.Close()
	s := newSetup(t, demo(), func(l *loops.Limits) { l.Run = 300 * time.Millisecond; l.Reply = time.Second })
	driver := script(loggingIn)
	driver.Manifest.Secrets = []string{"URL", "KEY"}
	_, err := s.host.Run(context.Background(), loops.Job{Driver: driver, Entry: loops.EntryStart,
		Secrets: map[string]string{"URL": hang.URL, "KEY": "k"}})
	var f *loops.Failure
	if !errors.As(err, &f) || f.Key != loops.Unavailable || f.Sent {
		t.Errorf("err = %v, %+v", err, f)
	}
}

func TestParallelRunsShareALogin(t *testing.T) {
	s, o, job := officeSetup(t)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if _, err := s.host.Run(context.Background(), job); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := o.counts(); got != "1 logins, 12 calls, 0 refused" {
		t.Error(got)
	}
}

// A login's requests are a run of their own: they take nothing from the eight of the run that wants the token.
func TestLoginHasItsOwnSteps(t *testing.T) {
	s, o, job := officeSetup(t)
	driver := *job.Driver
	driver.Source = strings.Replace(loggingIn, `if (result.status() != 200) return HttpLoop.error("auth_failed", { status: "" + result.status(), token: tokens.get() });`,
		`const n = state == null ? 1 : state.asInt("n");
		if (n < 8) return HttpLoop.callBuilder("POST", secrets.URL + "/call").withHeader("Authorization", "Bearer " + tokens.get()).build({ n: n + 1 });`, 1)
	driver.Source = strings.Replace(driver.Source, "function run(obj, result)", "function run(obj, result, state)", 1)
	job.Driver = &driver
	if _, err := s.host.Run(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	if got := o.counts(); got != "1 logins, 8 calls, 0 refused" {
		t.Error(got)
	}
}

// Who doesn't ask for a trace gets none, and secrets stay out of what is left.
func TestRunsAreTracedOnlyWhereAsked(t *testing.T) {
	o := &office{alive: map[string]bool{}}
	server := httptest.NewServer(o)
	defer server.Close()
	s := newSetup(t, demo(), nil)
	quiet := host.New(host.Options{Steps: s.pool, Requests: egress.New(demo()), Limits: s.limits, Now: time.Now, Rand: rand.Reader,
		Tokens: tokens.New(tokens.Options{Store: &tokens.Memory{}})})
	driver := script(loggingIn)
	driver.Manifest.Secrets = []string{"URL", "KEY"}
	job := loops.Job{Driver: driver, Entry: loops.EntryStart, Secrets: map[string]string{"URL": server.URL, "KEY": "the-key"}}
	if result, err := quiet.Run(context.Background(), job); err != nil || len(result.Steps) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
	o.answer = func(string) (int, string) { return 200, `{"token":"t0ken-of-nobody","life":60}` }
	o.endTokens()
	_, err := quiet.Run(context.Background(), job)
	var f *loops.Failure
	if !errors.As(err, &f) || len(f.Steps) != 0 || f.Params["token"] != "***" {
		t.Errorf("%v, %+v", err, f)
	}
}
