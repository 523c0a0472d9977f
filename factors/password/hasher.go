package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLength is the longest password, in bytes of UTF-8.
const MaxLength = 1024

// Errors of Hasher.
var (
	// ErrBusy: all slots stayed taken for as long as anybody may wait.
	ErrBusy = errors.New("too many passwords are being hashed")
	// ErrUnusable: a password that nobody may set: empty, longer than MaxLength,
	// or not UTF-8.
	ErrUnusable = errors.New("a password is 1 to 1024 bytes of UTF-8 text")
)

// HasherOptions are what a Hasher needs; the zero value means the defaults.
type HasherOptions struct {
	// Params of new hashes; old ones stay readable and are renewed at the next
	// right password. DefaultParams.
	Params Params
	// Parallel is how many hashes run at once, so that a flood takes no more
	// memory than Parallel times Params.Memory. One per processor.
	Parallel int
	// MaxWait is how long a caller waits for its turn. 2 s.
	MaxWait time.Duration
	// Away is called before a caller waits and hashes, which takes long, and what it
	// returns after: whoever counts what is being served may count it apart. nil does
	// nothing.
	Away func(ctx context.Context) (back func())
	// Now is time.Now.
	Now func() time.Time
	// Rand is cryptographically strong and serves many goroutines. crypto/rand.
	Rand io.Reader
	// Meter is told of each hash; may be nil.
	Meter Meter
}

// Meter is told how long hashing takes. It must be quick, and serves many goroutines.
type Meter interface {
	// Hashed is told of one hash that was computed, and how long it waited for its turn.
	Hashed(waited, took time.Duration)
	// Busy is told of a password that found no turn.
	Busy()
}

// Hasher hashes and compares passwords with argon2id (RFC 9106), as PHC
// strings. Passwords are brought to Unicode form NFC first (NIST SP 800-63B-4,
// section 3.1.1.2), so that the same characters typed on another keyboard stay
// the same password. It serves many goroutines.
type Hasher struct {
	params  Params
	kdf     kdf
	slots   chan struct{}
	maxWait time.Duration
	away    func(ctx context.Context) (back func())
	now     func() time.Time
	waiting atomic.Int64 // callers
	took    atomic.Int64 // by a hash of late, in nanoseconds
	rand    io.Reader
	meter   Meter
	// dummy is compared with where there is no hash; no password matches it.
	dummy digest
}

// NewHasher refuses parameters out of range.
func NewHasher(o HasherOptions) (*Hasher, error) {
	if o.Params == (Params{}) {
		o.Params = DefaultParams()
	}
	if o.Parallel <= 0 {
		o.Parallel = runtime.GOMAXPROCS(0)
	}
	if o.MaxWait == 0 {
		o.MaxWait = 2 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Away == nil {
		o.Away = func(context.Context) func() { return func() {} }
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if err := o.Params.Validate(); err != nil {
		return nil, err
	}
	h := &Hasher{
		params: o.Params, kdf: newKDF(o.Params), slots: make(chan struct{}, o.Parallel), maxWait: o.MaxWait, away: o.Away, now: o.Now, rand: o.Rand, meter: o.Meter,
	}
	dummy, err := h.newDigest()
	if err != nil {
		return nil, err
	}
	h.dummy = dummy
	return h, nil
}

// newDigest has a fresh salt and, as its key, randomness that nothing hashes to.
func (h *Hasher) newDigest() (digest, error) {
	d := digest{params: h.params, salt: make([]byte, saltLength), key: make([]byte, keyLength)}
	for _, part := range [][]byte{d.salt, d.key} {
		if _, err := io.ReadFull(h.rand, part); err != nil {
			return digest{}, fmt.Errorf("reading randomness: %w", err)
		}
	}
	return d, nil
}

// Hash gives the PHC string to store. Errors: ErrUnusable, ErrBusy, the
// context's.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if password == "" || len(password) > MaxLength || !utf8.ValidString(password) {
		return "", ErrUnusable
	}
	slot, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer slot.release()
	return slot.hash(password)
}

// slot is the right to run one hash at a time.
type slot struct {
	h      *Hasher
	back   func()
	waited time.Duration
	since  time.Time
}

func (h *Hasher) acquire(ctx context.Context) (slot, error) {
	back, came := h.away(ctx), h.now()
	if err := h.wait(ctx); err != nil {
		back()
		if h.meter != nil && errors.Is(err, ErrBusy) {
			h.meter.Busy()
		}
		return slot{}, err
	}
	now := h.now()
	return slot{h: h, back: back, waited: now.Sub(came), since: now}, nil
}

// wait takes a slot. Who would wait too long, as long as hashes take now, is refused at
// once: a queue that nobody in it lives to the end of helps nobody.
func (h *Hasher) wait(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	before := h.waiting.Add(1) // and this one
	defer h.waiting.Add(-1)
	if time.Duration(before*h.took.Load()/int64(cap(h.slots))) > h.maxWait {
		return ErrBusy
	}
	timer := time.NewTimer(h.maxWait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return ErrBusy
	case <-ctx.Done():
		return fmt.Errorf("waiting to hash a password: %w", ctx.Err())
	}
}

// release remembers how long the slot was taken, the later ones more.
func (s slot) release() {
	took, last := int64(s.h.now().Sub(s.since)), s.h.took.Load()
	s.h.took.Store(last + (took-last)/4)
	<-s.h.slots
	s.back()
}

func (s slot) hash(password string) (string, error) {
	d, err := s.h.newDigest()
	if err != nil {
		return "", err
	}
	d.key = s.derive(d, password)
	return d.String(), nil
}

// derive hashes the password as the digest was made.
func (s slot) derive(d digest, password string) []byte {
	began := time.Now()
	key := s.h.kdf.derive(d, norm.NFC.String(password))
	if s.h.meter != nil {
		s.h.meter.Hashed(s.waited, time.Since(began))
	}
	return key
}

// verify compares in constant time. It takes the time of one hash whatever phc
// is: an empty or unreadable one is compared with the dummy and never matches.
// stale says that the hash was made with other parameters than new ones are.
func (s slot) verify(password, phc string) (ok, stale bool, err error) {
	d := s.h.dummy
	if phc != "" {
		if read, parseErr := parse(phc); parseErr == nil {
			d = read
		} else {
			err = fmt.Errorf("reading a stored password hash: %w", parseErr)
		}
	}
	same := subtle.ConstantTimeCompare(s.derive(d, password), d.key) == 1
	fresh := d.params == s.h.params && len(d.key) == keyLength && len(d.salt) >= saltLength
	return same && phc != "" && err == nil, !fresh, err
}
