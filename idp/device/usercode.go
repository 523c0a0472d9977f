package device

import (
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// letters of a user code: no vowels, so that no words come out, and no digits, so
// that none is taken for a letter (RFC 8628, section 6.1).
const letters = "BCDFGHJKLMNPQRSTVWXZ"

// userCodeLength is the number of letters of a user code. 20 to the 8th power is
// 2.6e10, 34 bits. Wrong codes are counted (Limits): with the defaults one address
// has 50 an hour, so that while a thousand devices wait at any time it meets one of
// their codes once in 58 years. What it then has is a device that it could sign in to
// its own account, or turn away; never somebody else's account.
const userCodeLength = 8

// newUserCode draws a code, each letter alike.
func newUserCode(random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	// Bytes from here on would make some letters likelier than others.
	const fair = 256 - 256%len(letters)
	code, b := make([]byte, 0, userCodeLength), make([]byte, 1)
	for len(code) < userCodeLength {
		if _, err := io.ReadFull(random, b); err != nil {
			return "", fmt.Errorf("reading randomness: %w", err)
		}
		if int(b[0]) < fair {
			code = append(code, letters[int(b[0])%len(letters)])
		}
	}
	return string(code), nil
}

// maxTyped bounds what is read as a user code, in bytes.
const maxTyped = 64

// Normalize reads a user code as people type it: in small letters, with blanks,
// dashes or dots anywhere, with wide letters, or with Cyrillic letters that look the
// same. Empty for what can't be a code.
func Normalize(typed string) string {
	if len(typed) > maxTyped {
		return ""
	}
	var code strings.Builder
	for _, r := range strings.ToUpper(norm.NFKC.String(typed)) {
		if strings.ContainsRune(" \t\r\n-_.‐‑‒–—−·", r) {
			continue
		}
		if latin, ok := lookAlikes()[r]; ok {
			r = latin
		}
		if !strings.ContainsRune(letters, r) {
			return ""
		}
		code.WriteRune(r)
	}
	if code.Len() != userCodeLength {
		return ""
	}
	return code.String()
}

// lookAlikes are the Cyrillic capitals that look like a letter of ours.
func lookAlikes() map[rune]rune {
	return map[rune]rune{'В': 'B', 'С': 'C', 'Н': 'H', 'К': 'K', 'М': 'M', 'Р': 'P', 'Т': 'T', 'Х': 'X', 'Ѕ': 'S', 'Ј': 'J'}
}

// Format is the code as people see it: XXXX-XXXX.
func Format(code string) string {
	if len(code) != userCodeLength {
		return code
	}
	return code[:userCodeLength/2] + "-" + code[userCodeLength/2:]
}
