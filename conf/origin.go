package conf

import (
	"slices"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Origin tells where the value of a setting comes from: the settings file, an
// included file, SavedName, "--set" or DefaultName. path starts at the root or below
// blitz.prod.local.idp. False: the settings have no such value.
func (s *Settings) Origin(path string) (hocon.Pos, bool) {
	parts, err := hocon.SplitPath(path)
	if err != nil || s.root == nil {
		return hocon.Pos{}, false
	}
	return valuePlace(*s.root, absolute(parts))
}

// absolute is a path from the root, given one from the root or below rootPath.
func absolute(path []string) []string {
	root := rootPath()
	if len(path) >= len(root) && slices.Equal(path[:len(root)], root) {
		return path
	}
	return append(root, path...)
}

// valuePlace is where the value at a path was written.
func valuePlace(v hocon.Value, path []string) (hocon.Pos, bool) {
	at := v.Pos()
	for _, key := range path {
		in := v
		next, ok := in.Get(key)
		if !ok {
			return hocon.Pos{}, false
		}
		if v, at = next, next.Pos(); at == (hocon.Pos{}) {
			at = in.KeyPos(key) // a value from the environment has no place of its own
		}
	}
	return at, true
}

// place is where a person has to write to change the setting at a path: its
// value, or where only the defaults have it, the nearest section of the file,
// or the file's beginning.
func (d *decoder) place(path []string) hocon.Pos {
	at, ok := valuePlace(d.root, path)
	if ok && at.File != DefaultName || d.file == "" {
		return at
	}
	v := d.root
	best := hocon.Pos{File: d.file, Line: 1, Col: 1}
	for _, key := range path[:len(path)-1] {
		at := v.KeyPos(key)
		next, ok := v.Get(key)
		if !ok || at.File == DefaultName {
			break
		}
		best, v = at, next
	}
	return best
}
