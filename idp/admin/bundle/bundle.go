package bundle

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Bundle is what a folder holds, or what a provider has.
type Bundle struct {
	// Values are the saved settings as JSON, by their path below blitz.prod.local.idp.
	Values map[string]string
	// Drivers are the published ones by name. nil: the folder doesn't look after any.
	Drivers map[string]Driver
}

// Driver is a published driver in its files.
type Driver struct {
	Language string // js or java
	Source   string
	Manifest string // of driver.conf
	Cases    map[string]string
}

// equal says whether both are the same files.
func (d Driver) equal(o Driver) bool {
	return d.Language == o.Language && d.Source == o.Source && d.Manifest == o.Manifest && maps.Equal(d.Cases, o.Cases)
}

// Change is one thing that differs between a provider and a folder.
type Change struct {
	// Path of a setting; drivers.NAME of a driver.
	Path string
	// Old is what the provider has and New what the folder says, as JSON; empty: none.
	// Of a driver they say what differs in words.
	Old, New string
}

// String is one line: + is added, - goes, ~ becomes something else.
func (c Change) String() string {
	switch {
	case c.Old == "":
		return "+ " + c.Path + " = " + c.New
	case c.New == "":
		return "- " + c.Path + " = " + c.Old
	}
	return "~ " + c.Path + ": " + c.Old + " -> " + c.New
}

// driverPrefix begins the paths of drivers.
const driverPrefix = "drivers."

// Diff is what must be done to have the folder's state, sorted by path.
func Diff(has, wants *Bundle) []Change {
	var all []Change
	for _, path := range sortedKeys(has.Values, wants.Values) {
		if has.Values[path] != wants.Values[path] {
			all = append(all, Change{Path: path, Old: has.Values[path], New: wants.Values[path]})
		}
	}
	if wants.Drivers == nil {
		return all
	}
	for _, name := range sortedKeys(has.Drivers, wants.Drivers) {
		old, had := has.Drivers[name]
		now, stays := wants.Drivers[name]
		switch {
		case !had:
			all = append(all, Change{Path: driverPrefix + name, New: now.words()})
		case !stays:
			all = append(all, Change{Path: driverPrefix + name, Old: old.words()})
		case !old.equal(now):
			all = append(all, Change{Path: driverPrefix + name, Old: old.words(), New: now.words()})
		}
	}
	return all
}

// words say how large the driver's parts are, and by a hash whether they are the
// same; the parts themselves are for diff(1).
func (d Driver) words() string {
	sum := sha256.New()
	for _, part := range []string{d.Language, d.Source, d.Manifest} {
		fmt.Fprintf(sum, "%d\x00%s", len(part), part)
	}
	for _, name := range slices.Sorted(maps.Keys(d.Cases)) {
		fmt.Fprintf(sum, "%d\x00%s%d\x00%s", len(name), name, len(d.Cases[name]), d.Cases[name])
	}
	return fmt.Sprintf("driver.%s of %d lines, driver.conf of %d, cases: %d, sha256 %x...",
		d.Language, lines(d.Source), lines(d.Manifest), len(d.Cases), sum.Sum(nil)[:4])
}

func lines(text string) int { return len(slices.Collect(strings.Lines(text))) }

func sortedKeys[V any](a, b map[string]V) []string {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// settingsText is the settings as HOCON that values reads back as they were.
func settingsText(values map[string]string) string {
	var b strings.Builder
	b.WriteString("# What is saved over the settings file. The paths are below blitz.prod.local.idp; what isn't here is as\n" +
		"# the settings file says. ringtail config diff and apply read this file.\n")
	for _, path := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&b, "%s = %s\n", path, readable(values[path]))
	}
	return b.String()
}

// readable is JSON with a blank behind each comma and colon outside of texts, on
// one line.
func readable(text string) string {
	var b strings.Builder
	inside := false
	for i := range len(text) {
		b.WriteByte(text[i])
		switch {
		case text[i] == '"' && !escaped(text[:i]):
			inside = !inside
		case !inside && (text[i] == ',' || text[i] == ':'):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// escaped says whether what follows stands behind a backslash that counts.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// values are the settings of a file. An object is a section, unless the provider
// saved it at that path as one value.
func values(root hocon.Value, whole func(path string) bool) (map[string]string, error) {
	all := map[string]string{}
	var walk func(path []string, v hocon.Value) error
	walk = func(path []string, v hocon.Value) error {
		name := hocon.JoinPath(path...)
		if v.Kind() == hocon.Object && (len(path) == 0 || !whole(name)) {
			for _, key := range v.Keys() {
				field, _ := v.Get(key)
				if err := walk(append(slices.Clip(path), key), field); err != nil {
					return err
				}
			}
			return nil
		}
		text, err := v.MarshalJSON()
		all[name] = string(text)
		return err
	}
	return all, walk(nil, root)
}

// compact is JSON as the reader of HOCON writes it, so that equal values are equal
// texts.
func compact(raw json.RawMessage) (string, error) {
	config, err := hocon.Parse("value", append([]byte("value = "), raw...), outside())
	if err != nil {
		return "", err
	}
	v, _ := config.Root().Get("value")
	text, err := v.MarshalJSON()
	return string(text), err
}
