package signing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/idp/keyring"
)

// Options for New. Records, Keyring and Now are required. The defaults of
// Algorithms, RotateAfter and KeepFor are those of the settings (keys).
type Options struct {
	Records Records
	Keyring *keyring.Keyring
	// Algorithms that have a key. Default RS256, ES256 and EdDSA.
	Algorithms []string
	// RotateAfter is how long a key signs. Default 90 days.
	RotateAfter time.Duration
	// Lead is how long a key is published before it signs by schedule: longer
	// than relying parties keep the key set. Default 24 hours.
	Lead time.Duration
	// KeepFor is how long a key stays published after it signed last. It is longer
	// where TokenLife says so. Default 30 days.
	KeepFor time.Duration
	// TokenLife is the longest life of what the keys sign for any client, as things
	// stand; it is asked as often as the keys are read. nil means that KeepFor is
	// enough.
	TokenLife func(context.Context) (time.Duration, error)
	// CacheFor is how long this node believes what it read. Default 1 minute.
	CacheFor time.Duration
	// Changes gives something when another node may have changed the keys: Run reads
	// them then. It ends with its context. nil: CacheFor alone says when.
	Changes func(context.Context) <-chan struct{}
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
}

func (o *Options) defaults() error {
	if o.Records == nil || o.Keyring == nil || o.Now == nil {
		return errors.New("signing: Options lacks Records, Keyring or Now")
	}
	if len(o.Algorithms) == 0 {
		o.Algorithms = []string{RS256, ES256, EdDSA}
	}
	for _, alg := range o.Algorithms {
		if !slices.Contains([]string{RS256, ES256, EdDSA}, alg) {
			return fmt.Errorf("signing: unknown algorithm %q", alg)
		}
	}
	setDefault(&o.RotateAfter, 90*24*time.Hour)
	setDefault(&o.Lead, 24*time.Hour)
	setDefault(&o.KeepFor, 30*24*time.Hour)
	setDefault(&o.CacheFor, time.Minute)
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// Ring is the keys of this installation as one node sees them. Every node
// reads the same rows, so they agree without talking to each other. It is safe
// for concurrent use.
type Ring struct {
	Options

	// tending is held by whoever reads and changes the records, which may take as
	// long as making an RSA key. It is taken before mu.
	tending sync.Mutex

	mu     sync.Mutex
	parsed map[string]Key // by kid: opening and parsing costs more than signing
	cached *view
}

// view is what was read at one time.
type view struct {
	at      time.Time
	records []Record
	keep    time.Duration
}

// New returns a ring. It reads and writes nothing yet.
func New(o Options) (*Ring, error) {
	if err := o.defaults(); err != nil {
		return nil, err
	}
	return &Ring{Options: o, parsed: map[string]Key{}}, nil
}

// Signing returns the key that signs now with the algorithm; "" is RS256.
func (r *Ring) Signing(ctx context.Context, alg string) (Key, error) {
	if alg == "" {
		alg = RS256
	}
	keys, err := r.keys(ctx, func(record Record, s State) bool { return record.Alg == alg && s == Active })
	if err != nil {
		return Key{}, err
	}
	if len(keys) == 0 {
		return Key{}, fmt.Errorf("no active signing key for %q: is it among the algorithms of the settings?", alg)
	}
	return keys[0], nil
}

// Published returns the keys of the key set: those that sign, those that will,
// and those whose tokens may still be in use.
func (r *Ring) Published(ctx context.Context) ([]Key, error) {
	return r.keys(ctx, func(_ Record, s State) bool { return s != Over })
}

func (r *Ring) keys(ctx context.Context, wanted func(Record, State) bool) ([]Key, error) {
	v, err := r.current(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var keys []Key
	for _, l := range lines(v.records) {
		for i, record := range l {
			if !wanted(record, r.state(l, i, v.keep)) {
				continue
			}
			key, err := r.parse(record)
			if err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, compareKeys)
	return keys, nil
}

// compareKeys puts RS256 first: simple clients take the first key they see.
func compareKeys(a, b Key) int {
	if a.Alg != b.Alg {
		return strings.Compare(b.Alg, a.Alg)
	}
	return strings.Compare(a.ID, b.ID)
}

func (r *Ring) parse(record Record) (Key, error) {
	if key, known := r.parsed[record.ID]; known {
		return key, nil
	}
	key, err := r.open(record)
	if err != nil {
		return Key{}, err
	}
	r.parsed[record.ID] = key
	return key, nil
}

// current is the last view, or a new one when it is too old and nobody is at it
// already. A database that fails for a while doesn't stop tokens: the last view
// serves on.
func (r *Ring) current(ctx context.Context) (*view, error) {
	last := r.last()
	if r.fresh(last) {
		return last, nil
	}
	if last == nil {
		r.tending.Lock()
	} else if !r.tending.TryLock() {
		return last, nil
	}
	defer r.tending.Unlock()
	if v := r.last(); r.fresh(v) {
		return v, nil // somebody else looked while we waited
	}
	v, err := r.look(ctx)
	if err != nil && last != nil {
		r.Log.ErrorContext(ctx, "signing keys can't be read: going on with those in memory", "error", err)
		return last, nil
	}
	return v, err
}

func (r *Ring) last() *view {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cached
}

func (r *Ring) fresh(v *view) bool {
	if v == nil {
		return false
	}
	age := r.Now().Sub(v.at)
	return age >= 0 && age < r.CacheFor
}

// look does what is due and makes a new view. tending must be held.
func (r *Ring) look(ctx context.Context) (*view, error) {
	now := r.Now()
	keep, err := r.keep(ctx)
	if err != nil {
		return nil, err
	}
	records, err := r.tend(ctx, keep)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cached = &view{at: now, records: records, keep: keep}
	r.forget()
	return r.cached, nil
}

// forget drops parsed keys whose rows are gone.
func (r *Ring) forget() {
	for id := range r.parsed {
		if !slices.ContainsFunc(r.cached.records, func(record Record) bool { return record.ID == id }) {
			delete(r.parsed, id)
		}
	}
}
