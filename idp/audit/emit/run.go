package emit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

const (
	poll  = time.Second // between two looks, where other nodes write
	lease = time.Minute // that a node has for a batch
	// A batch has so many records, or as many as go into so many bytes.
	batchRecords = 100
	batchBytes   = 512 << 10
	firstPause   = 5 * time.Second // after a failure; it doubles
	longestPause = time.Hour
)

// Run serves receivers until ctx ends, then waits for what it began and returns
// nil. Any number of nodes may run it on one database.
func (e *Emitters) Run(ctx context.Context) error {
	var working sync.WaitGroup
	defer working.Wait()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for ctx.Err() == nil {
		for _, to := range e.settings.Load().Emitters {
			if e.o.Senders[to.Kind] == nil || !e.claim(to.Name) {
				continue
			}
			working.Go(func() {
				defer e.release(to.Name)
				if err := e.Serve(ctx, to); err != nil && ctx.Err() == nil {
					e.o.Log.Error("an audit emitter", "emitter", to.Name, "error", err)
				}
			})
		}
		select {
		case <-ctx.Done():
		case <-e.wake:
		case <-ticker.C:
		}
	}
	return nil
}

func (e *Emitters) claim(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy[name] {
		return false
	}
	e.busy[name] = true
	return true
}

func (e *Emitters) release(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.busy, name)
}

// Serve sends the receiver all that waits for it, unless another node does or it
// is to be left alone for a while after a failure.
func (e *Emitters) Serve(ctx context.Context, to Emitter) error {
	tail, err := e.o.Records.AuditTail(ctx)
	if err != nil {
		return fmt.Errorf("reading the trail: %w", err)
	}
	if at, known := e.at(to.Name); known && tail.Last <= at {
		return nil
	}
	holder, err := idp.NewID(e.o.Rand)
	if err != nil {
		return err
	}
	now := e.o.Now()
	seq, tries, ok, err := e.o.Records.TakeAuditEmitter(ctx, to.Name, holder, now, now.Add(lease))
	if err != nil || !ok {
		return err
	}
	if seq < tail.Anchor.Seq {
		e.o.Log.Error("audit records were swept before they were sent", "emitter", to.Name, "seq", seq, "swept_through", tail.Anchor.Seq)
	}
	for {
		next, err := e.step(ctx, to, seq)
		if err != nil {
			return e.failed(ctx, to, holder, seq, tries, err)
		}
		e.reach(to.Name, next)
		due, done := e.o.Now().Add(lease), next == seq || ctx.Err() != nil
		if done {
			due = e.o.Now()
		}
		// What was sent is noted even where the program ends meanwhile.
		err = e.o.Records.MoveAuditEmitter(context.WithoutCancel(ctx), to.Name, holder, next, 0, due)
		if errors.Is(err, idp.ErrNotFound) {
			return nil // the lease was over, and another node goes on
		}
		if err != nil || done {
			return err
		}
		seq, tries = next, 0
	}
}

// step sends the next batch and says how far that goes; as far as before where
// nothing is left.
func (e *Emitters) step(ctx context.Context, to Emitter, after int64) (int64, error) {
	rows, err := e.o.Records.AuditChain(ctx, after, batchRecords)
	if err != nil {
		return after, fmt.Errorf("reading the trail: %w", err)
	}
	var batch []audit.Row
	size := 0
	for _, row := range rows {
		if size += len(row.Body); size > batchBytes && len(batch) > 0 {
			break
		}
		after = row.Seq
		if to.Takes(row.Type) {
			batch = append(batch, row)
		}
	}
	if len(batch) == 0 {
		return after, nil
	}
	return after, e.o.Senders[to.Kind].Send(ctx, to, batch)
}

// failed leaves the receiver alone for a while. What was to be sent stays.
func (e *Emitters) failed(ctx context.Context, to Emitter, holder string, seq int64, tries int, err error) error {
	pause := longestPause
	if tries < 10 {
		pause = min(firstPause<<tries, longestPause)
	}
	e.o.Log.Warn("audit records were not sent", "emitter", to.Name, "seq", seq, "tries", tries+1, "error", err)
	moved := e.o.Records.MoveAuditEmitter(context.WithoutCancel(ctx), to.Name, holder, seq, tries+1, e.o.Now().Add(pause))
	if errors.Is(moved, idp.ErrNotFound) {
		return nil
	}
	return moved
}

func (e *Emitters) at(name string) (seq int64, known bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	seq, known = e.reached[name]
	return seq, known
}

func (e *Emitters) reach(name string, seq int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reached[name] = seq
}
