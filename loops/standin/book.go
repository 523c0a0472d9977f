package standin

import (
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

// Call is one call that was placed.
type Call struct {
	ID    string    `json:"id"`
	From  string    `json:"from,omitempty"`
	To    string    `json:"to"`
	At    time.Time `json:"at"`
	State string    `json:"state"` // "ringing" or "ended"
}

var (
	numberForm = regexp.MustCompile(`^[1-9][0-9]{9,14}$`)
	codeForm   = regexp.MustCompile(`^[0-9]{3,8}$`)
)

// book remembers calls.
type book struct {
	now    func() time.Time
	rand   io.Reader
	random int // how many last digits are drawn, at least

	mu    sync.Mutex
	next  int
	calls []Call            // oldest first
	byRef map[string]string // call ids by the caller's reference
}

func newBook(now func() time.Time, rand io.Reader, random int) *book {
	return &book{now: now, rand: rand, random: random, byRef: map[string]string{}}
}

// place notes a call to a number, from one that ends in code, or in random digits when code is empty. The same
// reference gives the same call, so that a request that is sent twice rings once.
func (b *book) place(to, code, reference string) (Call, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id, ok := b.byRef[reference]; ok && reference != "" {
		for _, c := range b.calls {
			if c.ID == id && c.To == to {
				return b.seen(c), nil
			}
		}
	}
	from, err := b.caller(code)
	if err != nil {
		return Call{}, err
	}
	b.next++
	c := Call{ID: strconv.Itoa(b.next), From: from, To: to, At: b.now().UTC(), State: "ringing"}
	b.calls = append(b.calls, c)
	if reference != "" {
		b.byRef[reference] = c.ID
	}
	if len(b.calls) > kept {
		b.forget()
	}
	return c, nil
}

// forget drops the oldest call; its reference goes with it.
func (b *book) forget() {
	oldest := b.calls[0].ID
	b.calls = append(b.calls[:0:0], b.calls[1:]...)
	for reference, id := range b.byRef {
		if id == oldest {
			delete(b.byRef, reference)
		}
	}
}

// caller draws a number. Every digit after the prefix is equally likely, zero too.
func (b *book) caller(code string) (string, error) {
	number := callerPrefix[:min(len(callerPrefix), callerDigits-max(len(code), b.random))]
	for len(number)+len(code) < callerDigits {
		var one [1]byte
		if _, err := io.ReadFull(b.rand, one[:]); err != nil {
			return "", fmt.Errorf("drawing a number: %w", err)
		}
		if one[0] < 250 { // the largest multiple of ten, so that no digit is favoured
			number += string('0' + rune(one[0]%10))
		}
	}
	return number + code, nil
}

// to gives the calls to a number, newest first; all calls where it is empty.
func (b *book) to(number string) []Call {
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
func (b *book) numbers() []string {
	var out []string
	known := map[string]bool{}
	for _, c := range b.to("") {
		if !known[c.To] {
			known[c.To] = true
			out = append(out, c.To)
		}
	}
	return out
}

func (b *book) seen(c Call) Call {
	if b.now().Sub(c.At) >= ringing {
		c.State = "ended"
	}
	return c
}
