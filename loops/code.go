package loops

import (
	"encoding/json"
	"fmt"
	"strings"
)

// CodeOf takes the code out of a start entry's Ok value: the last n digits of "code", or of "caller" where there is no
// code. Either may be a whole caller number in any usual spelling (+7 (999) 123-45-67). The error is a *Failure with
// BadAnswer when neither is there, when one holds anything but a number, or when it has fewer than n digits: a code is
// never padded, because a made-up digit would be a code that no phone shows.
func CodeOf(value map[string]any, n int) (string, error) {
	for _, key := range []string{ValueCode, ValueCaller} {
		raw, ok := value[key]
		if !ok || raw == nil {
			continue
		}
		digits, err := digitsOf(raw)
		if err != nil {
			return "", badCode("%s: %w", key, err)
		}
		if len(digits) < n {
			return "", badCode("%s has %d digits, the code needs %d", key, len(digits), n)
		}
		return digits[len(digits)-n:], nil
	}
	return "", badCode("the driver's Ok holds neither code nor caller")
}

func badCode(format string, args ...any) error {
	return &Failure{Key: BadAnswer, Sent: true, Cause: fmt.Errorf(format, args...)}
}

func digitsOf(raw any) (string, error) {
	var text string
	switch v := raw.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	default:
		return "", fmt.Errorf("is neither text nor a number")
	}
	var out strings.Builder
	for i, c := range strings.TrimSpace(text) {
		switch {
		case c >= '0' && c <= '9':
			out.WriteRune(c)
		case c == '+' && i == 0, strings.ContainsRune(" ()-\u00a0", c):
		default:
			return "", fmt.Errorf("holds a character that isn't part of a number")
		}
	}
	return out.String(), nil
}
