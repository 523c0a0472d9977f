package recovery

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"
)

// Count is how many codes a person is given at a time.
const Count = 10

// The codes' letters: digits and lower-case letters without those that are mistaken
// for one another. There are 32 of them, so that 5 bits of randomness choose one fairly.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// A code is two groups of five: 50 bits, far beyond what maxWrong guesses at a time can find.
const (
	groupLength = 5
	codeLength  = 2 * groupLength
)

// Kept is what a Store keeps of a person.
type Kept struct {
	// Codes are the keyed hashes of those that were not used yet.
	Codes []string
	// MadeAt is when they were made.
	MadeAt time.Time
	// Wrong guesses in a row, and until when none is looked at.
	Wrong     int
	NotBefore time.Time
}

// Store keeps codes. Implementations serve many goroutines and many processes.
type Store interface {
	// UpdateRecovery loads what is kept of the person (zero where nothing is), lets
	// change alter it and writes it, as one serializable transaction. An error of
	// change leaves everything as it was and is returned as it is. change may run more
	// than once.
	UpdateRecovery(ctx context.Context, personID string, change func(*Kept) error) error
	// Recovery is what is kept of the person, zero where nothing is.
	Recovery(ctx context.Context, personID string) (Kept, error)
}

// Hash is a keyed hash (HMAC) of its parts, unambiguous about where one part ends.
type Hash func(parts ...string) string

// Issue makes Count new codes for the person; those before count no more. They are
// shown this once: only their hashes are kept.
func Issue(ctx context.Context, store Store, hash Hash, random io.Reader, personID string, now time.Time) ([]string, error) {
	codes := make([]string, Count)
	kept := Kept{MadeAt: now}
	for i := range codes {
		code, err := newCode(random)
		if err != nil {
			return nil, err
		}
		codes[i] = code
		kept.Codes = append(kept.Codes, hashOf(hash, personID, code))
	}
	err := store.UpdateRecovery(ctx, personID, func(k *Kept) error {
		*k = kept
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keeping new recovery codes: %w", err)
	}
	return codes, nil
}

// Reset takes the person's codes away.
func Reset(ctx context.Context, store Store, personID string) error {
	return store.UpdateRecovery(ctx, personID, func(k *Kept) error {
		*k = Kept{}
		return nil
	})
}

func newCode(random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	b := make([]byte, codeLength)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("reading randomness: %w", err)
	}
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b[:groupLength]) + "-" + string(b[groupLength:]), nil
}

// hashOf is what is kept of a code. It is the person's: the same code of another
// person has another hash.
func hashOf(hash Hash, personID, code string) string {
	return hash("recovery code", personID, normalize(code))
}

// normalize forgives what people do when they copy a code: capitals, blanks,
// hyphens, and the letters that the alphabet leaves out.
func normalize(code string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\u00a0', '\u2010', '\u2011', '\u2013':
			return -1
		case 'o':
			return '0'
		case 'i', 'l':
			return '1'
		case 'u':
			return 'v'
		}
		return r
	}, strings.ToLower(code))
}
