package users

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/consent"
)

// Accounts keeps users; see idp/store for what each change takes with it.
type Accounts interface {
	idp.Users
	CreateUser(ctx context.Context, u *idp.User) error
	UpdateUser(ctx context.Context, id string, change func(*idp.User) error) (*idp.User, error)
	// ResetUser also ends all that rests on what the person proved before.
	ResetUser(ctx context.Context, id string, change func(*idp.User) error) error
	DeleteUser(ctx context.Context, id string) error
}

// Lists reads and makes many.
type Lists interface {
	SearchUsers(ctx context.Context, q idp.UserQuery) (idp.UserPage, error)
	// ListUsers are those after the login, in the order of logins.
	ListUsers(ctx context.Context, after string, limit int) ([]*idp.User, error)
	// CreateUsers makes all or none.
	CreateUsers(ctx context.Context, users []*idp.User) error
}

// Sessions are where people are signed in.
type Sessions interface {
	SessionsOf(ctx context.Context, userID string, now time.Time) ([]*idp.Session, error)
	SessionClients(ctx context.Context, sessions ...string) ([]idp.SessionClient, error)
	EndSessions(ctx context.Context, e idp.Ending, now time.Time) ([]string, error)
}

// Imports keeps a file between the look at it and its import.
type Imports interface {
	StageImport(ctx context.Context, f idp.StagedImport) error
	StagedImport(ctx context.Context, id, madeBy string, now time.Time) (idp.StagedImport, error)
	DropImport(ctx context.Context, id string) error
}

// Store is all that the section keeps.
type Store interface {
	Accounts
	Lists
	Sessions
	Imports
	consent.Register
	recovery.Store
	// RolesOf gives none for who is no administrator.
	RolesOf(ctx context.Context, userID string) ([]admin.Role, error)
}

// Passwords is the method "password"; password.Method and password.Setter make one.
type Passwords interface {
	// Make gives the hash of a new password; see password.Setter.
	Make(ctx context.Context, login, old, typed string) (string, error)
	Standing(ctx context.Context, login string) (password.Standing, error)
	Lift(ctx context.Context, login string) error
}

// Calls is the method "flashCall".
type Calls struct {
	Engine *otp.Engine
	// Numbers are which ones may be called, Routes by which ways one would be.
	Numbers flashcall.Numbers
	Routes  func(phone string, now time.Time) []otp.Route
}

// Options for New. All are required but Calls, Rand and RoleAttributes.
type Options struct {
	Store     Store
	Clients   idp.Clients
	Passwords Passwords
	// Calls is nil where nobody is called.
	Calls *Calls
	// RecoveryHash is how recovery codes are kept.
	RecoveryHash recovery.Hash
	// PhoneAttribute holds the number that logins confirm.
	PhoneAttribute string
	// Countries are those whose national form of a number is understood.
	Countries []string
	// RoleAttributes are those by which applications decide what a person may do: who
	// appoints administrators alone sees and sets them. nil means those of RFC 9068.
	RoleAttributes []string
	// Describe is the problem in words, for pages.
	Describe func(p *idp.Problem) string
	Trail    audit.Trail
	View     admin.View
	Now      func() time.Time
	Rand     io.Reader
}

func (o *Options) check() error {
	if o.Store == nil || o.Clients == nil || o.Passwords == nil || o.RecoveryHash == nil || o.PhoneAttribute == "" || o.Describe == nil || o.Trail == nil || o.View == nil || o.Now == nil {
		return errors.New("users: Store, Clients, Passwords, RecoveryHash, PhoneAttribute, Describe, Trail, View and Now are needed")
	}
	if o.RoleAttributes == nil {
		o.RoleAttributes = []string{"role", "roles", "group", "groups", "entitlements", "permissions"} // RFC 9068, section 2.2.3.1, and their like
	}
	return nil
}
