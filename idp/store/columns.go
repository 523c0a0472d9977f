package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// stamp is a time as it is stored: microseconds since 1970, UTC, so that SQL
// compares it as a number. The zero time is 0.
type stamp struct{ time.Time }

// at gives the time as it will be read again.
func at(t time.Time) stamp { return stamp{t.UTC().Truncate(time.Microsecond)} }

// Value implements driver.Valuer.
func (s stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return int64(0), nil
	}
	return s.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (s *stamp) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as a number, not %T", src)
	}
	s.Time = time.Time{}
	if n != 0 {
		s.Time = time.UnixMicro(n).UTC()
	}
	return nil
}

// jsonOf is a list or a map as it is stored: JSON in a text column.
type jsonOf[T any] struct{ V T }

func asJSON[T any](v T) jsonOf[T] { return jsonOf[T]{v} }

// Value implements driver.Valuer.
func (j jsonOf[T]) Value() (driver.Value, error) {
	text, err := json.Marshal(j.V)
	if err != nil {
		return nil, fmt.Errorf("writing a column as JSON: %w", err)
	}
	return string(text), nil
}

// Scan implements sql.Scanner.
func (j *jsonOf[T]) Scan(src any) error {
	var text []byte
	switch v := src.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("JSON is stored as text, not %T", src)
	}
	var fresh T
	if readPlain(any(&fresh), text) {
		j.V = fresh
		return nil
	}
	fresh = *new(T)
	if err := json.Unmarshal(text, &fresh); err != nil {
		return fmt.Errorf("reading a column as JSON: %w", err)
	}
	j.V = fresh
	return nil
}
