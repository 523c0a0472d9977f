package conf

import (
	"errors"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// merge reads all layers, the lowest first: the defaults, the settings file
// with its includes, what administrators saved, the overrides.
func merge(o Options) (*hocon.Config, []Finding) {
	layers := []hocon.Source{{Name: DefaultName, Text: defaults}}
	if o.File != "" {
		text, err := o.ReadFile(o.File)
		if err != nil {
			return nil, []Finding{{Pos: hocon.Pos{File: o.File}, Msg: "can't be read: " + reason(err) + "; write the path of a readable settings file"}}
		}
		layers = append(layers, hocon.Source{Name: o.File, Text: text})
	}
	more, faults := saved(o)
	layers = append(layers, more...)
	for i, set := range o.Set {
		text, err := override(set)
		if err != nil {
			faults = append(faults, Finding{Pos: hocon.Pos{File: setName, Line: i + 1, Col: 1}, Msg: err.Error()})
			continue
		}
		// The blank lines in front make the override's number its line.
		layers = append(layers, hocon.Source{Name: setName, Text: []byte(strings.Repeat("\n", i) + text)})
	}
	config, unread := load(o, layers...)
	return config, append(faults, unread...)
}

// load merges and resolves the layers.
func load(o Options, layers ...hocon.Source) (*hocon.Config, []Finding) {
	config, err := hocon.Load(hocon.Options{LookupEnv: o.LookupEnv, ReadFile: o.ReadFile}, layers...)
	if err == nil {
		return config, nil
	}
	return nil, findings(err)
}

// findings are the reader's errors in our form.
func findings(err error) (all []Finding) {
	var many hocon.Errors
	var one *hocon.Error
	switch {
	case errors.As(err, &many):
		for _, e := range many {
			all = append(all, Finding{Pos: e.Pos, Path: e.Path, Msg: e.Msg})
		}
	case errors.As(err, &one):
		all = append(all, Finding{Pos: one.Pos, Path: one.Path, Msg: one.Msg})
	default:
		all = append(all, Finding{Msg: err.Error()})
	}
	sortFindings(all)
	return all
}

// override turns PATH=VALUE into a line of HOCON.
func override(set string) (string, error) {
	name, value, ok := strings.Cut(set, "=")
	value = strings.TrimSpace(value)
	if !ok {
		return "", errors.New("there is no = in this override; write PATH=VALUE, such as log.level=debug")
	}
	path, err := hocon.SplitPath(strings.TrimSpace(name))
	if err != nil {
		return "", errors.New(quoted(name) + " is no path; write keys with dots between, such as login.level")
	}
	if path[0] != rootPath()[0] && path[0] != ownValues {
		path = absolute(path)
	}
	return hocon.JoinPath(path...) + " = " + overrideValue(value), nil
}

// overrideValue is the value as HOCON. Plain words are quoted, for HOCON would
// end them at a # or // and a password may hold both.
func overrideValue(value string) string {
	const key = "value"
	config, err := hocon.Load(hocon.Options{LookupEnv: anyEnv}, hocon.Source{Name: setName, Text: []byte(key + " = " + value)})
	if err != nil || len(config.Root().Keys()) != 1 {
		return quote(value)
	}
	v, ok := config.Lookup(key)
	plain := ok && v.Kind() == hocon.String && !strings.HasPrefix(value, `"`) && !strings.Contains(value, "${")
	if plain {
		return quote(value)
	}
	return value
}

// anyEnv lets an override with ${..} be tried before the other layers are there.
func anyEnv(string) (string, bool) { return "", true }
