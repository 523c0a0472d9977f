package standin

import (
	"crypto/rand"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	// kept is how many calls a stand-in remembers; the oldest are forgotten first.
	kept = 1000
	// ringing is how long a call rings.
	ringing = 20 * time.Second
	// callerPrefix begins every number that calls; its block belongs to nobody,
	// as long as codes have four digits. Longer codes take digits from its end.
	callerPrefix = "7495000"
	callerDigits = 11
)

// States of a call.
const (
	StatePending = "pending" // it was ordered and doesn't ring yet
	StateRinging = "ringing"
	StateEnded   = "ended"  // it rang: answered, busy and not answered are the same
	StateFailed  = "failed" // it never rang
)

// Call is one call that was placed, or one message where a provider writes or speaks instead of ringing.
type Call struct {
	ID    string    `json:"id"`
	From  string    `json:"from,omitempty"`
	To    string    `json:"to"` // digits with the country code, without "+"
	At    time.Time `json:"at"` // when it rang, or was ordered where it doesn't yet
	State string    `json:"state"`
	Text  string    `json:"text,omitempty"` // what was written or spoken, where the last digits of From are not the code
	Fate  string    `json:"fate,omitempty"` // the provider's own word for what became of it, where one was chosen

	Reference string `json:"-"` // the caller's own name for it
	Callback  string `json:"-"` // where the caller wants to be told what becomes of it
	Channel   string `json:"-"` // as in Order
	Tell      string `json:"-"` // as in Order
	Digits    int    `json:"-"` // as in Order
	Tries     int    `json:"-"` // how often AddTry counted

	wait time.Duration // that it stays pending by itself; below zero: until it is told otherwise
	said string        // the state that it was told to be in; empty: it follows the clock
}

// Age is how long ago the call was placed.
func (c Call) Age(now time.Time) time.Duration { return now.Sub(c.At) }

var (
	numberForm = regexp.MustCompile(`^[1-9][0-9]{8,14}$`)
	codeForm   = regexp.MustCompile(`^[0-9]{3,8}$`)
)

// ValidNumber reports whether text is a telephone number: 9 to 15 digits with the country code (ITU-T E.164), without "+".
func ValidNumber(text string) bool { return numberForm.MatchString(text) }

// BookOptions are what a Book needs.
type BookOptions struct {
	Now    func() time.Time   // zero: time.Now
	Rand   io.Reader          // where the numbers that call come from; zero: crypto/rand
	Random int                // how many last digits are drawn anew for each call, at least; zero: 4
	ID     func(n int) string // names the n-th call; zero: its number
}

// Book remembers the calls of a stand-in, up to a bound; the oldest are forgotten first. It serves many goroutines.
type Book struct {
	o BookOptions

	mu    sync.Mutex
	next  int
	calls []Call            // oldest first
	byRef map[string]string // call ids by the caller's reference
}

// NewBook makes an empty Book.
func NewBook(o BookOptions) *Book {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Random <= 0 {
		o.Random = 4
	}
	if o.ID == nil {
		o.ID = strconv.Itoa
	}
	return &Book{o: o, byRef: map[string]string{}}
}

// Order is what is wanted of a call.
type Order struct {
	To        string // digits with the country code
	Code      string // what the number that calls must end in; empty: random digits
	From      string // the whole number that calls; empty: one is drawn
	Reference string // an idempotency key; empty: none
	Text      string // what is written or spoken
	Fate      string // the provider's own word for what will become of the call
	Callback  string // where the caller wants to be told
	Channel   string // what it is, in the stand-in's own word; empty: a call
	Tell      string // what the caller is told of the number that calls, in the stand-in's own word
	Digits    int    // how many digits the code has; so many are drawn anew, where that is more than the Book's own
	// Wait is how long the call stays pending before it rings; below zero: until SetState says that it rings.
	Wait time.Duration
}

// key is what an order with a reference is known by. Another order with the same one is no repetition: a message after a call, say.
func (o Order) key() string {
	return fmt.Sprintf("%s %s %v %s", o.Channel, o.Tell, o.Wait != 0, o.Reference)
}

// Place notes a call. The same reference to the same number gives the same call again, and again is true: a request that
// is sent twice rings once. It fails when no number can be drawn.
func (b *Book) Place(o Order) (call Call, again bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id, ok := b.byRef[o.key()]; ok && o.Reference != "" {
		for _, c := range b.calls {
			if c.ID == id && c.To == o.To {
				return b.seen(c), true, nil
			}
		}
	}
	if o.From == "" {
		if o.From, err = b.caller(o.Code, max(b.o.Random, o.Digits)); err != nil {
			return Call{}, false, err
		}
	}
	b.next++
	c := Call{ID: b.o.ID(b.next), From: o.From, To: o.To, At: b.o.Now().UTC(), State: StateRinging,
		Text: o.Text, Fate: o.Fate, Reference: o.Reference, Callback: o.Callback, Channel: o.Channel,
		Tell: o.Tell, Digits: o.Digits, wait: o.Wait}
	b.calls = append(b.calls, c)
	if o.Reference != "" {
		b.byRef[o.key()] = c.ID
	}
	if len(b.calls) > kept {
		b.forget()
	}
	return b.seen(c), false, nil
}

// Find gives the call with this id.
func (b *Book) Find(id string) (Call, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.calls {
		if c.ID == id {
			return b.seen(c), true
		}
	}
	return Call{}, false
}

// SetFate notes what became of a call, in the provider's own word, and reports whether there is such a call.
func (b *Book) SetFate(id, fate string) bool {
	return b.change(id, func(c *Call) { c.Fate = fate })
}

// AddTry counts that a code was tried on a call, and gives how often that was.
func (b *Book) AddTry(id string) (tries int) {
	b.change(id, func(c *Call) { c.Tries++; tries = c.Tries })
	return tries
}

// SetState has a pending call ring or fail and a ringing one end, whatever the clock says. fate is noted where it isn't empty. It
// reports whether anything changed: a state only comes after those before it, and never twice.
func (b *Book) SetState(id, state, fate string) (changed bool) {
	b.change(id, func(c *Call) {
		from := c.said
		if from == "" {
			from = b.seen(*c).State
		}
		if changed = slices.Contains(followers(from), state); !changed {
			return
		}
		if from == StatePending {
			c.At, c.wait = b.o.Now().UTC(), 0
		}
		c.said = state
		if fate != "" {
			c.Fate = fate
		}
	})
	return changed
}

func (b *Book) change(id string, change func(c *Call)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.calls {
		if b.calls[i].ID == id {
			change(&b.calls[i])
			return true
		}
	}
	return false
}

// followers are the states that may come after one.
func followers(state string) []string {
	switch state {
	case StatePending:
		return []string{StateRinging, StateEnded, StateFailed}
	case StateRinging:
		return []string{StateEnded}
	}
	return nil
}

// forget drops the oldest call; its reference goes with it.
func (b *Book) forget() {
	oldest := b.calls[0].ID
	b.calls = append(b.calls[:0:0], b.calls[1:]...)
	for reference, id := range b.byRef {
		if id == oldest {
			delete(b.byRef, reference)
		}
	}
}

// caller draws a number. Every digit after the prefix is equally likely, zero too.
func (b *Book) caller(code string, random int) (string, error) {
	number := callerPrefix[:min(len(callerPrefix), callerDigits-max(len(code), random))]
	for len(number)+len(code) < callerDigits {
		var one [1]byte
		if _, err := io.ReadFull(b.o.Rand, one[:]); err != nil {
			return "", fmt.Errorf("drawing a number: %w", err)
		}
		if one[0] < 250 { // the largest multiple of ten, so that no digit is favoured
			number += string('0' + rune(one[0]%10))
		}
	}
	return number + code, nil
}

// To gives the calls to a number, newest first; all calls where it is empty.
func (b *Book) To(number string) []Call {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := []Call{}
	for i := len(b.calls) - 1; i >= 0; i-- {
		if c := b.calls[i]; number == "" || c.To == number {
			out = append(out, b.seen(c))
		}
	}
	return out
}

// numbers gives the numbers that were called or written to, the last one first.
func (b *Book) numbers() []string {
	var out []string
	known := map[string]bool{}
	for _, c := range b.To("") {
		if !known[c.To] {
			known[c.To] = true
			out = append(out, c.To)
		}
	}
	return out
}

// seen is a call as it stands now.
func (b *Book) seen(c Call) Call {
	since := b.o.Now().Sub(c.At)
	switch {
	case c.said == StateEnded, c.said == StateFailed:
		c.State = c.said
	case c.wait < 0, since < c.wait:
		c.State = StatePending
	case since >= c.wait+ringing:
		c.State, c.At = StateEnded, c.At.Add(c.wait)
	default:
		c.State, c.At = StateRinging, c.At.Add(c.wait)
	}
	return c
}
