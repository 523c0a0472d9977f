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
	"hash"
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
	known map[string]*purposeKey // by purpose, at most maxKnown
}

// purposeKey is the key of one purpose, and what hashes under it that nobody uses at
// the moment: to begin with a key costs as much as a hash.
type purposeKey struct {
	bytes  []byte
	hashes sync.Pool // of *keyedHash
}

// keyedHash is for one value at a time.
type keyedHash struct {
	mac  hash.Hash
	text []byte
}

// maxKept bounds the text of a hash that is kept, in bytes.
const maxKept = 8 << 10

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
	return &Keyring{master: append([]byte(nil), master...), random: random, known: map[string]*purposeKey{}}, nil
}

// Key is the key of a purpose: the expand step of HKDF-SHA-256 (RFC 5869), which
// is all that a uniformly random master key needs. The same purpose always
// gives the same 32 bytes; different purposes give unrelated ones.
func (k *Keyring) Key(purpose string) []byte { return bytes.Clone(k.key(purpose).bytes) }

// key is Key of which nobody may change a byte. Deriving costs as much as a hash,
// and nearly every request makes some.
func (k *Keyring) key(purpose string) *purposeKey {
	k.mu.RLock()
	key, known := k.known[purpose]
	k.mu.RUnlock()
	if known {
		return key
	}
	key = &purposeKey{bytes: k.derive(purpose)}
	key.hashes.New = func() any { return &keyedHash{mac: hmac.New(sha256.New, key.bytes)} }
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
	key := k.key(purpose)
	h := key.hashes.Get().(*keyedHash)
	h.mac.Reset()
	h.text = h.text[:0]
	for _, p := range parts {
		h.text = binary.BigEndian.AppendUint64(h.text, uint64(len(p)))
		h.text = append(h.text, p...)
	}
	h.mac.Write(h.text)
	clear(h.text) // it may be a code or a token
	sum := h.mac.Sum(h.text[:0])
	hashed := hex.EncodeToString(sum)
	if cap(h.text) <= maxKept {
		key.hashes.Put(h)
	}
	return hashed
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
	block, err := aes.NewCipher(k.key(purpose).bytes)
	if err != nil {
		return nil, fmt.Errorf("the cipher for %s: %w", purpose, err)
	}
	return cipher.NewGCM(block)
}
