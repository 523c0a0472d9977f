package password

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/ringtail-id/ringtail/factors"
)

// DefaultMinLength is the fewest characters of a new password where the settings
// say nothing (NIST SP 800-63B-4, section 3.1.1.2, beside a second factor).
const DefaultMinLength = 8

// Policy is what a new password must be. Passwords that people have already are
// not held to it.
type Policy struct {
	// MinLength in characters; 0 means DefaultMinLength.
	MinLength int
}

// common are beginnings of passwords that everybody tries first, one a line, in
// small letters and without the digits and signs that people put at the end.
//
//go:embed common.txt
var common string

// Check says what is wrong with a new password of the account with the login; nil
// where nothing is. Problems: ProblemShort, ProblemCommon, ProblemIsLogin,
// factors.ProblemFieldMissing, factors.ProblemFieldTooLong, factors.ProblemFieldInvalid.
func (p Policy) Check(login, typed string) *factors.Problem {
	least := p.MinLength
	if least == 0 {
		least = DefaultMinLength
	}
	switch {
	case typed == "":
		return &factors.Problem{ID: factors.ProblemFieldMissing}
	case len(typed) > MaxLength:
		return &factors.Problem{ID: factors.ProblemFieldTooLong, Args: map[string]any{"max": MaxLength}}
	case !utf8.ValidString(typed):
		return &factors.Problem{ID: factors.ProblemFieldInvalid}
	case utf8.RuneCountInString(norm.NFC.String(typed)) < least:
		return &factors.Problem{ID: ProblemShort, Args: map[string]any{"min": least}}
	}
	plain := bare(typed)
	local, _, _ := strings.Cut(login, "@")
	switch {
	case login != "" && (strings.EqualFold(typed, login) || plain != "" && (plain == bare(login) || plain == bare(local))):
		return &factors.Problem{ID: ProblemIsLogin}
	case plain == "" && isRow(typed), isRow(plain), isCommon(plain):
		return &factors.Problem{ID: ProblemCommon}
	}
	return nil
}

// bare is the password in small letters, without the digits and signs around it.
func bare(typed string) string {
	return strings.TrimFunc(strings.ToLower(norm.NFKC.String(typed)), func(r rune) bool { return !unicode.IsLetter(r) })
}

func isCommon(plain string) bool {
	if plain == "" {
		return false
	}
	for line := range strings.Lines(common) {
		if bare(line) == plain {
			return true
		}
	}
	return false
}

// isRow says whether each character is the one before, or its neighbour in the same
// direction: aaaaaaaa, 12345678, 87654321.
func isRow(text string) bool {
	runes := []rune(text)
	if len(runes) < 3 {
		return false
	}
	step := runes[1] - runes[0]
	if step < -1 || step > 1 {
		return false
	}
	for i := 2; i < len(runes); i++ {
		d := runes[i] - runes[i-1]
		round := d == -9*step && step != 0 // 1234567890
		if d != step && !round {
			return false
		}
	}
	return true
}

// Setter makes the hashes of new passwords. It serves many goroutines.
type Setter struct {
	// Hasher and Policy are required; Policy is asked at every use.
	Hasher *Hasher
	Policy func() Policy
}

// Make gives the hash of a new password for the account with the login. old is its
// present hash, empty where it has none: the new password must be another one.
// Problems: those of Policy.Check, ProblemSame, factors.ProblemBusy.
func (s Setter) Make(ctx context.Context, login, old, typed string) (string, error) {
	if p := s.Policy().Check(login, typed); p != nil {
		return "", p
	}
	slot, err := s.Hasher.acquire(ctx)
	if errors.Is(err, ErrBusy) {
		return "", factors.Busy(err)
	}
	if err != nil {
		return "", err
	}
	defer slot.release()
	if old != "" {
		// A hash that can't be read is replaced by one that can.
		if same, _, _ := slot.verify(typed, old); same {
			return "", &factors.Problem{ID: ProblemSame}
		}
	}
	hash, err := slot.hash(typed)
	if err != nil {
		return "", fmt.Errorf("hashing a new password: %w", err)
	}
	return hash, nil
}

// ValidHash says whether the PHC string is one that passwords can be compared with;
// its error doesn't repeat the hash.
func ValidHash(phc string) error {
	_, err := parse(phc)
	return err
}
