package idp

import (
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/factors"
)

// Sentinels that stores return and every caller may compare with errors.Is.
var (
	// ErrNotFound: no row has that key, or the caller may not know that one has.
	ErrNotFound = errors.New("not found")
	// ErrTaken: the key (login, client ID) belongs to another row.
	ErrTaken = errors.New("already taken")
	// ErrUnavailable: the database itself failed, and not what was asked of it: it is
	// away, full, or takes no writes. The same may succeed a moment later.
	ErrUnavailable = errors.New("the database is unavailable")
)

// Problem is an error a person may see; see factors.Problem. It is one type in
// both places, so that a method's problem reaches the page unchanged.
type Problem = factors.Problem

// ProblemOf is the problem for an error that nobody is told of: ProblemUnavailable where
// the database failed, and else ProblemInternal. err is its cause.
func ProblemOf(err error) *Problem {
	if errors.Is(err, ErrUnavailable) {
		return &Problem{ID: ProblemUnavailable, Status: http.StatusServiceUnavailable, Cause: err}
	}
	return &Problem{ID: ProblemInternal, Status: http.StatusInternalServerError, Cause: err}
}
