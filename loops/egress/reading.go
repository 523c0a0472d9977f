package egress

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// reading is a text as somebody reads it who undoes an encoding, with the place in the text that each byte came from. from
// and to are nil where nothing was undone yet.
type reading struct {
	text     []byte
	from, to []int
}

func (r reading) start(i int) int {
	if r.from == nil {
		return i
	}
	return r.from[i]
}

func (r reading) end(i int) int {
	if r.to == nil {
		return i + 1
	}
	return r.to[i]
}

// encoding undoes one way to write a character.
type encoding struct {
	marks string // the bytes that such characters begin with; without the first there is nothing to undo
	// unit reads what stands at the start of s, and gives the bytes meant and how many it read; 0 where there is nothing to undo.
	unit func(s []byte) (meant string, read int)
}

// encodings are the ways in which a script or a library writes a character in an address, a form, JSON, a quoted error or XML.
// A "+" is a blank in a form and itself elsewhere, so it is read both ways.
func encodings() []encoding {
	return []encoding{{"%", percentUnit}, {"+%", formUnit}, {`\`, backslashUnit}, {"&", entityUnit}}
}

// undo reads a text through an encoding. It reports false where that changes nothing.
func (r reading) undo(e encoding) (reading, bool) {
	if bytes.IndexByte(r.text, e.marks[0]) < 0 {
		return reading{}, false
	}
	out := reading{text: make([]byte, 0, len(r.text)), from: make([]int, 0, len(r.text)), to: make([]int, 0, len(r.text))}
	changed := false
	for i := 0; i < len(r.text); {
		meant, read := "", 0
		if strings.IndexByte(e.marks, r.text[i]) >= 0 {
			meant, read = e.unit(r.text[i:])
		}
		if read == 0 {
			meant, read = string(r.text[i:i+1]), 1
		} else {
			changed = true
		}
		for range len(meant) {
			out.from, out.to = append(out.from, r.start(i)), append(out.to, r.end(i+read-1))
		}
		out.text = append(out.text, meant...)
		i += read
	}
	return out, changed
}

// percentUnit reads %41, and %u0431 of the script's escape().
func percentUnit(s []byte) (string, int) {
	if len(s) > 1 && (s[1] == 'u' || s[1] == 'U') {
		return character(s, 2, 4)
	}
	if n, ok := number(s, 1, 2, 16); ok {
		return string([]byte{byte(n)}), 3
	}
	return "", 0
}

func formUnit(s []byte) (string, int) {
	if s[0] == '+' {
		return " ", 1
	}
	return percentUnit(s)
}

// backslashUnit reads the escapes of JSON, JavaScript and Go.
func backslashUnit(s []byte) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	if at := strings.IndexByte("abfnrtv", s[1]); at >= 0 {
		return "\a\b\f\n\r\t\v"[at : at+1], 2
	}
	switch s[1] {
	case 'u':
		return character(s, 2, 4)
	case 'U':
		return character(s, 2, 8)
	case 'x':
		if n, ok := number(s, 2, 2, 16); ok {
			return string([]byte{byte(n)}), 4
		}
	}
	return string(s[1:2]), 2
}

// character reads a character of so many hex digits at s[at], and with four digits the other half of a pair too.
func character(s []byte, at, digits int) (string, int) {
	n, ok := number(s, at, digits, 16)
	if !ok {
		return "", 0
	}
	read := at + digits
	if !utf16.IsSurrogate(rune(n)) {
		return string(rune(n)), read
	}
	if len(s) >= 2*read && string(s[read:read+at]) == string(s[:at]) {
		if low, ok := number(s, read+at, digits, 16); ok {
			if pair := utf16.DecodeRune(rune(n), rune(low)); pair != utf8.RuneError {
				return string(pair), 2 * read
			}
		}
	}
	return string(utf8.RuneError), read
}

// number reads so many digits at s[at].
func number(s []byte, at, digits, base int) (int64, bool) {
	if len(s) < at+digits || bytes.ContainsAny(s[at:at+digits], "+-_") {
		return 0, false
	}
	n, err := strconv.ParseInt(string(s[at:at+digits]), base, 64)
	return n, err == nil && n <= utf8.MaxRune
}

// longestEntity is "&#1114111;".
const longestEntity = 10

// entityUnit reads the five names of XML and any character by its number.
func entityUnit(s []byte) (string, int) {
	end := bytes.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 {
		return "", 0
	}
	name := string(s[1:end])
	if meant := map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}[name]; meant != "" {
		return meant, end + 1
	}
	digits, base := 2, 10
	if name[0] != '#' {
		return "", 0
	}
	if len(name) > 1 && (name[1] == 'x' || name[1] == 'X') {
		digits, base = 3, 16
	}
	if n, ok := number(s, digits, end-digits, base); ok {
		return string(rune(n)), end + 1
	}
	return "", 0
}
