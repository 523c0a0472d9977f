package store

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
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
	db       *sqlx.DB
	d        *database
	patience time.Duration

	mu      sync.RWMutex // closed, and that nobody begins after it
	closed  bool
	running sync.WaitGroup

	writes, commits atomic.Uint64
	waiting         atomic.Int64
	// away is since when nobody gets a connection, as Unix nanoseconds; 0: they do.
	away atomic.Int64
}

func startParallel(d *database, db *sqlx.DB) *parallel {
	return &parallel{db: db, d: d, patience: patience}
}

func (p *parallel) write(ctx context.Context, change func(*txn) error) error {
	return p.until(ctx, func(conn *sqlx.Conn) (bool, error) {
		return p.try(ctx, conn, sql.LevelSerializable, change)
	})
}

// writeHolding is READ COMMITTED: nobody is sent back, who comes second waits and
// reads what the first one wrote.
func (p *parallel) writeHolding(ctx context.Context, names []string, change func(*txn) error) error {
	locks := locksOf(names)
	return p.until(ctx, func(conn *sqlx.Conn) (bool, error) {
		return p.try(ctx, conn, sql.LevelReadCommitted, func(tx *txn) error {
			if len(locks) > 0 {
				_, err := tx.Exec(`SELECT pg_advisory_xact_lock(name) FROM unnest(CAST(? AS BIGINT[])) AS name`, locks)
				if err != nil {
					return err
				}
			}
			return change(tx)
		})
	})
}

// locksOf are the names as PostgreSQL locks them, in the one order in which
// everybody takes them.
func locksOf(names []string) []int64 {
	locks := make([]int64, len(names))
	for i, name := range names {
		h := fnv.New64a()
		_, _ = h.Write([]byte(name))
		locks[i] = int64(h.Sum64())
	}
	slices.Sort(locks)
	return locks
}

// until runs try on a connection until it is done, or for as long as is patient. A
// server that has been away for so long already is waited for by nobody who comes.
func (p *parallel) until(ctx context.Context, try func(*sqlx.Conn) (again bool, err error)) error {
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
	for came := time.Now(); ; pause = min(2*pause, lastPause) {
		again, err := p.connected(ctx, try)
		if !again || time.Since(p.waitedSince(came)) > p.patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err() // the last try left nothing behind
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// waitedSince is when the wait of somebody who came then began, be it others' wait.
func (p *parallel) waitedSince(came time.Time) time.Time {
	if away := p.away.Load(); away != 0 && away < came.UnixNano() {
		return time.Unix(0, away)
	}
	return came
}

func (p *parallel) connected(ctx context.Context, try func(*sqlx.Conn) (again bool, err error)) (again bool, err error) {
	within, cancel := context.WithTimeout(ctx, p.patience) // all connections may hang
	defer cancel()
	conn, err := p.db.Connx(within)
	if ctx.Err() != nil && err != nil {
		return false, ctx.Err()
	}
	if err != nil {
		p.away.CompareAndSwap(0, time.Now().UnixNano())
		return p.d.busy(err), fmt.Errorf("writing the database %s: connecting: %w", p.d.name, err)
	}
	defer func() { _ = conn.Close() }() // back into the pool
	return try(conn)
}

// try runs the write once. again says that nothing was written, because of others.
func (p *parallel) try(ctx context.Context, conn *sqlx.Conn, level sql.IsolationLevel, change func(*txn) error) (again bool, err error) {
	began := time.Now()
	// Not the caller's context: who gives up must learn what became of the write.
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.patience)
	tx, err := conn.BeginTxx(within, &sql.TxOptions{Isolation: level})
	if err != nil {
		cancel()
		return p.d.busy(err), fmt.Errorf("writing the database %s: beginning a transaction: %w", p.d.name, err)
	}
	defer cancel()
	p.away.Store(0)
	p.writes.Add(1)
	if err := guarded(change, &txn{tx: tx, d: p.d, ctx: within}); err != nil {
		_ = tx.Rollback() // a connection that can't has no transaction any more
		return p.d.busy(err), err
	}
	if err := tx.Commit(); err != nil {
		// Or nothing of the COMMIT went out, because the server had closed the connection.
		again := undone(err) || pgconn.SafeToRetry(err)
		return again, fmt.Errorf("writing the database %s: committing: %w", p.d.name, err)
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
