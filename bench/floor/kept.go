package floor

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// kept is where rows are kept until they are taken.
type kept interface {
	// put keeps rows: all or none.
	put(ctx context.Context, rows ...row) error
	// get reads a row, and take reads it and removes it; errNone where there is none.
	get(ctx context.Context, key string) (row, error)
	take(ctx context.Context, key string) (row, error)
}

var errNone = errors.New("there is no such row")

// row is a session, a code or a token.
type row struct {
	Key       string `json:"-"`
	Subject   string
	Nonce     string `json:",omitempty"`
	Challenge string `json:",omitempty"`
}

// memory keeps rows in a map.
type memory struct {
	mu   sync.RWMutex
	rows map[string]row
}

func (m *memory) put(_ context.Context, rows ...row) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range rows {
		m.rows[r.Key] = r
	}
	return nil
}

func (m *memory) get(_ context.Context, key string) (row, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.rows[key]
	if !ok {
		return row{}, errNone
	}
	return r, nil
}

func (m *memory) take(_ context.Context, key string) (row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.rows[key]
	if !ok {
		return row{}, errNone
	}
	delete(m.rows, key)
	return r, nil
}

// table keeps rows in SQLite, written through to the disk at each commit.
type table struct {
	write, read       *sql.DB
	insert, sel, grab *sql.Stmt
}

func openTable(ctx context.Context, path string) (_ *table, err error) {
	const pragmas = "?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_mutex=no"
	t := &table{}
	if t.write, err = sql.Open("sqlite3", "file:"+path+pragmas+"&_txlock=immediate"); err != nil {
		return nil, err
	}
	t.write.SetMaxOpenConns(1)
	if _, err = t.write.ExecContext(ctx, "CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"); err != nil {
		return nil, fmt.Errorf("making the table: %w", err)
	}
	if t.read, err = sql.Open("sqlite3", "file:"+path+pragmas); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		into **sql.Stmt
		db   *sql.DB
		text string
	}{
		{&t.insert, t.write, "INSERT INTO kept (key, value) VALUES (?, ?)"},
		{&t.sel, t.read, "SELECT value FROM kept WHERE key = ?"},
		{&t.grab, t.write, "DELETE FROM kept WHERE key = ? RETURNING value"},
	} {
		if *s.into, err = s.db.PrepareContext(ctx, s.text); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *table) put(ctx context.Context, rows ...row) error {
	tx, err := t.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert := tx.StmtContext(ctx, t.insert)
	for _, r := range rows {
		value, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, r.Key, value); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (t *table) get(ctx context.Context, key string) (row, error)  { return one(ctx, t.sel, key) }
func (t *table) take(ctx context.Context, key string) (row, error) { return one(ctx, t.grab, key) }

func one(ctx context.Context, s *sql.Stmt, key string) (r row, err error) {
	var value []byte
	err = s.QueryRowContext(ctx, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, errNone
	}
	if err != nil {
		return row{}, err
	}
	err = json.Unmarshal(value, &r)
	r.Key = key
	return r, err
}
