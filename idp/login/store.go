package login

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Logins keeps the logins in progress. Errors: idp.ErrNotFound.
type Logins interface {
	LoginByID(ctx context.Context, id string) (*idp.Login, error)
	// UpdateLogin reads the row, lets change alter it and writes it, as one
	// transaction. An error of change leaves the row as it was and is returned
	// as it is. change may run more than once, so it does nothing else.
	// ID, Browser, Request, CreatedAt and ExpiresAt stay whatever change does.
	UpdateLogin(ctx context.Context, id string, change func(*idp.Login) error) (*idp.Login, error)
	// SignIn is UpdateLogin by the entry's Change, with what else the entry has, as one
	// transaction. ErrStopped, with nothing done, where the person was blocked, is gone
	// or got another password by then.
	SignIn(ctx context.Context, e Entry) (*idp.Login, error)
}

// ErrStopped: somebody saw to it that the person doesn't sign in by what they proved.
var ErrStopped = errors.New("the person was blocked or changed while they signed in")

// Entry is how a login leads into a new session.
type Entry struct {
	Login   string // its ID
	Change  func(*idp.Login) error
	Session *idp.Session
	// PasswordSetAt is the person's, as this login knows it.
	PasswordSetAt time.Time
	// Phone, in E.164, is the number that the session's person was reached at at
	// ProvedAt; empty where at none.
	Phone    string
	ProvedAt time.Time
}

// Sessions keeps who is signed in where. Errors: idp.ErrNotFound.
type Sessions interface {
	SessionByID(ctx context.Context, id string) (*idp.Session, error)
	// UpdateSession is to sessions what UpdateLogin is to logins.
	UpdateSession(ctx context.Context, id string, change func(*idp.Session) error) (*idp.Session, error)
}

// PasswordStore keeps the passwords that people choose where they have to.
type PasswordStore interface {
	// ChangePassword puts the new hash in the place of the old one and lifts the
	// duty to change it, as one statement, and denies the person's other logins under
	// way; with EndOthers it ends their other sessions in the same transaction.
	// idp.ErrNotFound where the hash is another one by now, or nothing has to be changed.
	ChangePassword(ctx context.Context, c PasswordChange) error
}

// PasswordChange is a new password in the place of one that had to go.
type PasswordChange struct {
	UserID string
	// Old and New are hashes.
	Old, New string
	// EndOthers ends all sessions but Session, which may be empty.
	EndOthers bool
	Session   string
	// Login is the one that goes on.
	Login string
}
