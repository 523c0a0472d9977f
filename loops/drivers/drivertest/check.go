package drivertest

import (
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func (b *bench) check(t *testing.T) {
	if b.Check == nil {
		t.Skip("the provider checks nothing")
	}
	t.Run("right", b.checkRight)
	t.Run("wrong", b.checkWrong)
	t.Run("expired", b.checkExpired)
	t.Run("locked", b.checkLocked)
	for fault, reason := range b.Check.Refuses {
		t.Run("refused "+string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			l.play(fault)
			l.checked(value, l.last(call), false, reason)
		})
	}
	for fault, want := range b.broken(b.Check.Fails) {
		t.Run(string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			l.play(fault)
			result, err := l.run(loops.EntryCheck, l.about(value, map[string]any{loops.InputCode: l.last(call)}))
			l.failsOnly(result, err, want)
		})
	}
}

func (b *bench) checkRight(t *testing.T) {
	l := b.line(t, lineOptions{})
	value, call := l.placed(nil)
	l.checked(value, l.last(call), true, "")
	if b.Check.Whole {
		l = b.line(t, lineOptions{})
		value, call = l.placed(nil)
		l.checked(value, call.From, true, "")
	}
}

func (b *bench) checkWrong(t *testing.T) {
	l := b.line(t, lineOptions{})
	value, call := l.placed(nil)
	l.checked(value, changed(l.last(call)), false, "wrong")
}

func (b *bench) checkExpired(t *testing.T) {
	if b.Check.Expires == 0 {
		t.Skip("the provider doesn't say")
	}
	l := b.line(t, lineOptions{})
	value, call := l.placed(nil)
	l.pass(b.Check.Expires)
	l.checked(value, l.last(call), false, "expired")
}

func (b *bench) checkLocked(t *testing.T) {
	if b.Check.Locks == 0 {
		t.Skip("the provider doesn't say")
	}
	l := b.line(t, lineOptions{})
	value, call := l.placed(nil)
	for range b.Check.Locks {
		l.checked(value, changed(l.last(call)), false, "")
	}
	l.checked(value, l.last(call), false, "locked")
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
	l.asWanted(loops.EntryCheck, result.Value)
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
