package drivertest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func (b *bench) login(t *testing.T) {
	if b.Login == nil {
		t.Skip("the driver doesn't log in")
	}
	t.Run("once for many", b.loginOnce)
	t.Run("expired", b.loginExpired)
	for fault, want := range map[standin.Fault]loops.Key{standin.FaultError: loops.Unavailable, standin.FaultHTML: loops.BadAnswer,
		standin.FaultRateLimit: loops.RateLimited, standin.FaultEmpty: loops.BadAnswer, standin.FaultBare: loops.BadAnswer, standin.FaultNulls: loops.BadAnswer} {
		t.Run("login "+string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			l.play(fault)
			result, err := l.start(nil)
			l.fails(result, err, want)
			l.hides(visible(result, err))
		})
	}
	t.Run("refused for good", b.loginRefused)
}

func (b *bench) loginOnce(t *testing.T) {
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
}

func (b *bench) loginExpired(t *testing.T) {
	l := b.line(t, lineOptions{})
	l.placed(nil)
	l.play(b.Login.Expired)
	value, call := l.placed(map[string]any{loops.InputReference: "ref-2"})
	l.sameCode(value, call, l.ours())
	if n := l.requests(b.Login.Path); n != 2 {
		t.Errorf("%d logins, want 2", n)
	}
}

func (b *bench) loginRefused(t *testing.T) {
	l := b.line(t, lineOptions{})
	if err := l.standin.Play(b.Login.Expired, 100); err != nil {
		t.Fatal(err)
	}
	result, err := l.start(nil)
	l.fails(result, err, loops.AuthFailed)
	if n := l.requests(b.Login.Path); n > 2 {
		t.Errorf("%d logins in one run", n)
	}
}
