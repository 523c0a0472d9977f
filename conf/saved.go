package conf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// SavedName is the file that places in Options.Saved name; the line is the
// value's number, see Settings.SavedAt.
const SavedName = "console"

// largestSaved bounds one saved value, in bytes.
const largestSaved = 64 << 10

// Saved is a setting that an administrator saved in the console.
type Saved struct {
	Path  string    `json:"path"`  // below blitz.prod.local.idp, such as login.methods.flashCall.codeLength
	HOCON string    `json:"hocon"` // its value as HOCON, without substitutions and includes
	By    string    `json:"by"`    // who saved it
	At    time.Time `json:"at"`    // and when
}

// ofFileAlone are the settings that only the file has: what a person could lock
// everybody out with, what says where the provider keeps and reaches things, and
// what has a place of its own in the console.
func ofFileAlone() [][]string {
	var all [][]string
	for _, path := range []string{
		"issuer", "server", "ops", "store", "keys.master", "console", "log", "audit", "apps", "scopes", "egress",
		"loops.folder", "loops.workers", "loops.queue", "loops.egress", "loops.secrets",
	} {
		all = append(all, strings.Split(path, "."))
	}
	return all
}

// Editable says whether administrators may save a value at the path. It may start
// at the root or below blitz.prod.local.idp, and there need be no such setting:
// that is for Load to say.
func Editable(path string) bool {
	_, err := SavedPath(path)
	return err == nil
}

// SavedPath is the path below blitz.prod.local.idp in the one form that values
// are saved under. Its error says why nobody can save there and what to do instead.
func SavedPath(path string) (string, error) {
	parts, err := hocon.SplitPath(path)
	if err != nil {
		return "", errors.New("is no path; write keys with dots between, such as login.level")
	}
	if root := rootPath(); begins(parts, root) {
		parts = parts[len(root):]
	}
	if len(parts) == 0 || parts[0] == rootPath()[0] || parts[0] == ownValues {
		return "", errors.New("is no setting; save those below blitz.prod.local.idp")
	}
	for _, only := range ofFileAlone() {
		switch {
		case begins(parts, only):
			return "", errors.New("can't be saved in the console; write it in the settings file")
		case begins(only, parts):
			return "", fmt.Errorf("holds %s, which is for the settings file alone; save the settings below one by one", hocon.JoinPath(only...))
		}
	}
	return hocon.JoinPath(parts...), nil
}

func begins(path, with []string) bool {
	return len(path) >= len(with) && slices.Equal(path[:len(with)], with)
}

// SavedAt leads from a place whose file is SavedName to the value that was saved there.
func (s *Settings) SavedAt(place hocon.Pos) (Saved, bool) {
	if place.File != SavedName || place.Line < 1 || place.Line > len(s.saved) {
		return Saved{}, false
	}
	return s.saved[place.Line-1], true
}

// layer is the value as a line of HOCON, whose number in front makes its line.
func (v Saved) layer(number int) (hocon.Source, error) {
	path, err := SavedPath(v.Path)
	if err != nil {
		return hocon.Source{}, err
	}
	text, err := v.text()
	if err != nil {
		return hocon.Source{}, err
	}
	line := hocon.JoinPath(fullPath(path)...) + " = " + text
	return hocon.Source{Name: SavedName, Text: []byte(strings.Repeat("\n", number-1) + line)}, nil
}

// errReaches: a saved value is what it says and leads nowhere.
var errReaches = errors.New("holds a substitution, an include or file(..), which are for the settings file alone; write the value itself")

// text is the value on one line. Whoever saves it may not read the host's
// environment and files with it, nor set anything but this one value.
func (v Saved) text() (string, error) {
	const key = "value"
	if len(v.HOCON) > largestSaved {
		return "", fmt.Errorf("is longer than %s", shortSize(largestSaved))
	}
	reaches := false
	config, err := hocon.Parse(SavedName, []byte(key+" = "+v.HOCON), hocon.Options{
		LookupEnv: func(string) (string, bool) { reaches = true; return "", false },
		ReadFile:  func(string) ([]byte, error) { reaches = true; return nil, errReaches },
	})
	if reaches {
		return "", errReaches
	}
	if err != nil || !slices.Equal(config.Root().Keys(), []string{key}) {
		return "", errors.New(`is no value; write one value, such as 4, true, "text" or [a, b]`)
	}
	value, _ := config.Root().Get(key)
	if namesFile(value) {
		return "", errReaches
	}
	text, err := value.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("can't be written: %w", err)
	}
	return string(text), nil
}

// namesFile says whether a text anywhere in the value has the form file(..).
func namesFile(v hocon.Value) bool {
	switch v.Kind() {
	case hocon.String:
		s, err := v.Str()
		_, is := fileForm(s)
		return err == nil && is
	case hocon.Array:
		return slices.ContainsFunc(v.Elems(), namesFile)
	case hocon.Object:
		return slices.ContainsFunc(v.Keys(), func(key string) bool {
			field, _ := v.Get(key)
			return namesFile(field)
		})
	}
	return false
}

// saved are the layers of what administrators saved, and its faults.
func saved(o Options) (layers []hocon.Source, faults []Finding) {
	for i, v := range o.Saved {
		layer, err := v.layer(i + 1)
		if err != nil {
			faults = append(faults, Finding{Pos: hocon.Pos{File: SavedName, Line: i + 1, Col: 1}, Path: v.Path, Msg: err.Error()})
			continue
		}
		layers = append(layers, layer)
	}
	return layers, faults
}

// inCharge leaves out what administrators saved where the file says that it alone
// is in charge. A file with faults tells them in any case.
func (o Options) inCharge() Options {
	if len(o.Saved) == 0 {
		return o
	}
	alone := o
	alone.Saved = nil
	config, faults := merge(alone)
	if len(faults) > 0 {
		return alone
	}
	v, ok := config.Root().At(append(rootPath(), "console", "readonly")...)
	if readonly, err := v.Bool(); ok && err == nil && readonly {
		return alone
	}
	return o
}
