package otp

import (
	"math"
	"time"
)

// Chances are what somebody reaches who has everything but the person's phone:
// who knows the password, and guesses codes as fast as the settings let them.
type Chances struct {
	// Code is the guesses that one code takes.
	Code Guessing
	// Block is all that comes before the method is blocked for the person.
	Block Guessing
	// Day is a day of steady guessing: blocked again and again, with the waits
	// between calls and the limits of one number.
	Day Guessing
}

// Guessing is how far somebody gets who guesses.
type Guessing struct {
	// Calls placed, each of which rings the person's phone, and Guesses entered.
	Calls, Guesses int
	// Chance that one of the guesses is right, 0 to 1.
	Chance float64
}

// Codes is how many codes of that length there are, with those that begin with 0 or
// without.
func Codes(length int, leadingZero bool) float64 {
	if leadingZero {
		return math.Pow10(length)
	}
	return math.Pow10(length) - math.Pow10(length-1)
}

// Odds are the chances where so many codes are drawn equally often. The person
// doesn't sign in meanwhile, which would give the guesser new attempts. Settings
// must be valid.
func Odds(s Settings, codes float64) Chances {
	var code, block tally
	code.call(s.tries(0), codes)
	for used := 0; s.tries(used) > 0; {
		n := s.tries(used)
		block.call(n, codes)
		used += 1 + n
	}
	return Chances{Code: code.guessing(), Block: block.guessing(), Day: Guess(s, 24*time.Hour, codes)}
}

// Guess is how far a guesser gets in a span that begins with the first call. It
// is exact where no code outlives a block (Validity up to Block), and otherwise
// the most that is possible. Where a provider tells late that the phone rings, the
// code lives longer than Validity, up to 10 minutes from the order on.
func Guess(s Settings, span time.Duration, codes float64) Guessing {
	if s.Validity > s.Block {
		return s.most(span, codes)
	}
	return s.walk(span, codes)
}

// tries is how many guesses a call brings that is placed when so many attempts
// are used; 0 means that it is refused.
func (s Settings) tries(used int) int {
	return max(0, min(s.AttemptsPerLogin, s.TotalAttempts-used-1))
}

// walk goes from call to call, each as early as it may come, with its guesses at
// once. Nobody does better: a call before the last one's guesses are used up
// wastes an attempt, and waiting wins none.
func (s Settings) walk(span time.Duration, codes float64) Guessing {
	var t tally
	var at, next time.Duration
	used, windows := 0, s.windows()
	for {
		if s.tries(used) == 0 {
			if used < s.TotalAttempts {
				at = max(at, next) // a call that is refused begins the block; it has to wait as any other
			}
			at, used = at+s.Block, 0
		}
		at = max(at, next)
		for i := range windows {
			at = windows[i].open(at)
		}
		if at >= span {
			return t.guessing()
		}
		for i := range windows {
			windows[i].use(at)
		}
		n := s.tries(used)
		t.call(n, codes)
		used, next = used+1+n, at+s.ResendAfter
	}
}

// most bounds what can be reached where a code outlives a block: then no part of
// the attempts needs to be lost, if calls and blocks are arranged well.
func (s Settings) most(span time.Duration, codes float64) Guessing {
	attempts := s.TotalAttempts * begun(span, s.Block)
	calls := attempts
	if s.ResendAfter > 0 {
		calls = begun(span, s.ResendAfter)
	}
	for _, w := range s.windows() {
		calls = min(calls, w.limit*begun(span, w.length))
	}
	each := s.AttemptsPerLogin
	guesses := min(attempts*each/(each+1), calls*each)
	var t tally
	for rest := guesses; rest > 0; rest -= each {
		t.call(min(rest, each), codes)
	}
	return t.guessing()
}

// begun is how many lengths begin within the span, the first at its beginning.
func begun(span, length time.Duration) int { return int((span + length - 1) / length) }

// windows are the limits of one number, which a guesser meets alone; those of
// address and network are met by who has only one.
func (s Settings) windows() []window {
	var all []window
	for _, w := range []window{{limit: s.Limits.NumberHour, length: time.Hour}, {limit: s.Limits.NumberDay, length: day}} {
		if w.limit > 0 {
			all = append(all, w)
		}
	}
	return all
}

// window is a counter that begins with its first use.
type window struct {
	limit  int
	length time.Duration
	count  int
	end    time.Duration
}

// open is when the window takes another call.
func (w *window) open(at time.Duration) time.Duration {
	if w.count < w.limit {
		return at
	}
	return max(at, w.end)
}

func (w *window) use(at time.Duration) {
	if at >= w.end {
		w.count, w.end = 0, at+w.length
	}
	w.count++
}

// tally adds up calls. Guesses of one code differ from each other, those of two
// codes know nothing of each other.
type tally struct {
	Guessing
	missed float64 // logarithm of the chance that no guess was right
}

func (t *tally) call(guesses int, codes float64) {
	t.Calls++
	t.Guesses += guesses
	t.missed += math.Log1p(-float64(guesses) / codes)
}

func (t *tally) guessing() Guessing {
	t.Chance = -math.Expm1(t.missed)
	return t.Guessing
}
