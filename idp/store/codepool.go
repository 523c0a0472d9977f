package store

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp"
)

var _ pool.Store = (*Store)(nil)

type windowRow struct {
	Driver string              `db:"driver"`
	Serial int64               `db:"serial"`
	Until  stamp               `db:"until"`
	Counts jsonOf[pool.Window] `db:"counts"`
}

func (r windowRow) window() pool.Window {
	w := r.Counts.V
	w.Driver, w.Serial, w.Until = r.Driver, r.Serial, r.Until.Time
	return w
}

// drawnRow is a driver's window with what it has seen of one code and one number.
type drawnRow struct {
	windowRow
	Count int    `db:"count"`
	Last  string `db:"last"`
}

const (
	selectWindows = `SELECT driver, serial, until, counts FROM code_windows`
	// Where there is no window, there is nothing that it has seen.
	selectDrawn = `SELECT driver, serial, until, counts, COALESCE((SELECT count FROM code_hashes WHERE hash = ?), 0) AS count,
		COALESCE((SELECT code FROM code_phones WHERE hash = ?), '') AS last FROM code_windows WHERE driver = ?`
)

// CountCode implements pool.Store.
func (s *Store) CountCode(ctx context.Context, d pool.Draw, change func(*pool.Window, pool.Seen) error) error {
	return s.writeHolding(ctx, []string{"codes " + d.Driver}, func(tx *txn) error {
		row := drawnRow{windowRow: windowRow{Driver: d.Driver}}
		if err := tx.Get(&row, selectDrawn, d.Code, d.Phone, d.Driver); err != nil && !errors.Is(err, idp.ErrNotFound) {
			return err
		}
		w := row.window()
		if err := change(&w, pool.Seen{Count: row.Count, Last: row.Last}); err != nil {
			return err
		}
		if w.Serial != row.Serial {
			if err := forgetCodes(tx, d.Driver); err != nil {
				return err
			}
		}
		return putCode(tx, d, w)
	})
}

func forgetCodes(tx *txn, driver string) error {
	for _, table := range []string{"code_hashes", "code_phones"} {
		if err := only(tx.Exec(`DELETE FROM `+table+` WHERE driver = ?`, driver)); err != nil {
			return err
		}
	}
	return nil
}

// putCode finds the rows of this window alone, and those have its end already.
func putCode(tx *txn, d pool.Draw, w pool.Window) error {
	err := only(tx.NamedExec(`INSERT INTO code_windows (driver, serial, until, counts) VALUES (:driver, :serial, :until, :counts)
		ON CONFLICT (driver) DO UPDATE SET serial = excluded.serial, until = excluded.until, counts = excluded.counts`,
		windowRow{Driver: d.Driver, Serial: w.Serial, Until: at(w.Until), Counts: asJSON(w)}))
	if err != nil {
		return err
	}
	err = only(tx.Exec(`INSERT INTO code_hashes (hash, driver, count, until) VALUES (?, ?, 1, ?)
		ON CONFLICT (hash) DO UPDATE SET count = code_hashes.count + 1`, d.Code, d.Driver, at(w.Until)))
	if err != nil {
		return err
	}
	return only(tx.Exec(`INSERT INTO code_phones (hash, driver, code, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET code = excluded.code`, d.Phone, d.Driver, d.Code, at(w.Until)))
}

// CodeWindows implements pool.Store.
func (s *Store) CodeWindows(ctx context.Context) ([]pool.Window, error) {
	var rows []windowRow
	if err := s.read.Select(ctx, &rows, selectWindows+` ORDER BY driver`); err != nil {
		return nil, err
	}
	out := make([]pool.Window, len(rows))
	for i, r := range rows {
		out[i] = r.window()
	}
	return out, nil
}
