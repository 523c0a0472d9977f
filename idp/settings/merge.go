package settings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// mostChanges bounds one save.
const mostChanges = 1000

// RightFor is the right that a change of the path needs.
func RightFor(path string) admin.Right {
	switch _, driver := DriverOf(path); {
	case driver:
		return admin.DriversPublish
	case within(path, "lang"):
		return admin.PagesEdit
	}
	return admin.SettingsEdit
}

// stopped are the kill switches of calls, which who may stop calls may throw too.
const stopped = "login.methods.flashCall.stopped"

func mayChange(a *admin.Actor, path string) bool {
	return a.May(RightFor(path)) || within(path, stopped) && a.May(admin.CallsStop)
}

// tidy brings the paths of changes into the form of the layer, and finds those
// that nobody can save. Old is dropped: what was there is known better here.
func tidy(changes []Change) ([]Change, error) {
	var all []Change
	var faults []conf.Finding
	for i, c := range changes {
		path, err := tidyPath(c)
		if err == nil && slices.ContainsFunc(all, func(o Change) bool { return overlap(o.Path, path) }) {
			err = errors.New("is changed twice; save it once")
		}
		if err != nil {
			faults = append(faults, conf.Finding{Pos: hocon.Pos{File: conf.SavedName, Line: i + 1, Col: 1}, Path: c.Path, Msg: err.Error()})
			continue
		}
		now := Change{Path: path}
		if c.New != nil {
			text := strings.TrimSpace(*c.New)
			now.New = &text
		}
		all = append(all, now)
	}
	if len(changes) > mostChanges {
		faults = append(faults, conf.Finding{Pos: hocon.Pos{File: conf.SavedName}, Msg: fmt.Sprintf("there are more than %d changes", mostChanges)})
	}
	if len(faults) > 0 {
		return nil, &Invalid{Findings: faults}
	}
	return all, nil
}

func tidyPath(c Change) (string, error) {
	name, driver := DriverOf(c.Path)
	if !driver {
		return conf.SavedPath(c.Path)
	}
	if name == "" {
		return "", errors.New("names no driver")
	}
	if c.New == nil {
		return c.Path, nil
	}
	if n, err := strconv.Atoi(strings.TrimSpace(*c.New)); err != nil || n < 1 {
		return "", errors.New("is no version of a driver; write a whole number from 1")
	}
	return c.Path, nil
}

// within says whether the path is that section or lies in it.
func within(path, section string) bool {
	return path == section || strings.HasPrefix(path, section+".")
}

func overlap(a, b string) bool { return within(a, b) || within(b, a) }

// conflict finds the wanted changes that somebody else's saves since base overlap.
func (s *Service) conflict(ctx context.Context, base int, now Revision, wanted []Change) error {
	if base == now.Number {
		return nil
	}
	seen, err := s.Revision(ctx, base)
	if err != nil {
		return fmt.Errorf("reading the revision %d: %w", base, err)
	}
	var paths []string
	theirs := Diff(seen.Layer, now.Layer)
	for _, c := range wanted {
		if slices.ContainsFunc(theirs, func(t Change) bool { return overlap(t.Path, c.Path) && !same(t, c) }) {
			paths = append(paths, c.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	slices.Sort(paths)
	last, err := s.lastOf(ctx, base, now, paths)
	if err != nil {
		return err
	}
	return &Conflict{Paths: paths, By: last.By, At: last.At, Number: last.Number}
}

// same says whether both changes come to the same, so that nobody is hurt.
func same(a, b Change) bool {
	if a.Path != b.Path || (a.New == nil) != (b.New == nil) {
		return false
	}
	return a.New == nil || *a.New == *b.New
}

// lastOf is the newest revision after base that changed one of the paths. Of a
// very long line only the newest part is looked at.
func (s *Service) lastOf(ctx context.Context, base int, now Revision, paths []string) (Revision, error) {
	line, err := s.History(ctx, now.Number+1, mostHistory)
	if err != nil {
		return now, fmt.Errorf("reading the history: %w", err)
	}
	for _, r := range line {
		touches := slices.ContainsFunc(r.Changes, func(c Change) bool {
			return slices.ContainsFunc(paths, func(p string) bool { return overlap(p, c.Path) })
		})
		if r.Number > base && touches {
			return r, nil
		}
	}
	return now, nil
}

// with is the layer after the changes. A value takes the place of those within
// its path, and a value that isn't changed keeps who saved it.
func (l Layer) with(changes []Change, by string, at time.Time) Layer {
	next := l.Clone()
	for _, c := range changes {
		if name, driver := DriverOf(c.Path); driver {
			next.publish(name, c.New)
			continue
		}
		if old, _ := next.Of(c.Path); c.New != nil && old == *c.New {
			continue
		}
		next.Values = slices.DeleteFunc(next.Values, func(v Value) bool { return within(v.Path, c.Path) })
		if c.New != nil {
			next.Values = append(next.Values, Value{Path: c.Path, HOCON: *c.New, By: by, At: at})
		}
	}
	slices.SortFunc(next.Values, func(a, b Value) int { return strings.Compare(a.Path, b.Path) })
	return next
}

func (l *Layer) publish(name string, version *string) {
	if version == nil {
		delete(l.Drivers, name)
		return
	}
	if l.Drivers == nil {
		l.Drivers = map[string]int{}
	}
	l.Drivers[name], _ = strconv.Atoi(*version) // tidy looked
}
