package otp

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode"
)

// NewCode draws a code of that many digits, each code equally likely. Without
// leadingZero it begins with 1 to 9, for providers that treat codes as numbers.
func NewCode(random io.Reader, length int, leadingZero bool) (string, error) {
	top := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(length)), nil)
	low := new(big.Int)
	if !leadingZero {
		low.Div(top, big.NewInt(10))
	}
	n, err := rand.Int(random, new(big.Int).Sub(top, low))
	if err != nil {
		return "", fmt.Errorf("drawing a code: %w", err)
	}
	return fmt.Sprintf("%0*s", length, n.Add(n, low).String()), nil
}

// idLength is how many characters an ID has.
const idLength = 26

// newID draws 128 random bits as idLength lower-case characters.
func newID(random io.Reader) (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("drawing a challenge id: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)), nil
}

// clean takes out what people type or paste around digits: blanks, dashes and
// invisible marks.
func clean(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == '\u2212' {
			return -1
		}
		return r
	}, typed)
}

// isCode says whether text is exactly length ASCII digits.
func isCode(text string, length int) bool {
	return len(text) == length && strings.Trim(text, "0123456789") == ""
}

// hashCode binds the code to its challenge, so that equal codes of two
// challenges don't look equal.
func (e *Engine) hashCode(challengeID, code string) string {
	return e.hash("otp code", challengeID, code)
}

// matches compares in constant time, and takes as long where there is no code:
// such a challenge matches none. Of a whole number the last digits count.
func (e *Engine) matches(c *Challenge, code string) bool {
	code = code[max(0, len(code)-c.CodeLength):]
	return hmac.Equal([]byte(c.CodeHash), []byte(e.hashCode(c.ID, code)))
}
