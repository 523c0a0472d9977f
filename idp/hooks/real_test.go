package hooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // Sinch's signature holds the body's MD5
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

const called = "79990000001"

// real is a world whose scripts are shipped drivers in real worker processes, beside their providers' stand-ins.
type real struct {
	*world
	host     *host.Host
	standins map[string]*providers.Standin
	secrets  map[string]map[string]string
	drivers  []*loops.Driver

	mu   sync.Mutex
	told []map[string]any
}

func newReal(t *testing.T, more ...*loops.Driver) *real {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	limits := loops.DefaultLimits()
	limits.Step = 10 * time.Second // the machine may be busy; no test here wants a step to be cut off
	pool, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 2, Queue: -1, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	shipped, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	r := &real{standins: map[string]*providers.Standin{}, secrets: map[string]map[string]string{}, drivers: append(more, shipped...)}
	clock := func() time.Time { return r.clock() } // r.world comes later
	r.host = host.New(host.Options{
		Steps: pool, Requests: egress.New(egress.Options{Limits: limits}), Limits: limits, Now: clock, Rand: rand.Reader,
		Tokens: tokens.New(tokens.Options{Store: &tokens.Memory{}}),
	})
	r.world = newWorld(t, func(o *hooks.Options) {
		o.Runner, o.Limits, o.Now, o.Within = r.host, limits, clock, time.Minute
		o.Driver = func(name string) *loops.Driver { return drivers.Find(r.drivers, name) }
		o.Secrets = func(_ context.Context, d *loops.Driver) (map[string]string, error) { return r.secrets[d.Name], nil }
		o.Tell = func(_ context.Context, d *loops.Driver, value map[string]any) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.told = append(r.told, value)
			return nil
		}
	})
	for _, name := range []string{"sinch", "i-digital"} {
		r.secrets[name] = maps.Clone(providers.Secrets(name))
		if r.standins[name], err = providers.New(name, providers.Options{Now: clock}); err != nil {
			t.Fatal(err)
		}
	}
	r.secrets["i-digital"]["CALLBACK_URL"] = r.URL + "/blitz/hooks/i-digital"
	return r
}

func (r *real) heard() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.told
}

// place has a driver's script order a call, and brings the order to the stand-in.
func (r *real) place(t *testing.T, name string) standin.Call {
	t.Helper()
	way := r.order(t, name)
	if _, err := way.Run(t.Context(), loops.Job{Driver: drivers.Find(r.drivers, name), Entry: loops.EntryStart, Secrets: r.secrets[name], Input: map[string]any{
		loops.InputPhone: called, loops.InputPhoneE164: "+" + called, loops.InputCode: "0417", loops.InputCodeLength: 4, loops.InputReference: "ref-1",
	}}); err != nil {
		t.Fatal(err)
	}
	return r.standins[name].Calls(called)[0]
}

// direct makes a driver's requests to the stand-in, without a network.
type direct struct{ to http.Handler }

func (d direct) Exchange(_ context.Context, _ *loops.Driver, r loops.Request) (*loops.Answer, error) {
	request := httptest.NewRequest(r.Method, r.URL, strings.NewReader(r.Body))
	request.Header = r.Header
	rec := httptest.NewRecorder()
	d.to.ServeHTTP(rec, request)
	return &loops.Answer{Status: rec.Code, Header: rec.Header(), Body: rec.Body.String()}, nil
}

func (r *real) order(t *testing.T, name string) *host.Host {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pool, err := sandbox.New(sandbox.Options{Command: []string{self, "loop-worker"}, Size: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return host.New(host.Options{
		Steps: pool, Requests: direct{r.standins[name]}, Limits: loops.DefaultLimits(), Now: r.clock, Rand: rand.Reader,
		Tokens: tokens.New(tokens.Options{Store: &tokens.Memory{}}),
	})
}

// sends is what the provider sends of an event.
func (r *real) sends(t *testing.T, name, id, event string) standin.Callback {
	t.Helper()
	c, err := r.standins[name].Callback(id, event)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *real) post(t *testing.T, c standin.Callback) (*http.Response, string) {
	t.Helper()
	target, headers := c.Path, []string{}
	if c.Query != "" {
		target += "?" + c.Query
	}
	for name, values := range c.Header {
		for _, v := range values {
			headers = append(headers, name+": "+v)
		}
	}
	return r.ask(t, c.Method, target, c.Body, headers...)
}

func (r *real) gets(t *testing.T, want int, c standin.Callback) string {
	t.Helper()
	answer, body := r.post(t, c)
	if answer.StatusCode != want {
		t.Errorf("%s: %d, want %d; log %s", c.Path, answer.StatusCode, want, r.log.String())
	}
	return body
}

func TestSinch(t *testing.T) {
	r := newReal(t)
	call := r.place(t, "sinch")
	if body := r.gets(t, 200, r.sends(t, "sinch", call.ID, "request")); body != `{"action":"allow"}` {
		t.Errorf("Sinch reads %q", body)
	}
	r.wait(time.Second)
	unreachable := r.sends(t, "sinch", call.ID, "unreachable")
	r.gets(t, 200, unreachable)
	heard := fmt.Sprint(r.heard())
	want := "[map[answer:map[body:{\"action\":\"allow\"} headers:map[Content-Type:application/json] status:200] call_id:" + call.ID +
		" reference:ref-1 state:pending] map[call_id:" + call.ID + " error:unreachable reference:ref-1 state:failed]]"
	if heard != want {
		t.Errorf("heard\n%s\nwant\n%s", heard, want)
	}

	t.Run("what must not be believed", func(t *testing.T) {
		r.wait(time.Second)
		right := r.sends(t, "sinch", call.ID, "fraud")
		for name, change := range map[string]func(c *standin.Callback){
			"unsigned":        func(c *standin.Callback) { delete(c.Header, "Authorization") },
			"wrong signature": func(c *standin.Callback) { *c = r.sends(t, "sinch", call.ID, "bad_signature") },
			"stale":           func(c *standin.Callback) { *c = r.sends(t, "sinch", call.ID, "replayed") },
			"another body":    func(c *standin.Callback) { c.Body = strings.Replace(c.Body, "DENIED", "SUCCESSFUL", 1) },
			"another method":  func(c *standin.Callback) { c.Method = "PUT" },
			"another path":    func(c *standin.Callback) { c.Path += "/" },
			"another call":    func(c *standin.Callback) { c.Body = strings.Replace(c.Body, call.ID, "1234567899", 1) },
			"a newer time": func(c *standin.Callback) {
				c.Header["X-Timestamp"] = []string{r.clock().Add(time.Minute).Format(time.RFC3339)}
			},
			"another type": func(c *standin.Callback) { c.Header["Content-Type"] = []string{"text/plain"} },
			"two signatures": func(c *standin.Callback) {
				c.Header["Authorization"] = append([]string{"x"}, c.Header["Authorization"]...)
			},
			"another driver": func(c *standin.Callback) { c.Path = "/blitz/hooks/i-digital" },
		} {
			sent := right
			sent.Header = maps.Clone(right.Header)
			change(&sent)
			if body := r.gets(t, 401, sent); body != "" {
				t.Errorf("%s: told %q", name, body)
			}
		}
		if len(r.heard()) != 2 {
			t.Errorf("heard %v", r.heard())
		}
		r.gets(t, 200, right) // the right one still counts
		if len(r.heard()) != 3 {
			t.Errorf("heard %v", r.heard())
		}
	})

	t.Run("replays", func(t *testing.T) {
		before := len(r.heard())
		r.gets(t, 200, unreachable)
		unreachable.Header["X-Forwarded-For"] = []string{"203.0.113.9"} // what a proxy adds makes no new callback
		r.gets(t, 200, unreachable)
		r.wait(6 * time.Minute)
		r.gets(t, 401, unreachable) // Sinch's own stamp is too old by now
		if len(r.heard()) != before {
			t.Errorf("heard %v", r.heard()[before:])
		}
	})

	// Sinch's clock may be ahead, and its stamp then good for longer.
	t.Run("a replay of what was stamped ahead", func(t *testing.T) {
		before := len(r.heard())
		ahead := r.sends(t, "sinch", call.ID, "result")
		ahead.Header = maps.Clone(ahead.Header)
		ahead.Header.Set("X-Timestamp", r.clock().Add(5*time.Minute).UTC().Format(time.RFC3339))
		sign(&ahead, r.secrets["sinch"], ahead.Path)
		r.gets(t, 200, ahead)
		r.wait(10 * time.Minute)
		r.gets(t, 200, ahead)
		if n := len(r.heard()) - before; n != 1 {
			t.Errorf("heard %d times", n)
		}
	})

	for _, secret := range []string{"BeIukql3pTKJ8RGL5zo0DA", call.ID, called} {
		if strings.Contains(r.log.String(), secret) {
			t.Errorf("%s is in the log: %s", secret, r.log.String())
		}
	}
}

// Sinch signs the path as it came. Whatever stands in it, the signature holds, and one over a cleaned path doesn't.
func TestSinchOnOddPaths(t *testing.T) {
	r := newReal(t)
	call := r.place(t, "sinch")
	for _, path := range []string{"/blitz/hooks/sinch/", "/blitz/hooks/sinch//a", "/blitz/hooks/sinch/a%2Fb", "/blitz/hooks/sinch/x/../y", "/blitz/hooks/sinch/./%61"} {
		sent := r.sends(t, "sinch", call.ID, "fraud")
		sent.Path = path
		sign(&sent, r.secrets["sinch"], path)
		r.gets(t, 200, sent)
		sign(&sent, r.secrets["sinch"], "/blitz/hooks/sinch")
		r.gets(t, 401, sent)
	}
	if len(r.heard()) != 5 {
		t.Errorf("heard %v", r.heard())
	}
}

// sign signs as Sinch's pages say.
func sign(c *standin.Callback, secrets map[string]string, path string) {
	sum := md5.Sum([]byte(c.Body)) //nolint:gosec // see above
	key, _ := base64.StdEncoding.DecodeString(secrets["APPLICATION_SECRET"])
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s\n%s\n%s\nx-timestamp:%s\n%s", c.Method, base64.StdEncoding.EncodeToString(sum[:]), c.Header.Get("Content-Type"), c.Header.Get("X-Timestamp"), path)
	c.Header = maps.Clone(c.Header)
	c.Header.Set("Authorization", "Application "+secrets["APPLICATION_KEY"]+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

func TestIDigital(t *testing.T) {
	r := newReal(t)
	call := r.place(t, "i-digital")
	if !strings.HasPrefix(call.Callback, r.URL+"/blitz/hooks/i-digital?key=") {
		t.Fatalf("i-Digital calls back at %q", call.Callback)
	}
	for _, state := range []string{"sent", "delivered", "delivered", "undelivered"} {
		r.gets(t, 200, r.sends(t, "i-digital", call.ID, state))
	}
	var heard []string
	for _, value := range r.heard() {
		heard = append(heard, fmt.Sprintf("%v %v %v %v", value["call_id"] == call.ID, value["reference"], value["state"], value["error"]))
	}
	if got := strings.Join(heard, ", "); got != "true ref-1 pending <nil>, true ref-1 delivered <nil>, true ref-1 failed unreachable" {
		t.Errorf("heard %s", got)
	}

	right := r.sends(t, "i-digital", call.ID, "unsent")
	query, err := url.ParseQuery(right.Query)
	if err != nil || query.Get("key") == "" {
		t.Fatalf("the query is %q", right.Query)
	}
	for name, q := range map[string]string{
		"no key": "", "a wrong key": strings.Replace(right.Query, "key=", "key=x", 1), "half a key": right.Query[:len(right.Query)/3], "the key elsewhere": "a=b&" + right.Query,
	} {
		sent := right
		sent.Query = q
		if body := r.gets(t, 401, sent); body != "" {
			t.Errorf("%s: told %q", name, body)
		}
	}
	for _, body := range []string{"", "null", "{}", "<html>", "[]", "[1]", strings.Repeat("[", 1000)} {
		sent := right
		sent.Body = body
		answer, told := r.post(t, sent)
		if answer.StatusCode != http.StatusBadRequest || told != "" {
			t.Errorf("%.20q: %d %q", body, answer.StatusCode, told)
		}
	}
	if len(r.heard()) != 3 {
		t.Errorf("heard %v", r.heard())
	}
	if log := r.log.String(); strings.Contains(log, query.Get("key")) || strings.Contains(log, call.ID) {
		t.Errorf("the log has the key or the call: %s", log)
	}
}

func TestDriversWithoutACallback(t *testing.T) {
	r := newReal(t)
	r.gets(t, 404, standin.Callback{Method: "POST", Path: "/blitz/hooks/example", Body: "{}"})
	if len(r.heard()) != 0 {
		t.Errorf("heard %v", r.heard())
	}
}

// Sixty-four callbacks whose script is slow, and beside them logins: of two real workers, before which nobody waits, one is
// always free for these.
func TestAFloodBesideLogins(t *testing.T) {
	slow := &loops.Driver{Name: "slow", File: "slow/driver.js", Source: `
		function run(obj, result) { return HttpLoop.Ok({ code: "0042" }); }
		function callback(obj) { for (let i = 0; i < 3e5; i++); return HttpLoop.error("auth_failed", {}); }
	`}
	r := newReal(t, slow)
	var all sync.WaitGroup
	statuses := make(chan int, 64)
	for i := range 64 {
		all.Go(func() {
			answer, _ := r.post(t, standin.Callback{Method: "POST", Path: "/blitz/hooks/slow", Body: fmt.Sprint(i)})
			statuses <- answer.StatusCode
		})
	}
	for range 20 {
		if _, err := r.host.Run(t.Context(), loops.Job{Driver: slow, Entry: loops.EntryStart}); err != nil {
			t.Errorf("a login's call: %v", err)
		}
	}
	all.Wait()
	close(statuses)
	count := map[int]int{}
	for s := range statuses {
		count[s]++
	}
	if count[401]+count[503] != 64 || count[401] == 0 {
		t.Errorf("statuses %v", count)
	}
}
