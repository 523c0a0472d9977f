package idp

import (
	"errors"
	"time"
)

// UserQuery says which users are looked for.
type UserQuery struct {
	// Text is what somebody typed: an ID, a number however it is written, or words,
	// each of which begins one of the user's (login, names, e-mail address, numbers).
	// Empty lists everybody by login.
	Text string
	// Numbers are further forms of a number in Text: its digits with the country code.
	// They count where Text can be a number.
	Numbers []string
	// WholeNumbers finds numbers only by all of their digits, for who doesn't get to see
	// them: from what begins like a number, they could be read digit by digit.
	WholeNumbers bool
	// Blocked leaves all but the blocked ones out. It counts where Text is empty.
	Blocked bool
	// After is where the page before ended, see UserPage.Next; empty at the beginning.
	After string
	// Limit is the most users of the page, 1 to 1000; 100 where it is none of these.
	Limit int
}

// UserPage is a part of what a query finds.
type UserPage struct {
	Users []*User
	// Next is where the next page begins; empty where nothing is left.
	Next string
}

// ErrCursor: UserQuery.After is no cursor of such a query.
var ErrCursor = errors.New("no such place in the list")

// StagedImport is a file of users that was looked over and waits to be imported.
type StagedImport struct {
	ID string
	// MadeBy is who sent it, and who alone may import it.
	MadeBy    string
	Content   []byte
	ExpiresAt time.Time
}
