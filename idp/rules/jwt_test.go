package rules_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// decoded reads one part of a JWT.
func decoded(s *site, part string) map[string]any {
	s.Helper()
	text, err := base64.RawURLEncoding.DecodeString(part)
	s.must(err)
	var object map[string]any
	s.must(json.Unmarshal(text, &object))
	return object
}

// decode reads JSON.
func decode(text []byte, into any) error { return json.Unmarshal(text, into) }

// halfHash is the left half of the SHA-256, as at_hash and c_hash of ES256 and
// RS256 have it (OpenID Connect Core, section 3.3.2.11).
func halfHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
