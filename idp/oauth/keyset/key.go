package keyset

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Algorithms are the JWS algorithms that clients may sign with. "none" and those
// with a shared secret are not among them and can't be added by a registration.
func Algorithms() []string { return []string{"ES256", "RS256", "PS256", "EdDSA"} }

// algEd25519 is the newer name of EdDSA with Ed25519 keys (RFC 9864).
const algEd25519 = "Ed25519"

// Bounds of a key set from outside.
const (
	// MaxDocument bounds a key set, in bytes.
	MaxDocument = 64 << 10
	maxKeys     = 50
	maxKeyID    = 256
	// RSA moduli, in bytes: 2048 to 8192 bits. Below they are weak; above one
	// signature costs too much to check.
	minModulus, maxModulus = 256, 1024
)

// Key is one public key that may check signatures.
type Key struct {
	// ID is the kid; empty where the key has none.
	ID string
	// alg is what the key itself is restricted to; empty where it isn't.
	alg     string
	kty     string
	crv     string
	members []byte // the public members alone, as JSON
}

// member is one JWK as it came (RFC 7517, section 4; RFC 7518, section 6; RFC
// 8037). Certificates are left out: nothing here trusts them.
type member struct {
	Kty    string   `json:"kty,omitempty"`
	Kid    string   `json:"kid,omitempty"`
	Use    string   `json:"use,omitempty"`
	KeyOps []string `json:"key_ops,omitempty"`
	Alg    string   `json:"alg,omitempty"`
	Crv    string   `json:"crv,omitempty"`
	X      string   `json:"x,omitempty"`
	Y      string   `json:"y,omitempty"`
	N      string   `json:"n,omitempty"`
	E      string   `json:"e,omitempty"`
}

// secrets are the members that only private and symmetric keys have.
func secrets() []string { return []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} }

// Parse reads a JWK set (RFC 7517, section 5). Keys of other types and uses are
// left out, as that section asks. The error says what is wrong in words for the
// client's owner; one private or symmetric key makes the whole set unusable,
// since it is no secret any more.
func Parse(document []byte) ([]Key, error) {
	if len(document) > MaxDocument {
		return nil, fmt.Errorf("the key set has %d bytes, at most %d are allowed", len(document), MaxDocument)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(document, &set); err != nil || set.Keys == nil {
		return nil, errors.New(`the key set isn't one: write {"keys": [..]} (RFC 7517)`)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("the key set has %d keys, at most %d are allowed", len(set.Keys), maxKeys)
	}
	var keys []Key
	for i, raw := range set.Keys {
		key, err := read(raw)
		if err != nil {
			return nil, fmt.Errorf("key %d of the set: %w", i+1, err)
		}
		if key != nil {
			keys = append(keys, *key)
		}
	}
	return keys, nil
}

// read returns nil for a key that isn't for what we do.
func read(raw json.RawMessage) (*Key, error) {
	var names map[string]json.RawMessage
	if err := json.Unmarshal(raw, &names); err != nil {
		return nil, errors.New("it isn't a JSON object with each name once")
	}
	for _, name := range secrets() {
		if _, ok := names[name]; ok {
			return nil, fmt.Errorf("it holds %q, which only private and symmetric keys have: register public keys alone, and replace this one", name)
		}
	}
	var m member
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, errors.New("a member has the wrong type")
	}
	if len(m.Kid) > maxKeyID {
		return nil, fmt.Errorf("its kid has more than %d bytes", maxKeyID)
	}
	if !m.signs() {
		return nil, nil
	}
	if size := modulus(m.N); m.Kty == "RSA" && (size < minModulus || size > maxModulus) {
		return nil, fmt.Errorf("an RSA key has %d to %d bits here", 8*minModulus, 8*maxModulus)
	}
	members, err := json.Marshal(m)
	if err != nil {
		return nil, errors.New("it can't be read")
	}
	key := &Key{ID: m.Kid, alg: m.Alg, kty: m.Kty, crv: m.Crv, members: members}
	if _, err := key.public(); err != nil {
		return nil, errors.New("it is no valid key")
	}
	return key, nil
}

// signs says whether the key is of a kind that checks signatures of ours.
func (m member) signs() bool {
	known := m.Kty == "RSA" || m.Kty == "EC" && m.Crv == "P-256" || m.Kty == "OKP" && m.Crv == "Ed25519"
	return known && (m.Use == "" || m.Use == "sig") && (m.KeyOps == nil || slices.Contains(m.KeyOps, "verify"))
}

// modulus is the length of an RSA modulus in bytes, 0 where it can't be read.
func modulus(n string) int {
	raw, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		return 0
	}
	return len(raw)
}

// fits says whether the key may check signatures of the algorithm: its type is
// the algorithm's, and it isn't restricted to another one.
func (k Key) fits(alg string) bool {
	if k.alg != "" && k.alg != alg && !(k.alg == algEd25519 && alg == "EdDSA") {
		return false
	}
	switch alg {
	case "ES256":
		return k.kty == "EC" && k.crv == "P-256"
	case "RS256", "PS256":
		return k.kty == "RSA"
	case "EdDSA":
		return k.kty == "OKP" && k.crv == "Ed25519"
	}
	return false
}

func (k Key) public() (any, error) {
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(k.members); err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	if !key.Valid() || !key.IsPublic() {
		return nil, errors.New("reading a key: it is no valid public key")
	}
	return key.Key, nil
}

// choose returns the keys that a signature may have been made with. Without a
// key ID there must be one candidate alone (OpenID Connect Core, section 10.1).
func choose(keys []Key, alg, id string) []Key {
	var fitting []Key
	for _, k := range keys {
		if k.fits(alg) && (id == "" || k.ID == id) {
			fitting = append(fitting, k)
		}
	}
	if len(fitting) > 1 {
		return nil // Two keys of one ID are as bad as two without.
	}
	return fitting
}
