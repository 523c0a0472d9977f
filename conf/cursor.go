package conf

import (
	"slices"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// decoder walks the merged settings once. It keeps what it finds, and every key
// that it was asked for: what is left over is unknown, and the keys are the
// reference.
type decoder struct {
	file     string // the settings file, empty when there is none
	files    files
	root     hocon.Value
	errors   []Finding
	warnings []Finding
	unknown  []unknownKey
	known    map[string]Key
	failed   map[string]bool // paths with an error, whose values no rule should judge
}

type unknownKey struct {
	at   hocon.Pos
	in   *cursor
	name string
}

// cursor stands on one object of the settings and remembers which of its keys
// were asked for.
type cursor struct {
	d     *decoder
	path  []string // from the root
	doc   []string // path in the reference, below rootPath, with ID where the file chooses a name
	obj   hocon.Value
	at    hocon.Pos // of its key in the object above
	here  bool      // false where the object itself is missing or wrong, which was told already
	quiet bool      // its keys are no entries of the reference
	asked []string
}

// section reads the object under key with read and tells its unknown keys.
func section[T any](c *cursor, key string, read func(*cursor) T) T {
	sub := c.enter(key, key)
	out := read(sub)
	sub.leave()
	return out
}

// entries reads an object whose keys the file chooses. doc is what the
// reference calls such a key.
func entries(c *cursor, key, doc string, read func(id string, entry *cursor)) {
	sub := c.enter(key, key)
	for _, id := range sub.keys() {
		entry := sub.enter(id, doc)
		read(id, entry)
		entry.leave()
	}
}

// enter makes a cursor on the object under key.
func (c *cursor) enter(key, doc string) *cursor {
	sub := &cursor{d: c.d, path: child(c.path, key), doc: child(c.doc, doc), quiet: c.quiet}
	v, ok := c.take(key)
	c.d.note(c, key, Key{Path: doc, Section: true})
	if !ok {
		return sub
	}
	if v.Kind() != hocon.Object {
		c.d.fail(c.placeOf(key, v), sub.path, have(v)+"; write a section, "+key+" { ... }")
		return sub
	}
	sub.obj, sub.here, sub.at = v, true, c.obj.KeyPos(key)
	return sub
}

// leave remembers the keys that nobody asked for.
func (c *cursor) leave() {
	for _, key := range c.keys() {
		if !slices.Contains(c.asked, key) {
			c.d.unknown = append(c.d.unknown, unknownKey{at: c.obj.KeyPos(key), in: c, name: key})
		}
	}
}

// keys are the object's keys, sorted.
func (c *cursor) keys() []string {
	if !c.here {
		return nil
	}
	return slices.Sorted(slices.Values(c.obj.Keys()))
}

// take gives the value under key and counts the key as known.
func (c *cursor) take(key string) (hocon.Value, bool) {
	c.asked = append(c.asked, key)
	if !c.here {
		return hocon.Value{}, false
	}
	return c.obj.Get(key)
}

// get reads a setting that must be there; blitz.conf gives its default.
func get[T any](c *cursor, key string, k kind[T]) T {
	return getAs(c, key, key, k)
}

// getAs is get for a key that the file chooses; doc is what the reference calls it.
func getAs[T any](c *cursor, key, doc string, k kind[T]) T {
	return read(c, key, k, Key{Path: doc, Type: k.phrase, Ask: k.asks()}, func() (none T) {
		if c.here && !k.null {
			c.d.fail(c.at, child(c.path, key), "is missing; write "+k.phrase)
		}
		return none
	})
}

// getOr reads a setting of an entry, which may be left out.
func getOr[T any](c *cursor, key string, k kind[T], missing T) T {
	return read(c, key, k, Key{Path: key, Type: k.phrase, Default: show(missing), Ask: k.asks()}, func() T { return missing })
}

func read[T any](c *cursor, key string, k kind[T], entry Key, missing func() T) T {
	path := child(c.path, key)
	c.d.note(c, key, entry)
	v, ok := c.take(key)
	if !ok {
		return missing()
	}
	var none T
	if v.Kind() == hocon.Null {
		if !k.null {
			c.d.fail(c.placeOf(key, v), path, "is null; write "+k.phrase)
		}
		return none
	}
	return k.read(v, func(at hocon.Value, what, advice string) {
		if advice == "" {
			advice = "write " + k.phrase
		}
		c.d.fail(c.placeOf(key, at), path, what+"; "+advice)
	})
}

// placeOf is where the value, or one inside it, was written. A value from the
// environment has no place of its own: then it is the key's.
func (c *cursor) placeOf(key string, v hocon.Value) hocon.Pos {
	if at := v.Pos(); at.Line > 0 {
		return at
	}
	return c.obj.KeyPos(key)
}

// note enters the key called name into the reference, where it is called entry.Path.
func (d *decoder) note(c *cursor, name string, entry Key) {
	if c.quiet {
		return
	}
	entry.Path = hocon.JoinPath(child(c.doc, entry.Path)...)
	if c.here {
		entry.line = c.obj.KeyPos(name).Line
	}
	d.known[entry.Path] = entry
}

// fail tells an error.
func (d *decoder) fail(at hocon.Pos, path []string, msg string) {
	name := hocon.JoinPath(path...)
	d.failed[name] = true
	d.errors = append(d.errors, Finding{Pos: at, Path: name, Msg: msg})
}

// warn tells something that changes nothing.
func (d *decoder) warn(at hocon.Pos, path []string, msg string) {
	d.warnAt(at, hocon.JoinPath(path...), msg)
}

func (d *decoder) warnAt(at hocon.Pos, path, msg string) {
	d.warnings = append(d.warnings, Finding{Pos: at, Path: path, Msg: msg})
}

// child is path with one more element, in memory of its own.
func child(path []string, key string) []string {
	return append(slices.Clip(slices.Clone(path)), key)
}
