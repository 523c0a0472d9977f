package factors

import "net/http"

// Problem is an error a person may see. ID names its texts in the message
// files (problem.ID.text and problem.ID.hint) and never changes once released.
type Problem struct {
	ID string
	// Status is the HTTP status that fits; 0 means 400.
	Status int
	// Args are values for the texts; never secrets, codes or full numbers.
	Args map[string]any
	// Field is the form field at fault, empty when none is.
	Field string
	// Cause is for the log alone.
	Cause error
}

// Error is for logs; people see the texts that ID names.
func (p *Problem) Error() string {
	if p.Cause == nil {
		return p.ID
	}
	return p.ID + ": " + p.Cause.Error()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// HTTPStatus is Status, or 400 where none was set.
func (p *Problem) HTTPStatus() int {
	if p.Status == 0 {
		return http.StatusBadRequest
	}
	return p.Status
}
