package settings

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Store keeps the revisions.
type Store interface {
	// AppendRevision keeps a revision for good; idp.ErrTaken where there is one of
	// that number, idp.ErrNotFound where the one before it is missing. Of those who
	// append the same number at once, one succeeds.
	AppendRevision(ctx context.Context, r Revision) error
	// RevisionByNumber gives a revision; idp.ErrNotFound. There is no row for 0.
	RevisionByNumber(ctx context.Context, number int) (Revision, error)
	// Revisions are up to n of those below the number before, the newest first.
	Revisions(ctx context.Context, before, n int) ([]Revision, error)
	// LatestRevision is the highest number, 0 where nothing was saved. It is asked
	// every second.
	LatestRevision(ctx context.Context) (int, error)
}

// Node is this process as one that serves settings. It is safe for concurrent use.
type Node interface {
	// Check makes all that serving the layer would need, throws it away and gives the
	// settings that would be served; *Invalid where it can't be.
	Check(ctx context.Context, layer Layer) (*conf.Settings, error)
	// Follow returns when the node serves that revision or a later one.
	Follow(ctx context.Context, number int) error
	// Served are the settings that the node serves, and the number of their revision.
	Served() (*conf.Settings, int)
	// File are the settings as they would be if nothing were saved.
	File() (*conf.Settings, error)
}

// Options for New; all but Now are required.
type Options struct {
	Store Store
	Node  Node
	Trail audit.Trail
	Now   func() time.Time
}

// Service saves settings. It is safe for concurrent use, also beside those of
// other nodes on the same database.
type Service struct {
	o Options
	// saving holds one save of this node at a time, so that its record doesn't tell
	// of saves that another one of the same node overtook.
	saving sync.Mutex
}

// New makes the service.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Node == nil || o.Trail == nil {
		return nil, errors.New("settings: Store, Node and Trail are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o}, nil
}

// Served are the settings that this node serves, and the number of their revision.
func (s *Service) Served() (*conf.Settings, int) { return s.o.Node.Served() }

// File are the settings as they would be if nothing were saved.
func (s *Service) File() (*conf.Settings, error) { return s.o.Node.File() }

// Current is the newest revision, whether or not this node serves it yet.
func (s *Service) Current(ctx context.Context) (Revision, error) {
	return Latest(ctx, s.o.Store)
}

// Latest is the newest revision of a store; the empty revision 0 where nothing
// was saved.
func Latest(ctx context.Context, store Store) (Revision, error) {
	number, err := store.LatestRevision(ctx)
	if err != nil || number == 0 {
		return Revision{}, err
	}
	return store.RevisionByNumber(ctx, number)
}

// Revision gives one revision; idp.ErrNotFound.
func (s *Service) Revision(ctx context.Context, number int) (Revision, error) {
	if number == 0 {
		return Revision{}, nil
	}
	return s.o.Store.RevisionByNumber(ctx, number)
}

// mostHistory bounds one page of the history.
const mostHistory = 200

// History are up to n revisions below the number before, the newest first; 0 for
// before begins with the newest.
func (s *Service) History(ctx context.Context, before, n int) ([]Revision, error) {
	if before == 0 {
		number, err := s.o.Store.LatestRevision(ctx)
		if err != nil {
			return nil, err
		}
		before = number + 1
	}
	return s.o.Store.Revisions(ctx, before, min(n, mostHistory))
}

// Save changes the layer that the administrator saw as the revision base, and
// returns when this node serves it; other nodes follow within two seconds. What
// others saved since base is kept where they changed other paths. Its errors
// are *Conflict, *Invalid, ErrReadOnly, ErrDenied, ErrNothing, *NotServed, and
// idp.ErrNotFound for a base that isn't there. With *NotServed the revision is
// given and was saved.
func (s *Service) Save(ctx context.Context, a *admin.Actor, base int, changes []Change, comment string) (Revision, error) {
	wanted, err := tidy(changes)
	if err != nil {
		return Revision{}, err
	}
	return s.append(ctx, a, comment, func(now Revision) (Layer, error) {
		if err := s.conflict(ctx, base, now, wanted); err != nil {
			return Layer{}, err
		}
		return now.Layer.with(wanted, a.Name(), s.o.Now()), nil
	})
}

// Restore makes the whole layer what it was at the revision number. Whatever was
// saved since base is a conflict.
func (s *Service) Restore(ctx context.Context, a *admin.Actor, base, number int, comment string) (Revision, error) {
	old, err := s.Revision(ctx, number)
	if err != nil {
		return Revision{}, fmt.Errorf("reading the revision %d: %w", number, err)
	}
	return s.append(ctx, a, comment, func(now Revision) (Layer, error) {
		if base != now.Number {
			return Layer{}, s.conflict(ctx, base, now, Diff(now.Layer, old.Layer))
		}
		return old.Layer.Clone(), nil
	})
}

// tries bounds how often others on other nodes may overtake one save.
const tries = 16

// append makes the next revision of what edit gives for the newest one, again
// where somebody else was faster.
func (s *Service) append(ctx context.Context, a *admin.Actor, comment string, edit func(now Revision) (Layer, error)) (Revision, error) {
	if served, _ := s.Served(); served != nil && served.Console.ReadOnly {
		return Revision{}, ErrReadOnly
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	for range tries {
		now, err := s.Current(ctx)
		if err != nil {
			return Revision{}, fmt.Errorf("reading the newest revision: %w", err)
		}
		layer, err := edit(now)
		if err != nil {
			return Revision{}, err
		}
		next := Revision{
			Number: now.Number + 1, At: s.o.Now(), By: a.Name(), Comment: short(comment), Changes: Diff(now.Layer, layer), Layer: layer,
		}
		err = s.keep(ctx, a, next)
		if errors.Is(err, idp.ErrTaken) {
			continue
		}
		if err != nil {
			return Revision{}, err
		}
		if err := s.o.Node.Follow(ctx, next.Number); err != nil {
			return next, &NotServed{Number: next.Number, Cause: err}
		}
		return next, nil
	}
	return Revision{}, errors.New("others save all the time: try again")
}

// keep checks a revision, has it on record and appends it. The record comes first,
// so that nothing changes that isn't on record; where the revision can't be
// appended after all, that is on record too.
func (s *Service) keep(ctx context.Context, a *admin.Actor, r Revision) error {
	if len(r.Changes) == 0 {
		return ErrNothing
	}
	for _, c := range r.Changes {
		if !mayChange(a, c.Path) {
			return ErrDenied
		}
	}
	next, err := s.o.Node.Check(ctx, r.Layer)
	if err != nil {
		return err
	}
	if now, _ := s.Served(); locksOut(now, next) {
		return lockedOut()
	}
	if err := s.o.Trail.Append(ctx, r.event(a, audit.TypeSettingsChanged)); err != nil {
		return fmt.Errorf("recording the change: %w", err)
	}
	err = s.o.Store.AppendRevision(ctx, r)
	if err == nil {
		return nil
	}
	// The caller may be gone already; the record must still be right.
	if e := s.o.Trail.Append(context.WithoutCancel(ctx), r.event(a, audit.TypeSettingsNotChanged)); e != nil {
		err = errors.Join(err, e)
	}
	return fmt.Errorf("appending the revision %d: %w", r.Number, err)
}

// longestComment bounds a comment, in characters.
const longestComment = 500

func short(comment string) string {
	letters := []rune(comment)
	return string(letters[:min(len(letters), longestComment)])
}

// event is the record of the revision.
func (r Revision) event(a *admin.Actor, kind string) audit.Event {
	changes := make([]any, len(r.Changes))
	for i, c := range r.Changes {
		one := map[string]any{"path": c.Path}
		if c.Old != nil {
			one["old"] = *c.Old
		}
		if c.New != nil {
			one["new"] = *c.New
		}
		changes[i] = one
	}
	e := a.Event(kind, fmt.Sprint(r.Number), map[string]any{"changes": changes, "comment": r.Comment})
	e.At = r.At
	return e
}
