package drivertest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

func (b *bench) login(t *testing.T) {
	if b.Login == nil {
		t.Skip("the driver doesn't log in")
	}
	t.Run("once for many", func(t *testing.T) {
		l := b.line(t, lineOptions{})
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				if _, err := l.start(map[string]any{loops.InputReference: fmt.Sprint("ref-", n)}); err != nil {
					t.Errorf("%v%s", err, shown(err))
				}
			})
		}
		all.Wait()
		if n := l.requests(b.Login.Path); n != 1 {
			t.Errorf("eight calls logged in %d times", n)
		}
	})
	t.Run("expired", func(t *testing.T) {
		l := b.line(t, lineOptions{})
		l.placed(nil)
		l.play(b.Login.Expired)
		value, call := l.placed(map[string]any{loops.InputReference: "ref-2"})
		l.sameCode(value, call, l.ours())
		if n := l.requests(b.Login.Path); n != 2 {
			t.Errorf("%d logins, want 2", n)
		}
	})
	for fault, want := range map[standin.Fault]loops.Key{standin.FaultError: loops.Unavailable, standin.FaultHTML: loops.BadAnswer,
		standin.FaultRateLimit: loops.RateLimited, providers.FaultEmpty: loops.BadAnswer, providers.FaultBare: loops.BadAnswer, providers.FaultNulls: loops.BadAnswer} {
		t.Run("login "+string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			l.play(fault)
			result, err := l.start(nil)
			l.fails(result, err, want)
			l.hides(visible(result, err))
		})
	}
	t.Run("refused for good", func(t *testing.T) {
		l := b.line(t, lineOptions{})
		if err := l.standin.Play(b.Login.Expired, 100); err != nil {
			t.Fatal(err)
		}
		result, err := l.start(nil)
		l.fails(result, err, loops.AuthFailed)
		if n := l.requests(b.Login.Path); n > 2 {
			t.Errorf("%d logins in one run", n)
		}
	})
}

// about is the input of the entries that come after start.
func (l *line) about(value map[string]any, more map[string]any) map[string]any {
	in := l.input(more)
	for _, key := range []string{loops.ValueCallID, loops.ValuePrefix} {
		if v, ok := value[key]; ok {
			in[key] = v
		}
	}
	return in
}

func (b *bench) check(t *testing.T) {
	if b.Check == nil {
		t.Skip("the provider checks nothing")
	}
	t.Run("right", func(t *testing.T) {
		l := b.line(t, lineOptions{})
		value, call := l.placed(nil)
		l.checked(value, l.last(call), true, "")
		if b.Check.Whole {
			l = b.line(t, lineOptions{})
			value, call = l.placed(nil)
			l.checked(value, call.From, true, "")
		}
	})
	t.Run("wrong", func(t *testing.T) {
		l := b.line(t, lineOptions{})
		value, call := l.placed(nil)
		l.checked(value, changed(l.last(call)), false, "wrong")
	})
	t.Run("expired", func(t *testing.T) {
		if b.Check.Expires == 0 {
			t.Skip("the provider doesn't say")
		}
		l := b.line(t, lineOptions{})
		value, call := l.placed(nil)
		l.theirs.add(b.Check.Expires)
		l.clock.add(b.Check.Expires)
		l.checked(value, l.last(call), false, "expired")
	})
	t.Run("locked", func(t *testing.T) {
		if b.Check.Locks == 0 {
			t.Skip("the provider doesn't say")
		}
		l := b.line(t, lineOptions{})
		value, call := l.placed(nil)
		for range b.Check.Locks {
			l.checked(value, changed(l.last(call)), false, "")
		}
		l.checked(value, l.last(call), false, "locked")
	})
	for fault, reason := range b.Check.Refuses {
		t.Run("refused "+string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			l.play(fault)
			l.checked(value, l.last(call), false, reason)
		})
	}
	faults := map[standin.Fault]loops.Key{standin.FaultError: loops.Unavailable, standin.FaultHTML: loops.BadAnswer, standin.FaultRateLimit: loops.RateLimited}
	for _, fault := range providers.Garbage() {
		faults[fault] = b.worst(fault)
	}
	for fault, want := range b.Check.Fails {
		faults[fault] = want
	}
	for fault, want := range faults {
		t.Run(string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			l.play(fault)
			result, err := l.run(loops.EntryCheck, l.about(value, map[string]any{loops.InputCode: l.last(call)}))
			if err == nil {
				t.Errorf("Ok with %v, want %s", result.Value, want)
				return
			}
			l.fails(result, err, want)
			l.hides(visible(result, err))
		})
	}
}

// last are the digits that a person would type.
func (l *line) last(call standin.Call) string {
	if call.Text != "" {
		found := digitsOf(call.Text)
		return found[max(0, len(found)-l.Length):]
	}
	return call.From[len(call.From)-l.Length:]
}

func (l *line) checked(value map[string]any, typed string, valid bool, reason string) {
	l.Helper()
	result, err := l.run(loops.EntryCheck, l.about(value, map[string]any{loops.InputCode: typed}))
	if err != nil {
		l.Fatalf("check: %v%s", err, shown(err))
	}
	if result.Value[loops.ValueValid] != valid {
		l.Errorf("%s gives %v, want valid %v", typed, result.Value, valid)
	}
	got, _ := result.Value[loops.ValueReason].(string)
	if got == "" && !valid {
		got = "wrong"
	}
	if reason != "" && got != reason {
		l.Errorf("%s is %q, want %q", typed, got, reason)
	}
	l.hides(visible(result, nil))
}

func (b *bench) poll(t *testing.T) {
	if b.Poll == nil {
		t.Skip("the provider isn't asked afterwards")
	}
	fates := append([]standin.Fault{""}, b.Poll.Rang...)
	if b.Poll.Verified {
		fates = nil
		t.Run("verified", func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			l.state(value, "pending")
			l.checked(value, l.last(call), true, "")
			l.state(value, "delivered")
		})
	}
	for _, fault := range fates {
		t.Run("rang "+string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			if fault != "" {
				l.play(fault)
			}
			value, call := l.placed(nil)
			l.sameCode(value, call, l.ours())
			if id, _ := value[loops.ValueCallID].(string); id == "" || value[loops.ValuePending] != true {
				t.Errorf("start's Ok is %v: it must be pending and have a call_id that is text", value)
			}
			l.state(value, "pending", "ringing")
			l.pass(b.Poll.Delivered)
			l.state(value, "delivered")
		})
	}
	for fault, want := range b.Poll.Fails {
		t.Run(string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			l.play(fault)
			value, _ := l.placed(nil)
			l.pass(b.Poll.Delivered)
			result, err := l.run(loops.EntryPoll, l.about(value, nil))
			l.failsOnly(result, err, want)
		})
	}
	b.brokenPoll(t)
	t.Run("unknown call", func(t *testing.T) {
		l := b.line(t, lineOptions{})
		unknown := map[string]any{loops.ValueCallID: "0"}
		if b.Poll.Gone != "" {
			l.state(unknown, b.Poll.Gone)
			return
		}
		result, err := l.run(loops.EntryPoll, l.about(unknown, nil))
		l.failsOnly(result, err, "")
	})
}

// brokenPoll holds that an answer which can't be read isn't taken for a state.
func (b *bench) brokenPoll(t *testing.T) {
	faults := map[standin.Fault]loops.Key{standin.FaultError: loops.Unavailable, standin.FaultHTML: loops.BadAnswer, standin.FaultRateLimit: loops.RateLimited}
	for _, fault := range providers.Garbage() {
		if !slices.Contains(b.Works, fault) {
			faults[fault] = b.worst(fault)
		}
	}
	for fault, want := range b.Poll.Broken {
		faults[fault] = want
	}
	for fault, want := range faults {
		t.Run("broken "+string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, _ := l.placed(nil)
			if b.Poll.Gone == "" { // else the call may be forgotten by then
				l.pass(b.Poll.Delivered)
			}
			l.play(fault)
			result, err := l.run(loops.EntryPoll, l.about(value, nil))
			l.failsOnly(result, err, want)
		})
	}
}

// failsOnly holds that an entry other than start ended with a failure, and that nothing secret shows in it.
func (l *line) failsOnly(result *loops.Result, err error, want loops.Key) {
	l.Helper()
	if err == nil {
		l.Errorf("Ok with %v, want %s", result.Value, want)
		return
	}
	l.fails(result, err, want)
	l.hides(visible(result, err))
}

// pass lets time pass at both ends.
func (l *line) pass(d time.Duration) {
	l.clock.add(d)
	l.theirs.add(d)
}

func (l *line) state(value map[string]any, want ...string) {
	l.Helper()
	result, err := l.run(loops.EntryPoll, l.about(value, nil))
	if err != nil {
		l.Fatalf("poll: %v%s", err, shown(err))
	}
	l.hides(visible(result, nil))
	for _, w := range want {
		if result.Value[loops.ValueState] == w {
			return
		}
	}
	l.Errorf("poll gives %v, want %v", result.Value, want)
}

func (b *bench) report(t *testing.T) {
	if b.Report == nil {
		t.Skip("the provider isn't told")
	}
	for verified, want := range b.Report {
		t.Run(fmt.Sprint(verified), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			typed := l.last(call)
			if !verified {
				typed = changed(typed)
			}
			result, err := l.run(loops.EntryReport, l.about(value, map[string]any{loops.InputVerified: verified, loops.InputCode: typed}))
			if err != nil {
				t.Fatalf("report: %v%s", err, shown(err))
			}
			l.hides(visible(result, nil))
			if got := l.standin.Calls(Number)[0].Fate; got != want {
				t.Errorf("the provider noted %q, want %q", got, want)
			}
		})
	}
}
