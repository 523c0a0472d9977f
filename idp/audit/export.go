package audit

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// RowWriter writes rows in some format.
type RowWriter interface {
	Write(Row) error
	// Flush writes what waits.
	Flush() error
}

// Formats of exports, by name: jsonl is one JSON object a line, csv a table with a
// head.
func Formats() map[string]func(io.Writer) RowWriter {
	return map[string]func(io.Writer) RowWriter{
		"jsonl": func(w io.Writer) RowWriter { return jsonLines{w} },
		"csv":   func(w io.Writer) RowWriter { return &table{w: csv.NewWriter(w)} },
	}
}

// exportBatch is how many rows are read at a time.
const exportBatch = 500

// Export writes what the query wants, the newest first, at most limit rows unless
// it is 0, and returns how many it wrote.
func Export(ctx context.Context, records Reading, q Query, w RowWriter, limit int) (n int, err error) {
	for before := int64(0); ; {
		size := exportBatch
		if limit > 0 {
			size = min(size, limit-n)
		}
		rows, err := records.FindAudit(ctx, q, before, size)
		if err != nil {
			return n, fmt.Errorf("exporting records: %w", err)
		}
		for _, row := range rows {
			if err := w.Write(row); err != nil {
				return n, err
			}
			n++
		}
		if err := w.Flush(); err != nil || len(rows) < exportBatch {
			return n, err
		}
		before = rows[len(rows)-1].Seq
	}
}

type jsonLines struct{ w io.Writer }

// Write implements RowWriter.
func (j jsonLines) Write(r Row) error {
	_, err := j.w.Write(append(r.JSON(), '\n'))
	return err
}

// Flush implements RowWriter.
func (jsonLines) Flush() error { return nil }

type table struct {
	w      *csv.Writer
	headed bool
}

// Write implements RowWriter.
func (t *table) Write(r Row) error {
	if err := t.head(); err != nil {
		return err
	}
	s, err := read(r.Body)
	if err != nil {
		return err
	}
	line := []string{
		strconv.FormatInt(r.Seq, 10), r.At.UTC().Format(time.RFC3339Nano), r.Type, r.Subject, r.Object, r.IP, s.UserAgent, r.ClientID,
		s.AuthMethod, r.Procedure, r.SessionID, string(s.Params), r.Hash,
	}
	for i, text := range line {
		line[i] = inert(text)
	}
	return t.w.Write(line)
}

// inert keeps spreadsheets from taking for a formula what a stranger wrote (OWASP,
// CSV injection).
func inert(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

func (t *table) head() error {
	if t.headed {
		return nil
	}
	t.headed = true
	return t.w.Write([]string{"seq", "time", "type", "sbj", "obj", "ip", "ua", "cId", "cAthM", "lpId", "sid", "prms", "hash"})
}

// Flush implements RowWriter.
func (t *table) Flush() error {
	if err := t.head(); err != nil {
		return err
	}
	t.w.Flush()
	return t.w.Error()
}
