package verify_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/verify"
)

const key = "Idempotency-Key"

func TestTheSameRequestIsDoneOnce(t *testing.T) {
	w := newWorld(t)
	first := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1")
	w.work()
	w.advance(23 * time.Hour)
	again := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1")
	if again.status != http.StatusCreated || again.raw != first.raw || again.header.Get("Location") != first.header.Get("Location") ||
		again.header.Get("Idempotent-Replayed") != "true" || first.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("first %d %s %v\nagain %d %s %v", first.status, first.raw, first.header, again.status, again.raw, again.header)
	}
	if w.work(); w.calls() != 1 {
		t.Errorf("%d calls were placed", w.calls())
	}
	w.want(w.post(verify.PathVerifications, `{"phone":"+79990000002"}`, key, "k1"), http.StatusUnprocessableEntity, verify.ProblemMismatch)
	w.want(w.resend(first.text("id"), `{"channel":"sms"}`, key, "k1"), http.StatusUnprocessableEntity, verify.ProblemMismatch)
	for name, change := range map[string][]string{
		"another key": {key, "k2"}, "another client": {key, "k1", "Authorization", "", "Authorization", "Bearer other's"},
	} {
		w.advance(time.Minute)
		if g := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, change...); g.status != http.StatusCreated || g.text("id") == first.text("id") {
			t.Errorf("%s: %d %s", name, g.status, g.raw)
		}
		w.work()
	}
	w.advance(time.Hour)
	if g := w.post(verify.PathVerifications, `{"phone":"+79990000003"}`, key, "k1"); g.status != http.StatusCreated {
		t.Errorf("after a day: %d %s", g.status, g.raw)
	}
}

// Whoever lost the answer to a right check asks again and learns of it.
func TestARightCheckIsToldAgain(t *testing.T) {
	w := newWorld(t)
	id := w.called()
	first := w.check(id, "0042", key, "check-1")
	w.is(first, verify.StatusVerified)
	again := w.check(id, "0042", key, "check-1")
	if again.raw != first.raw || again.status != http.StatusOK {
		t.Errorf("again: %d %s", again.status, again.raw)
	}
	w.want(w.check(id, "0042", key, "check-2"), http.StatusConflict, verify.ProblemVerified)
	w.want(w.check(id, "0043", key, "check-1"), http.StatusUnprocessableEntity, verify.ProblemMismatch)
}

// A wrong guess sent again spends nothing, and tells nothing new.
func TestAWrongCheckIsToldAgain(t *testing.T) {
	w := newWorld(t)
	id := w.called()
	for range 5 {
		w.want(w.check(id, "9999", key, "guess"), http.StatusBadRequest, otp.ProblemCodeWrong)
	}
	if g := w.show(id); g.body["tries_left"] != 2.0 {
		t.Errorf("five times one request: %s", g.raw)
	}
}

func TestKeysThatCantBe(t *testing.T) {
	w := newWorld(t)
	for name, value := range map[string]string{"blank": "a b", "long": strings.Repeat("k", 256), "not ASCII": "ключ"} {
		w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, value), http.StatusBadRequest, verify.ProblemKey)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "a", key+" ", "", "Accept", "x"), http.StatusCreated, "")
	if w.work(); w.calls() != 1 {
		t.Errorf("%d calls were placed", w.calls())
	}
}

// gate holds requests for codes until it is opened.
type gate struct {
	verify.Calls
	entered chan struct{}
	open    chan struct{}
	err     error
	after   func()
}

func (g *gate) Request(ctx context.Context, t otp.Target) error {
	g.entered <- struct{}{}
	<-g.open
	if err := g.Calls.Request(ctx, t); err != nil {
		return err
	}
	if g.after != nil {
		g.after()
	}
	return g.err
}

func gated(w *world, o *verify.Options) *gate {
	g := &gate{Calls: w.engine, entered: make(chan struct{}, 64), open: make(chan struct{})}
	o.Calls = g
	return g
}

func TestAConcurrentRequestIsRefused(t *testing.T) {
	var g *gate
	w := newWorld(t, func(w *world, o *verify.Options) { g = gated(w, o) })
	var all sync.WaitGroup
	var first got
	all.Go(func() { first = w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1") })
	<-g.entered
	w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1"), http.StatusConflict, verify.ProblemBusy)
	w.want(w.post(verify.PathVerifications, `{"phone":"+79990000002"}`, key, "k1"), http.StatusUnprocessableEntity, verify.ProblemMismatch)
	close(g.open)
	all.Wait()
	w.want(first, http.StatusCreated, "")
	again := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1")
	if again.raw != first.raw {
		t.Errorf("first %s, again %s", first.raw, again.raw)
	}
}

// The process died after the call was asked for: the next try finds the same
// verification, and no second call is placed.
func TestATryThatDiedIsGoneOnWith(t *testing.T) {
	var g *gate
	w := newWorld(t, func(w *world, o *verify.Options) { g = gated(w, o) })
	close(g.open)
	dies := func(err error) func() {
		return func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.failing = err // nothing can be written down any more
		}
	}
	g.after = dies(errors.New("the process is gone"))
	w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1"), http.StatusInternalServerError, "internal")
	g.after = nil
	dies(nil)()
	w.work()
	w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1"), http.StatusConflict, verify.ProblemBusy)
	w.advance(2 * time.Minute)
	again := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1")
	w.want(again, http.StatusCreated, "")
	if w.work(); w.calls() != 1 || again.text("created_at") != "2026-03-04T12:00:00Z" {
		t.Errorf("%d calls were placed; %s", w.calls(), again.raw)
	}
}

// A fault of ours is not an answer to keep.
func TestAFaultMayBeTriedAgain(t *testing.T) {
	var g *gate
	w := newWorld(t, func(w *world, o *verify.Options) { g = gated(w, o) })
	close(g.open)
	g.err = errors.New("the disk is full")
	w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1"), http.StatusInternalServerError, "internal")
	g.err = nil
	again := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1")
	w.want(again, http.StatusCreated, "")
	if w.work(); w.calls() != 1 {
		t.Errorf("%d calls were placed", w.calls())
	}
	w.is(w.check(again.text("id"), "0042"), verify.StatusVerified)
}

// What a client gave up on is finished all the same.
func TestAClientThatHangsUpFindsItsAnswer(t *testing.T) {
	var g *gate
	w := newWorld(t, func(w *world, o *verify.Options) { g = gated(w, o) })
	ctx, hangUp := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.URL+"/blitz"+verify.PathVerifications, strings.NewReader(`{"phone":"`+number+`"}`))
	w.must(err)
	r.Header = http.Header{"Authorization": {"Bearer shop's"}, "Content-Type": {"application/json"}, key: {"k1"}}
	done := make(chan error)
	go func() {
		_, err := http.DefaultClient.Do(r)
		done <- err
	}()
	<-g.entered
	hangUp()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	close(g.open)
	var found got
	for found.status == 0 || found.text("id") == verify.ProblemBusy {
		found = w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, key, "k1")
	}
	w.want(found, http.StatusCreated, "")
	if w.work(); w.calls() != 1 {
		t.Errorf("%d calls were placed", w.calls())
	}
}
