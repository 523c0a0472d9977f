package store

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/idp"
)

// Tracer is told of reads and writes within traces, from the caller's side: what they
// waited for is theirs. It serves many goroutines.
type Tracer interface {
	// Recording says whether what happens in the context is traced. It is asked for
	// every read and write, so it must be quick.
	Recording(ctx context.Context) bool
	// Begin tells of a read or a write that begins, where the context is traced. system is
	// OpenTelemetry's name of the database, operation the store's method. end must be
	// called once, with the database's own code where it failed, else with an empty one:
	// that there is no such row, or that a write's caller takes it back, is no failure.
	Begin(ctx context.Context, system, operation string, writes bool) (end func(code string))
}

// begin tells the tracer; nil where nothing is traced, which costs nothing.
func (d *database) begin(ctx context.Context, writes bool) (end func(error)) {
	if d.tracer == nil || !d.tracer.Recording(ctx) {
		return nil
	}
	told := d.tracer.Begin(ctx, d.system, operation(), writes)
	return func(err error) { told(failure(err)) }
}

// maxDepth is how far up a method of the store is looked for.
const maxDepth = 24

// operation is the method of the store that somebody called: the outermost function of
// this package.
func operation() string {
	var callers [maxDepth]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	ours := reflect.TypeFor[Store]().PkgPath() + "."
	outermost := ""
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		name, here := strings.CutPrefix(frame.Function, ours)
		if !here {
			break
		}
		outermost = name
	}
	return method(outermost)
}

// method is a function's name without the Store and what is inside of it:
// "(*Store).UserByLogin.func1" is UserByLogin, "(*Challenges).Claim" Challenges.Claim.
func method(function string) string {
	parts := strings.Split(strings.NewReplacer("(*", "", ")", "").Replace(function), ".")
	if len(parts) > 1 && parts[0] == reflect.TypeFor[Store]().Name() {
		return parts[1]
	}
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// failure is the database's own code of an error: an SQLSTATE of PostgreSQL or a number
// of SQLite. Where it has none, idp.ErrUnavailable and who gave up have words.
func failure(err error) string {
	var e sqlite3.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return strconv.Itoa(int(e.ExtendedCode))
	case codeOf(err) != "":
		return codeOf(err)
	case errors.Is(err, idp.ErrUnavailable):
		return "unavailable"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return ""
}
