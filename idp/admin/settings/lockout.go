package settings

import (
	"context"
	"slices"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// lockedOut is told who would take the last second factor away: the console asks for
// one, so nobody could get in to undo it.
const lockedOut = "leaves no second factor on, and the console asks administrators for one; leave one on"

// save saves what doesn't lock all administrators out.
func (s *Section) save(ctx context.Context, a *admin.Actor, base int, changes []saved.Change, comment string) (saved.Revision, error) {
	st, err := s.state(ctx)
	if err != nil {
		return saved.Revision{}, err
	}
	for _, c := range changes {
		if c.Path == pathFactors && st.locksOut(st.after(c)) {
			return saved.Revision{}, invalidFactors()
		}
	}
	return s.Store.Save(ctx, a, base, changes, comment)
}

// restoreTo restores what doesn't lock all administrators out.
func (s *Section) restoreTo(ctx context.Context, a *admin.Actor, base int, old saved.Revision, comment string) (saved.Revision, error) {
	st, err := s.state(ctx)
	if err != nil {
		return saved.Revision{}, err
	}
	c := saved.Change{Path: pathFactors}
	if text, ok := old.Layer.Of(pathFactors); ok {
		c.New = &text
	}
	if st.locksOut(st.after(c)) {
		return saved.Revision{}, invalidFactors()
	}
	return s.Store.Restore(ctx, a, base, old.Number, comment)
}

func invalidFactors() error {
	return &saved.Invalid{Findings: []conf.Finding{{Pos: hocon.Pos{File: conf.SavedName}, Path: rootPrefix + pathFactors, Msg: lockedOut}}}
}

// after are the lists as the change makes them.
func (st *state) after(c saved.Change) lists {
	if c.New == nil {
		v, _ := st.file.Value(pathFactors)
		return listsOf(v)
	}
	v, _ := parseValue(*c.New)
	return listsOf(v)
}

// locksOut says whether there is a second factor now and would be none then.
func (st *state) locksOut(then lists) bool {
	on := func(b block) bool { return b.Enabled }
	return len(st.served.Login.Second) > 0 && !slices.ContainsFunc(then[1], on)
}
