package standin

import (
	"crypto/rand"
	"fmt"
	"io"
	"regexp"
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

// Call is one call that was placed, or one message where a provider writes or speaks instead of ringing.
type Call struct {
	ID    string    `json:"id"`
	From  string    `json:"from,omitempty"`
	To    string    `json:"to"` // digits with the country code, without "+"
	At    time.Time `json:"at"`
	State string    `json:"state"`          // "ringing" or "ended"
	Text  string    `json:"text,omitempty"` // what was written or spoken, where the last digits of From are not the code
	Fate  string    `json:"fate,omitempty"` // the provider's own word for what became of it, where one was chosen

	Reference string `json:"-"` // the caller's own name for it
	Callback  string `json:"-"` // where the caller wants to be told what becomes of it
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
}

// Place notes a call. The same reference to the same number gives the same call again, and again is true: a request that
// is sent twice rings once. It fails when no number can be drawn.
func (b *Book) Place(o Order) (call Call, again bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id, ok := b.byRef[o.Reference]; ok && o.Reference != "" {
		for _, c := range b.calls {
			if c.ID == id && c.To == o.To {
				return b.seen(c), true, nil
			}
		}
	}
	if o.From == "" {
		if o.From, err = b.caller(o.Code); err != nil {
			return Call{}, false, err
		}
	}
	b.next++
	c := Call{ID: b.o.ID(b.next), From: o.From, To: o.To, At: b.o.Now().UTC(), State: "ringing",
		Text: o.Text, Fate: o.Fate, Reference: o.Reference, Callback: o.Callback}
	b.calls = append(b.calls, c)
	if o.Reference != "" {
		b.byRef[o.Reference] = c.ID
	}
	if len(b.calls) > kept {
		b.forget()
	}
	return c, false, nil
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
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.calls {
		if b.calls[i].ID == id {
			b.calls[i].Fate = fate
			return true
		}
	}
	return false
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
func (b *Book) caller(code string) (string, error) {
	number := callerPrefix[:min(len(callerPrefix), callerDigits-max(len(code), b.o.Random))]
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

// numbers gives the numbers that were called, the one called last first.
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

func (b *Book) seen(c Call) Call {
	if b.o.Now().Sub(c.At) >= ringing {
		c.State = "ended"
	}
	return c
}
