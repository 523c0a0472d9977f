package settings

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

// entryName stands in the paths of the reference for a name that whoever writes the
// settings chooses.
const entryName = "NAME"

// entries is a section whose keys are such names.
type entries struct {
	root string
	keys []conf.Key // with entryName behind the root
}

// entriesOf are the sections of named entries that may be changed.
func entriesOf(keys []conf.Key) (all []entries) {
	for _, k := range keys {
		root, _, ok := strings.Cut(k.Path, "."+entryName+".")
		if !ok || k.Section || !conf.Editable(root) {
			continue
		}
		i := slices.IndexFunc(all, func(e entries) bool { return e.root == root })
		if i < 0 {
			i, all = len(all), append(all, entries{root: root})
		}
		all[i].keys = append(all[i].keys, k)
	}
	return all
}

// of is the key's path in the entry of that name.
func (e entries) of(k conf.Key, name string) string {
	return e.root + "." + hocon.JoinPath(name) + strings.TrimPrefix(k.Path, e.root+"."+entryName)
}

// newEntry is an entry that isn't there yet: its name, and fields whose paths have
// entryName for it.
type newEntry struct {
	entries
	Root   string
	Name   string // as it was typed
	Fields []*field
}

// Input names the input of the new entry's name.
func (n *newEntry) Input() string { return "new." + n.Root }

// Title says what the entries are.
func (n *newEntry) Title() string {
	return sectionTitle(strings.TrimPrefix(n.Root, rootOf(n.Root)+"."))
}

// entryParts are the entries that there are, a part each, and those that may come.
func (s *Section) entryParts(st *state, f *form) (parts []partView, fresh []*newEntry) {
	for _, e := range s.entries {
		if rootOf(e.root) != f.root {
			continue
		}
		n := &newEntry{entries: e, Root: e.root}
		for _, k := range e.keys {
			one := s.field(st, k)
			one.Was, one.Value, one.Default, one.Ask.Null = "", "", "", false
			n.Fields = append(n.Fields, &one)
		}
		v, _ := st.value(e.root)
		for _, name := range v.Keys() {
			part := partView{Title: n.Title() + ": " + name}
			for _, k := range e.keys {
				k.Path = e.of(k, name)
				one := s.field(st, k)
				part.Fields = append(part.Fields, &one)
			}
			parts = append(parts, part)
		}
		fresh = append(fresh, n)
	}
	return parts, fresh
}

// fill takes what was sent of the new entry.
func (n *newEntry) fill(sent url.Values) {
	n.Name = strings.TrimSpace(sent.Get(n.Input()))
	for _, f := range n.Fields {
		f.Value = strings.TrimSpace(sent.Get(f.Input()))
	}
}

// named are the fields of the new entry as they will be called; none without a name.
func (n *newEntry) named() (all []field) {
	for i, f := range n.Fields {
		if n.Name != "" && f.Value != "" {
			one := *f
			one.Path = n.of(n.keys[i], n.Name)
			all = append(all, one)
		}
	}
	return all
}
