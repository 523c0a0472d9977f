package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// MoveOptions say what to move where.
type MoveOptions struct {
	// From and To are URLs as Options.URL is. The target must be empty.
	From, To string
	// Now stamps the marks; nil means time.Now.
	Now func() time.Time
	// Random makes the move's ID; nil means crypto/rand.
	Random io.Reader
	// Table, where it isn't nil, is told of each table that was copied and found
	// the same on both sides.
	Table func(MovedTable)
}

// MovedTable is a table whose rows both databases have.
type MovedTable struct {
	// Name is the table's.
	Name string `json:"name"`
	// Rows is their number.
	Rows int64 `json:"rows"`
	// Digest is of all rows, in hex; the same rows have the same one in every database.
	Digest string `json:"digest"`
}

// Moved is what a move did.
type Moved struct {
	// From and To are the databases' names, without passwords.
	From string `json:"from"`
	To   string `json:"to"`
	// Tables in the order in which they were copied; empty where Resumed.
	Tables []MovedTable `json:"tables"`
	// Resumed: an earlier move had copied everything, and this one ended it.
	Resumed bool `json:"resumed"`
}

// Move copies every row of one database into another that is empty, compares all
// tables by count and digest, and then leaves a mark in the old one that makes it
// refuse writes, also those of nodes that are serving from it. Those nodes may go
// on until then: nothing that they acknowledged is missing in the new one. While
// rows are copied their writes wait, and fail when they have waited too long.
//
// Whenever it is broken off, even by a loss of power, the old database works on
// and the new one is served by no node, until the same move, run again, has ended;
// or it ended, and the other way around. The steps, each one commit, the first three
// under one lock of the source, so that runs of one move are one after another:
//
//  1. the target is marked as arriving;
//  2. under its lock too, the rows are in the target;
//  3. the source is marked as moved, and sealed;
//  4. the target's mark goes.
//
// Between 2 and 3 both have the rows, and the source is right: a move that finds
// this begins again. After 3 the target is.
func Move(ctx context.Context, o MoveOptions) (_ Moved, err error) {
	m, err := openMove(ctx, o)
	if err != nil {
		return Moved{}, err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	return m.run(ctx)
}

// run does all steps that are left.
func (m *move) run(ctx context.Context) (_ Moved, err error) {
	done := Moved{From: m.from.d.name, To: m.to.d.name, Tables: []MovedTable{}}
	if err := m.from.begin(ctx); err != nil {
		return Moved{}, err
	}
	defer func() { err = errors.Join(err, m.from.rollback()) }() // nothing is left after a commit
	if done.Resumed, err = m.resume(ctx); err != nil || done.Resumed {
		return done, err
	}
	if err := m.announce(ctx); err != nil {
		return Moved{}, err
	}
	if done.Tables, err = m.copy(ctx); err != nil {
		return Moved{}, errors.Join(err, m.renounce(context.WithoutCancel(ctx)))
	}
	// From here on an interrupt would only make the operator run it again.
	if err := m.switchOver(context.WithoutCancel(ctx)); err != nil {
		return Moved{}, fmt.Errorf("%w; all rows were copied: run the same move again, it ends this one or starts over", err)
	}
	return done, nil
}

// move is one under way.
type move struct {
	options  MoveOptions
	id       string
	from, to *side
}

func openMove(ctx context.Context, o MoveOptions) (_ *move, err error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	id, err := idp.NewID(o.Random)
	if err != nil {
		return nil, err
	}
	m := &move{options: o, id: id}
	source, err := databaseFor(o.From)
	if err != nil {
		return nil, fmt.Errorf("the source: %w", err)
	}
	target, err := databaseFor(o.To)
	if err != nil {
		return nil, fmt.Errorf("the target: %w", err)
	}
	if source.upkeep.place() == target.upkeep.place() {
		return nil, fmt.Errorf("source and target are the same database %s", source.name)
	}
	if err := source.upkeep.exists(ctx); err != nil {
		return nil, fmt.Errorf("the source: %w", err)
	}
	if m.from, err = openSide(ctx, source); err != nil {
		return nil, err
	}
	if m.to, err = openSide(ctx, target); err != nil {
		return nil, errors.Join(err, m.from.close())
	}
	if err := sameTables(m.from.tables, m.to.tables); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

func (m *move) close() error { return errors.Join(m.from.close(), m.to.close()) }

// resume ends a move whose source is sealed already.
func (m *move) resume(ctx context.Context) (bool, error) {
	source, err := readMark(ctx, m.from.tx)
	if err != nil {
		return false, err
	}
	target, err := readMark(ctx, m.to.conn)
	if err != nil {
		return false, err
	}
	switch {
	case source.State == stateMoved && source.ID == target.ID && target.State == stateArriving:
		return true, m.to.change(ctx, func() error { return m.to.unmark(ctx, source.ID) })
	case source.State != "":
		return false, fmt.Errorf("the source: %w", source.refusal(m.from.d.name))
	case target.State == stateMoved:
		return false, fmt.Errorf("the target: %w", target.refusal(m.to.d.name))
	}
	return false, nil
}

// announce marks the target, so that no node serves it before the end. Rows in it
// are those of a run that was broken off, or somebody's.
func (m *move) announce(ctx context.Context) error {
	return m.to.change(ctx, func() error {
		before, err := readMark(ctx, m.to.tx)
		if err != nil {
			return err
		}
		// Another source may be sealed, and then these are the rows that count.
		if before.State != stateArriving || before.Other != m.from.d.name {
			if err := m.to.mustBeEmpty(ctx, before); err != nil {
				return err
			}
		}
		return putMove(ctx, m.to.tx, moveMark{m.id, stateArriving, m.from.d.name, at(m.options.Now())})
	})
}

// ours checks, under the target's lock, that it still waits for this run.
func (m *move) ours(ctx context.Context) error {
	mark, err := readMark(ctx, m.to.tx)
	if err == nil && (mark.ID != m.id || mark.State != stateArriving) {
		err = fmt.Errorf("%w: %s", errTakenOver, m.to.d.name)
	}
	return err
}

// errTakenOver: somebody moves something else there.
var errTakenOver = errors.New("another move took the target over meanwhile; name a new database")

// renounce leaves the target as it was before: empty, and free for anybody.
func (m *move) renounce(ctx context.Context) error {
	err := m.to.change(ctx, func() error {
		if err := m.ours(ctx); err != nil {
			return err
		}
		if err := m.to.clear(ctx); err != nil {
			return err
		}
		return m.to.unmark(ctx, m.id)
	})
	switch {
	case errors.Is(err, errTakenOver):
		return nil
	case err != nil:
		return fmt.Errorf("emptying the target: %w; run the same move again", err)
	}
	return nil
}

// copy commits the rows in the target. The source's lock stays, for switchOver.
func (m *move) copy(ctx context.Context) (tables []MovedTable, err error) {
	err = m.to.change(ctx, func() error {
		if err := m.ours(ctx); err != nil {
			return err
		}
		restore, err := m.to.emptied(ctx)
		if err != nil {
			return err
		}
		for i, t := range m.from.tables {
			moved, err := m.table(ctx, t, m.to.named(t.name))
			if err != nil {
				return fmt.Errorf("moving the table %s: %w", t.name, err)
			}
			if tables = append(tables, moved); m.options.Table != nil {
				m.options.Table(tables[i])
			}
		}
		return m.to.execAll(ctx, restore)
	})
	return tables, err
}

// table copies one and reads the copy back.
func (m *move) table(ctx context.Context, from, to table) (MovedTable, error) {
	source, target := newDigest(), newDigest()
	next, end, err := m.from.rows(ctx, from, m.to.d.upkeep.text, source)
	if err != nil {
		return MovedTable{}, err
	}
	err = m.to.d.upkeep.load(ctx, m.to.conn, m.to.tx, to, next.as(to))
	if err := errors.Join(err, end()); err != nil {
		return MovedTable{}, fmt.Errorf("after %d rows: %w", source.rows, err)
	}
	if err := m.to.sum(ctx, to, target); err != nil {
		return MovedTable{}, err
	}
	if source.rows != target.rows || source.String() != target.String() {
		return MovedTable{}, fmt.Errorf("the target has %d rows with the digest %s, the source %d with %s", target.rows, target, source.rows, source)
	}
	return MovedTable{Name: from.name, Rows: source.rows, Digest: source.String()}, nil
}

// switchOver makes the source refuse, and lets the target be served.
func (m *move) switchOver(ctx context.Context) error {
	if err := m.seal(ctx); err != nil {
		return fmt.Errorf("sealing the source: %w", err)
	}
	if err := m.to.change(ctx, func() error { return m.to.unmark(ctx, m.id) }); err != nil {
		return fmt.Errorf("opening the target: %w", err)
	}
	return m.to.d.upkeep.settle(ctx, m.to.conn)
}

// seal ends the transaction in which the source was read, so no write comes between.
func (m *move) seal(ctx context.Context) error {
	now := at(m.options.Now())
	err := m.from.d.upkeep.seal(ctx, m.from.tx, m.from.tables, movedText(m.from.d.name, m.to.d.name, now.Time))
	if err == nil {
		err = putMove(ctx, m.from.tx, moveMark{m.id, stateMoved, m.to.d.name, now})
	}
	if err != nil {
		return err
	}
	return m.from.commit()
}
