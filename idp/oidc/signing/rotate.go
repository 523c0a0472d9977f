package signing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Rotate makes the algorithm's next key now. It signs as soon as every node
// has certainly read it (two CacheFor); the one before stays published for
// KeepFor. A key that the schedule made already takes over at its own time.
func (r *Ring) Rotate(ctx context.Context, alg string) (Info, error) {
	if !slices.Contains(r.Algorithms, alg) {
		return Info{}, fmt.Errorf("the algorithm %q is not one of %s", alg, strings.Join(r.Algorithms, ", "))
	}
	r.tending.Lock()
	defer r.tending.Unlock()
	records, err := r.read(ctx)
	if err != nil {
		return Info{}, err
	}
	l := lines(records)[alg]
	from := r.Now()
	if len(l) > 0 {
		from = from.Add(2 * r.CacheFor)
	}
	record, err := r.add(ctx, alg, l.generation()+1, from)
	if err != nil {
		return Info{}, err
	}
	return r.told(ctx, record)
}

// tend reads the records and does what the schedule asks for: a first key, the
// next one Lead before its time, the end of those that are over. tending must be
// held.
func (r *Ring) tend(ctx context.Context, keep time.Duration) ([]Record, error) {
	records, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	changed, err := r.grow(ctx, lines(records))
	if err != nil {
		return nil, err
	}
	pruned, err := r.prune(ctx, lines(records), keep)
	if err != nil {
		return nil, err
	}
	if !changed && !pruned {
		return records, nil
	}
	return r.read(ctx)
}

func (r *Ring) grow(ctx context.Context, byAlg map[string]line) (changed bool, err error) {
	for _, alg := range r.Algorithms {
		from, due := r.next(byAlg[alg])
		if !due {
			continue
		}
		changed = true
		_, err := r.add(ctx, alg, byAlg[alg].generation()+1, from)
		if errors.Is(err, idp.ErrTaken) {
			continue // Another node was first; its key is read below.
		}
		if err != nil {
			return false, err
		}
	}
	return changed, nil
}

// next says from when the line's next key would sign, and whether it is due to be made.
func (r *Ring) next(l line) (time.Time, bool) {
	now := r.Now()
	if len(l) == 0 {
		return now, true
	}
	planned := l.latest().Add(r.RotateAfter)
	if now.Before(planned.Add(-r.Lead)) {
		return time.Time{}, false
	}
	if published := now.Add(r.Lead); planned.Before(published) {
		planned = published
	}
	return planned, true
}

func (r *Ring) prune(ctx context.Context, byAlg map[string]line, keep time.Duration) (changed bool, err error) {
	for _, l := range byAlg {
		for i, record := range l {
			if r.state(l, i, keep) != Over {
				continue
			}
			if err := r.remove(ctx, record.ID); err != nil {
				return changed, err
			}
			changed = true
		}
	}
	return changed, nil
}

func (r *Ring) remove(ctx context.Context, id string) error {
	if err := r.Records.DeleteSigningKey(ctx, id); err != nil {
		return fmt.Errorf("deleting the signing key %s: %w", id, err)
	}
	return nil
}

func (r *Ring) add(ctx context.Context, alg string, generation int, from time.Time) (Record, error) {
	record, err := r.make(alg, generation, from)
	if err != nil {
		return Record{}, err
	}
	if err := r.Records.AddSigningKey(ctx, record); err != nil {
		return Record{}, fmt.Errorf("storing a signing key: %w", err)
	}
	r.Log.InfoContext(ctx, "signing key made", "kid", record.ID, "alg", alg, "active_from", from)
	return record, nil
}

// make makes a key and stores nothing.
func (r *Ring) make(alg string, generation int, from time.Time) (Record, error) {
	private, err := generate(alg, r.Rand)
	if err != nil {
		return Record{}, fmt.Errorf("making a signing key: %w", err)
	}
	id, err := idp.NewID(r.Rand)
	if err != nil {
		return Record{}, err
	}
	sealed, err := r.seal(private)
	if err != nil {
		return Record{}, err
	}
	return Record{ID: id, Alg: alg, Generation: generation, Sealed: sealed, CreatedAt: r.Now(), ActiveFrom: from}, nil
}
