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
	// Median and P99 are of single runs, in microseconds.
	Median float64 `json:"median"`
	P99    float64 `json:"p99"`
}

// operation is one thing that is measured, runs times after some that warm up.
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
		warm := max(1, o.runs/4)
		for i := range warm {
			if err := o.do(ctx, i); err != nil {
				return nil, fmt.Errorf("%s: %w", o.name, err)
			}
		}
		took := make([]time.Duration, o.runs)
		for i := range took {
			start := time.Now()
			if err := o.do(ctx, warm+i); err != nil {
				return nil, fmt.Errorf("%s: %w", o.name, err)
			}
			took[i] = time.Since(start)
		}
		slices.Sort(took)
		figures = append(figures, Figure{o.group, o.name, micros(took[len(took)/2]), micros(took[len(took)*99/100])})
	}
	return figures, nil
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
