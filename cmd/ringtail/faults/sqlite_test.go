package faults

import (
	"context"
	"database/sql/driver"

	"github.com/mattn/go-sqlite3"
)

// connector opens a SQLite file without a driver that is registered globally.
type connector string

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(string(c)) }

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }
