package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/login"
)

var (
	_ idp.Users      = (*Store)(nil)
	_ idp.Numbers    = (*Store)(nil)
	_ idp.Clients    = (*Store)(nil)
	_ login.Logins   = (*Store)(nil)
	_ login.Sessions = (*Store)(nil)
	_ browser.Rows   = (*Store)(nil)
)

// Options say which database to open.
type Options struct {
	// URL is sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE with libpq's
	// parameters; host=FOLDER is that of a socket. A file and its folder are made
	// where they aren't there, readable to their owner alone.
	URL string
	// Now stamps what is created and updated; nil means time.Now.
	Now func() time.Time
	// PhoneAttribute is the user's attribute that holds the number which logins
	// confirm; empty means phone_number.
	PhoneAttribute string
	// Meter is told how long the database takes; may be nil.
	Meter Meter
	// Tracer is told of reads and writes within traces; may be nil.
	Tracer Tracer
}

// Store is an open database. It is safe for concurrent use, also beside other
// stores and processes on the same database.
//
// Methods return idp.ErrNotFound and idp.ErrTaken where their interfaces say
// so, ErrClosed after Close, the context's error when the caller gave up before
// the work began, and else what the database said, wrapped: with idp.ErrUnavailable
// where it failed, and not what was asked of it.
type Store struct {
	d   *database
	now func() time.Time
	// phoneAttribute is Options.PhoneAttribute.
	phoneAttribute string
	read           *reader
	writer         committer
	writes         *sqlx.DB // the writer's; for its figures alone
	closes         []func() error
}

// Open opens the database and migrates it to this version, one process at a
// time. ErrNewer where a newer version did so before; nothing is changed then.
// ErrMoved and ErrArriving where a move has it.
func Open(ctx context.Context, o Options) (*Store, error) {
	d, err := databaseFor(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	d.meter, d.tracer = o.Meter, o.Tracer
	write, read, err := openLocked(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := refuseMoved(ctx, d, read); err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	reading := newReader(d, read)
	return &Store{
		d:              d,
		now:            o.Now,
		phoneAttribute: cmp.Or(o.PhoneAttribute, idp.AttributePhone),
		read:           reading,
		writer:         d.start(write),
		writes:         write,
		// The writer last: only it may clear the log away.
		closes: []func() error{reading.close, write.Close},
	}, nil
}

// WithPhoneAttribute is the same open database for who has another attribute of the
// numbers that logins confirm; empty means phone_number. Closing either closes both.
func (s *Store) WithPhoneAttribute(name string) *Store {
	other := *s
	other.phoneAttribute = cmp.Or(name, idp.AttributePhone)
	return &other
}

func openLocked(ctx context.Context, d *database) (write, read *sqlx.DB, err error) {
	unlock, err := d.lock(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the database %s: %w", d.name, err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	write, read, err = d.open(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the database %s: %w", d.name, err)
	}
	if err := migrate(ctx, d, write); err != nil {
		return nil, nil, errors.Join(err, read.Close(), write.Close())
	}
	return write, read, nil
}

// Close lets the writes that were accepted finish, refuses new ones with
// ErrClosed and closes the database. The second call does nothing.
func (s *Store) Close() error {
	if !s.writer.close() {
		return nil
	}
	var errs []error
	for _, c := range s.closes {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// Ping says whether the database answers, and is the one to serve from: it reads
// once. ErrMoved where it was moved away.
func (s *Store) Ping(ctx context.Context) error {
	return s.d.told(ctx, refuseMoved(ctx, s.d, s.read.db))
}

// Check reads the whole database and returns what is damaged in it, nil where
// nothing is. It takes as long as that reading, and stops nobody.
func (s *Store) Check(ctx context.Context) error {
	tx, err := s.read.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("checking the database %s: %w", s.d.name, err)
	}
	faults, err := s.d.upkeep.faults(ctx, tx)
	errs := []error{err, tx.Rollback()}
	for _, f := range faults {
		errs = append(errs, errors.New(f.What))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("checking the database %s: %w", s.d.name, err)
	}
	return nil
}

// write runs change in a write transaction and returns when it is on disk, or
// did not happen. An error of change undoes what change did, and is returned
// as it is. change runs on another goroutine while the caller waits, maybe more
// than once; all other writes wait for it, so it does nothing but SQL and
// arithmetic. It must not call write.
func (s *Store) write(ctx context.Context, change func(tx *txn) error) error {
	began := time.Now()
	defer func() { s.d.metered().Write(time.Since(began)) }()
	end := s.d.begin(ctx, true)
	err := s.d.told(ctx, s.writer.write(ctx, change))
	if end != nil {
		end(err)
	}
	return err
}

// writeHolding is write for rows that many want at once. Where writes run side by
// side it isn't SERIALIZABLE: others that hold one of the names wait until it is
// through, and beyond that change relies on nothing but single statements and rows
// that it read with forUpdate. Rows that aren't there can't be locked: for those
// are the names. No name is needed for a single statement.
func (s *Store) writeHolding(ctx context.Context, names []string, change func(tx *txn) error) error {
	end := s.d.begin(ctx, true)
	err := s.d.told(ctx, s.writer.writeHolding(ctx, names, change))
	if end != nil {
		end(err)
	}
	return err
}

// Stats counts the writer's work since the start.
type Stats struct {
	// Writes that were run, and the commits that they shared.
	Writes, Commits uint64
	// Waiting writes, now.
	Waiting int
}

// Stats may be read at any time.
func (s *Store) Stats() Stats { return s.writer.stats() }
