package signing

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// skew is how far the clocks of relying parties may be behind ours: so much longer
// than a token lives they may still want its key.
const skew = 5 * time.Minute

// keep is how long a key stays published after it signed last, as things stand.
func (r *Ring) keep(ctx context.Context) (time.Duration, error) {
	if r.TokenLife == nil {
		return r.KeepFor, nil
	}
	life, err := r.TokenLife(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the longest life of a token: %w", err)
	}
	return max(r.KeepFor, life+skew), nil
}

// state of the line's i-th key: its successor's start retires it, and keep later
// it is over. Keys of an algorithm that the settings have no longer sign nothing.
func (r *Ring) state(l line, i int, keep time.Duration) State {
	now := r.Now()
	used := slices.Contains(r.Algorithms, l[i].Alg)
	switch {
	case used && now.Before(l[i].ActiveFrom):
		return Pending
	case used && (i+1 == len(l) || now.Before(l[i+1].ActiveFrom)):
		return Active
	case now.Before(r.ends(l, i).Add(keep)):
		return Retired
	}
	return Over
}

// ends is when the line's i-th key signs no more: when the next one begins, or by
// schedule where there is none yet.
func (r *Ring) ends(l line, i int) time.Time {
	if i+1 < len(l) {
		return l[i+1].ActiveFrom
	}
	return l[i].ActiveFrom.Add(r.RotateAfter)
}

// Info describes a key to people; it holds nothing secret.
type Info struct {
	ID         string    `json:"id"`
	Alg        string    `json:"alg"`
	State      State     `json:"state"`
	CreatedAt  time.Time `json:"created_at"`
	ActiveFrom time.Time `json:"active_from"`
	// ActiveUntil is when the next key takes over. Where that isn't made yet, it is
	// when the schedule has it take over.
	ActiveUntil time.Time `json:"active_until"`
	// PublishedUntil is when the key leaves the key set, and is deleted.
	PublishedUntil time.Time `json:"published_until"`
}

// List returns the keys by algorithm and age, straight from the records.
func (r *Ring) List(ctx context.Context) ([]Info, error) {
	records, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	keep, err := r.keep(ctx)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, 0, len(records))
	for _, l := range lines(records) {
		for i, record := range l {
			until := r.ends(l, i)
			infos = append(infos, Info{
				ID: record.ID, Alg: record.Alg, State: r.state(l, i, keep), CreatedAt: record.CreatedAt,
				ActiveFrom: record.ActiveFrom, ActiveUntil: until, PublishedUntil: until.Add(keep),
			})
		}
	}
	slices.SortFunc(infos, byAlgThenStart)
	return infos, nil
}

func (r *Ring) read(ctx context.Context) ([]Record, error) {
	records, err := r.Records.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the signing keys: %w", err)
	}
	return records, nil
}

// told forgets what this node believed and describes the record as it stands now;
// nothing where there is none to describe.
func (r *Ring) told(ctx context.Context, record Record) (Info, error) {
	r.mu.Lock()
	r.cached = nil
	r.mu.Unlock()
	if record.ID == "" {
		return Info{}, nil
	}
	all, err := r.List(ctx)
	if err != nil {
		return Info{}, err
	}
	i := slices.IndexFunc(all, func(k Info) bool { return k.ID == record.ID })
	if i < 0 {
		return Info{}, fmt.Errorf("the signing key %s was retired meanwhile", record.ID)
	}
	return all[i], nil
}
