package drivertest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
)

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

// broken are the answers of an entry after start that can't be read, with the word that it must end with: those of every
// provider but except, and more.
func (b *bench) broken(more map[standin.Fault]loops.Key, except ...standin.Fault) map[standin.Fault]loops.Key {
	faults := map[standin.Fault]loops.Key{standin.FaultError: loops.Unavailable, standin.FaultHTML: loops.BadAnswer, standin.FaultRateLimit: loops.RateLimited}
	for _, fault := range standin.Garbage() {
		if !slices.Contains(except, fault) {
			faults[fault] = b.worst(fault)
		}
	}
	maps.Copy(faults, more)
	return faults
}

// pass lets time pass at both ends.
func (l *line) pass(d time.Duration) {
	l.clock.add(d)
	l.theirs.add(d)
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
