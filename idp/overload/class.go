package overload

import "time"

// Class says who goes first.
type Class int

// Classes, the first first.
const (
	// SignedIn is for people who are signed in and for their applications: a refusal
	// breaks what works.
	SignedIn Class = iota
	// Running is for logins that have begun: a refusal wastes what was done for them.
	Running
	// New begins something.
	New
	// Apart has a queue of its own and doesn't wait here.
	Apart
)

const classes = int(Apart)

// String is the class's name in metrics.
func (c Class) String() string {
	return [...]string{"signed_in", "running", "new", "apart"}[c]
}

// rules of a class.
type rules struct {
	// share of the places, in tenths, that all running requests may take before one of
	// this class waits.
	share int
	// target is how long the oldest may have waited in a queue that stands, before who
	// comes is refused; longest is how long anybody waits.
	target, longest time.Duration
	// retry is when to come again at the earliest.
	retry time.Duration
}

// rulesOf are those of a class. A person waits for a page some seconds, an application
// for tokens rather less than its own time-out.
func rulesOf(c Class) rules {
	switch c {
	case SignedIn:
		return rules{share: 10, target: time.Second, longest: 3 * time.Second, retry: time.Second}
	case Running:
		return rules{share: 8, target: time.Second, longest: 4 * time.Second, retry: 2 * time.Second}
	default:
		return rules{share: 6, target: 500 * time.Millisecond, longest: 2 * time.Second, retry: 5 * time.Second}
	}
}
