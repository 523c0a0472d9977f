package conf

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is all that a Secret ever prints.
const redacted = "[redacted]"

// Secret is a value that must not be shown. Whatever prints, encodes or logs
// it gets "[redacted]"; Reveal gives the value to the one place that needs it.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value itself, empty when none was set.
func (s Secret) Reveal() string { return s.value }

// Empty says whether no value was set.
func (s Secret) Empty() bool { return s.value == "" }

// Format hides the value from every verb of fmt, %d and %x too.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// String hides the value.
func (s Secret) String() string { return redacted }

// GoString hides the value, from those who ask for Go syntax.
func (s Secret) GoString() string { return redacted }

// MarshalJSON hides the value.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText hides the value from every encoder that asks for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
