package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/idp"
)

// told is err as callers are told it: with idp.ErrUnavailable where the database failed,
// and not what was asked of it. Who gave up is told of no failure.
func (d *database) told(ctx context.Context, err error) error {
	if err == nil || errors.Is(ctx.Err(), context.Canceled) || errors.Is(err, idp.ErrUnavailable) {
		return err
	}
	if refusedBySeal(err) {
		return fmt.Errorf("%w: %w: %w", idp.ErrUnavailable, ErrMoved, err)
	}
	if !d.away(err) {
		return err
	}
	return fmt.Errorf("%w: %w", idp.ErrUnavailable, err)
}

// refusedBySeal: a trigger of "db move" took the write back. Other triggers have other
// words.
func refusedBySeal(err error) bool {
	var e sqlite3.Error
	byTrigger := errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrConstraintTrigger || codeOf(err) == "P0001"
	return byTrigger && strings.Contains(err.Error(), wasMoved)
}

// awayInSQLite: the disk is full, read-only, broken or gone, or other processes were in
// the way for too long.
func awayInSQLite(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return late(err)
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrReadonly, sqlite3.ErrIoErr, sqlite3.ErrCantOpen:
		return true
	}
	return false
}

// awayInPostgres: the server is not there, lets nobody in, has no room, or takes no
// writes; or others were in the way for too long.
func awayInPostgres(err error) bool {
	switch code := codeOf(err); {
	case strings.HasPrefix(code, "53"), strings.HasPrefix(code, "58"): // of resources: disk, memory, connections; of the system
		return true
	case code == "25006": // a standby, or a server that was made read-only
		return true
	}
	var refused *pgconn.ConnectError
	return busyInPostgres(err) || errors.As(err, &refused) || late(err)
}

// late: what a transaction, or its caller, had time for is over. A transaction that was
// given up in the middle says that it is done.
func late(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrTxDone)
}
