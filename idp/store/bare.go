package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
)

// bareConn is what a driver's own connection can do.
type bareConn interface {
	driver.ExecerContext
	driver.QueryerContext
	driver.ConnBeginTx
	// AutoCommit says that no transaction is open.
	AutoCommit() bool
}

// bare runs statements on one connection, past database/sql and sqlx: those take
// several times what SQLite takes to find a row by its key. It is for one
// goroutine at a time. "?" is how its driver wants arguments.
type bare struct {
	conn  bareConn
	plans *plans
	// args and row are used again for each statement. The driver has bound the arguments
	// before it returns, and a row is read before the next one comes.
	args []driver.NamedValue
	row  []driver.Value
}

// exec returns the number of rows changed.
func (b *bare) exec(ctx context.Context, query string, args []any) (int64, error) {
	values, err := b.valuesOf(args)
	if err != nil {
		return 0, err
	}
	result, err := b.conn.ExecContext(ctx, query, values)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// get reads one row into dest; sql.ErrNoRows without one.
func (b *bare) get(ctx context.Context, dest any, query string, args []any) error {
	into := reflect.ValueOf(dest).Elem()
	read := false
	err := b.rows(ctx, into.Type(), query, args, func(p *rowPlan, values []driver.Value) (bool, error) {
		read = true
		return false, p.fill(into, values)
	})
	if err == nil && !read {
		return sql.ErrNoRows
	}
	return err
}

// all appends every row to the slice that dest points to.
func (b *bare) all(ctx context.Context, dest any, query string, args []any) error {
	list := reflect.ValueOf(dest).Elem()
	element := list.Type().Elem()
	return b.rows(ctx, element, query, args, func(p *rowPlan, values []driver.Value) (bool, error) {
		list.Set(reflect.Append(list, reflect.Zero(element)))
		return true, p.fill(list.Index(list.Len()-1), values)
	})
}

// rows hands each row to take, until it wants no more.
func (b *bare) rows(ctx context.Context, into reflect.Type, query string, args []any, take func(*rowPlan, []driver.Value) (more bool, err error)) (err error) {
	values, err := b.valuesOf(args)
	if err != nil {
		return err
	}
	rows, err := b.conn.QueryContext(ctx, query, values)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	plan, err := b.plans.row(into, query, rows)
	if err != nil {
		return err
	}
	row := slices.Grow(b.row[:0], len(plan.columns))[:len(plan.columns)]
	b.row = row
	for more := true; more; {
		if err := rows.Next(row); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		if more, err = take(plan, row); err != nil {
			return err
		}
	}
	return nil
}

// valuesOf are the arguments as a driver takes them, until the next statement.
func (b *bare) valuesOf(args []any) ([]driver.NamedValue, error) {
	values := slices.Grow(b.args[:0], len(args))[:len(args)]
	b.args = values
	for i, arg := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1}
		switch v := arg.(type) {
		case string, int64:
			values[i].Value = v
			continue
		}
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		values[i].Value = value
	}
	return values, nil
}
