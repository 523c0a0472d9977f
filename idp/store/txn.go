package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp"
)

// txn is a write's side of the transaction. It takes no caller's context: SQLite
// answers an interrupted statement by rolling back the whole transaction, other
// callers' writes included.
type txn struct {
	tx *sqlx.Tx
	d  *database
	// bare, where set, runs the statements in place of tx.
	bare *bare
	// ctx ends where the database has hung for too long.
	ctx context.Context
}

// Get reads one row into dest; idp.ErrNotFound without one.
func (t *txn) Get(dest any, query string, args ...any) error {
	if t.bare != nil {
		return t.wrap(t.bare.get(t.ctx, dest, query, args))
	}
	return t.wrap(t.tx.GetContext(t.ctx, dest, t.tx.Rebind(query), t.d.keepable(args)...))
}

// GetForUpdate is Get of a row that nobody else changes before the transaction ends.
func (t *txn) GetForUpdate(dest any, query string, args ...any) error {
	return t.Get(dest, query+t.d.forUpdate, args...)
}

// Select reads all rows into the slice dest.
func (t *txn) Select(dest any, query string, args ...any) error {
	if t.bare != nil {
		return t.wrap(t.bare.all(t.ctx, dest, query, args))
	}
	return t.wrap(t.tx.SelectContext(t.ctx, dest, t.tx.Rebind(query), t.d.keepable(args)...))
}

// Exec returns the number of rows changed; idp.ErrTaken for a unique key's conflict.
func (t *txn) Exec(query string, args ...any) (int64, error) {
	if t.bare != nil {
		n, err := t.bare.exec(t.ctx, query, args)
		return n, t.wrap(err)
	}
	return t.changed(t.tx.ExecContext(t.ctx, t.tx.Rebind(query), t.d.keepable(args)...))
}

// NamedExec is Exec with the :name arguments taken from row's db tags.
func (t *txn) NamedExec(query string, row any) (int64, error) {
	positional, args, err := t.d.plans.bind(query, row)
	if err != nil {
		return 0, t.wrap(err)
	}
	return t.Exec(positional, args...)
}

// Change writes the columns in which two rows of one type differ, where the key's
// columns (in the row's order) are as before has them; nothing where they are alike.
// An index is written anew for a column that is set, whatever it is set to.
func (t *txn) Change(table string, key []string, before, after any) error {
	was, is := reflect.ValueOf(before), reflect.ValueOf(after)
	var set []string
	var args, of []any
	for i := range was.NumField() {
		name := was.Type().Field(i).Tag.Get("db")
		if slices.Contains(key, name) {
			of = append(of, was.Field(i).Interface())
		} else if !was.Field(i).Equal(is.Field(i)) {
			set, args = append(set, name+` = ?`), append(args, is.Field(i).Interface())
		}
	}
	if len(set) == 0 {
		return nil
	}
	return only(t.Exec(`UPDATE `+table+` SET `+strings.Join(set, `, `)+` WHERE `+strings.Join(key, ` = ? AND `)+` = ?`, append(args, of...)...))
}

// wrap gives the sentinels for what callers may tell apart.
func (t *txn) wrap(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return idp.ErrNotFound
	case t.d.taken(err):
		return idp.ErrTaken
	}
	return fmt.Errorf("writing the database %s: %w", t.d.name, err)
}

func (t *txn) changed(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, t.wrap(err)
	}
	return result.RowsAffected()
}

// one turns "no row was changed" into idp.ErrNotFound: one(tx.Exec(...)).
func one(changed int64, err error) error {
	if err == nil && changed == 0 {
		return idp.ErrNotFound
	}
	return err
}

// only drops the count: only(tx.Exec(...)).
func only(_ int64, err error) error { return err }

// reader is the reading side: connections that can't write. Each query sees
// everything that was acknowledged before it began. What can't be read in time is
// idp.ErrUnavailable.
type reader struct {
	d  *database
	db *sqlx.DB
	// plans, where set, are for reading on bare connections.
	plans *plans
	bares sync.Pool // of *bare, without a connection
	// patience is how long a read may take on other connections: a server that takes what
	// it is sent and says nothing would hold it for ever.
	patience time.Duration
	meter    Meter
	closed   atomic.Bool
}

func newReader(d *database, db *sqlx.DB) *reader {
	r := &reader{d: d, db: db, patience: patience, meter: d.metered()}
	if d.bare {
		r.plans = d.plans
	}
	return r
}

// Get reads one row into dest; idp.ErrNotFound without one.
func (r *reader) Get(ctx context.Context, dest any, query string, args ...any) error {
	end := r.d.begin(ctx, false)
	err := r.get(ctx, dest, query, args)
	if end != nil {
		end(err)
	}
	return err
}

func (r *reader) get(ctx context.Context, dest any, query string, args []any) error {
	defer r.timed(time.Now())
	if r.plans != nil {
		// One row is read to its end whoever hangs up: to watch for that costs as much as
		// finding it. What is gone before is met while the connection is taken.
		return r.wrap(ctx, r.onBare(ctx, func(b *bare) error { return b.get(context.Background(), dest, query, args) }))
	}
	within, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	return r.wrap(ctx, r.db.GetContext(within, dest, r.db.Rebind(query), r.d.keepable(args)...))
}

// Select reads all rows into the slice dest.
func (r *reader) Select(ctx context.Context, dest any, query string, args ...any) error {
	end := r.d.begin(ctx, false)
	err := r.all(ctx, dest, query, args)
	if end != nil {
		end(err)
	}
	return err
}

func (r *reader) all(ctx context.Context, dest any, query string, args []any) error {
	defer r.timed(time.Now())
	if r.plans != nil {
		return r.wrap(ctx, r.onBare(ctx, func(b *bare) error { return b.all(ctx, dest, query, args) }))
	}
	within, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	return r.wrap(ctx, r.db.SelectContext(within, dest, r.db.Rebind(query), r.d.keepable(args)...))
}

// onBare takes a connection out of the pool for what read does.
func (r *reader) onBare(ctx context.Context, read func(*bare) error) (err error) {
	conn, err := r.db.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(driverConn any) error {
		b, ok := r.bares.Get().(*bare)
		if !ok {
			b = &bare{plans: r.plans}
		}
		b.conn = driverConn.(bareConn)
		defer r.bares.Put(b)
		return read(b)
	})
}

func (r *reader) timed(began time.Time) { r.meter.Read(time.Since(began)) }

func (r *reader) wrap(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return idp.ErrNotFound
	case r.closed.Load():
		return ErrClosed
	}
	return r.d.told(ctx, fmt.Errorf("reading the database: %w", err))
}

func (r *reader) close() error {
	r.closed.Store(true)
	return r.db.Close()
}
