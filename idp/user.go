package idp

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
	// PasswordSetAt is when the hash was last set by whoever chose the password, zero
	// where that isn't known. The store keeps it; what callers set is not looked at.
	PasswordSetAt time.Time
	// MustChangePassword asks for a new password at the next login by password.
	MustChangePassword bool
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

// Attributes of the person's number, unless the settings name another one for
// it, and of whether and when (Unix seconds) it was confirmed. The latter two go
// when the number is changed.
const (
	AttributePhone           = "phone_number"
	AttributePhoneVerified   = "phone_number_verified"
	AttributePhoneVerifiedAt = "phone_number_verified_at"
)

// PhoneVerified says whether the number that the user has now was confirmed.
func (u *User) PhoneVerified() bool { return u.Attribute(AttributePhoneVerified) == "true" }

// NormalizeLogin gives the form in which logins are compared and stored: in
// lower case, in NFKC and without surrounding blanks, so that two accounts
// can't differ in letter case, composition or width alone (as RFC 8265 has it).
func NormalizeLogin(login string) string {
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.TrimSpace(login))))
}

// ValidLogin says whether an account may have the login: 1 to 256 bytes of
// UTF-8 that can all be seen.
func ValidLogin(login string) bool {
	unseen := func(r rune) bool { return !unicode.IsPrint(r) }
	return NormalizeLogin(login) != "" && len(login) <= 256 && utf8.ValidString(login) && !strings.ContainsFunc(login, unseen)
}

// Users reads users. Errors: ErrNotFound where nobody has that key.
type Users interface {
	UserByID(ctx context.Context, id string) (*User, error)
	// UserByLogin expects the login as it was typed and normalizes it.
	UserByLogin(ctx context.Context, login string) (*User, error)
}

// Numbers finds users by a phone number, where the number is what a person
// types to sign in.
type Numbers interface {
	// UserByNumber gives the one user whose attribute is the number e164 ("+" and
	// the country code), however the attribute writes it: 79991234567,
	// +7 (999) 123-45-67. ErrNotFound where nobody has it, and where more than one
	// has; both take the same time. Blocked users are found: the caller decides.
	//
	// An attribute in national form is compared by its digits and may so be taken
	// for a number of another country (8 495 123-45-67 for +84 951 234 567). The
	// caller, who knows the region, reads the attribute and compares once more.
	UserByNumber(ctx context.Context, attribute, e164 string) (*User, error)
	// HasNumber says whether UserByNumber gives somebody who isn't blocked. Strangers
	// may ask as often as they like, so it reads and gives the same amount either way.
	HasNumber(ctx context.Context, attribute, e164 string) (bool, error)
}
