package flashcall_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// world is the method on a real engine in memory, over a runner that answers
// what the test says.
type world struct {
	noSecrets error // of reading the secrets
	*flashcall.Method
	engine   *otp.Engine
	store    *otp.Memory
	now      time.Time
	settings otp.Settings
	driver   loops.Driver
	log      bytes.Buffer
	logins   int
	own      flashcall.Settings
	routes   []flashcall.Route
	breaker  flashcall.Breaker
	stops    flashcall.Stops
	watched  []string

	mu     sync.Mutex
	answer func(job loops.Job) (*loops.Result, error)
	jobs   []loops.Job
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		store: new(otp.Memory), now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC),
		settings: otp.Settings{CodeLength: 4, Validity: 2 * time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10,
			Block: 30 * time.Minute, ResendAfter: 30 * time.Second},
		driver: loops.Driver{Name: "test", Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
		answer: says(map[string]any{"code": "74950000042"}),
	}
	w.routes = []flashcall.Route{{ID: "main", Channel: loops.ChannelFlashCall, Driver: &w.driver, Secrets: w.secrets}}
	sender := flashcall.NewSender(flashcall.SenderOptions{
		Runner: w, Routes: func() []flashcall.Route { return w.routes }, Breaker: func() flashcall.Breaker { return w.breaker },
		Message: func(lang, code string) string { return lang + " code " + code }, Now: func() time.Time { return w.now },
		Watch: w.watch, Stops: func() flashcall.Stops { return w.stops },
	})
	engine, err := otp.New(otp.Options{
		Learned: w.watch, Method: flashcall.ID, Store: w.store, Sender: sender, Settings: func() otp.Settings { return w.settings },
		Hash: keyed, Now: func() time.Time { return w.now }, Timing: otp.Timing{Patience: -1, BlindWait: -1},
		Log: slog.New(slog.NewTextHandler(&w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.engine = engine
	w.own = flashcall.Settings{PhoneAttribute: "phone_number", Region: "RU", Numbers: flashcall.Numbers{Countries: []string{"RU"}}}
	w.Method = flashcall.New(flashcall.Options{
		Engine: engine, Settings: func() flashcall.Settings { return w.own }, Find: w.find,
	})
	return w
}

func (w *world) watch(driver, phone, code string) {
	w.watched = append(w.watched, driver+" "+phone+" "+code)
}

func (w *world) secrets(context.Context) (map[string]string, error) {
	return map[string]string{"token": "s3cret"}, w.noSecrets
}

// find knows one person by their number.
func (w *world) find(_ context.Context, e164 string) (*factors.Person, error) {
	if e164 != "+79990000001" {
		return nil, nil
	}
	return &factors.Person{ID: "person", Attributes: map[string]string{"phone_number": "79990000001"}}, nil
}

func keyed(parts ...string) string {
	mac := hmac.New(sha256.New, []byte("key of the test"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// says answers Ok with the value, as it comes out of a worker.
func says(value map[string]any) func(loops.Job) (*loops.Result, error) {
	return func(loops.Job) (*loops.Result, error) { return &loops.Result{Value: value}, nil }
}

func fails(err error) func(loops.Job) (*loops.Result, error) {
	return func(loops.Job) (*loops.Result, error) { return nil, err }
}

func number(n string) json.Number { return json.Number(n) }

func (w *world) Run(_ context.Context, job loops.Job) (*loops.Result, error) {
	w.mu.Lock()
	w.jobs = append(w.jobs, job)
	answer := w.answer
	w.mu.Unlock()
	return answer(job)
}

// login gives a new login of the person.
func (w *world) login() factors.Login {
	w.logins++
	return factors.Login{ID: fmt.Sprint("login-", w.logins), Factor: 2, IP: netip.MustParseAddr("192.0.2.7"),
		Person: &factors.Person{ID: "person", Attributes: map[string]string{"phone_number": "79990000001"}}}
}

func (w *world) work(t *testing.T) {
	t.Helper()
	for {
		did, err := w.engine.Work(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func (w *world) called(t *testing.T) factors.Login {
	t.Helper()
	login := w.login()
	if err := w.Begin(context.Background(), login); err != nil {
		t.Fatal(err)
	}
	w.work(t)
	return login
}

func (w *world) show(t *testing.T, login factors.Login) factors.View {
	t.Helper()
	v, err := w.Show(context.Background(), login)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// post answers and returns the problem's ID, empty for none.
func (w *world) post(t *testing.T, login factors.Login, action string, fields map[string]string) string {
	t.Helper()
	proof, err := w.Answer(context.Background(), login, factors.Answer{Action: action, Fields: fields})
	if p := factors.AsProblem(err); p != nil {
		return p.ID
	}
	if err != nil {
		t.Fatal(err)
	}
	if (proof != nil) != (action == "") {
		t.Errorf("action %q gave proof %+v", action, proof)
	}
	return ""
}

func code(text string) map[string]string { return map[string]string{flashcall.FieldCode: text} }
