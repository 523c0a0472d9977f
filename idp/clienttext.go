package idp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textFault says why a text is not fit to be shown on pages and in logs, empty
// where it is. An empty text is fit.
//
// A name is how people recognize a site: what can't be seen, turns the direction
// of writing or mixes look-alikes would let one site pass for another (Unicode
// TR 36, section 2).
func textFault(s string, most int) string {
	switch {
	case !utf8.ValidString(s):
		return "which is no UTF-8"
	case utf8.RuneCountInString(s) > most:
		return "which is too long"
	case strings.TrimSpace(s) != s:
		return "with space around it"
	}
	for _, r := range s {
		if r != ' ' && !unicode.IsPrint(r) {
			return "with a character that can't be seen"
		}
	}
	if strings.Contains(s, "  ") {
		return "with more than one space in a row"
	}
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if mixesScripts(word) {
			return "with a word of letters that look alike in two alphabets"
		}
	}
	return ""
}

// mixesScripts finds a word of more than one of the alphabets that share shapes.
func mixesScripts(word string) bool {
	found := 0
	for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee} {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) }) {
			found++
		}
	}
	return found > 1
}
