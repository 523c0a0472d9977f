package login

import "github.com/ringtail-id/ringtail/idp"

// Kind of a step.
type Kind string

// The kinds of steps.
const (
	First       Kind = "first"       // prove a first factor by Step.Method
	Choose      Kind = "choose"      // pick one of Step.Methods
	Second      Kind = "second"      // prove a second factor by Step.Method
	NewPassword Kind = "newPassword" // choose another password
	Consent     Kind = "consent"     // allow the client what it asks for
	Done        Kind = "done"        // Step.Facts suffice
	Denied      Kind = "denied"      // the relying party gets Step.Error
)

// Step is what Next says.
type Step struct {
	Kind Kind
	// Method of a First or Second step.
	Method string
	// Methods that could serve: more than one means that the person may pick another.
	Methods []string
	// Error is the OAuth error code of a Denied step.
	Error string
	// Facts that count, of a Consent or Done step.
	Facts []idp.Fact
	// picksFor is what a Choose step's method will serve as: First or Second.
	picksFor Kind
}

// Name is what pages and their JSON twin call the step: the method's ID, or
// the kind where no method takes part.
func (s Step) Name() string {
	if s.Method != "" {
		return s.Method
	}
	return string(s.Kind)
}

// Interactive says whether the step needs the person.
func (s Step) Interactive() bool { return s.Kind != Done && s.Kind != Denied }

// Factor is what the step's method serves as, 1 or 2.
func (s Step) Factor() int {
	if s.Kind == Second || s.picksFor == Second {
		return 2
	}
	return 1
}

// silentError is the answer to prompt=none where the step would be due (OpenID
// Connect Core, section 3.1.2.6).
func (s Step) silentError() string {
	switch {
	case s.Kind == Consent:
		return ErrorConsentRequired
	case s.Factor() == 2, s.Kind == NewPassword:
		return ErrorInteractionRequired
	}
	return ErrorLoginRequired
}

func denied(code string) Step { return Step{Kind: Denied, Error: code} }
