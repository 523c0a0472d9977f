package loops

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// CodeOf takes the code of n digits out of a start entry's Ok value: the last n digits of "code", or of "caller" where
// there is no code. Either may be a whole caller number in any usual spelling (+7 (999) 123-45-67). own is the code that
// the driver was given (CodeFromUs), else empty: such a driver may keep silent about it, but not call with another.
//
// A code has its n digits or it is none, because a made-up digit would be a code that no phone shows. The one exception
// is a "code" that is a JSON number: providers that take codes for numbers write 0042 as 42, so it gets its zeros back
// where the manifest says that a code may begin with 0. Text and callers never do.
//
// The error is a *Failure with BadAnswer when neither is there, when one holds anything but a number, when it has fewer
// digits, or when it isn't own.
func (m Manifest) CodeOf(value map[string]any, own string, n int) (string, error) {
	for _, key := range []string{ValueCode, ValueCaller} {
		raw, ok := value[key]
		if !ok || raw == nil {
			continue
		}
		digits, err := digitsOf(raw)
		if err != nil {
			return "", badCode(fmt.Errorf("%s: %w", key, err))
		}
		if _, number := raw.(json.Number); number && key == ValueCode && m.LeadingZero {
			digits = strings.Repeat("0", max(0, n-len(digits))) + digits
		}
		if len(digits) < n {
			return "", badCode(fmt.Errorf("%s has %d digits, the code needs %d", key, len(digits), n))
		}
		code := digits[len(digits)-n:]
		if own != "" && code != own {
			return "", badCode(errors.New("the provider calls with another code than it was given"))
		}
		return code, nil
	}
	if own != "" {
		return own, nil
	}
	return "", badCode(errors.New("the driver's Ok holds neither code nor caller"))
}

func badCode(cause error) error { return &Failure{Key: BadAnswer, Sent: true, Cause: cause} }

func digitsOf(raw any) (string, error) {
	switch v := raw.(type) {
	case string:
		return digitsOfText(v)
	case json.Number:
		if v == "" || strings.Trim(v.String(), "0123456789") != "" {
			return "", errors.New("is a number that isn't whole and positive")
		}
		return v.String(), nil
	}
	return "", errors.New("is neither text nor a number")
}

func digitsOfText(text string) (string, error) {
	var out strings.Builder
	for i, c := range strings.TrimSpace(text) {
		switch {
		case c >= '0' && c <= '9':
			out.WriteRune(c)
		case c == '+' && i == 0, strings.ContainsRune(" ()-\u00a0", c):
		default:
			return "", errors.New("holds a character that isn't part of a number")
		}
	}
	return out.String(), nil
}
