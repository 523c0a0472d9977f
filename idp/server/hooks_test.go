package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
)

// teller is a Runner whose callback script says what the body says.
type teller struct{}

func (teller) Run(_ context.Context, job loops.Job) (*loops.Result, error) {
	if job.Secrets["KEY"] != "of "+job.Driver.Name {
		return nil, &loops.Failure{Key: loops.AuthFailed}
	}
	value := map[string]any{}
	err := json.Unmarshal([]byte(job.Input[loops.InputBody].(string)), &value)
	return &loops.Result{Value: value}, err
}

// newHooked is a server whose chain has three drivers, the last one without callbacks.
func newHooked(t *testing.T) (*server.Server, *store.Store) {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	route := func(name string, entries ...loops.Entry) server.Route {
		d := &loops.Driver{Name: name, Manifest: loops.Manifest{CodeOrigin: loops.CodeFromProvider, LeadingZero: true, Secrets: []string{"KEY"}}}
		return server.Route{Given: map[string]string{"KEY": "of " + name}, Route: flashcall.Route{
			ID: name, Channel: loops.ChannelFlashCall, Driver: d, Entries: append(entries, loops.EntryStart),
		}}
	}
	s, err := server.New(server.Options{
		Issuer: issuer, Store: data, Keyring: ring,
		Policy:   login.Policy{Level: 2, First: []string{password.ID}, Second: []string{flashcall.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}},
		FlashCall: &server.FlashCall{
			Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Minute},
			PhoneAttribute: "phone_number", Runner: teller{}, Workers: 2,
			Routes: []server.Route{route("one", loops.EntryCallback), route("two", loops.EntryCallback), route("silent")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, data
}

func keyOf(driver string) otp.Key {
	return otp.Key{Method: flashcall.ID, LoginID: "login by " + driver, PersonID: "user"}
}

// placed puts a call of a driver into the store, whose code isn't known yet.
func placed(t *testing.T, data *store.Store, driver string) {
	t.Helper()
	key, now := keyOf(driver), time.Now()
	err := data.Challenges().Update(t.Context(), key, now, func(rec *otp.Record) error {
		rec.Challenge = &otp.Challenge{ID: "challenge by " + driver, LoginID: key.LoginID, Method: flashcall.ID, PersonID: "user", Phone: "+79990000001",
			Route: driver, Driver: driver, CallID: "call", State: otp.Placed, CodeLength: 4, RequestedAt: now, Until: now.Add(time.Hour), ResendAt: now}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func state(t *testing.T, data *store.Store) otp.Challenge {
	t.Helper()
	rec, err := data.Challenges().Load(t.Context(), keyOf("one"))
	if err != nil || rec.Challenge == nil {
		t.Fatalf("%+v, %v", rec, err)
	}
	return *rec.Challenge
}

func TestCallbacks(t *testing.T) {
	s, data := newHooked(t)
	placed(t, data, "one")
	send := func(want int, path, body string) {
		t.Helper()
		if rec := ask(s.Handler(), "POST", path, body); rec.Code != want || rec.Header().Get("Location") != "" {
			t.Errorf("%s: %d, want %d", path, rec.Code, want)
		}
	}
	for _, path := range []string{"/blitz/hooks/silent", "/blitz/hooks/three", "/blitz/hooks/", "/blitz/hooks", "/hooks/one"} {
		send(404, path, `{"call_id":"call","state":"delivered"}`)
	}
	send(200, "/blitz/hooks/two", `{"call_id":"call","state":"delivered","code":"1111"}`)
	send(200, "/blitz/hooks/one", `{"call_id":"other","state":"delivered","code":"1111"}`)
	send(200, "/blitz/hooks/one", `{"call_id":"call","reference":"other","state":"delivered","code":"1111"}`)
	send(200, "/blitz/hooks/one/x", `{"call_id":"call","state":"delivered","code":"11"}`)
	send(400, "/blitz/hooks/one", `{"call_id":"call","state":"confirmed"}`)
	if c := state(t, data); c.State != otp.Placed || c.CodeHash != "" {
		t.Errorf("news that aren't about the call, or say nothing, made of it %+v", c)
	}
	send(200, "/blitz/hooks/one//a/../%2F", `{"call_id":"call","state":"ringing","code":"0042"}`)
	first := state(t, data)
	if first.State != otp.Called || first.CodeHash == "" {
		t.Errorf("after it rang: %+v", first)
	}
	send(200, "/blitz/hooks/one", `{"call_id":"call","state":"delivered","code":"7777"}`)
	send(200, "/blitz/hooks/one", `{"call_id":"call","state":"failed","error":"unreachable"}`)
	if c := state(t, data); c != first {
		t.Errorf("what came after it rang made %+v of %+v", c, first)
	}
	metrics := ask(s.Ops(), "GET", "/metrics", "").Body.String()
	for _, want := range []string{
		`ringtail_requests_total{method="POST",route="/blitz/hooks/{driver}/",status="200"} 7`,
		`ringtail_requests_total{method="POST",route="/blitz/hooks/{driver}/",status="404"} 3`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}

func TestWithoutCallsThereAreNoCallbacks(t *testing.T) {
	s, _ := newServer(t)
	if rec := ask(s.Handler(), "POST", "/blitz/hooks/one", "{}"); rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
	if reports, err := s.CodePools(t.Context()); err != nil || reports != nil {
		t.Errorf("%v, %v", reports, err)
	}
}

// A code that a callback told is counted once, however often it comes.
func TestCodesOfCallbacksAreCounted(t *testing.T) {
	s, data := newHooked(t)
	placed(t, data, "one")
	placed(t, data, "two")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	for i := range 3 {
		ask(s.Handler(), "POST", "/blitz/hooks/one", fmt.Sprintf(`{"call_id":"call","state":"pending","code":"0042","n":%d}`, i))
	}
	ask(s.Handler(), "POST", "/blitz/hooks/two", `{"call_id":"call","state":"ringing","code":"0007"}`)
	reports := []pool.Report(nil)
	for deadline := time.Now().Add(time.Minute); len(reports) < 2 && time.Now().Before(deadline); { // codes are counted in turn
		var err error
		if reports, err = s.CodePools(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(reports) != 2 || reports[0].Driver != "one" || reports[0].Codes != 1 || reports[1].Codes != 1 {
		t.Errorf("%+v", reports)
	}
}

func TestPoolMetrics(t *testing.T) {
	s, data := newHooked(t)
	if metrics := ask(s.Ops(), "GET", "/metrics", "").Body.String(); strings.Contains(metrics, "ringtail_code_pool") {
		t.Error("there are metrics of pools before the first code")
	}
	watch, err := pool.New(pool.Options{Store: data, Hash: func(parts ...string) string { return strings.Join(parts, "/") }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		for driver, code := range map[string]string{"fixed": "4242", "fair": fmt.Sprintf("%04d", i*1237)} {
			if _, err := watch.Observe(t.Context(), driver, "+7999000000"+fmt.Sprint(i), code, 4); err != nil {
				t.Fatal(err)
			}
		}
	}
	metrics := ask(s.Ops(), "GET", "/metrics", "").Body.String()
	for _, want := range []string{
		`ringtail_code_pool_alarm{driver="fixed"} 1`, `ringtail_code_pool_effective_bits{driver="fixed"} 0`,
		`ringtail_code_pool_alarm{driver="fair"} 0`, `ringtail_code_pool_effective_bits{driver="fair"} 13.2`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	if err := data.Close(); err != nil {
		t.Fatal(err)
	}
	if metrics := ask(s.Ops(), "GET", "/metrics", "").Body.String(); !strings.Contains(metrics, "ringtail_store_writes_total") {
		t.Error("without the database there are no metrics at all")
	}
}
