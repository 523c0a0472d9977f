package templates

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// The words below are those of package factors/flashcall, whose step the page
// flashCall shows.

// Open says whether a code can be typed.
func (s Step) Open() bool { return s.State == "calling" || s.State == "called" || s.State == "wrong" }

// Channel is how the code travels: flashCall, sms or voice.
func (s Step) Channel() string {
	if channel, ok := s.Values["channel"].(string); ok {
		return channel
	}
	return "flashCall"
}

// First says whether the step is a first factor: then nothing on the page may
// tell whether anybody has the number.
func (s Step) First() bool { return s.is("first") }

// Whole says whether the whole number that calls may be typed.
func (s Step) Whole() bool { return s.is("whole_number") && s.Channel() == "flashCall" }

func (s Step) is(value string) bool {
	is, _ := s.Values[value].(bool)
	return is
}

// LookAgain is after how many seconds the page looks again by itself where there
// is no JavaScript, 0 for never. A refresh takes away what is being typed: once the
// phone may ring (the code has a time to expire) it comes seldom, and once it
// rings, never.
func (s Step) LookAgain() int {
	_, ordered := s.Values["expires_at"].(time.Time)
	switch {
	case s.State != "calling":
		return 0
	case ordered:
		return 30
	}
	return 3
}

// step is the page's, or an empty one.
func (v *view) step() Step {
	if s, ok := v.Data.(*Step); ok {
		return *s
	}
	return Step{}
}

// Words is the key of what the step says: part is "title", "text" and so on.
// The more special key comes first: as first factor, then of the channel; where
// they have no words of their own, those of the call serve.
func (v *view) Words(part string) (string, error) {
	s := v.step()
	n := s.Values["code_length"]
	channels := []string{s.Channel(), "flashCall"}
	var keys []string
	if s.First() {
		keys = append(keys, "first."+channels[0]+"."+part, "first."+channels[1]+"."+part)
	}
	keys = append(keys, channels[0]+"."+part, channels[1]+"."+part)
	for _, key := range keys {
		if _, ok := v.r.catalog(v.Lang).find(key, n); ok {
			return key, nil
		}
	}
	return "", fmt.Errorf("no text for any of the keys %s", strings.Join(keys, ", "))
}

// Say is the sentence of Words with the step's number and code length.
func (v *view) Say(part string) (template.HTML, error) {
	key, err := v.Words(part)
	if err != nil {
		return "", err
	}
	s := v.step()
	return v.T(key, "n", s.Values["code_length"], "phone", s.Values["phone"])
}

// Heading is the step's title in its state.
func (v *view) Heading() (template.HTML, error) { return v.Say(v.step().State + ".title") }

// way is a button that asks for a code.
type way struct {
	Hidden template.HTML
	Action string
	Class  string
	Label  template.HTML
	// Wait is how many seconds the button is of no use yet; Left says it in words, and Countdown what a script makes of it.
	Wait            int
	Left, Countdown template.HTML
}

// Again asks for the same channel's code, the first one or another; nil where
// the step doesn't offer that.
func (v *view) Again() (*way, error) {
	part := "again"
	if v.step().State == "ready" {
		part = "start"
	}
	key, err := v.Words(part)
	if err != nil {
		return nil, err
	}
	return v.way("resend", key, "resend_at")
}

// Instead are the buttons that ask for a code by another channel.
func (v *view) Instead() ([]*way, error) {
	var ways []*way
	for _, action := range []string{"call", "sms", "voice"} {
		w, err := v.way(action, action+".instead", action+"_at")
		if err != nil {
			return nil, err
		}
		if w != nil {
			ways = append(ways, w)
		}
	}
	return ways, nil
}

func (v *view) way(action, label, at string) (*way, error) {
	s := v.step()
	if !s.Can(action) {
		return nil, nil
	}
	text, err := v.T(label)
	if err != nil {
		return nil, err
	}
	w := &way{Hidden: v.Hidden, Action: action, Class: s.class(action), Label: text, Wait: v.Seconds(s.Values[at])}
	if until, ok := s.Values[at].(time.Time); ok && w.Wait > 0 {
		if w.Left, err = v.T("in", "in", v.r.catalog(v.Lang).left(until.Sub(v.r.now()))); err != nil {
			return nil, err
		}
		w.Countdown, err = v.T("in", "in", "#")
	}
	return w, err
}

// class is the style of a way's button: the one that begins is the page's first, the others say by which channel.
func (s Step) class(action string) string {
	switch {
	case action != "resend":
		return "ask by-" + action
	case s.Open():
		return "ask by-" + s.Channel()
	}
	return "primary"
}

// Caller is the number that calls, with "_" for the digits of the code. As first
// factor there is none: only a number that somebody has is called.
func (s Step) Caller() string {
	mask, _ := s.Values["caller_mask"].(string)
	if s.First() || !s.Open() {
		return ""
	}
	return mask
}

// CallerSaid is what of that number is to be read out.
func (s Step) CallerSaid() string {
	known, _, _ := strings.Cut(s.Caller(), "_")
	return strings.TrimRight(known, "- (")
}

// Slots is how many digits the field shows room for, 0 where any number of
// them may be typed.
func (v *view) Slots() int {
	n, _ := v.step().Values["code_length"].(int)
	if v.step().Whole() || n < minSlots || n > maxSlots {
		return 0
	}
	return n
}

// The style sheet has rules for so many digits.
const (
	minSlots = 3
	maxSlots = 8
)

// Called is when the phone rang or the message went out, in the page's words.
// As first factor there is none, as with Caller.
func (v *view) Called() (template.HTML, error) {
	at, ok := v.step().Values["called_at"].(time.Time)
	if !ok || v.step().First() || !v.step().Open() {
		return "", nil
	}
	key, err := v.Words("at")
	if err != nil {
		return "", err
	}
	return v.T(key, "at", v.Ago(at))
}
