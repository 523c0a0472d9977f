package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api/apitest"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/idp/verify"
	"github.com/ringtail-id/ringtail/templates"
)

const (
	issuer = "https://login.example.test/blitz"
	number = "+7 999 000-00-01"
	e164   = "+79990000001"
	masked = "+7 999 ***-**-01"
)

// world is the endpoints over a real engine and a real database; the clock
// stands, codes go nowhere, and tokens are those of a list. Every answer is held
// against openapi.json on its way to the test.
type world struct {
	t        testing.TB
	store    *store.Store
	engine   *otp.Engine
	settings otp.Settings
	server   *httptest.Server
	client   *http.Client
	log      bytes.Buffer

	mu      sync.Mutex
	now     time.Time
	sent    []otp.Delivery
	send    func(otp.Delivery) (otp.Sent, error)
	routes  []otp.Route
	failing error // of the store, after a request began
	tokens  map[string]token
}

type token struct {
	client string
	scopes []string
}

func newWorld(t testing.TB, changes ...func(*world, *verify.Options)) *world {
	t.Helper()
	w := &world{
		t: t, now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC),
		settings: otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: 30 * time.Minute, ResendAfter: 30 * time.Second},
		routes: []otp.Route{
			{ID: "call", Channel: "flashCall", Driver: "test"}, {ID: "sms", Channel: "sms", Driver: "test", Wait: 45 * time.Second},
		},
		tokens: map[string]token{
			"shop's":  {"shop", []string{idp.ScopePhoneVerification}},
			"other's": {"other", []string{idp.ScopePhoneVerification}},
			"else":    {"shop", []string{"something_else"}},
		},
	}
	w.send = func(otp.Delivery) (otp.Sent, error) {
		return otp.Sent{Code: "0042", CallerMask: "+7 495 000-__-__"}, nil
	}
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t), Now: w.clock})
	w.must(err)
	t.Cleanup(func() { w.must(data.Close()) })
	w.store = data
	keys, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	w.must(err)
	logger := slog.New(slog.NewTextHandler(writer{w}, nil))
	w.engine, err = otp.New(otp.Options{
		Method: flashcall.ID, Store: data.Challenges(), Sender: w, Settings: func() otp.Settings { return w.settings },
		Hash: func(parts ...string) string { return keys.Hash("otp", parts...) }, Now: w.clock, Log: logger, Timing: otp.Timing{Patience: -1},
	})
	w.must(err)
	renderer, err := templates.New(templates.Options{Asset: func(name string) string { return name }, Now: w.clock})
	w.must(err)
	options := verify.Options{
		Issuer: issuer, Calls: w.engine, Tokens: w, Records: data, Answers: answers{data, w},
		Number: func(raw string) (string, string, error) {
			e164, country, err := flashcall.Number(raw, "")
			if err == nil {
				err = flashcall.Numbers{Countries: []string{"RU"}}.Allow(e164, country)
			}
			return e164, country, err
		},
		Operator: flashcall.Operator, Mask: flashcall.Mask, Hash: func(parts ...string) string { return keys.Hash("verify", parts...) }, Pages: pages.New(renderer, logger),
		ClientIP: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.1") }, Now: w.clock, Log: logger,
	}
	for _, change := range changes {
		change(w, &options)
	}
	handler, err := verify.New(options)
	w.must(err)
	w.server = httptest.NewServer(handler)
	t.Cleanup(w.server.Close)
	w.client = &http.Client{Transport: apitest.Described(t, w.server.URL+"/blitz", document(t, w))}
	return w
}

// answers is the store, until it fails.
type answers struct {
	verify.Answers
	w *world
}

func (a answers) UpdateAnswer(ctx context.Context, clientID, key string, change func(*verify.Kept) error) error {
	a.w.mu.Lock()
	err := a.w.failing
	a.w.mu.Unlock()
	if err != nil {
		return err
	}
	return a.Answers.UpdateAnswer(ctx, clientID, key, change)
}

type writer struct{ w *world }

func (l writer) Write(p []byte) (int, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	return l.w.log.Write(p)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// ClientToken implements verify.Tokens.
func (w *world) ClientToken(_ context.Context, secret string) (string, []string, error) {
	found, ok := w.tokens[secret]
	if !ok {
		return "", nil, idp.ErrNotFound
	}
	return found.client, found.scopes, nil
}

// Routes and the rest implement otp.Sender.
func (w *world) Routes(string, time.Time) []otp.Route { return w.routes }

func (w *world) Send(_ context.Context, d otp.Delivery) (otp.Sent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, d)
	return w.send(d)
}

func (w *world) Check(_ context.Context, _ otp.Delivery, code string) (otp.Verdict, error) {
	if code == "74950000042" {
		return otp.VerdictRight, nil
	}
	return otp.VerdictWrong, nil
}

func (w *world) Poll(context.Context, otp.Delivery) (otp.News, error) { return otp.News{}, nil }

func (w *world) Report(context.Context, otp.Delivery, string, bool) error { return nil }

// work has all codes sent that were asked for.
func (w *world) work() {
	w.t.Helper()
	for {
		did, err := w.engine.Work(context.Background())
		w.must(err)
		if !did {
			return
		}
	}
}

func (w *world) calls() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sent)
}

// got is an answer.
type got struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (g got) text(name string) string { s, _ := g.body[name].(string); return s }

// ask sends a request as the shop; pairs are header names and values, "" takes
// the header away.
func (w *world) ask(method, path, body string, pairs ...string) got {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, w.server.URL+"/blitz"+path, reader)
	w.must(err)
	r.Header.Set("Authorization", "Bearer shop's")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(pairs); i += 2 {
		r.Header.Del(pairs[i])
		if pairs[i+1] != "" {
			r.Header.Add(pairs[i], pairs[i+1])
		}
	}
	resp, err := w.client.Do(r)
	w.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	w.must(err)
	g := got{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if err := json.Unmarshal(raw, &g.body); err != nil {
		w.t.Fatalf("%s %s: %d is no JSON: %s", method, path, resp.StatusCode, raw)
	}
	return g
}

func (w *world) post(path, body string, pairs ...string) got {
	w.t.Helper()
	return w.ask(http.MethodPost, path, body, pairs...)
}

func (w *world) show(id string) got {
	w.t.Helper()
	return w.ask(http.MethodGet, verify.PathVerifications+"/"+id, "")
}

func (w *world) check(id, code string, pairs ...string) got {
	w.t.Helper()
	return w.post(verify.PathVerifications+"/"+id+"/check", `{"code":"`+code+`"}`, pairs...)
}

func (w *world) resend(id, body string, pairs ...string) got {
	w.t.Helper()
	return w.post(verify.PathVerifications+"/"+id+"/resend", body, pairs...)
}

// begin asks for a call to the number.
func (w *world) begin(pairs ...string) string {
	w.t.Helper()
	g := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, pairs...)
	w.want(g, http.StatusCreated, "")
	return g.text("id")
}

// called begins, and has the call placed.
func (w *world) called() string {
	w.t.Helper()
	id := w.begin()
	w.work()
	w.is(w.show(id), verify.StatusCalled)
	return id
}

// want checks the status, and the id of a problem.
func (w *world) want(g got, status int, problem string) {
	w.t.Helper()
	media := "application/json"
	if problem != "" {
		media = "application/problem+json"
	}
	if g.status != status || g.header.Get("Content-Type") != media || problem != "" && g.text("id") != problem {
		w.t.Errorf("answer %d %s, want %d %s", g.status, g.raw, status, problem)
	}
	if g.header.Get("Cache-Control") != "no-store" {
		w.t.Errorf("Cache-Control is %q", g.header.Get("Cache-Control"))
	}
}

func (w *world) is(g got, status string) {
	w.t.Helper()
	if g.text("status") != status {
		w.t.Errorf("status is %q, want %q: %s", g.text("status"), status, g.raw)
	}
}
