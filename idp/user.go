package idp

import (
	"context"
	"strings"
	"time"
)

// User is a person who can sign in.
type User struct {
	// ID is the subject (sub) that relying parties see: opaque, never reused,
	// at most 255 ASCII characters, without ":" (OpenID Connect Core, section 2).
	ID string
	// Login is what the person types; unique after NormalizeLogin.
	Login string
	// Attributes hold what relying parties and factors may read, by system
	// name: name, email, phone_number and so on.
	Attributes map[string]string
	// PasswordHash is a PHC string, empty while the user has no password.
	PasswordHash string
	// RequiredFactor is Blitz's user setting: 0 and 1 ask for no second
	// factor, 2 asks for one whatever the policy says.
	RequiredFactor int
	// Blocked users cannot sign in; what they see does not say so.
	Blocked   bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Attribute returns the named attribute, empty when the user has none.
func (u *User) Attribute(name string) string { return u.Attributes[name] }

// NormalizeLogin gives the form in which logins are compared and stored:
// without surrounding blanks and in lower case, so that two accounts can't
// differ in letter case alone.
func NormalizeLogin(login string) string {
	return strings.ToLower(strings.TrimSpace(login))
}

// Users reads users. Errors: ErrNotFound where nobody has that key.
type Users interface {
	UserByID(ctx context.Context, id string) (*User, error)
	// UserByLogin expects the login as it was typed and normalizes it.
	UserByLogin(ctx context.Context, login string) (*User, error)
}
