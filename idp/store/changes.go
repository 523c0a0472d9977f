package store

import "context"

// Changes gives something when a node saved settings, let a driver serve or changed
// the signing keys, this node included: who reads those anew then knows them at
// once. It is a hint. Now and then it gives something for nothing, and where the
// database can't tell, as SQLite, or is away, nothing comes: who asks goes on asking
// at times of its own. It ends with ctx.
func (s *Store) Changes(ctx context.Context) <-chan struct{} {
	changed := make(chan struct{}, 1)
	if s.d.listen != nil {
		go s.d.listen(ctx, func() {
			select {
			case changed <- struct{}{}:
			default: // who hasn't read the one before reads all at once
			}
		})
	}
	return changed
}

// notify tells the other nodes of a change, when the transaction is committed.
func (t *txn) notify() error {
	if t.d.notify == "" {
		return nil
	}
	var nothing string
	return t.Get(&nothing, t.d.notify)
}
