package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// side is one of a move's two databases, on one connection of its writing side.
type side struct {
	d           *database
	write, read *sqlx.DB
	conn        *sqlx.Conn
	tx          *sqlx.Tx // nil outside of a transaction
	tables      []table  // each after those that it needs
}

func openSide(ctx context.Context, d *database) (*side, error) {
	write, read, err := openLocked(ctx, d)
	if err != nil {
		return nil, d.held(err)
	}
	s := &side{d: d, write: write, read: read}
	if s.conn, err = write.Connx(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.tables, err = d.upkeep.tables(ctx, s.conn); err != nil {
		return nil, errors.Join(fmt.Errorf("reading the tables of %s: %w", d.name, err), s.close())
	}
	return s, nil
}

func (s *side) close() error {
	errs := []error{s.rollback()}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	return errors.Join(append(errs, s.read.Close(), s.write.Close())...)
}

func (s *side) named(name string) table {
	for _, t := range s.tables {
		if t.name == name {
			return t
		}
	}
	return table{name: name}
}

// begin begins a transaction beside which nobody else writes.
func (s *side) begin(ctx context.Context) error {
	err := retry(ctx, s.d.busy, func() (err error) {
		// Not the caller's context: the drivers would roll back behind our back.
		if s.tx, err = s.conn.BeginTxx(context.WithoutCancel(ctx), nil); err != nil {
			s.tx = nil
			return err
		}
		if err := s.d.upkeep.hold(ctx, s.tx, s.tables); err != nil {
			return errors.Join(err, s.rollback())
		}
		return nil
	})
	if err != nil {
		return s.d.held(fmt.Errorf("locking the database %s: %w", s.d.name, err))
	}
	return nil
}

// held adds what to do where somebody else has the database.
func (d *database) held(err error) error {
	if !d.busy(err) {
		return err
	}
	return fmt.Errorf("%w; somebody else writes there, perhaps another move: run this one again when that has ended", err)
}

func (s *side) rollback() error {
	if s.tx == nil {
		return nil
	}
	tx := s.tx
	s.tx = nil
	return tx.Rollback()
}

func (s *side) commit() error {
	tx := s.tx
	s.tx = nil
	return tx.Commit()
}

// change runs do in a transaction.
func (s *side) change(ctx context.Context, do func() error) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	if err := do(); err != nil {
		return errors.Join(err, s.rollback())
	}
	if err := s.commit(); err != nil {
		return fmt.Errorf("committing in the database %s: %w", s.d.name, err)
	}
	return nil
}

// unmark takes away the mark of that move into this side, and no other.
func (s *side) unmark(ctx context.Context, id string) error {
	_, err := s.tx.ExecContext(ctx, s.tx.Rebind(`DELETE FROM moves WHERE id = ? AND state = ?`), id, stateArriving)
	return err
}

func (s *side) execAll(ctx context.Context, statements []string) error {
	for _, statement := range statements {
		if _, err := s.tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// mustBeEmpty refuses rows; mark says whose they may be.
func (s *side) mustBeEmpty(ctx context.Context, mark moveMark) error {
	for _, t := range s.tables {
		var any bool
		if err := s.tx.GetContext(ctx, &any, `SELECT EXISTS (SELECT 1 FROM `+quoted(t.name)+`)`); err != nil {
			return err
		}
		switch {
		case any && mark.State == stateArriving:
			return fmt.Errorf("the target %s has the rows of %s, whose move has not ended: run that one again, with --from as it was, or name a new database", s.d.name, mark.Other)
		case any:
			return fmt.Errorf("the target %s isn't empty: its table %s has rows; name a new database", s.d.name, t.name)
		}
	}
	return nil
}

// emptied deletes all rows and takes off what slows filling down; the statements
// put that back.
func (s *side) emptied(ctx context.Context) (restore []string, err error) {
	if restore, err = s.d.upkeep.strip(ctx, s.tx); err != nil {
		return nil, fmt.Errorf("taking off the indices of %s: %w", s.d.name, err)
	}
	if err := s.d.upkeep.erase(ctx, s.tx, s.tables); err != nil {
		return nil, fmt.Errorf("emptying the tables of %s: %w", s.d.name, err)
	}
	return restore, nil
}

func (s *side) clear(ctx context.Context) error {
	restore, err := s.emptied(ctx)
	if err != nil {
		return err
	}
	return s.execAll(ctx, restore)
}

// nextRow gives the next row in canonical form, nil after the last.
type nextRow func() ([]any, error)

// as gives the rows as the table's columns take them.
func (next nextRow) as(t table) nextRow {
	return func() ([]any, error) {
		row, err := next()
		for i := range row {
			row[i] = given(t.columns[i].Kind, row[i])
		}
		return row, err
	}
}

// rows reads a table, adding each row to the digest, with texts as keep keeps them.
// end must be called.
func (s *side) rows(ctx context.Context, t table, keep func(string) string, sum *digest) (next nextRow, end func() error, err error) {
	rows, err := s.tx.QueryContext(ctx, `SELECT `+t.quoted()+` FROM `+quoted(t.name))
	if err != nil {
		return nil, nil, err
	}
	into := make([]any, len(t.columns))
	next = func() ([]any, error) {
		if !rows.Next() {
			return nil, rows.Err()
		}
		row := make([]any, len(t.columns)) // the loader may keep several
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, c := range t.columns {
			if row[i], err = canonical(c.Kind, row[i]); err != nil {
				return nil, fmt.Errorf("the column %s: %w", c.Name, err)
			}
			if text, ok := row[i].(string); ok {
				row[i] = keep(text)
			}
		}
		return row, sum.add(row)
	}
	return next, rows.Close, nil
}

// sum adds all rows to the digest.
func (s *side) sum(ctx context.Context, t table, to *digest) error {
	next, end, err := s.rows(ctx, t, s.d.upkeep.text, to)
	if err != nil {
		return err
	}
	for {
		row, err := next()
		if err != nil || row == nil {
			return errors.Join(err, end())
		}
	}
}
