package rules_test

import (
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
