package users

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// Bounds of a file of users.
const (
	// MaxImport is the most that a file has, in bytes, and MaxLines in lines beside
	// its head.
	MaxImport = 8 << 20
	MaxLines  = 50_000
)

// line is one user of a file, as it is written.
type line struct {
	number int // in the file; the head is 1
	cells  map[string]string
}

// readFile reads CSV (RFC 4180, UTF-8), with commas or, as spreadsheets of some
// countries write it, semicolons. Columns that nobody may set are left out.
func (s *Service) readFile(a *admin.Actor, content []byte) ([]line, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(content))
	if head, _, _ := bytes.Cut(content, []byte("\n")); bytes.Contains(head, []byte(";")) && !bytes.Contains(head, []byte(",")) {
		r.Comma = ';'
	}
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, unreadable(err)
	}
	columns, err := s.columns(a, slices.Clone(head))
	if err != nil {
		return nil, err
	}
	var lines []line
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if len(lines) == MaxLines {
			return nil, &idp.Problem{ID: problemLarge, Status: http.StatusRequestEntityTooLarge, Field: "file", Args: map[string]any{"max": MaxLines}}
		}
		at, _ := r.FieldPos(0)
		l := line{number: at, cells: map[string]string{}}
		for i, column := range columns {
			if value := unguard(strings.TrimSpace(row[i])); column != "" && value != "" {
				l.cells[column] = strings.Clone(value) // the row is used anew
			}
		}
		lines = append(lines, l)
	}
}

func unreadable(err error) error {
	line := 1
	var at *csv.ParseError
	if errors.As(err, &at) {
		line = at.Line
	}
	return invalid(problemFile, "file", map[string]any{"line": line})
}

// columns are what the columns mean, empty for those that are left out: the fixed
// ones by their names, attributes as "attributes.NAME".
func (s *Service) columns(a *admin.Actor, head []string) ([]string, error) {
	seen := map[string]bool{}
	for i, cell := range head {
		name := unguard(strings.TrimSpace(cell))
		attribute, prefixed := strings.CutPrefix(name, columnPrefix)
		fixed := !prefixed && (name == columnHash || slices.Contains(fixedColumns(), name))
		switch {
		case !fixed && (!validName.MatchString(attribute) || !s.sees(a, attribute)):
			return nil, invalid(problemColumn, "file", map[string]any{"name": shortened(name)})
		case fixed && (name == columnID || name == columnCreated), !fixed && guarded(attribute):
			name = ""
		case !fixed:
			name = columnPrefix + attribute
		}
		if name != "" && seen[name] {
			return nil, invalid(problemColumn, "file", map[string]any{"name": shortened(name)})
		}
		seen[name], head[i] = true, name
	}
	if !seen[columnLogin] {
		return nil, invalid(problemColumn, "file", map[string]any{"name": columnLogin})
	}
	return head, nil
}

// attributes of the line.
func (l line) attributes() map[string]string {
	all := map[string]string{}
	for column, value := range l.cells {
		if name, ok := strings.CutPrefix(column, columnPrefix); ok {
			all[name] = value
		}
	}
	return all
}

// flag reads a cell of true or false; old where it is empty.
func (l line) flag(column string, old bool) (bool, error) {
	cell := l.cells[column]
	if cell == "" {
		return old, nil
	}
	v, err := strconv.ParseBool(strings.ToLower(cell))
	if err != nil {
		return false, invalid(problemCell, column, map[string]any{"name": column})
	}
	return v, nil
}
