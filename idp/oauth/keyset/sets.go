package keyset

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/ringtail-id/ringtail/loops"
)

// How key sets from addresses are kept. They are constants: whoever needs them
// otherwise puts the keys into the registration.
const (
	// Fresh is how long a fetched set serves without another look.
	Fresh = 10 * time.Minute
	// Stale is how long one serves while its address doesn't answer.
	Stale = time.Hour
	// Pace is the time between two fetches of one address in the long run;
	// burst is how many may come at once.
	Pace  = time.Minute
	burst = 3
	// Retry is the least time between a fetch that failed and the next.
	Retry = 10 * time.Second
	// maxSets bounds the addresses that are remembered, maxFetches the fetches at
	// one time.
	maxSets    = 2000
	maxFetches = 32
)

// Requests makes one HTTP request to a host that was named, or refuses it;
// *egress.Client does. It follows no redirect.
type Requests interface {
	Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error)
}

// Options for New.
type Options struct {
	// Requests fetches key sets; nil means that no address is ever fetched. Its
	// settings decide about plain http and private addresses.
	Requests Requests
	Now      func() time.Time
	Log      *slog.Logger // nil: slog's default
}

// Sets gives clients' keys. It is safe for concurrent use.
type Sets struct {
	o       Options
	flights singleflight.Group
	slots   chan struct{}

	mu   sync.Mutex
	kept map[string]*kept
}

// kept is what is known of an address.
type kept struct {
	keys    []Key
	fetched time.Time // of keys; zero: never
	fault   *Fault    // of the last fetch; nil where it went well
	next    time.Time // the pace's; see allow
	retry   time.Time // after a fault: none before
	used    time.Time
}

// New makes Sets.
func New(o Options) (*Sets, error) {
	if o.Now == nil {
		return nil, errors.New("keyset: Options.Now is missing")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Sets{o: o, slots: make(chan struct{}, maxFetches), kept: map[string]*kept{}}, nil
}

// Keys returns the keys that a signature of the algorithm may have been made
// with: at most one, none where the choice isn't clear. Without a key ID the
// set must have one fitting key alone (OpenID Connect Core, section 10.1).
// Errors as of Verify.
func (s *Sets) Keys(ctx context.Context, from Source, alg, id string) ([]Key, error) {
	switch {
	case from.Document != "" && from.URI != "":
		return nil, faulty("the client has both jwks and jwks_uri")
	case from.Document != "":
		keys, err := Parse([]byte(from.Document))
		if err != nil {
			return nil, &Fault{Text: "the client's key set can't be used", Cause: err}
		}
		return choose(keys, alg, id), nil
	case from.URI == "":
		return nil, faulty("the client has no keys")
	}
	keys, err := s.fetched(ctx, from.URI, alg, id)
	return choose(keys, alg, id), err
}

// fetched returns the keys of an address. It looks again where they are old, or
// none is what is asked for.
func (s *Sets) fetched(ctx context.Context, uri, alg, id string) ([]Key, error) {
	have := s.known(uri)
	if s.o.Now().Sub(have.fetched) >= Fresh || len(choose(have.keys, alg, id)) == 0 {
		if err := s.look(ctx, uri); err != nil {
			return nil, err
		}
		have = s.known(uri)
	}
	if have.fault != nil && s.o.Now().Sub(have.fetched) >= Stale {
		return nil, have.fault
	}
	return have.keys, nil
}

// known is what is kept of an address, which is remembered from now on.
func (s *Sets) known(uri string) kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[uri]
	if k == nil {
		if len(s.kept) >= maxSets {
			s.forgetOne()
		}
		k = &kept{}
		s.kept[uri] = k
	}
	k.used = s.o.Now()
	return *k
}

// forgetOne drops the address that nobody has asked for the longest.
func (s *Sets) forgetOne() {
	oldest := ""
	for uri, k := range s.kept {
		if oldest == "" || k.used.Before(s.kept[oldest].used) {
			oldest = uri
		}
	}
	delete(s.kept, oldest)
}

// allow takes one fetch of an address from its pace, if there is one: burst at
// once, then one each Pace, and none within Retry of one that failed.
func (s *Sets) allow(uri string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, now := s.kept[uri], s.o.Now()
	if k == nil || now.Before(k.retry) {
		return false
	}
	next := k.next
	if earliest := now.Add(-burst * Pace); next.Before(earliest) {
		next = earliest
	}
	if next = next.Add(Pace); next.After(now) {
		return false
	}
	k.next = next
	return true
}

// note keeps what a fetch gave. Keys that were there stay beside a fault.
func (s *Sets) note(uri string, keys []Key, fault *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[uri]
	if k == nil {
		return
	}
	k.fault = fault
	if fault != nil {
		k.retry = s.o.Now().Add(Retry)
		return
	}
	k.keys, k.fetched = keys, s.o.Now()
}
