package recovery

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// ID is the method's name in the settings.
const ID = "recovery"

// FieldCode is the form's field.
const FieldCode = "code"

// StateReady is the only state of the page: the form.
const StateReady = "ready"

// maxCode bounds what is typed, in bytes.
const maxCode = 64

// After maxWrong wrong codes in a row none is looked at for pause: NIST SP 800-63B,
// section 3.2.2 allows 100 in a row at most, and here it takes more than a thousand
// years to find one.
const (
	maxWrong = 5
	pause    = 15 * time.Minute
)

// Problems of the method.
const (
	// ProblemWrong: no code of the person's, or one that was used. Field "code". Status 401.
	ProblemWrong = "recovery_wrong"
	// ProblemWait: too many wrong codes. Args: until (time.Time). Status 429.
	ProblemWait = "recovery_wait"
	// ProblemNone: the person has no code left. Status 400.
	ProblemNone = "recovery_none"
)

// Options are what a Method needs. Now and Log have defaults.
type Options struct {
	Store Store
	Hash  Hash
	Now   func() time.Time
	Log   *slog.Logger
}

// Method is the codes as a second factor.
type Method struct{ options Options }

var (
	_ factors.Method   = (*Method)(nil)
	_ factors.Enrolled = (*Method)(nil)
)

// New refuses incomplete Options.
func New(o Options) (*Method, error) {
	if o.Store == nil || o.Hash == nil {
		return nil, errors.New("recovery: Store and Hash are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Method{options: o}, nil
}

// ID is "recovery".
func (m *Method) ID() string { return ID }

// Enrolled says whether the person has a code left.
func (m *Method) Enrolled(ctx context.Context, personID string) (bool, error) {
	kept, err := m.options.Store.Recovery(ctx, personID)
	if err != nil {
		return false, fmt.Errorf("reading recovery codes: %w", err)
	}
	return len(kept.Codes) > 0, nil
}

// Ready refuses a person who has no code, and one who must wait.
func (m *Method) Ready(ctx context.Context, login factors.Login) error {
	if login.Person == nil {
		return &factors.Problem{ID: factors.ProblemNoPerson}
	}
	kept, err := m.options.Store.Recovery(ctx, login.Person.ID)
	if err != nil {
		return fmt.Errorf("reading recovery codes: %w", err)
	}
	return m.refusal(kept)
}

// refusal is nil where a code may be tried.
func (m *Method) refusal(kept Kept) error {
	switch {
	case kept.NotBefore.After(m.options.Now()):
		return &factors.Problem{ID: ProblemWait, Status: http.StatusTooManyRequests, Args: map[string]any{"until": kept.NotBefore}}
	case len(kept.Codes) == 0:
		return &factors.Problem{ID: ProblemNone}
	}
	return nil
}

// Begin does nothing: the person has the codes.
func (m *Method) Begin(context.Context, factors.Login) error { return nil }

// Show gives the form, with what keeps the person from using it.
func (m *Method) Show(ctx context.Context, login factors.Login) (factors.View, error) {
	err := m.Ready(ctx, login)
	view := factors.View{State: StateReady, Problem: factors.AsProblem(err)}
	if view.Problem != nil {
		err = nil
	}
	return view, err
}

// Answer takes a code. One transaction looks, counts and uses it up, so that of two
// who post the same code at once one is refused.
func (m *Method) Answer(ctx context.Context, login factors.Login, answer factors.Answer) (*factors.Proof, error) {
	if login.Person == nil {
		return nil, &factors.Problem{ID: factors.ProblemNoPerson}
	}
	if err := errors.Join(factors.CheckAction(answer, ""), factors.CheckField(answer, FieldCode, maxCode)); err != nil {
		return nil, factors.AsProblem(err)
	}
	typed := normalize(answer.Field(FieldCode))
	if typed == "" {
		return nil, &factors.Problem{ID: factors.ProblemFieldMissing, Field: FieldCode}
	}
	left, accepted := 0, false
	err := m.options.Store.UpdateRecovery(ctx, login.Person.ID, func(k *Kept) error {
		accepted = false
		if err := m.refusal(*k); err != nil {
			return err
		}
		accepted = k.use(hashOf(m.options.Hash, login.Person.ID, typed), m.options.Now())
		left = len(k.Codes)
		return nil
	})
	switch {
	case factors.AsProblem(err) != nil:
		return nil, factors.AsProblem(err)
	case err != nil:
		return nil, fmt.Errorf("using a recovery code: %w", err)
	case !accepted:
		m.options.Log.Debug("recovery code not accepted", "login_id", login.ID, "user_id", login.Person.ID)
		return nil, &factors.Problem{ID: ProblemWrong, Status: http.StatusUnauthorized, Field: FieldCode}
	}
	m.options.Log.Debug("recovery code used", "login_id", login.ID, "user_id", login.Person.ID, "left", left)
	// RFC 8176 has no value for look-up secrets; otp is its one-time passwords.
	return &factors.Proof{PersonID: login.Person.ID, AMR: []string{"otp"}}, nil
}

// use takes the code out, or counts a wrong one. Every code is looked at: how long
// it takes tells nothing.
func (k *Kept) use(hash string, now time.Time) bool {
	found := -1
	for i, code := range k.Codes {
		if subtle.ConstantTimeCompare([]byte(code), []byte(hash)) == 1 {
			found = i
		}
	}
	if found >= 0 {
		k.Codes, k.Wrong, k.NotBefore = slices.Delete(k.Codes, found, found+1), 0, time.Time{}
		return true
	}
	if k.Wrong++; k.Wrong%maxWrong == 0 {
		k.NotBefore = now.Add(pause)
	}
	return false
}
