package drivertest

import (
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func (b *bench) poll(t *testing.T) {
	if b.Poll == nil {
		t.Skip("the provider isn't asked afterwards")
	}
	if b.Poll.Verified {
		t.Run("verified", b.pollVerified)
	} else {
		for _, fault := range append([]standin.Fault{""}, b.Poll.Rang...) {
			t.Run("rang "+string(fault), func(t *testing.T) { b.pollRang(t, fault) })
		}
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
	t.Run("unknown call", b.pollUnknown)
}

func (b *bench) pollVerified(t *testing.T) {
	l := b.line(t, lineOptions{})
	value, call := l.placed(nil)
	l.state(value, "pending")
	l.checked(value, l.last(call), true, "")
	l.state(value, "delivered")
}

// pollRang holds that a call with this fate, or with none where fault is empty, is told as one that rang.
func (b *bench) pollRang(t *testing.T, fault standin.Fault) {
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
}

func (b *bench) pollUnknown(t *testing.T) {
	l := b.line(t, lineOptions{})
	unknown := map[string]any{loops.ValueCallID: "0"}
	if b.Poll.Gone != "" {
		l.state(unknown, b.Poll.Gone)
		return
	}
	result, err := l.run(loops.EntryPoll, l.about(unknown, nil))
	l.failsOnly(result, err, "")
}

// brokenPoll holds that an answer which can't be read isn't taken for a state.
func (b *bench) brokenPoll(t *testing.T) {
	for fault, want := range b.broken(b.Poll.Broken, b.Works...) {
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

func (l *line) state(value map[string]any, want ...string) {
	l.Helper()
	result, err := l.run(loops.EntryPoll, l.about(value, nil))
	if err != nil {
		l.Fatalf("poll: %v%s", err, shown(err))
	}
	l.hides(visible(result, nil))
	l.asWanted(loops.EntryPoll, result.Value)
	for _, w := range want {
		if result.Value[loops.ValueState] == w {
			return
		}
	}
	l.Errorf("poll gives %v, want %v", result.Value, want)
}
