package idp

import (
	"errors"

	"github.com/ringtail-id/ringtail/factors"
)

// Sentinels that stores return and every caller may compare with errors.Is.
var (
	// ErrNotFound: no row has that key, or the caller may not know that one has.
	ErrNotFound = errors.New("not found")
	// ErrTaken: the key (login, client ID) belongs to another row.
	ErrTaken = errors.New("already taken")
)

// Problem is an error a person may see; see factors.Problem. It is one type in
// both places, so that a method's problem reaches the page unchanged.
type Problem = factors.Problem
