package factors

import (
	"context"
	"net/netip"
	"time"
)

// Person is what a method may know of who signs in.
type Person struct {
	ID    string
	Login string
	// Attributes by system name, for example phone_number.
	Attributes map[string]string
}

// Login is the login that a method takes part in. A proof counts for this
// login alone.
type Login struct {
	ID       string
	ClientID string
	// Factor is 1 or 2: what the method serves as here.
	Factor int
	// Person is nil while nobody was named, which only a first factor meets.
	Person *Person
	// Hint is the login_hint of the authorization request, to prefill a form.
	Hint string
	IP   netip.Addr
	// Lang is the language of the login's pages (BCP 47); may be empty.
	Lang string
}

// Method is one way to prove who a person is. Implementations are safe for
// concurrent use and keep what must outlive a request in their store.
//
// Errors that a person may see are *Problem; anything else is a fault of ours.
type Method interface {
	// ID is the method's name in the settings: "password", "flashCall".
	ID() string
	// Ready returns nil when the person of the login could use the method now.
	Ready(ctx context.Context, login Login) error
	// Begin does what the step needs before the person can answer, such as
	// asking for the call. Only an answer to a form leads here, never a page
	// view, and a second Begin of the same login changes nothing.
	Begin(ctx context.Context, login Login) error
	// Show tells how the step stands. It changes nothing.
	Show(ctx context.Context, login Login) (View, error)
	// Answer takes what the person posted. A nil proof with a nil error means
	// that the action was done and the step goes on.
	Answer(ctx context.Context, login Login, answer Answer) (*Proof, error)
}

// Enrolled is a Method that only some people have. It isn't offered to the others.
type Enrolled interface {
	Method
	// Enrolled says whether the person has what the method needs.
	Enrolled(ctx context.Context, personID string) (bool, error)
}

// View is how a step stands: what its page and its JSON twin show.
type View struct {
	// State names the page's texts: for flashCall ready, calling, called, ...
	State string
	// Values for the texts and the form; masked, safe to show.
	Values map[string]any
	// Actions that the person may post besides the answer, now or once a wait
	// that Values tell of is over: ActionResend.
	Actions []string
	// Problem, where the state is one that the person must be told of.
	Problem *Problem
	// Refresh asks to look again after this time; 0 means that nothing will
	// change by itself.
	Refresh time.Duration
}

// Actions of a step. The empty action is the answer itself.
const (
	ActionResend  = "resend"
	ActionCall    = "call"     // a new code, by a flash call
	ActionSMS     = "sms"      // a new code, by a text message
	ActionVoice   = "voice"    // a new code, read out by a voice
	ActionNotMine = "not_mine" // the number that the step shows isn't the person's
	ActionOther   = "other"
	ActionCancel  = "cancel"
)

// Answer is a posted form.
type Answer struct {
	Action string
	// Fields by name, each single-valued: login and password, or code.
	Fields map[string]string
}

// Field returns the named field, empty when it was not sent.
func (a Answer) Field(name string) string { return a.Fields[name] }

// Proof says that the person proved who they are.
type Proof struct {
	// PersonID is who; a second factor's equals the login's person.
	PersonID string
	// AMR are the RFC 8176 values of this method alone.
	AMR []string
	// Phone is the number that the person was reached at, E.164 with "+"; empty
	// where the method has to do with none.
	Phone string
}
