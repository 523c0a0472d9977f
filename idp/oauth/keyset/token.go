package keyset

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

const (
	// Skew is how far the clocks of a client and ours may be apart.
	Skew = 30 * time.Second
	// MaxLife is how far ahead a JWT's exp may be where Rules say nothing.
	MaxLife = time.Hour
	// MaxToken bounds a JWT, in bytes.
	MaxToken = 24 << 10
	maxID    = 256 // of a jti, in bytes
)

// Fault is what is wrong with a JWT or with the keys of who signed it. Its text
// is for the client's developers and holds nothing of the JWT but names of
// claims.
type Fault struct {
	Text  string
	Cause error // for logs; nil where the text says all
}

// Error gives both.
func (f *Fault) Error() string {
	if f.Cause != nil {
		return f.Text + ": " + f.Cause.Error()
	}
	return f.Text
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

func faulty(format string, args ...any) *Fault { return &Fault{Text: fmt.Sprintf(format, args...)} }

// Rules are what a kind of JWT must hold to. The zero value asks for iss, aud
// and exp, and takes every algorithm of Algorithms.
type Rules struct {
	// Audience is who the JWT must be for, and for nobody else: ours is the issuer.
	Audience string
	// Issuer, where set, is who must have made the JWT.
	Issuer string
	// Algorithms that are taken; empty means all of Algorithms. Others, such as
	// none and HS256, are never taken.
	Algorithms []string
	// Types are the values of the header typ that are taken beside JWT and none
	// at all (RFC 8725, section 3.11). The longer form "application/.." is known.
	Types []string
	// Life is how far ahead exp may be; zero means MaxLife.
	Life time.Duration
	// NeedID asks for a jti.
	NeedID bool
	// Optional are the claims among iss, aud and exp that may be missing. One that
	// is there must hold all the same.
	Optional []string
}

// Token is a JWT whose claims hold. What Read returns is not proved yet: its
// signature was not looked at. Only what Verify or Prove let pass may be relied on.
type Token struct {
	// Issuer, Subject and ID are iss, sub and jti; empty where they are missing.
	Issuer, Subject, ID string
	// ExpiresAt is zero where the JWT has no exp.
	ExpiresAt time.Time
	// Claims are all claims as they came, by name; no name came twice.
	Claims map[string]json.RawMessage
	// Algorithm is the header's alg; EdDSA for Ed25519 too.
	Algorithm string

	keyID string
	jws   *jose.JSONWebSignature // nil for an unsigned one
	input string                 // what was signed, where alg is Ed25519
}

// ReuseUntil is the time until which a second use of the JWT must be noticed.
func (t *Token) ReuseUntil() time.Time { return t.ExpiresAt.Add(Skew) }

// Read reads a JWT in compact form and holds it to the rules, all but the
// signature. The error is a *Fault.
func Read(token string, now time.Time, r Rules) (*Token, error) {
	if len(token) > MaxToken {
		return nil, faulty("the JWT has more than %d bytes", MaxToken)
	}
	if len(r.named()) == 0 {
		return nil, faulty("no algorithm that is known here is allowed for the JWT")
	}
	jws, err := jose.ParseSignedCompact(token, r.algorithms())
	if err != nil || len(jws.Signatures) != 1 {
		return nil, &Fault{Text: "the JWT isn't one, or is not signed with one of " + strings.Join(r.named(), ", "), Cause: err}
	}
	header := jws.Signatures[0].Protected
	if _, critical := header.ExtraHeaders["crit"]; critical {
		return nil, faulty("the JWT's header has crit, and no extension is known here")
	}
	if typ, ok := header.ExtraHeaders["typ"]; ok && !r.takes(typ) {
		return nil, faulty("the JWT's header typ is of another kind of JWT")
	}
	if len(header.KeyID) > maxKeyID {
		return nil, faulty("the JWT's kid has more than %d bytes", maxKeyID)
	}
	t, err := readClaims(jws.UnsafePayloadWithoutVerification(), now, r)
	if err != nil {
		return nil, err
	}
	t.jws, t.Algorithm, t.keyID = jws, header.Algorithm, header.KeyID
	if t.Algorithm == algEd25519 {
		t.Algorithm, t.input = "EdDSA", token[:strings.LastIndexByte(token, '.')]
	}
	return t, nil
}

// ReadUnsigned is Read for a JWT whose alg is none and that has no signature.
// Only request objects of clients that are registered for such ones are read
// by it (OpenID Connect Core, section 6.1); whoever saw the browser's address
// may have written them.
func ReadUnsigned(token string, now time.Time, r Rules) (*Token, error) {
	parts := strings.Split(token, ".")
	if len(token) > MaxToken || len(parts) != 3 || parts[2] != "" {
		return nil, faulty("the JWT isn't one without a signature")
	}
	var header map[string]json.RawMessage
	head, errHead := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	payload, errPayload := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if errHead != nil || errPayload != nil || json.Unmarshal(head, &header) != nil || string(header["alg"]) != `"none"` {
		return nil, faulty("the JWT isn't one whose alg is none")
	}
	if _, critical := header["crit"]; critical {
		return nil, faulty("the JWT's header has crit, and no extension is known here")
	}
	return readClaims(payload, now, r)
}

// named are the algorithms that the rules take.
func (r Rules) named() []string {
	if len(r.Algorithms) == 0 {
		return Algorithms()
	}
	return slices.DeleteFunc(slices.Clone(r.Algorithms), func(alg string) bool { return !slices.Contains(Algorithms(), alg) })
}

func (r Rules) algorithms() []jose.SignatureAlgorithm {
	var list []jose.SignatureAlgorithm
	for _, alg := range r.named() {
		list = append(list, jose.SignatureAlgorithm(alg))
		if alg == "EdDSA" {
			list = append(list, algEd25519)
		}
	}
	return list
}

// takes compares as RFC 7515, section 4.1.9, asks: media types without case.
func (r Rules) takes(typ any) bool {
	text, ok := typ.(string)
	if !ok {
		return false
	}
	text = strings.TrimPrefix(strings.ToLower(text), "application/")
	return text == "jwt" || slices.Contains(r.Types, text)
}

// Source says where a client's public keys are: in the document, or at the
// address. With neither there is none.
type Source struct{ Document, URI string }

// Verify reads a JWT, holds it to the rules and proves that one of the source's
// keys has signed it. The error is a *Fault where the JWT or its keys are to
// blame, and else ctx's own.
//
// A client authenticates, and a request object is taken, only after this. A
// second use is the caller's to notice (Token.ID, Token.ReuseUntil).
func (s *Sets) Verify(ctx context.Context, from Source, token string, r Rules) (*Token, error) {
	t, err := Read(token, s.o.Now(), r)
	if err != nil {
		return nil, err
	}
	if err := s.Prove(ctx, from, t); err != nil {
		return nil, err
	}
	return t, nil
}

// Prove checks the signature of a JWT that was read. Errors as of Verify.
func (s *Sets) Prove(ctx context.Context, from Source, t *Token) error {
	if t.jws == nil {
		return faulty("the JWT is not signed")
	}
	keys, err := s.Keys(ctx, from, t.Algorithm, t.keyID)
	if err != nil {
		return err
	}
	if len(keys) == 0 && t.keyID == "" {
		return faulty("the JWT has no kid, and the key set not exactly one key for %s", t.Algorithm)
	}
	if len(keys) == 0 {
		return faulty("the key set has not exactly one key for %s with the JWT's kid", t.Algorithm)
	}
	public, err := keys[0].public()
	if err != nil {
		return &Fault{Text: "the key can't be used", Cause: err}
	}
	if t.input != "" { // the library doesn't know the name
		key, ok := public.(ed25519.PublicKey)
		if !ok || !ed25519.Verify(key, []byte(t.input), t.jws.Signatures[0].Signature) {
			return faulty("the signature of the JWT is wrong")
		}
		return nil
	}
	if _, err := t.jws.Verify(public); err != nil {
		return &Fault{Text: "the signature of the JWT is wrong", Cause: err}
	}
	return nil
}
