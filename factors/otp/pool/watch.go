package pool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"
)

// Options are what a Watch needs. Now and Log have defaults.
type Options struct {
	Store Store
	// Hash is a keyed hash (HMAC) of its parts, unambiguous about where one part
	// ends, as text.
	Hash func(parts ...string) string
	Now  func() time.Time
	Log  *slog.Logger
}

// Watch watches codes. It serves many goroutines.
type Watch struct{ o Options }

// New refuses incomplete Options.
func New(o Options) (*Watch, error) {
	if o.Store == nil || o.Hash == nil {
		return nil, errors.New("pool: Store and Hash are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Watch{o}, nil
}

// Report tells how a driver's codes look.
type Report struct {
	Driver string    `json:"driver"`
	Length int       `json:"length"`
	Since  time.Time `json:"since"`
	// Codes that came since then.
	Codes int `json:"codes"`
	// Repeats are codes that had come before, Pairs those of equal codes. A fair
	// pool makes Expected pairs on average.
	Repeats  int     `json:"repeats"`
	Pairs    int     `json:"pairs"`
	Expected float64 `json:"expected"`
	// EffectivePool is the size of the fair pool that would make so many pairs
	// (Renyi's entropy of order 2), EffectiveBits its logarithm: what a guess at a
	// code is up against. Where there are no pairs, the whole pool counts.
	EffectivePool float64 `json:"effective_pool"`
	EffectiveBits float64 `json:"effective_bits"`
	// Alarm is the reason of the window's alarm, empty without one.
	Alarm string `json:"alarm,omitempty"`
	// Before is the window before, nil for the first.
	Before *Report `json:"before,omitempty"`
}

// Alarm says that a driver's codes are no fair draw.
type Alarm struct{ Report }

// Error is for logs.
func (a *Alarm) Error() string {
	return fmt.Sprintf("the codes of driver %s are no fair draw (%s): %d pairs among %d codes, %.1f are expected",
		a.Driver, a.Alarm, a.Pairs, a.Codes, a.Expected)
}

// Observe counts a code that a provider chose for a number, length digits. It
// gives the window's first alarm, which it has logged, and nil for all codes
// after that. An error means that this code wasn't counted; no login should fail
// for it.
func (w *Watch) Observe(ctx context.Context, driver, phone, code string, length int) (*Alarm, error) {
	if driver == "" || len(code) != length || length < 3 || length > 8 || strings.Trim(code, "0123456789") != "" {
		return nil, fmt.Errorf("watching the codes of driver %q: that is no code of %d digits", driver, length)
	}
	d := Draw{Driver: driver, Code: w.o.Hash("pool code", driver, code), Phone: w.o.Hash("pool phone", driver, phone)}
	var alarm *Alarm
	err := w.o.Store.CountCode(ctx, d, func(window *Window, seen Seen) error {
		alarm = window.count(w.o.Now(), code, seen, seen.Last == d.Code)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("watching the codes of driver %s: %w", driver, err)
	}
	if alarm != nil {
		w.o.Log.Error("code pool skewed", "driver", driver, "reason", alarm.Alarm, "codes", alarm.Codes, "pairs", alarm.Pairs,
			"expected", alarm.Expected, "effective_bits", alarm.EffectiveBits)
	}
	return alarm, nil
}

// count counts a code in its window, and gives the alarm that it is the first to
// raise.
func (w *Window) count(now time.Time, code string, seen Seen, same bool) *Alarm {
	if w.over(now, len(code)) {
		w.renew(now, len(code))
		seen, same = Seen{}, false
	}
	w.add(code, seen, same)
	if w.Alarm != "" {
		return nil
	}
	w.Alarm = w.judge()
	if w.Alarm == "" {
		return nil
	}
	return &Alarm{w.report()}
}

// Report tells how the codes of all drivers look, by their names.
func (w *Watch) Report(ctx context.Context) ([]Report, error) {
	windows, err := w.o.Store.CodeWindows(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading how the codes look: %w", err)
	}
	out := make([]Report, len(windows))
	for i, window := range windows {
		out[i] = window.report()
	}
	return out, nil
}

func (w *Window) report() Report {
	r := Report{
		Driver: w.Driver, Length: w.Length, Since: w.Since, Codes: w.Codes, Repeats: w.Repeats, Pairs: w.Pairs,
		Expected: w.couples() / w.size(), EffectivePool: w.size(), Alarm: w.Alarm,
	}
	if w.Pairs > 0 {
		r.EffectivePool = min(w.couples()/float64(w.Pairs), w.size())
	}
	r.EffectiveBits = math.Log2(r.EffectivePool)
	if w.Before != nil {
		before := *w.Before
		before.Driver = w.Driver
		report := before.report()
		r.Before = &report
	}
	return r
}

// enough is how many codes an estimate needs before it says more than the one of
// the window before.
const enough = 200

// Bits is the best estimate of what a guess is up against: that of this window,
// or of the one before while this one is young.
func (r Report) Bits() float64 {
	if r.Codes < enough && r.Before != nil && r.Before.Length == r.Length {
		return r.Before.EffectiveBits
	}
	return r.EffectiveBits
}

// Alarmed says whether this window or the one before raised an alarm: an alarm
// stays until a whole window went without.
func (r Report) Alarmed() bool {
	return r.Alarm != "" || r.Before != nil && r.Before.Alarm != ""
}
