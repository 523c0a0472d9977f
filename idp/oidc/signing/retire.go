package signing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// ErrUnknownKey: there is no key of that ID, or not any more.
var ErrUnknownKey = errors.New("there is no such signing key")

// maxTries bounds how often Retire begins anew because another node made a key at
// the same time.
const maxTries = 3

// Retire deletes a key at once, whatever its state, because somebody else may have
// it. Where it was the one that signs, the next key signs from now on: the one that
// is published already, if there is one, or else a new one that no relying party
// has seen yet. It returns the key of the algorithm that signs now; none where the
// settings have the algorithm no longer.
//
// A node that runs goes on with what it read for CacheFor. What the key signed can
// be verified no more by anybody who reads the key set after that. ErrUnknownKey
// where there is no such key.
func (r *Ring) Retire(ctx context.Context, id string) (Info, error) {
	r.tending.Lock()
	defer r.tending.Unlock()
	for try := 1; ; try++ {
		signs, err := r.retire(ctx, id)
		if errors.Is(err, idp.ErrTaken) && try < maxTries {
			continue
		}
		if err != nil {
			return Info{}, err
		}
		r.Log.WarnContext(ctx, "signing key retired", "kid", id, "signs", signs.ID)
		return r.told(ctx, signs)
	}
}

func (r *Ring) retire(ctx context.Context, id string) (signs Record, _ error) {
	records, err := r.read(ctx)
	if err != nil {
		return Record{}, err
	}
	i := slices.IndexFunc(records, func(k Record) bool { return k.ID == id })
	if i < 0 {
		return Record{}, fmt.Errorf("%w: %s", ErrUnknownKey, id)
	}
	alg := records[i].Alg
	if !slices.Contains(r.Algorithms, alg) {
		return Record{}, r.remove(ctx, id)
	}
	l := lines(records)[alg]
	at := l.signing(r)
	if l[at].ID != id {
		return l[at], r.remove(ctx, id)
	}
	gone := []string{id}
	if at+1 < len(l) {
		signs = l[at+1]
		signs.ActiveFrom = r.Now()
		gone = append(gone, signs.ID)
	} else if signs, err = r.make(alg, l.generation()+1, r.Now()); err != nil {
		return Record{}, err
	}
	if err := r.Records.ReplaceSigningKeys(ctx, gone, []Record{signs}); err != nil {
		return Record{}, fmt.Errorf("replacing the signing key %s: %w", id, err)
	}
	return signs, nil
}

// signing is the index of the key that signs: the last that has begun, or the first.
func (l line) signing(r *Ring) int {
	at := 0
	for i, record := range l {
		if !r.Now().Before(record.ActiveFrom) {
			at = i
		}
	}
	return at
}
