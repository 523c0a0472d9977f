package login

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
)

// Logins keeps the logins in progress. Errors: idp.ErrNotFound.
type Logins interface {
	LoginByID(ctx context.Context, id string) (*idp.Login, error)
	// UpdateLogin reads the row, lets change alter it and writes it, as one
	// transaction. An error of change leaves the row as it was and is returned
	// as it is. change may run more than once, so it does nothing else.
	UpdateLogin(ctx context.Context, id string, change func(*idp.Login) error) (*idp.Login, error)
}

// Sessions keeps who is signed in where. Errors: idp.ErrNotFound.
type Sessions interface {
	CreateSession(ctx context.Context, session *idp.Session) error
	SessionByID(ctx context.Context, id string) (*idp.Session, error)
	// UpdateSession is to sessions what UpdateLogin is to logins.
	UpdateSession(ctx context.Context, id string, change func(*idp.Session) error) (*idp.Session, error)
}
