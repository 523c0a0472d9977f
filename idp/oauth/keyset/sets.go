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

	mu    sync.Mutex
	kept  map[string]*kept
	hosts map[string]*host // by hostPort
}

// kept is what is known of an address.
type kept struct {
	keys    []Key
	fetched time.Time // of keys; zero: never
	fault   *Fault    // of the last fetch; nil where it went well
	pace    pace
	retry   time.Time // after a fault: none before
	used    time.Time
	asking  bool // a fetch runs or waits
}

// New makes Sets.
func New(o Options) (*Sets, error) {
	if o.Now == nil {
		return nil, errors.New("keyset: Options.Now is missing")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Sets{
		o: o, slots: make(chan struct{}, maxFetches), kept: map[string]*kept{}, hosts: map[string]*host{},
	}, nil
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
	var missed *Fault
	if s.o.Now().Sub(have.fetched) >= Fresh || len(choose(have.keys, alg, id)) == 0 {
		var err error
		if missed, err = s.look(ctx, uri); err != nil {
			return nil, err
		}
		have = s.known(uri)
	}
	old := s.o.Now().Sub(have.fetched) >= Stale
	switch {
	case missed != nil && (old || len(choose(have.keys, alg, id)) == 0):
		return nil, missed
	case have.fault != nil && old:
		return nil, have.fault
	}
	return have.keys, nil
}

// known is what is kept of an address; nothing where it isn't remembered.
func (s *Sets) known(uri string) kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[uri]
	if k == nil {
		return kept{}
	}
	k.used = s.o.Now()
	return *k
}

// remember makes room for an address. The caller holds mu.
func (s *Sets) remember(uri string) *kept {
	if len(s.kept) >= maxSets {
		s.forgetOne()
	}
	k := &kept{used: s.o.Now()}
	s.kept[uri] = k
	return k
}

// forgetOne drops the address that nobody has asked for the longest: of those
// that never gave keys, so that newcomers push out one another before a set
// that is in use, and else of all. One that is being fetched stays; the paces
// of hosts bound how many these are.
func (s *Sets) forgetOne() {
	worst, drop := (*kept)(nil), ""
	for uri, k := range s.kept {
		if !k.asking && (worst == nil || k.beforeInLine(worst)) {
			worst, drop = k, uri
		}
	}
	delete(s.kept, drop)
}

func (k *kept) beforeInLine(other *kept) bool {
	if k.fetched.IsZero() != other.fetched.IsZero() {
		return k.fetched.IsZero()
	}
	return k.used.Before(other.used)
}

// begin takes one fetch of an address from its pace and its host's: a burst at
// once, then one each Pace and HostPace, and none within Retry of one that
// failed. The host is nil where there is none to take; the fault says so where
// that isn't for the address's own sake. An address is remembered only here, so
// what its host's pace refuses takes no room.
func (s *Sets) begin(uri, at string) (*host, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, now := s.kept[uri], s.o.Now()
	if k == nil {
		k = &kept{}
	}
	own, ok := k.pace.after(now, Pace, burst)
	if !ok || now.Before(k.retry) {
		return nil, nil
	}
	h := s.host(at)
	hosts, ok := h.pace.after(now, HostPace, hostBurst)
	if !ok {
		return nil, faulty("key sets are fetched too often from the host of the client's jwks_uri")
	}
	if s.kept[uri] == nil {
		k = s.remember(uri)
	}
	k.pace, h.pace, k.asking = own, hosts, true
	h.busy++
	return h, nil
}

// end is the end of what begin began. A fetch that found no slot is given back
// to the address, which isn't to blame, but not to the host: its pace bounds
// those that wait too.
func (s *Sets) end(uri string, h *host, made bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.busy--
	k := s.kept[uri]
	if k == nil {
		return
	}
	k.asking = false
	if !made {
		k.pace.next = k.pace.next.Add(-Pace)
	}
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
