package emit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/audit/emit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops/egress"
)

const secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"

// receiver takes webhooks, and can be out of order.
type receiver struct {
	t    *testing.T
	mu   sync.Mutex
	down bool
	got  []int64
	hits int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hits++
	body, err := io.ReadAll(q.Body)
	seconds, errTime := strconv.ParseInt(q.Header.Get("Webhook-Timestamp"), 10, 64)
	if err != nil || errTime != nil || q.Header.Get("Webhook-Signature") != emit.Signature(secret, q.Header.Get("Webhook-Id"), time.Unix(seconds, 0), body) {
		r.t.Errorf("the signature is wrong: %v", q.Header)
	}
	if r.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	var batch struct {
		Type string
		Data struct {
			Records []struct {
				Seq  int64
				Type string
				Hash string
			}
		}
	}
	if err := json.Unmarshal(body, &batch); err != nil || batch.Type != "audit.records" {
		r.t.Errorf("%v: %s", err, body)
	}
	for _, rec := range batch.Data.Records {
		if rec.Hash == "" {
			r.t.Error("a record has no hash")
		}
		r.got = append(r.got, rec.Seq)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (r *receiver) be(down bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = down
}

func (r *receiver) seqs() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprint(r.got)
}

type world struct {
	t        *testing.T
	data     *store.Store
	ring     *keyring.Keyring
	receiver *receiver
	to       emit.Emitter
	mu       sync.Mutex
	time     time.Time
	log      lockedBuffer
	options  egress.Options
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, receiver: &receiver{t: t}, time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	var err error
	w.data, err = store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	w.must(err)
	t.Cleanup(func() { w.must(w.data.Close()) })
	w.ring, err = keyring.New([]byte(strings.Repeat("k", keyring.MasterKeyBytes)), nil)
	w.must(err)
	front := httptest.NewServer(w.receiver)
	t.Cleanup(front.Close)
	address, err := url.Parse(front.URL)
	w.must(err)
	w.options = egress.Options{Allow: []egress.Allowance{{Host: address.Host, Plain: true, Private: true}}}
	w.to = emit.Emitter{Name: "siem", Kind: emit.KindWebhook, URL: front.URL + "/in", Secret: secret}
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

// lockedBuffer takes the log of several goroutines.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// node is a process: emitters and the journal that feeds them.
func (w *world) node() (*emit.Emitters, *audit.Journal) {
	w.t.Helper()
	now := w.now
	log := slog.New(slog.NewTextHandler(&w.log, nil))
	e, err := emit.New(emit.Options{Records: w.data, Senders: map[string]emit.Sender{emit.KindWebhook: emit.NewWebhook(w.options, now)}, Now: now, Log: log,
		Lines: slog.New(slog.NewJSONHandler(&w.log, nil))})
	w.must(err)
	j, err := audit.NewJournal(audit.Options{Records: w.data, Keyring: w.ring, Committed: e.Committed, Skip: e.Skip, Now: now})
	w.must(err)
	w.t.Cleanup(func() { _ = j.Close(context.Background()) })
	return e, j
}

func (w *world) append(j *audit.Journal, kinds ...string) {
	w.t.Helper()
	for _, kind := range kinds {
		w.must(j.Append(w.t.Context(), audit.Event{Type: kind}))
	}
}

// A receiver that is down gets everything when it is back, in order and once, and
// from another process too.
func TestReceiverIsDownAndBack(t *testing.T) {
	w := newWorld(t)
	e, j := w.node()
	w.append(j, "before it was known")
	w.must(e.Serve(t.Context(), w.to)) // begins here
	w.append(j, "one", "two")
	w.receiver.be(true)
	w.must(e.Serve(t.Context(), w.to))
	w.must(e.Serve(t.Context(), w.to)) // left alone for a while
	if w.receiver.hits != 1 || !strings.Contains(w.log.String(), "the receiver answered 503") {
		t.Errorf("%d requests, log %s", w.receiver.hits, w.log.String())
	}
	w.append(j, "three")
	w.pass(6 * time.Second)
	w.must(e.Serve(t.Context(), w.to))
	w.pass(6 * time.Second) // the second pause is longer
	w.must(e.Serve(t.Context(), w.to))
	if w.receiver.hits != 2 {
		t.Errorf("%d requests", w.receiver.hits)
	}
	w.receiver.be(false)
	w.pass(10 * time.Second)
	other, _ := w.node() // the first process is gone
	w.must(other.Serve(t.Context(), w.to))
	w.must(e.Serve(t.Context(), w.to))
	w.append(j, "four")
	w.must(e.Serve(t.Context(), w.to))
	if got := w.receiver.seqs(); got != "[2 3 4 5]" {
		t.Errorf("received %s", got)
	}
}

// More than one batch goes out at once, and what the filter keeps back doesn't.
func TestBatchesAndFilters(t *testing.T) {
	w := newWorld(t)
	e, j := w.node()
	w.must(e.Serve(t.Context(), w.to))
	for i := range 250 {
		j.Record(t.Context(), audit.Event{Type: map[bool]string{true: "call_placed", false: "login"}[i%2 == 0]})
	}
	w.append(j, "call_news")
	w.to.Filter = emit.Filter{Include: []string{"call_*"}, Exclude: []string{"call_news"}}
	w.must(e.Serve(t.Context(), w.to))
	if len(w.receiver.got) != 125 || w.receiver.got[124] != 249 || w.receiver.hits != 3 {
		t.Errorf("%d records in %d requests: %v", len(w.receiver.got), w.receiver.hits, w.receiver.got)
	}
}

// Run serves whoever is named by the settings as soon as something is written.
func TestRun(t *testing.T) {
	w := newWorld(t)
	e, j := w.node()
	w.must(e.Serve(t.Context(), w.to))
	ctx, stop := context.WithCancel(t.Context())
	sent := make(chan int64, 1)
	w.to.Kind = "other"
	own, err := emit.New(emit.Options{Records: w.data, Senders: map[string]emit.Sender{"other": senderFunc(func(rows []audit.Row) error {
		sent <- rows[0].Seq
		return nil
	})}})
	w.must(err)
	own.Use(emit.Settings{Emitters: []emit.Emitter{w.to}})
	done := make(chan error, 1)
	go func() { done <- own.Run(ctx) }()
	w.append(j, "kind")
	own.Wake()
	if seq := <-sent; seq != 1 {
		t.Errorf("sent %d", seq)
	}
	stop()
	w.must(<-done)
}

type senderFunc func([]audit.Row) error

func (f senderFunc) Send(_ context.Context, _ emit.Emitter, rows []audit.Row) error { return f(rows) }

// The rules of loops/egress hold: a receiver at a private address must be allowed.
func TestPrivateReceiversAreClosed(t *testing.T) {
	w := newWorld(t)
	w.options = egress.Options{}
	hook := emit.NewWebhook(w.options, time.Now)
	err := hook.Send(t.Context(), w.to, []audit.Row{{Seq: 1, Body: `{"type":"x","ts":1}`}})
	if err == nil || !strings.Contains(err.Error(), "may not be reached") || w.receiver.hits != 0 {
		t.Errorf("%v, %d requests", err, w.receiver.hits)
	}
}

func TestLinesOfTheLog(t *testing.T) {
	w := newWorld(t)
	e, j := w.node()
	e.Use(emit.Settings{Store: emit.Filter{Exclude: []string{"token_*"}}, Emitters: []emit.Emitter{
		{Name: "a", Kind: emit.KindLog, Logger: "AUDIT", Filter: emit.Filter{Exclude: []string{"login"}}},
	}})
	w.append(j, "login", "user_changed")
	j.Record(t.Context(), audit.Event{Type: "token_issued"})
	w.append(j, "token_changed") // what is appended is always kept
	w.must(j.Close(t.Context()))
	e.End()
	var kinds []string
	for line := range strings.Lines(w.log.String()) {
		var l struct {
			Msg, Logger string
			Record      struct{ Type, Hash string }
		}
		if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "audit" && l.Logger == "AUDIT" && l.Record.Hash != "" {
			kinds = append(kinds, l.Record.Type)
		}
	}
	if fmt.Sprint(kinds) != "[user_changed token_changed]" || strings.Count(w.log.String(), `msg="audit head"`) != 2 {
		t.Errorf("%v in\n%s", kinds, w.log.String())
	}
}

func TestIncompleteOptions(t *testing.T) {
	if _, err := emit.New(emit.Options{}); err == nil || errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
