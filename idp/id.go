package idp

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
)

var idEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewID reads 128 random bits and returns them as 26 lower-case characters:
// the form of every id that Ringtail makes (subjects, logins, sessions). It is
// unguessable, so it may stand in a URL, and has no ":".
func NewID(random io.Reader) (string, error) {
	return newToken(random, 16)
}

// NewSecret reads 256 random bits: the form of cookies, codes, tokens and
// client secrets. Only its keyed hash is ever stored.
func NewSecret(random io.Reader) (string, error) {
	return newToken(random, 32)
}

func newToken(random io.Reader, bytes int) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	b := make([]byte, bytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("reading randomness: %w", err)
	}
	return strings.ToLower(idEncoding.EncodeToString(b)), nil
}
