package hocon

import (
	"errors"
	"fmt"
	"strings"
)

// Pos is a place in a document. Line and Col count from 1; Col counts characters, not bytes. The zero Pos means "nowhere": a
// value that came from the environment has one.
type Pos struct {
	File      string
	Line, Col int
}

// String gives file:line:col, or only the file where the line isn't known.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Error says what is wrong at one place of a document.
type Error struct {
	Pos  Pos
	Path string // the setting that is wrong, where one is; empty for syntax
	Msg  string // what is wrong, without the place
	Err  error  // the cause outside of the document (a file that can't be read, say); may be nil
}

// Error gives "file:line:col: path: what is wrong".
func (e *Error) Error() string {
	var b strings.Builder
	if at := e.Pos.String(); at != "" {
		b.WriteString(at)
		b.WriteString(": ")
	}
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	return b.String()
}

// Unwrap gives the cause, so that errors.Is(err, fs.ErrNotExist) works on a missing file.
func (e *Error) Unwrap() error { return e.Err }

// Errors is several errors of one document, in the order in which they were found. It has at least one.
type Errors []*Error

// Error gives one error a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is and errors.As look at each of them.
func (es Errors) Unwrap() []error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return all
}

// ErrLimit is wrapped by every error that says that a document is past one of the Limits.
var ErrLimit = errors.New("the document is past a limit")

func errorAt(pos Pos, format string, args ...any) *Error {
	return &Error{Pos: pos, Msg: fmt.Sprintf(format, args...)}
}

func limitAt(pos Pos, format string, args ...any) *Error {
	return &Error{Pos: pos, Msg: fmt.Sprintf(format, args...), Err: ErrLimit}
}
