package factors

import (
	"errors"
	"net/http"
	"unicode/utf8"
)

// Problems that any method may give. Each method lists its own beside itself.
const (
	// ProblemUnknownAction: the form asks for something that the step doesn't
	// offer. Status 400.
	ProblemUnknownAction = "action_unknown"
	// ProblemFieldMissing: a field that is needed was empty. Field is set. Status 400.
	ProblemFieldMissing = "field_missing"
	// ProblemFieldTooLong: a field is longer than anything meant seriously.
	// Field is set; Args: max (int, bytes). Status 400.
	ProblemFieldTooLong = "field_too_long"
	// ProblemFieldInvalid: a field isn't valid UTF-8 text. Field is set. Status 400.
	ProblemFieldInvalid = "field_invalid"
	// ProblemBusy: too much work of this kind is running; trying again in a few
	// seconds helps. Status 503.
	ProblemBusy = "busy"
	// ProblemNoPerson: the method can't be the first factor, because it doesn't
	// find out who signs in. It means wrong settings. Status 400.
	ProblemNoPerson = "no_person"
)

// CheckAction returns a problem unless the answer's action is one of those
// allowed. Name the empty action too where the answer itself is allowed.
func CheckAction(answer Answer, allowed ...string) error {
	for _, action := range allowed {
		if answer.Action == action {
			return nil
		}
	}
	return &Problem{ID: ProblemUnknownAction}
}

// CheckField returns a problem where the field is longer than max bytes or
// isn't valid UTF-8. An empty field passes.
func CheckField(answer Answer, name string, max int) error {
	value := answer.Field(name)
	if len(value) > max {
		return &Problem{ID: ProblemFieldTooLong, Field: name, Args: map[string]any{"max": max}}
	}
	if !utf8.ValidString(value) {
		return &Problem{ID: ProblemFieldInvalid, Field: name}
	}
	return nil
}

// AsProblem finds the problem in an error, nil where there is none.
func AsProblem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return nil
}

// Busy is ProblemBusy.
func Busy(cause error) *Problem {
	return &Problem{ID: ProblemBusy, Status: http.StatusServiceUnavailable, Cause: cause}
}
