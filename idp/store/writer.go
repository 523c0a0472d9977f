package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp"
)

// ErrClosed: the store was closed before the work began. It is idp.ErrUnavailable too:
// another node, or the next process, does the same.
var ErrClosed = fmt.Errorf("the store is closed: %w", idp.ErrUnavailable)

const (
	// queueLength bounds the writes that wait; further callers wait to wait.
	queueLength = 1024
	// groupSize bounds the writes of one commit, so that the first of them
	// doesn't wait for a long queue.
	groupSize = 128
)

// writer runs all writes of this process on one goroutine and one connection.
// What waits when a transaction begins goes into that transaction, and one commit
// (one fsync) serves them all: the busier it is, the cheaper is a write. A write that
// fails takes back its own alone; when the commit fails, every write of the group is
// told.
type writer struct {
	db      *sqlx.DB
	d       *database
	queue   chan *job
	stopped chan struct{}

	mu     sync.RWMutex // closed, and the closing of queue
	closed bool

	writes, commits atomic.Uint64
}

// job is one write. Either the writer takes it or the caller abandons it, so a
// caller who was told of a context's error knows that nothing was written.
type job struct {
	change func(*txn) error
	taken  atomic.Bool
	err    error
	done   chan struct{}
}

func startWriter(d *database, db *sqlx.DB) *writer {
	w := &writer{
		db:      db,
		d:       d,
		queue:   make(chan *job, queueLength),
		stopped: make(chan struct{}),
	}
	go w.loop()
	return w
}

func (w *writer) write(ctx context.Context, change func(*txn) error) error {
	j := &job{change: change, done: make(chan struct{})}
	if err := w.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
	}
	if j.taken.CompareAndSwap(false, true) {
		return ctx.Err()
	}
	<-j.done // It is in a transaction already, whose outcome the caller must learn.
	return j.err
}

// writeHolding needs to hold nothing: all writes are one after another.
func (w *writer) writeHolding(ctx context.Context, _ []string, change func(*txn) error) error {
	return w.write(ctx, change)
}

func (w *writer) enqueue(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close drains the queue; false when it was closed before.
func (w *writer) close() bool {
	w.mu.Lock()
	first := !w.closed
	if first {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.stopped
	return first
}

func (w *writer) stats() Stats {
	return Stats{Writes: w.writes.Load(), Commits: w.commits.Load(), Waiting: len(w.queue)}
}

func (w *writer) loop() {
	defer close(w.stopped)
	for first := range w.queue {
		group := w.group(first)
		if len(group) == 0 {
			continue
		}
		began := time.Now()
		if err := w.run(group); err != nil {
			for _, j := range group {
				j.err = err
			}
		} else {
			w.d.metered().Commit(len(group), time.Since(began))
		}
		for _, j := range group {
			close(j.done)
		}
	}
}

// group takes what waits now and nobody abandoned. Whoever could run goes first:
// on a busy processor many of them are about to write, and a commit costs the
// same for all. Where nobody else could run, nobody is waited for.
func (w *writer) group(first *job) []*job {
	runtime.Gosched()
	var group []*job
	for next := first; ; {
		if next.taken.CompareAndSwap(false, true) {
			group = append(group, next)
		}
		if len(group) == groupSize {
			return group
		}
		select {
		case j, open := <-w.queue:
			if !open {
				return group
			}
			next = j
		default:
			return group
		}
	}
}

// run does the group in one transaction. Its error is the whole group's, so it
// never wraps what one write alone was told, such as idp.ErrTaken.
func (w *writer) run(group []*job) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing the database %s: %w", w.d.name, err)
		}
	}()
	// The background context: a caller's would take the others down with it.
	conn, err := w.db.Conn(context.Background())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(driverConn any) error {
		return w.runOn(&bare{conn: driverConn.(bareConn), plans: w.d.plans}, group)
	})
}

// errApart: a write of the group failed, so that each has to run apart from the others.
var errApart = errors.New("a write of the group failed")

// runOn tries the whole group without savepoints first, which have SQLite copy every
// page before it changes: hardly any write fails. Where one did, all is undone and
// each runs again in a savepoint.
func (w *writer) runOn(b *bare, group []*job) error {
	w.writes.Add(uint64(len(group)))
	err := w.inTransaction(b, func() error { return w.runTogether(b, group) })
	if !errors.Is(err, errApart) {
		return err
	}
	return w.inTransaction(b, func() error {
		for _, j := range group {
			if err := w.runApart(b, j); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) inTransaction(b *bare, run func() error) error {
	ctx := context.Background()
	var tx driver.Tx
	err := retry(ctx, w.d.busy, func() (err error) {
		tx, err = b.conn.BeginTx(ctx, driver.TxOptions{})
		return err
	})
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	if err := run(); err != nil {
		// SQLite may have rolled back by itself; err says what happened.
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	w.commits.Add(1)
	return nil
}

func (w *writer) runTogether(b *bare, group []*job) error {
	for _, j := range group {
		if err := guarded(j.change, &txn{bare: b, d: w.d, ctx: context.Background()}); err != nil {
			return errApart
		}
		if b.conn.AutoCommit() {
			return errors.New("a write ended the transaction of all") // what follows would be on its own
		}
	}
	return nil
}

// runApart leaves the write's own outcome in the job. The error it returns is one
// of the transaction: some failures (a full disk, an I/O error) end it whole,
// and then there is no savepoint to go back to.
func (w *writer) runApart(b *bare, j *job) error {
	if err := w.command(b, `SAVEPOINT one`); err != nil {
		return fmt.Errorf("beginning a savepoint: %w", err)
	}
	if j.err = guarded(j.change, &txn{bare: b, d: w.d, ctx: context.Background()}); j.err != nil {
		if err := w.command(b, `ROLLBACK TO SAVEPOINT one`); err != nil {
			if w.d.away(j.err) {
				return j.err // what ended the transaction; err merely says that it has
			}
			return fmt.Errorf("rolling back a write that failed (%v): %w", j.err, err)
		}
	}
	if err := w.command(b, `RELEASE SAVEPOINT one`); err != nil {
		return fmt.Errorf("releasing the savepoint: %w", err)
	}
	return nil
}

func (w *writer) command(b *bare, query string) error {
	_, err := b.exec(context.Background(), query, nil)
	return err
}

// guarded turns a panic of change into an error: it would end the process here,
// where in the caller's own goroutine it would end one request.
func guarded(change func(*txn) error, tx *txn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a write function panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return change(tx)
}
