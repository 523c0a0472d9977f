package ledger

import (
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// Quarter is the span of time over which calls are summed up. All time zones in
// use differ from UTC by whole quarters, so days of any of them can be made of it.
const Quarter = 15 * time.Minute

// Waits is how many classes of waiting times there are; see Bounds.
const Waits = 12

// Bounds are the ends of the classes of waiting times, from the person's request to
// the right code; the last class has none.
func Bounds() [Waits - 1]time.Duration {
	const s = time.Second
	return [...]time.Duration{5 * s, 10 * s, 15 * s, 20 * s, 30 * s, 45 * s, 60 * s, 90 * s, 120 * s, 180 * s, 300 * s}
}

// Key is what calls of one sum have in common. Failure is empty for all that didn't fail.
type Key struct {
	At                                                           time.Time // beginning of the quarter
	Route, Driver, Channel, Country, Operator, Failure, Currency string
}

// Figures are a sum over calls. Placed are those that a provider took, Reached those
// where the phone rang; the numbers from Underway to Unknown say how each call
// stands and add up to Calls.
type Figures struct {
	Calls                                                                               int64
	Underway, Confirmed, Expired, Exhausted, Failed, Refused, Replaced, Unsent, Unknown int64
	Placed, Reached                                                                     int64
	Spent                                                                               int64        // millionths
	Told                                                                                int64        // of Spent, what providers told
	Waits                                                                               [Waits]int64 // of the confirmed ones
}

// Measure is what one call counts, and where.
func Measure(k Call) (Key, Figures) {
	key := Key{
		At: k.At.UTC().Truncate(Quarter), Route: k.Route, Driver: k.Driver, Channel: k.Channel, Country: k.Country,
		Operator: k.Operator, Failure: k.Failure, Currency: k.Currency,
	}
	f := Figures{Calls: 1, Spent: k.Spent()}
	*f.of(k.State) = 1
	if k.Cost > 0 {
		f.Told = k.Cost
	}
	confirmed := k.State == otp.Confirmed
	if confirmed || !k.PlacedAt.IsZero() {
		f.Placed = 1
	}
	if confirmed || !k.CalledAt.IsZero() {
		f.Reached = 1
	}
	if confirmed {
		f.Waits[class(k.EndedAt.Sub(k.RequestedAt))] = 1
	}
	return key, f
}

// of is the number that says how calls stand.
func (f *Figures) of(s State) *int64 {
	switch s {
	case otp.Confirmed:
		return &f.Confirmed
	case otp.Expired:
		return &f.Expired
	case otp.Exhausted:
		return &f.Exhausted
	case otp.Failed:
		return &f.Failed
	case otp.Refused:
		return &f.Refused
	case Replaced:
		return &f.Replaced
	case Unsent:
		return &f.Unsent
	case otp.Unknown:
		return &f.Unknown
	}
	return &f.Underway
}

// Of is how many calls ended in the state, or are underway where it is no end.
func (f Figures) Of(s State) int64 { return *f.of(s) }

func class(wait time.Duration) int {
	bounds := Bounds()
	for i, bound := range bounds {
		if wait <= bound {
			return i
		}
	}
	return len(bounds)
}

// Add is the sum of both.
func (f Figures) Add(g Figures) Figures { return f.plus(g, 1) }

// Less is the difference of both.
func (f Figures) Less(g Figures) Figures { return f.plus(g, -1) }

func (f Figures) plus(g Figures, sign int64) Figures {
	mine, theirs := f.numbers(), g.numbers()
	for i := range mine {
		*mine[i] += sign * *theirs[i]
	}
	return f
}

// numbers are all of them, in place.
func (f *Figures) numbers() []*int64 {
	all := []*int64{
		&f.Calls, &f.Underway, &f.Confirmed, &f.Expired, &f.Exhausted, &f.Failed, &f.Refused, &f.Replaced, &f.Unsent, &f.Unknown,
		&f.Placed, &f.Reached, &f.Spent, &f.Told,
	}
	for i := range f.Waits {
		all = append(all, &f.Waits[i])
	}
	return all
}

// Over are the calls of which it is known how they ended.
func (f Figures) Over() int64 { return f.Calls - f.Underway }

// Percentile is the waiting time that the share p of the confirmed calls didn't
// pass, estimated within its class; false without any. more says that it is above
// the last bound, which is then given.
func (f Figures) Percentile(p float64) (wait time.Duration, more, ok bool) {
	if f.Confirmed <= 0 {
		return 0, false, false
	}
	bounds := Bounds()
	rank, before := p*float64(f.Confirmed), 0.0
	for i, n := range f.Waits {
		if n <= 0 || before+float64(n) < rank {
			before += float64(n)
			continue
		}
		if i == len(bounds) {
			return bounds[i-1], true, true
		}
		var from time.Duration
		if i > 0 {
			from = bounds[i-1]
		}
		return from + time.Duration((rank-before)/float64(n)*float64(bounds[i]-from)), false, true
	}
	return bounds[len(bounds)-1], true, true
}

// Delta is what a change adds to the figures, by key; two where the key changed.
type Delta struct {
	Key     Key
	Figures Figures
}

// Deltas is what the change adds to the figures.
func (c Change) Deltas() []Delta {
	key, f := Measure(c.After)
	if c.Before.ID == "" {
		return []Delta{{key, f}}
	}
	old, g := Measure(c.Before)
	all := []Delta{{key, f.Less(g)}}
	if old != key {
		all = []Delta{{old, Figures{}.Less(g)}, {key, f}}
	}
	return slices.DeleteFunc(all, func(d Delta) bool { return d.Figures == Figures{} })
}
