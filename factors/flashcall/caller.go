package flashcall

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// maxCaller bounds a caller number that a native app posts, in bytes.
const maxCaller = 64

// CodeOf is the code in what was typed, or else in the whole number that called:
// its last length digits, or all of them where the whole number counts. What is
// no number stays as it is: no code equals it.
func CodeOf(typed, caller string, length int, whole bool) string {
	switch {
	case typed != "" || caller == "":
		return strings.TrimPrefix(strings.TrimSpace(typed), "+") // of a whole number
	case whole:
		return onlyDigits(caller)
	}
	return codeOfCaller(caller, length)
}

// maxE164 is the most digits that a number has; what a provider tells beyond that
// is shown to nobody.
const maxE164 = 15

// codeOfCaller takes the code out of the whole number that called: its last n
// digits. It returns the text as it is, which no code equals, where that isn't
// a number of at least n digits.
func codeOfCaller(caller string, n int) string {
	number := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || strings.ContainsRune("+().", r) {
			return -1
		}
		return r
	}, caller)
	if onlyDigits(number) != number || len(number) < n {
		return caller
	}
	return number[len(number)-n:]
}

// maskCaller shows a caller number with its last n digits, the code, as blanks
// to fill: "+7 495 123-__-__". It is empty where the number isn't a whole one.
func maskCaller(caller string, n int) string {
	d := onlyDigits(caller)
	if len(d) < n+4 || len(d) > maxE164 {
		return ""
	}
	shown := "+" + d
	if number := ofE164(shown); number != nil && phonenumbers.IsValidNumber(number) {
		shown = phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
	}
	keep := len(d) - n
	return strings.Map(func(r rune) rune {
		if !isDigit(r) {
			return r
		}
		keep--
		if keep < 0 {
			return '_'
		}
		return r
	}, shown)
}
