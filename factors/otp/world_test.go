package otp_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// tester is what a test and a check of rapid have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

const phone = "+79990000001"

// world is an engine on memory, with a clock that stands and a sender that
// sends what the test says.
type world struct {
	*otp.Engine
	store    otp.Store
	settings otp.Settings
	clock    func() time.Time
	now      time.Time
	log      bytes.Buffer

	mu       sync.Mutex
	send     func(ctx context.Context, d otp.Delivery) (otp.Sent, error)
	sent     []otp.Delivery
	compared int // codes hashed by Enter
	entering bool

	routes  func() []otp.Route
	check   func(d otp.Delivery, code string) (otp.Verdict, error)
	poll    func(d otp.Delivery) (otp.News, error)
	reports []string
}

func settings() otp.Settings {
	return otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10,
		Block: 30 * time.Minute, ResendAfter: 30 * time.Second}
}

// withoutWait are settings for tests that want calls in several logins of the
// person at once; that new logins don't get them otherwise is tested by itself.
func withoutWait() otp.Settings {
	s := settings()
	s.ResendAfter = 0
	return s
}

func newWorld(t tester, s otp.Settings) *world {
	return newWorldWith(t, s, otp.Timing{Patience: -1})
}

func newWorldWith(t tester, s otp.Settings, timing otp.Timing) *world {
	w := &world{store: new(otp.Memory), settings: s, now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	w.clock = func() time.Time { return w.now }
	w.send = sends("0042")
	engine, err := otp.New(otp.Options{
		Method: "flashCall", Store: w.store, Sender: w, Settings: func() otp.Settings { return w.settings },
		Hash: w.hash, Now: func() time.Time { return w.clock() },
		Log: slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Timing: timing,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Engine = engine
	return w
}

func sends(code string) func(context.Context, otp.Delivery) (otp.Sent, error) {
	return func(context.Context, otp.Delivery) (otp.Sent, error) {
		return otp.Sent{Code: code, CallerMask: "+7 495 000-__-__"}, nil
	}
}

func (w *world) Send(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
	w.mu.Lock()
	w.sent = append(w.sent, d)
	send := w.send
	w.mu.Unlock()
	return send(ctx, d)
}

func (w *world) Routes(string, time.Time) []otp.Route {
	if w.routes != nil {
		return w.routes()
	}
	return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test"}}
}

func (w *world) Check(ctx context.Context, d otp.Delivery, code string) (otp.Verdict, error) {
	return w.check(d, code)
}

func (w *world) Poll(_ context.Context, d otp.Delivery) (otp.News, error) { return w.poll(d) }

func (w *world) Report(_ context.Context, d otp.Delivery, code string, verified bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reports = append(w.reports, fmt.Sprint(d.CallID, " ", code, " ", verified))
	return nil
}

func (w *world) calls() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sent)
}

// hash counts the codes that are hashed in order to be compared.
func (w *world) hash(parts ...string) string {
	if parts[0] == "otp code" {
		w.mu.Lock()
		if w.entering {
			w.compared++
		}
		w.mu.Unlock()
	}
	mac := hmac.New(sha256.New, []byte("key of the test"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func target(login string) otp.Target {
	return otp.Target{LoginID: login, PersonID: "person", Phone: phone}
}

// targetOf is a login of a person who has no other.
func targetOf(login string) otp.Target {
	return otp.Target{LoginID: login, PersonID: "person of " + login, Phone: phone}
}

// work sends all that was asked for.
func (w *world) work(t tester) {
	t.Helper()
	for {
		did, err := w.Work(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// called asks for a code and has it sent.
func (w *world) called(t tester, login string) {
	t.Helper()
	if err := w.Request(context.Background(), target(login)); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	w.is(t, login, otp.Called)
}

func (w *world) resend(login string) error { return w.Resend(context.Background(), target(login)) }

func (w *world) enter(login, code string) error {
	return w.Enter(context.Background(), otp.Entered{LoginID: login, PersonID: "person", Code: code})
}

func (w *world) status(t tester, login string) otp.Status {
	t.Helper()
	st, err := w.Status(context.Background(), login, "person")
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func (w *world) is(t tester, login string, want otp.State) {
	t.Helper()
	if got := w.status(t, login).State; got != want {
		t.Errorf("the challenge is %q, want %q", got, want)
	}
}

func (w *world) used(t tester) int {
	t.Helper()
	rec, err := w.store.Load(context.Background(), otp.Key{Method: "flashCall", LoginID: "any", PersonID: "person"})
	if err != nil {
		t.Fatal(err)
	}
	return rec.Budget.Used
}

// gives checks that err is the problem, or nil for "".
func gives(t tester, err error, id string) *factors.Problem {
	t.Helper()
	p := factors.AsProblem(err)
	if id == "" && err == nil {
		return nil
	}
	if p == nil || p.ID != id {
		t.Errorf("got %v, want problem %q", err, id)
		return &factors.Problem{}
	}
	return p
}
