package fill

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp/store"
)

// Figure is what one operation costs.
type Figure struct {
	// Group and Name say which.
	Group string `json:"group"`
	Name  string `json:"name"`
	// Median and P99 are of single runs, in microseconds; where the operation reads,
	// of reading what was read a moment before.
	Median float64 `json:"median"`
	P99    float64 `json:"p99"`
	// First is the median of the first time, which in a large database reads from the
	// disk; 0 for operations that write.
	First float64 `json:"first"`
}

// operation is one thing that is measured, runs times.
type operation struct {
	group, name string
	runs        int
	do          func(ctx context.Context, i int) error
}

// bench is a filled database that is measured.
type bench struct {
	users int
	s     *store.Store
	// most is Options.Most.
	most int
	// round tells this measurement's new rows from those of the ones before.
	round int
}

// operations are all, in the order of the page.
func (b *bench) operations() []operation {
	return slices.Concat(b.reading(), b.writing(), b.searching(), b.sweeping())
}

func (b *bench) measure(ctx context.Context) ([]Figure, error) {
	var figures []Figure
	for _, o := range b.operations() {
		if b.most > 0 {
			o.runs = min(o.runs, b.most)
		}
		f, err := o.measure(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.name, err)
		}
		figures = append(figures, f)
	}
	return figures, nil
}

// measure reads all twice, and writes each thing once, after some that warm up.
func (o operation) measure(ctx context.Context) (Figure, error) {
	f := Figure{Group: o.group, Name: o.name}
	from := 0
	if o.reads() {
		first, err := o.times(ctx, 0, o.runs)
		if err != nil {
			return f, err
		}
		f.First = micros(first[len(first)/2])
	} else if _, err := o.times(ctx, 0, max(1, o.runs/4)); err != nil {
		return f, err
	} else {
		from = max(1, o.runs/4)
	}
	took, err := o.times(ctx, from, o.runs)
	if err != nil {
		return f, err
	}
	f.Median, f.P99 = micros(took[len(took)/2]), micros(took[len(took)*99/100])
	return f, nil
}

func (o operation) reads() bool { return o.group == groupReading || o.group == groupConsole }

// times runs it n times, and gives how long each took, sorted.
func (o operation) times(ctx context.Context, from, n int) ([]time.Duration, error) {
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		if err := o.do(ctx, from+i); err != nil {
			return nil, err
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took, nil
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// some is a number from 1 to the users, another for each i, over all of them.
func (b *bench) some(i int) int { return 1 + (i*7_368_787+b.round%1000*104_729)%b.users }

// signedIn is such a number whose user has a session.
func (b *bench) signedIn(i int) int {
	return max(usersPerSession, b.some(i)/usersPerSession*usersPerSession)
}

func idOf(i int) string   { return fmt.Sprintf("%010d%s", i, idRest) }
func hashOf(i int) string { return fmt.Sprintf("%010d%s", i, hashRest) }

// fresh is an ID that no other run has.
func (b *bench) fresh(what string, i int) string { return fmt.Sprintf("~%s-%d-%d", what, b.round, i) }
