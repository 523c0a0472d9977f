package password

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/factors"
)

// ErrNoAccount says that nobody has that login.
var ErrNoAccount = errors.New("no account has this login")

// Account is what the method must know of one.
type Account struct {
	Person factors.Person
	// Hash is a PHC string, empty while the account has no password.
	Hash string
	// Blocked accounts can't sign in; the answer is that of a wrong password.
	Blocked bool
}

// Accounts are where passwords belong to.
type Accounts interface {
	// AccountByLogin expects the login as it was typed and normalizes it as
	// Options.Normalize does. ErrNoAccount where nobody has it.
	AccountByLogin(ctx context.Context, login string) (Account, error)
	// SetHash puts hash in the place of old, and changes nothing, without an
	// error, where the account's hash is no longer old: a password changed in
	// the meantime must not come back.
	SetHash(ctx context.Context, personID, old, hash string) error
}
