package flashcall

import "regexp"

// numbers are runs of digits long enough to be a code or a phone number, with
// what people write between digits. Places in scripts (FILE:LINE:COL), statuses
// and IPv4 addresses stay readable.
var numbers = regexp.MustCompile(`\+?[0-9](?:[ ()-]{0,2}[0-9]){3,}`)

// redacted is an error whose text names no numbers: a driver may put the number
// that it was given, or a provider's whole answer, into what it throws.
type redacted struct{ err error }

// Error is the text without numbers.
func (r redacted) Error() string { return numbers.ReplaceAllString(r.err.Error(), "[digits]") }

// Unwrap gives the error as it was.
func (r redacted) Unwrap() error { return r.err }
