package signing

import (
	"context"
	"slices"
	"strings"
	"time"
)

// JWS algorithms that a key can be made for (RFC 7518, RFC 8037).
const (
	RS256 = "RS256"
	ES256 = "ES256"
	EdDSA = "EdDSA"
)

// Record is a key as it is stored. It doesn't change as time goes by: which key
// signs, and until when an old one is published, follows from the times of all of
// them. Only where a key is retired in an emergency is its successor's start moved.
type Record struct {
	// ID is the key's kid.
	ID  string
	Alg string
	// Generation counts the keys of an algorithm from 1. Two nodes that make
	// the next key at once want the same generation, and one of them gets it.
	Generation int
	// Sealed is the PKCS #8 private key under the keyring's signing-key purpose.
	Sealed    []byte
	CreatedAt time.Time
	// ActiveFrom is when the key begins to sign; it is published before.
	ActiveFrom time.Time
}

// Records keeps the sealed keys.
type Records interface {
	// SigningKeys returns all keys, in any order.
	SigningKeys(ctx context.Context) ([]Record, error)
	// AddSigningKey fails with idp.ErrTaken where the algorithm has that generation.
	AddSigningKey(ctx context.Context, r Record) error
	// DeleteSigningKey does nothing where there is no such key.
	DeleteSigningKey(ctx context.Context, id string) error
	// ReplaceSigningKeys deletes the keys of the IDs and adds the records, in one
	// transaction. It fails as AddSigningKey does; nothing is deleted then.
	ReplaceSigningKeys(ctx context.Context, gone []string, added []Record) error
}

// State of a key at a time.
type State string

// The states of a key.
const (
	Pending State = "pending" // published, signs later
	Active  State = "active"  // signs
	Retired State = "retired" // published for the tokens it signed
	Over    State = "over"    // to be deleted
)

// line is the keys of one algorithm, oldest first by ActiveFrom.
type line []Record

func lines(records []Record) map[string]line {
	byAlg := map[string]line{}
	for _, r := range records {
		byAlg[r.Alg] = append(byAlg[r.Alg], r)
	}
	for _, l := range byAlg {
		slices.SortFunc(l, func(a, b Record) int {
			if c := a.ActiveFrom.Compare(b.ActiveFrom); c != 0 {
				return c
			}
			return a.Generation - b.Generation
		})
	}
	return byAlg
}

// generation is the highest so far.
func (l line) generation() int {
	top := 0
	for _, r := range l {
		top = max(top, r.Generation)
	}
	return top
}

// latest is the start of the last key of the line, zero without one.
func (l line) latest() time.Time {
	if len(l) == 0 {
		return time.Time{}
	}
	return l[len(l)-1].ActiveFrom
}

func byAlgThenStart(a, b Info) int {
	if c := strings.Compare(a.Alg, b.Alg); c != 0 {
		return c
	}
	return a.ActiveFrom.Compare(b.ActiveFrom)
}
