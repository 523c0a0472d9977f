package login

import (
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/consent"
)

// Policy is what the provider's settings ask of every login.
type Policy struct {
	// Level is the number of factors asked for by default: 1 or 2.
	Level int
	// First and Second are the IDs of the methods in use as first and as
	// second factor, in the order in which they are offered.
	First, Second []string
}

// OAuth and OpenID error codes that a login can end in.
const (
	ErrorAccessDenied        = "access_denied"
	ErrorLoginRequired       = "login_required"
	ErrorInteractionRequired = "interaction_required"
	ErrorConsentRequired     = "consent_required"
	// ErrorUnmet says that no method in use reaches what is asked for (OpenID
	// Connect Core Error Code unmet_authentication_requirements).
	ErrorUnmet = "unmet_authentication_requirements"
)

// Situation is all that Next looks at.
type Situation struct {
	Login  *idp.Login
	Client *idp.Client
	Policy Policy
	// Session is the living session of the login's browser; nil where there is none.
	Session *idp.Session
	// User is who Login.UserID names, or else who the session belongs to; nil
	// where nobody is named or the account is gone.
	User *idp.User
	// Lacking are second methods that User has not (factors.Enrolled). It decides
	// nothing unless secondDue.
	Lacking []string
	// Asked are the items that the request asks for, and Given those that User
	// allowed the client before.
	Asked, Given []consent.Item
	// ChangesPasswords says that a password which has to be changed can be.
	ChangesPasswords bool
	Now              time.Time
}

// Next says which step of the login is due. It is pure: pages and their JSON
// twin show what it says and decide nothing themselves.
//
// The strictest of policy, client, user and request decides how many factors
// are asked for. A fact counts when its method is in use as that factor, it is
// this login's own or of a living session of the same person, and it is fresh
// enough for prompt and max_age.
func Next(s Situation) Step {
	switch s.Login.State {
	case idp.LoginDone, idp.LoginAnswered:
		return Step{Kind: Done, Facts: s.Login.Facts}
	case idp.LoginDenied:
		return denied(s.Login.Error)
	}
	step := s.due()
	if s.Login.Request.Prompts(idp.PromptNone) && step.Interactive() {
		return denied(step.silentError())
	}
	return step
}

// due is the next step of an open login, prompt=none not yet considered.
func (s Situation) due() Step {
	if s.refused() {
		return denied(ErrorAccessDenied)
	}
	facts := s.facts()
	if !proved(facts, 1) {
		return s.ask(First, s.firstMethods())
	}
	if hint := s.Login.Request.HintSubject; hint != "" && hint != s.User.ID {
		return denied(ErrorLoginRequired)
	}
	if s.asksPhone() && !s.phoneProved(facts) {
		return s.askPhone(facts)
	}
	if s.level() >= 2 && !proved(facts, 2) {
		return s.ask(Second, s.secondMethods(facts))
	}
	if s.newPasswordDue() {
		return Step{Kind: NewPassword, Facts: facts}
	}
	if s.consentDue() {
		return Step{Kind: Consent, Facts: facts}
	}
	return Step{Kind: Done, Facts: facts}
}

// secondDue says whether the next step is a second factor, if the person has one.
func (s Situation) secondDue() bool {
	return s.Login.State == idp.LoginOpen && s.due().Factor() == 2
}

// refused says whether the person that this login named may not sign in at
// all: blocked in the middle of it, or gone.
func (s Situation) refused() bool {
	if s.Login.UserID == "" {
		return false
	}
	return s.User == nil || s.User.ID != s.Login.UserID || s.User.Blocked
}

// ask lets the person prove the factor: by the one method there is, by the one
// they picked, or first of all by picking one.
func (s Situation) ask(kind Kind, methods []string) Step {
	step := Step{Kind: kind, Methods: methods}
	switch {
	case len(methods) == 0:
		return denied(ErrorUnmet)
	case len(methods) == 1:
		step.Method = methods[0]
	case slices.Contains(methods, s.Login.Chosen):
		step.Method = s.Login.Chosen
	default:
		return Step{Kind: Choose, Methods: methods, picksFor: kind}
	}
	return step
}

// secondMethods are those in use as second factor, good enough for the client
// and other than the first factor.
func (s Situation) secondMethods(facts []idp.Fact) []string {
	var methods []string
	for _, m := range s.Policy.Second {
		if s.clientTakes(m) && beside(facts, m) && !slices.Contains(s.Lacking, m) {
			methods = append(methods, m)
		}
	}
	return methods
}

func (s Situation) clientTakes(method string) bool {
	return len(s.Client.SecondFactors) == 0 || slices.Contains(s.Client.SecondFactors, method)
}

// level is how many factors are asked for.
func (s Situation) level() int {
	level := max(1, s.Policy.Level, s.Client.RequiredFactor)
	if s.User != nil {
		level = max(level, s.User.RequiredFactor)
	}
	if s.Login.Request.Class() == idp.ACRTwoFactors {
		level = max(level, 2)
	}
	return min(level, 2)
}

// consentDue says whether the person has to allow the client something. For a
// device they are always asked, because whoever has it may have sent them here
// (RFC 8628, section 5.4); who asks for prompt=consent is asked too. Otherwise it
// is for clients that ask at all, and what was given before is not asked for again.
func (s Situation) consentDue() bool {
	if s.Login.Consented {
		return false
	}
	request := &s.Login.Request
	if request.Device != "" || request.Prompts(idp.PromptConsent) {
		return true
	}
	return s.remembers() && (len(s.Given) == 0 || len(consent.New(s.Asked, s.Given)) > 0)
}

// remembers says whether the client asks people at all, at least once: who made
// the registration decides, except where the client did it itself.
func (s Situation) remembers() bool { return s.Client.AskConsent || s.Client.RegistrationHash != "" }

// facts that count, the session's first. A later proof by a method replaces
// the earlier one.
func (s Situation) facts() []idp.Fact {
	var facts []idp.Fact
	if s.sessionCounts() {
		for _, f := range s.Session.Facts {
			if s.fresh(f) && s.inUse(f) && !s.mustGo(f) {
				facts = add(facts, f)
			}
		}
	}
	if s.Login.UserID != "" {
		for _, f := range s.Login.Facts {
			if s.inUse(f) {
				facts = add(facts, f)
			}
		}
	}
	alone := func(f idp.Fact) bool { return f.Factor == 2 && !beside(facts, f.Method) }
	return slices.DeleteFunc(slices.Clone(facts), alone)
}

// sessionCounts says whether the session is of the person this login is about.
func (s Situation) sessionCounts() bool {
	if s.Session == nil || s.User == nil || s.User.Blocked || s.Session.UserID != s.User.ID {
		return false
	}
	hint := s.Login.Request.HintSubject
	return hint == "" || hint == s.Session.UserID
}

// fresh says whether a session's fact may stand in for a new proof. What was
// proved after the login began, in another tab, always may.
func (s Situation) fresh(f idp.Fact) bool {
	request := &s.Login.Request
	if !f.At.Before(s.Login.CreatedAt) {
		return true
	}
	if request.Prompts(idp.PromptLogin) || request.Prompts(idp.PromptSelectAccount) {
		return false
	}
	if request.MaxAge == nil {
		return true
	}
	return s.Now.Sub(f.At).Seconds() <= float64(*request.MaxAge)
}

func (s Situation) inUse(f idp.Fact) bool {
	switch f.Factor {
	case 1:
		return slices.Contains(s.Policy.First, f.Method)
	case 2:
		return slices.Contains(s.Policy.Second, f.Method) && s.clientTakes(f.Method)
	}
	return false
}

// add appends the fact in place of an older one of the same method and factor.
func add(facts []idp.Fact, f idp.Fact) []idp.Fact {
	facts = slices.DeleteFunc(facts, func(old idp.Fact) bool {
		return old.Method == f.Method && old.Factor == f.Factor
	})
	return append(facts, f)
}

// proved says whether one of the facts is of that factor.
func proved(facts []idp.Fact, factor int) bool {
	return slices.ContainsFunc(facts, func(f idp.Fact) bool { return f.Factor == factor })
}

// beside says whether the method may be the second factor to one of the facts:
// two proofs by the same method are one factor.
func beside(facts []idp.Fact, method string) bool {
	return slices.ContainsFunc(facts, func(f idp.Fact) bool { return f.Factor == 1 && f.Method != method })
}
