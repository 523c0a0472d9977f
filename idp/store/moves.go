package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrMoved: "db move" moved the rows to another database, so this one takes no
// more writes. The error's text names the other one.
var ErrMoved = errors.New("the database was moved")

// ErrArriving: a move into this database has not ended, or was broken off in the
// middle. The same move, run again, ends it.
var ErrArriving = errors.New("a move into the database has not ended")

// States of a database that a move left a mark in.
const (
	stateArriving = "arriving"
	stateMoved    = "moved"
)

// sealPrefix begins the names of the triggers that refuse writes.
const sealPrefix = "moved_"

// moveMark is the row of the table moves.
type moveMark struct {
	ID    string `db:"id"`
	State string `db:"state"`
	Other string `db:"other"`
	At    stamp  `db:"at"`
}

// readMark is the zero mark where no move touched the database.
func readMark(ctx context.Context, q sqlx.QueryerContext) (m moveMark, err error) {
	err = sqlx.GetContext(ctx, q, &m, `SELECT id, state, other, at FROM moves`)
	if errors.Is(err, sql.ErrNoRows) {
		return moveMark{}, nil
	}
	return m, err
}

func putMove(ctx context.Context, tx *sqlx.Tx, m moveMark) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM moves`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO moves (id, state, other, at) VALUES (?, ?, ?, ?)`), m.ID, m.State, m.Other, m.At)
	return err
}

// refusal is why a database with the mark isn't served, nil where it is.
func (m moveMark) refusal(name string) error {
	switch m.State {
	case stateMoved:
		return fmt.Errorf("%w: %s", ErrMoved, movedText(name, m.Other, m.At.Time))
	case stateArriving:
		return fmt.Errorf("%w: %s gets the rows of %s; wait for that move, or run it again where it was broken off", ErrArriving, name, m.Other)
	}
	return nil
}

// wasMoved stands in the text of every seal.
const wasMoved = " was moved to "

// movedText is what whoever writes to the old database is told, too.
func movedText(name, other string, when time.Time) string {
	return fmt.Sprintf("%s%s%s on %s; set store.url to that one", name, wasMoved, other, when.UTC().Format(time.DateTime))
}

// refuseMoved keeps nodes from a database that a move has, or had, in its hands.
func refuseMoved(ctx context.Context, d *database, q sqlx.QueryerContext) error {
	m, err := readMark(ctx, q)
	if err != nil {
		return fmt.Errorf("reading whether the database %s was moved: %w", d.name, err)
	}
	return m.refusal(d.name)
}
