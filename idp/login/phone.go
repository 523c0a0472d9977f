package login

import (
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// asksPhone says whether the person's number must be confirmed in this login.
func (s Situation) asksPhone() bool { return s.Login.Request.Class() == idp.ACRPhone }

// firstMethods are those offered as first factor. Where only a first factor can
// confirm the number, nothing else would lead to the end.
func (s Situation) firstMethods() []string {
	if !s.asksPhone() || s.secondConfirms() {
		return s.Policy.First
	}
	return s.confirming()
}

// askPhone has the number confirmed: as second factor where it can be one, or
// else as one more first factor.
func (s Situation) askPhone(facts []idp.Fact) Step {
	if s.secondConfirms() && beside(facts, idp.PhoneMethod) {
		return s.ask(Second, []string{idp.PhoneMethod})
	}
	return s.ask(First, s.confirming())
}

// confirming are the first factors that confirm a number: one or none.
func (s Situation) confirming() []string {
	if slices.Contains(s.Policy.First, idp.PhoneMethod) {
		return []string{idp.PhoneMethod}
	}
	return nil
}

func (s Situation) secondConfirms() bool {
	return slices.Contains(s.Policy.Second, idp.PhoneMethod) && s.clientTakes(idp.PhoneMethod)
}

// phoneProved says whether a fact confirms the number that the person has now.
// A session's may be of a number that they had before: it counts while their
// number stands as confirmed, which ends when it is changed.
func (s Situation) phoneProved(facts []idp.Fact) bool {
	stands := s.User.PhoneVerified()
	return slices.ContainsFunc(facts, func(f idp.Fact) bool {
		return f.Method == idp.PhoneMethod && (stands || !f.At.Before(s.Login.CreatedAt))
	})
}
