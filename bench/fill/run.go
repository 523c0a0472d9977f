package fill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ringtail-id/ringtail/idp/store"
)

// Sized is what a database of one size costs.
type Sized struct {
	// Users in it, and Bytes that it takes.
	Users int   `json:"users"`
	Bytes int64 `json:"bytes"`
	// Filled is how long filling in took from the size before, Opened how long a
	// start takes, in seconds.
	Filled float64 `json:"filled"`
	Opened float64 `json:"opened"`
	// Figures of the operations.
	Figures []Figure `json:"figures"`
}

// Options say what to fill and measure.
type Options struct {
	// URL of the database.
	URL string
	// Filled is how many users an earlier run filled into the database, which is
	// empty where it is 0.
	Filled int
	// Sizes are numbers of users, growing.
	Sizes []int
	// Most bounds how often one operation is run; 0 is no bound.
	Most int
	// Log gets a line for each size.
	Log io.Writer
}

// Run fills the database up to each of the sizes in turn, and measures it there.
func Run(ctx context.Context, o Options) ([]Sized, error) {
	var all []Sized
	before := o.Filled
	for _, users := range o.Sizes {
		if users < before {
			return nil, fmt.Errorf("the sizes must grow: %d comes after %d", users, before)
		}
		sized, err := size(ctx, o, before, users)
		if err != nil {
			return nil, fmt.Errorf("with %d users: %w", users, err)
		}
		fmt.Fprintf(o.Log, "%d users: %d MB, filled in %.0f s, opened in %.3f s\n", users, sized.Bytes>>20, sized.Filled, sized.Opened)
		all, before = append(all, sized), users
	}
	return all, nil
}

func size(ctx context.Context, o Options, before, users int) (_ Sized, err error) {
	sized := Sized{Users: users}
	db, err := openDatabase(ctx, o.URL)
	if err != nil {
		return sized, err
	}
	round, start := int(time.Now().UnixMilli()), time.Now()
	err = errors.Join(db.add(ctx, before+1, users), db.expire(ctx, round, expired), db.Close())
	if err != nil {
		return sized, err
	}
	sized.Filled = time.Since(start).Seconds()
	if err := reopen(ctx, o.URL); err != nil {
		return sized, err
	}
	start = time.Now()
	s, err := store.Open(ctx, store.Options{URL: o.URL})
	if err != nil {
		return sized, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	sized.Opened = time.Since(start).Seconds()
	if sized.Bytes, err = s.Size(ctx); err != nil {
		return sized, err
	}
	sized.Figures, err = (&bench{users: users, s: s, round: round, most: o.Most}).measure(ctx)
	return sized, err
}

// reopen undoes what filling left: the first start afterwards puts all on the disk.
func reopen(ctx context.Context, url string) error {
	s, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return err
	}
	return s.Close()
}
