// Package keyring owns the installation's master key: it derives one key per
// purpose from it, makes keyed hashes and seals what rests encrypted.
//
// It does not own where the master key comes from (the settings do) nor the
// signing keys of ID tokens (idp/oidc), which it only seals.
package keyring

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
)

// MasterKeyBytes is the length of a master key.
const MasterKeyBytes = 32

// Keyring derives and uses keys; it is safe for concurrent use.
type Keyring struct {
	master []byte
	random io.Reader

	mu    sync.RWMutex
	known map[string][]byte // keys by purpose, at most maxKnown
}

// maxKnown bounds the derived keys that are kept: more than there are purposes.
const maxKnown = 128

// New takes the 32-byte master key. random may be nil for the system's.
func New(master []byte, random io.Reader) (*Keyring, error) {
	if len(master) != MasterKeyBytes {
		return nil, fmt.Errorf("the master key has %d bytes, want %d", len(master), MasterKeyBytes)
	}
	if random == nil {
		random = rand.Reader
	}
	return &Keyring{master: append([]byte(nil), master...), random: random, known: map[string][]byte{}}, nil
}

// Key is the key of a purpose: the expand step of HKDF-SHA-256 (RFC 5869), which
// is all that a uniformly random master key needs. The same purpose always
// gives the same 32 bytes; different purposes give unrelated ones.
func (k *Keyring) Key(purpose string) []byte { return bytes.Clone(k.key(purpose)) }

// key is Key of which nobody may change a byte. Deriving costs as much as a hash,
// and nearly every request makes some.
func (k *Keyring) key(purpose string) []byte {
	k.mu.RLock()
	key, known := k.known[purpose]
	k.mu.RUnlock()
	if known {
		return key
	}
	key = k.derive(purpose)
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.known) < maxKnown {
		k.known[purpose] = key
	}
	return key
}

func (k *Keyring) derive(purpose string) []byte {
	mac := hmac.New(sha256.New, k.master)
	io.WriteString(mac, "ringtail/"+purpose+"\x01")
	return mac.Sum(nil)
}

// Hash is the keyed hash (HMAC-SHA-256, hex) under which a value is stored or
// logged. Parts are length-prefixed, so ("ab","c") and ("a","bc") differ.
func (k *Keyring) Hash(purpose string, parts ...string) string {
	mac := hmac.New(sha256.New, k.key(purpose))
	var size [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(p)))
		mac.Write(size[:])
		io.WriteString(mac, p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// Equal compares a value with its stored hash in constant time. An empty hash
// matches nothing, and costs the same as another that doesn't match.
func (k *Keyring) Equal(hash, purpose string, parts ...string) bool {
	return hmac.Equal([]byte(hash), []byte(k.Hash(purpose, parts...))) && hash != ""
}

// Seal encrypts with AES-256-GCM under the purpose's key, the nonce in front.
func (k *Keyring) Seal(purpose string, plain []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(k.random, nonce); err != nil {
		return nil, fmt.Errorf("reading randomness: %w", err)
	}
	return aead.Seal(nonce, nonce, plain, []byte(purpose)), nil
}

// ErrSealed: the box was made under another master key or purpose, or changed since.
var ErrSealed = errors.New("the sealed value can't be opened with this master key")

// Open reverses Seal; ErrSealed when it can't.
func (k *Keyring) Open(purpose string, box []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	if len(box) < aead.NonceSize() {
		return nil, ErrSealed
	}
	plain, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], []byte(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func (k *Keyring) aead(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.key(purpose))
	if err != nil {
		return nil, fmt.Errorf("the cipher for %s: %w", purpose, err)
	}
	return cipher.NewGCM(block)
}
