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

// Info describes a key to people; it holds nothing secret.
type Info struct {
	ID         string    `json:"id"`
	Alg        string    `json:"alg"`
	State      State     `json:"state"`
	CreatedAt  time.Time `json:"created_at"`
	ActiveFrom time.Time `json:"active_from"`
}

// List returns the keys by algorithm and age, straight from the records.
func (r *Ring) List(ctx context.Context) ([]Info, error) {
	records, err := r.Records.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the signing keys: %w", err)
	}
	infos := make([]Info, 0, len(records))
	for _, l := range lines(records) {
		for i, record := range l {
			infos = append(infos, info(record, l.state(i, r.Now(), r.KeepFor)))
		}
	}
	slices.SortFunc(infos, byAlgThenStart)
	return infos, nil
}

func info(record Record, state State) Info {
	return Info{ID: record.ID, Alg: record.Alg, State: state, CreatedAt: record.CreatedAt, ActiveFrom: record.ActiveFrom}
}

// Rotate makes the algorithm's next key now. It signs as soon as every node
// has certainly read it (two CacheFor); the one before stays published for
// KeepFor. A key that the schedule made already takes over at its own time.
func (r *Ring) Rotate(ctx context.Context, alg string) (Info, error) {
	if !slices.Contains(r.Algorithms, alg) {
		return Info{}, fmt.Errorf("the algorithm %q is not one of %s", alg, strings.Join(r.Algorithms, ", "))
	}
	r.tending.Lock()
	defer r.tending.Unlock()
	records, err := r.Records.SigningKeys(ctx)
	if err != nil {
		return Info{}, fmt.Errorf("reading the signing keys: %w", err)
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
	r.mu.Lock()
	r.cached = nil
	r.mu.Unlock()
	state := Pending
	if len(l) == 0 {
		state = Active
	}
	return info(record, state), nil
}

// tend reads the records and does what the schedule asks for: a first key, the
// next one Lead before its time, the end of those that are over. tending must be
// held.
func (r *Ring) tend(ctx context.Context) ([]Record, error) {
	records, err := r.Records.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the signing keys: %w", err)
	}
	changed, err := r.grow(ctx, lines(records))
	if err != nil {
		return nil, err
	}
	pruned, err := r.prune(ctx, lines(records))
	if err != nil {
		return nil, err
	}
	if !changed && !pruned {
		return records, nil
	}
	if records, err = r.Records.SigningKeys(ctx); err != nil {
		return nil, fmt.Errorf("reading the signing keys: %w", err)
	}
	return records, nil
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

func (r *Ring) prune(ctx context.Context, byAlg map[string]line) (changed bool, err error) {
	for _, l := range byAlg {
		for i, record := range l {
			if l.state(i, r.Now(), r.KeepFor) != Over {
				continue
			}
			if err := r.Records.DeleteSigningKey(ctx, record.ID); err != nil {
				return changed, fmt.Errorf("deleting the signing key %s: %w", record.ID, err)
			}
			changed = true
		}
	}
	return changed, nil
}

func (r *Ring) add(ctx context.Context, alg string, generation int, from time.Time) (Record, error) {
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
	record := Record{ID: id, Alg: alg, Generation: generation, Sealed: sealed, CreatedAt: r.Now(), ActiveFrom: from}
	if err := r.Records.AddSigningKey(ctx, record); err != nil {
		return Record{}, fmt.Errorf("storing a signing key: %w", err)
	}
	r.Log.InfoContext(ctx, "signing key made", "kid", id, "alg", alg, "active_from", from)
	return record, nil
}
