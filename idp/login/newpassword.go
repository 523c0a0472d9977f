package login

import (
	"context"
	"errors"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
)

// NewPasswords is what the step newPassword needs.
type NewPasswords struct {
	Store PasswordStore
	// Make gives the hash of a new password, as password.Setter does.
	Make func(ctx context.Context, login, old, typed string) (string, error)
	// MinLength is the fewest characters of one, for the page to say.
	MinLength func() int
}

// Fields of the step newPassword.
const (
	fieldPasswordNew    = "password_new"
	fieldPasswordRepeat = "password_repeat"
	fieldEndSessions    = "end_sessions" // any value: sign out everywhere else
)

// ProblemRepeat: the new password was typed differently the second time.
const ProblemRepeat = "password_repeat"

// newPasswordDue says whether the person has to change the password that they
// proved in this very login.
func (s Situation) newPasswordDue() bool {
	return s.Login.UserID == s.User.ID && slices.ContainsFunc(s.Login.Facts, s.mustGo)
}

// mustGo says whether the fact is the proof of a password that has to be changed.
// Of a session such a proof doesn't count: whoever leaves the step has proved
// nothing, and whoever sits down at somebody's browser must not choose a password.
func (s Situation) mustGo(f idp.Fact) bool {
	return s.ChangesPasswords && s.User.MustChangePassword && f.Method == password.ID && f.Factor == 1
}

// newPasswordView tells how long a password has to be.
func (h *Handler) newPasswordView() factors.View {
	return factors.View{State: password.StateReady, Values: map[string]any{"min_length": h.NewPasswords.MinLength()}}
}

// newPassword takes the new password. Where the old one isn't what it was, somebody
// was quicker, and Next says what is due then.
func (h *Handler) newPassword(ctx context.Context, x *exchange, f form) error {
	if f.action != "" {
		return unknownAction()
	}
	typed := f.fields[fieldPasswordNew]
	if typed != "" && f.fields[fieldPasswordRepeat] != typed {
		return &idp.Problem{ID: ProblemRepeat, Field: fieldPasswordRepeat}
	}
	hash, err := h.NewPasswords.Make(ctx, x.User.Login, x.User.PasswordHash, typed)
	if p := factors.AsProblem(err); p != nil && p.ID != factors.ProblemBusy {
		at := *p
		at.Field = fieldPasswordNew
		return &at
	}
	if err != nil {
		return err
	}
	err = h.NewPasswords.Store.ChangePassword(ctx, PasswordChange{
		UserID: x.User.ID, Old: x.User.PasswordHash, New: hash, EndOthers: f.fields[fieldEndSessions] != "",
		Session: x.ownSession(), Login: x.Login.ID,
	})
	if errors.Is(err, idp.ErrNotFound) {
		return errOver
	}
	if err != nil {
		return err
	}
	h.Log.InfoContext(ctx, "password changed", append(x.about(), "user_id", x.User.ID)...)
	x.User = nil
	return h.beginNext(ctx, x)
}

// ownSession is the session of the login's person in this browser.
func (x *exchange) ownSession() string {
	if x.Session == nil || x.Session.UserID != x.User.ID {
		return ""
	}
	return x.Session.ID
}
