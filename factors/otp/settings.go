package otp

import (
	"errors"
	"fmt"
	"time"
)

// Settings are what an administrator decides about a method's codes.
type Settings struct {
	// CodeLength is the number of digits, 3 to 8. Under 6 the code is weaker than
	// NIST SP 800-63B-4 section 3.1.3.2 asks for.
	CodeLength int
	// Validity is how long a code may be entered, 10 s to 10 minutes (the most
	// that NIST SP 800-63B-4 and OWASP ASVS 5, 6.5.5, allow).
	Validity time.Duration
	// AttemptsPerLogin is how many codes may be entered in one login until a new
	// call is needed; 1 or more.
	AttemptsPerLogin int
	// TotalAttempts is how many calls and entered codes together a person has
	// until the method is blocked for them; a success starts anew. 2 or more: a
	// call is asked for only where a code can be entered afterwards.
	TotalAttempts int
	// Block is how long the method is then blocked for the person; over 0.
	Block time.Duration
	// ResendAfter is the least time between two calls of a person, in whatever
	// login, unless a success lies between; 0 or more.
	ResendAfter time.Duration
	// Limits are counted over all people.
	Limits Limits
}

// DefaultSettings are those of the built-in settings file: codes of 4 digits for
// two minutes, 3 tries in a login, 10 calls and codes together, 45 seconds between two
// calls, and limits that a small installation doesn't meet. A program of its own
// begins with them and changes what it knows better.
func DefaultSettings() Settings {
	return Settings{
		CodeLength: 4, Validity: 2 * time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: 30 * time.Minute,
		ResendAfter: 45 * time.Second,
		Limits: Limits{
			NumberHour: 5, NumberDay: 15, AddressHour: 30, NetworkHour: 150, PrefixHour: 100, CountryHour: 3000,
			SpendDay: 2000_000_000, Currency: "RUB",
		},
	}
}

// Validate returns every fault of the settings, joined.
func (s Settings) Validate() error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(s.CodeLength >= 3 && s.CodeLength <= 8, "code length %d is outside 3 to 8", s.CodeLength)
	check(s.Validity >= 10*time.Second && s.Validity <= 10*time.Minute, "validity %v is outside 10 s to 10 min", s.Validity)
	check(s.AttemptsPerLogin >= 1, "attempts per login must be 1 or more, not %d", s.AttemptsPerLogin)
	check(s.TotalAttempts >= 2, "total attempts must be 2 or more, a call and a code, not %d", s.TotalAttempts)
	check(s.Block > 0, "the blocking time must be over 0")
	check(s.ResendAfter >= 0, "the wait between two calls must not be negative")
	return errors.Join(append(faults, s.Limits.Validate())...)
}

// Timing is how the engine works; the zero value means the defaults.
type Timing struct {
	// PlaceWithin is how long a request may wait for a node. A phone that rings
	// long after the person gave up would only frighten. 1 minute.
	PlaceWithin time.Duration
	// SendTimeout bounds one Send. 45 s.
	SendTimeout time.Duration
	// Lease is how long a node may be silent while it has a code sent: it renews the
	// lease three times as often. Once it is over the node is dead, or cut off, and the
	// person may ask for another code. 12 s.
	Lease time.Duration
	// Poll is how often a node looks for requests of other nodes, and a waiting
	// Enter for calls of other nodes. 500 ms.
	Poll time.Duration
	// Patience is how long Enter waits for a call that is being placed: a quick
	// person, or a program, may know the code before our provider has answered.
	// 5 s; negative means not at all.
	Patience time.Duration
	// BlindWait is how long after a blind request a code is compared at the earliest:
	// the same whether somebody has the number, and longer than most providers
	// take. A wrong one takes as long anew where a provider of the number checks it.
	// 3 s; negative means at once.
	BlindWait time.Duration
	// PollEvery is how soon a provider that has only taken the order is asked how it
	// stands, where it doesn't say itself. 2 s.
	PollEvery time.Duration
	// Keep is how long challenges are kept, longer than any login lives. 24 h.
	Keep time.Duration
	// Workers is how many codes one node has sent at the same time. 16.
	Workers int
}

func (t Timing) withDefaults() Timing {
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&t.PlaceWithin, time.Minute)
	set(&t.SendTimeout, 45*time.Second)
	set(&t.Lease, 12*time.Second)
	set(&t.Poll, 500*time.Millisecond)
	set(&t.Patience, 5*time.Second)
	set(&t.BlindWait, 3*time.Second)
	set(&t.PollEvery, 2*time.Second)
	set(&t.Keep, 24*time.Hour)
	if t.Workers <= 0 {
		t.Workers = 16
	}
	return t
}
