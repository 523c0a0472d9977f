package oidc

import (
	"errors"
	"regexp"
	"strings"
)

// opaqueForm is the form of idp.NewSecret: 256 random bits in base32.
var opaqueForm = regexp.MustCompile(`^[a-z2-7]{52}$`)

func isOpaque(token string) bool { return opaqueForm.MatchString(token) }

// opaque is the library's op.Crypto. The library joins a token's id and its
// subject with ":" and wants the pair encrypted; our token is the random id
// itself, of which only the keyed hash is stored. So nothing is encrypted,
// nothing can be forged by turning bits, and the subject may hold a ":".
type opaque struct{}

// Encrypt takes "id:subject" and gives the id. An id has no ":".
func (opaque) Encrypt(pair string) (string, error) {
	id, _, _ := strings.Cut(pair, ":")
	if !isOpaque(id) {
		return "", errors.New("not a token of ours")
	}
	return id, nil
}

// Decrypt takes the token and gives "id:" with an empty subject, which nobody needs.
func (opaque) Decrypt(token string) (string, error) {
	if !isOpaque(token) {
		return "", errors.New("not a token of ours")
	}
	return token + ":", nil
}
