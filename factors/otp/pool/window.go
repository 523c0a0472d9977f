package pool

import (
	"math"
	"time"
)

// Codes is how many codes of a driver are looked at together; then its window
// begins anew.
const Codes = 1000

// Life is how long a window may take. What is kept of its codes and numbers goes
// with it.
const Life = 90 * 24 * time.Hour

// Reasons of an alarm.
const (
	// ReasonRepeats: too many codes came that had come before.
	ReasonRepeats = "repeats"
	// ReasonFavourite: one code came too often.
	ReasonFavourite = "favourite"
	// ReasonSameNumber: too often a number got the code that it had got before.
	ReasonSameNumber = "same number"
	// ReasonEven: too few codes came again; they are dealt out, not drawn.
	ReasonEven = "even"
	// ReasonDigit: some place has some digits too often.
	ReasonDigit = "digit"
)

// Window is what is counted of a driver's codes since it began. It holds neither
// a code nor a number.
type Window struct {
	Driver string    `json:"-"`
	Serial int64     `json:"-"` // 1, 2, ..; 0 where the driver has no window yet
	Until  time.Time `json:"-"` // when it is over at the latest
	Length int       `json:"length"`
	Since  time.Time `json:"since"`

	Codes    int `json:"codes"`     // drawn
	Repeats  int `json:"repeats"`   // of these, codes that had come before
	Pairs    int `json:"pairs"`     // of equal codes
	Most     int `json:"most"`      // how often the most frequent code came
	Returns  int `json:"returns"`   // codes for a number that had got one before
	SameCode int `json:"same_code"` // of these, with the same code as then

	Digits [][10]int `json:"digits"`           // by place: how often each digit stood there
	Alarm  string    `json:"alarm,omitempty"`  // the reason of its alarm
	Before *Window   `json:"before,omitempty"` // the one before it, without its own Before
}

// over says whether the next code begins a new window: a code of another length
// is of another pool.
func (w *Window) over(now time.Time, length int) bool {
	return w.Serial == 0 || w.Codes >= Codes || w.Length != length || !now.Before(w.Until)
}

// renew begins a new window and keeps the numbers of the old one.
func (w *Window) renew(now time.Time, length int) {
	fresh := Window{
		Driver: w.Driver, Serial: w.Serial + 1, Until: now.Add(Life), Length: length, Since: now, Digits: make([][10]int, length),
	}
	if w.Serial > 0 {
		before := *w
		before.Before = nil
		fresh.Before = &before
	}
	*w = fresh
}

// add counts a code. seen is what came before in this window.
func (w *Window) add(code string, seen Seen, same bool) {
	w.Codes++
	w.Pairs += seen.Count
	w.Most = max(w.Most, seen.Count+1)
	if seen.Count > 0 {
		w.Repeats++
	}
	if seen.Last != "" {
		w.Returns++
	}
	if same {
		w.SameCode++
	}
	for place := range w.Digits {
		w.Digits[place][code[place]-'0']++
	}
}

// size is how many codes a fair pool has. Where no code began with 0, the pool
// that is meant has none: that is a usual pool, and no fault.
func (w *Window) size() float64 {
	size := math.Pow10(w.Length)
	if w.noZero() {
		size *= 0.9
	}
	return size
}

func (w *Window) noZero() bool { return len(w.Digits) == 0 || w.Digits[0][0] == 0 }

// couples is how many pairs of codes there are, equal or not.
func (w *Window) couples() float64 { return float64(w.Codes) * float64(w.Codes-1) / 2 }

// checks is how many chances a window has to be called skewed though it is fair:
// at each code the four counts and at most eight places, the first one with zeros
// or without.
const checks = Codes * (4 + 9)

// falseAlarm is the chance that a window of a fair pool raises an alarm.
const falseAlarm = 1e-6

// judge gives the reason for an alarm, empty where a fair pool may be like that.
func (w *Window) judge() string {
	level := math.Log(falseAlarm / checks)
	switch {
	case atLeast(w.Repeats, w.couples()/w.size()) < level:
		return ReasonRepeats
	case oneTooOften(w.Most, w.Codes, w.size()) < level:
		return ReasonFavourite
	case atLeast(w.SameCode, float64(w.Returns)/w.size()) < level:
		return ReasonSameNumber
	case atMost(w.Repeats, w.freshCouples()/w.size()) < level:
		return ReasonEven
	case w.skewedDigit(level):
		return ReasonDigit
	}
	return ""
}

// freshCouples over the pool's size bounds the mean of Repeats from below, where no
// more of them came than did: the i-th code then met i-1-Repeats others at least.
func (w *Window) freshCouples() float64 {
	different := float64(w.Codes - w.Repeats)
	return different * (different - 1) / 2
}

func (w *Window) skewedDigit(level float64) bool {
	for place := range w.Digits {
		counts := w.Digits[place][:]
		if place == 0 && w.noZero() {
			counts = counts[1:]
		}
		if skewed(counts, level) {
			return true
		}
	}
	return false
}
