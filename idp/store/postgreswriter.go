package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// A write that others were in the way of waits between these before the next try.
const (
	firstPause = time.Millisecond
	lastPause  = 100 * time.Millisecond
)

// parallel runs each write in a transaction of its own, as many at once as there are
// connections; PostgreSQL puts commits that meet on the disk together. What writes
// in series give on SQLite, SERIALIZABLE gives here: where two don't go together
// one is rolled back and run again.
type parallel struct {
	db *sqlx.DB
	d  *database

	mu      sync.RWMutex // closed, and that nobody begins after it
	closed  bool
	running sync.WaitGroup

	writes, commits atomic.Uint64
	waiting         atomic.Int64
}

func startParallel(d *database, db *sqlx.DB) *parallel { return &parallel{db: db, d: d} }

func (p *parallel) write(ctx context.Context, change func(*txn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !p.begin() {
		return ErrClosed
	}
	defer p.running.Done()
	p.waiting.Add(1)
	defer p.waiting.Add(-1)
	pause := firstPause
	for giveUp := time.Now().Add(patience); ; pause = min(2*pause, lastPause) {
		again, err := p.try(ctx, change)
		if !again || time.Now().After(giveUp) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err() // the last try left nothing behind
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// try runs the write once. again says that nothing was written, because of others.
func (p *parallel) try(ctx context.Context, change func(*txn) error) (again bool, err error) {
	conn, err := p.db.Connx(ctx)
	if ctx.Err() != nil && err != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return p.d.busy(err), fmt.Errorf("writing the database %s: connecting: %w", p.d.name, err)
	}
	defer func() { _ = conn.Close() }() // back into the pool
	began := time.Now()
	// Not the caller's context: who gives up must learn what became of the write.
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	tx, err := conn.BeginTxx(within, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		cancel()
		return p.d.busy(err), fmt.Errorf("writing the database %s: beginning a transaction: %w", p.d.name, err)
	}
	defer cancel()
	p.writes.Add(1)
	if err := guarded(change, &txn{tx: tx, d: p.d, ctx: within}); err != nil {
		_ = tx.Rollback() // a connection that can't has no transaction any more
		return p.d.busy(err), err
	}
	if err := tx.Commit(); err != nil {
		return undone(err), fmt.Errorf("writing the database %s: committing: %w", p.d.name, err)
	}
	p.commits.Add(1)
	p.d.metered().Commit(1, time.Since(began))
	return false, nil
}

func (p *parallel) begin() bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return false
	}
	p.running.Add(1)
	return true
}

// close waits for the writes that began; false when it was closed before.
func (p *parallel) close() bool {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	p.running.Wait()
	return first
}

func (p *parallel) stats() Stats {
	return Stats{Writes: p.writes.Load(), Commits: p.commits.Load(), Waiting: int(p.waiting.Load())}
}
