package hocon

import (
	"cmp"
	"errors"
	"maps"
	"slices"
)

// errCycle travels from a substitution that is met while it is being resolved to the substitution around it, which is the one
// that can't be resolved.
var errCycle = errors.New("cycle")

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

const maxErrors = 50 // told of one document

// resolver turns nodes into data. It works on demand: what a substitution refers to is resolved when it is met. Two rules of the
// specification shape it. A definition that leads back to its own key sees the older definitions of that key (slot.limit). And
// looking up a path resolves only what lies on the path (see), so that objects may refer to one another's fields.
type resolver struct {
	load  *loader
	root  *objectNode
	chain int // substitutions that wait for one another now
	errs  Errors
	seen  map[string]bool // errors reported so far
}

func (l *loader) resolve(root *objectNode) (*datum, error) {
	r := &resolver{load: l, root: root, seen: map[string]bool{}}
	d, err := r.object(root)
	if err != nil {
		r.report(err)
	}
	switch len(r.errs) {
	case 0:
		return d, nil
	case 1:
		return nil, r.errs[0]
	}
	return nil, r.errs
}

// report keeps an error of one field, so that a document's wrong places can be told all at once.
func (r *resolver) report(err error) {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Msg: err.Error(), Err: err}
	}
	if msg := e.Error(); !r.seen[msg] && len(r.seen) < maxErrors {
		r.seen[msg] = true
		r.errs = append(r.errs, e)
	}
}

// value resolves one definition. It gives nil for what isn't there: an optional substitution without a value.
func (r *resolver) value(n node) (*datum, error) {
	switch n := n.(type) {
	case *datum:
		return n, nil
	case *slot:
		return r.slot(n)
	case *objectNode:
		return r.object(n)
	case *arrayNode:
		return r.array(n)
	case *refNode:
		return r.ref(n)
	case *concatNode:
		return r.concat(n)
	}
	return nil, nil
}

func (r *resolver) object(o *objectNode) (*datum, error) {
	d := &datum{kind: Object, pos: o.pos, fields: make(map[string]member, len(o.keys)), weight: valueWeight}
	for _, key := range o.keys {
		s := o.fields[key]
		v, err := r.slot(s)
		if errors.Is(err, errCycle) || errors.Is(err, ErrLimit) {
			return nil, err
		}
		if err != nil {
			r.report(err)
			continue
		}
		if v == nil {
			continue
		}
		d.keys = append(d.keys, key)
		d.fields[key] = member{pos: s.pos, val: v}
		d.weight += v.weight + int64(len(key))
		d.depth = max(d.depth, v.depth)
	}
	d.depth++
	return d, r.load.check(d)
}

func (r *resolver) array(a *arrayNode) (*datum, error) {
	elems := make([]*datum, 0, len(a.elems))
	for _, n := range a.elems {
		v, err := r.value(n)
		if err != nil {
			return nil, err
		}
		if v != nil {
			elems = append(elems, v)
		}
	}
	d := newList(a.pos, elems)
	return d, r.load.check(d)
}

// count gives how many definitions of the slot can be seen now.
func (s *slot) count() int {
	if s.limited {
		return s.limit
	}
	return len(s.defs)
}

// slot gives the whole value of a key.
func (r *resolver) slot(s *slot) (*datum, error) {
	n := s.count()
	if d, ok := s.results[n]; ok {
		return d, nil
	}
	circles := r.load.circles
	f, err := r.fold(s, n, r.resolved)
	if err != nil {
		return nil, err
	}
	d := f.val
	if f.obj != nil {
		s.nodes = put(s.nodes, n, f.obj)
		if d, err = r.object(f.obj); err != nil {
			return nil, err
		}
	}
	if d != nil || r.load.circles == circles { // what is missing only because we came here in a circle may be there another time
		s.results = put(s.results, n, d)
	}
	return d, nil
}

func put[V any](m map[int]V, n int, v V) map[int]V {
	if m == nil {
		m = map[int]V{}
	}
	m[n] = v
	return m
}

// found is what a key has: an object whose fields aren't resolved yet, a resolved value, or nothing.
type found struct {
	obj *objectNode
	val *datum
}

func (f found) nothing() bool { return f.obj == nil && f.val == nil }

func (f found) isObject() bool { return f.obj != nil || f.val != nil && f.val.kind == Object }

// object gives the object to merge with, or nil where there is none.
func (f found) object() *objectNode {
	if f.obj == nil && f.val != nil && f.val.kind == Object {
		return f.val.node()
	}
	return f.obj
}

// fold merges the first n definitions of a key, the newest first. A definition that can't show any more is resolved all the
// same, as in the reference implementation, so that a wrong one is told.
func (r *resolver) fold(s *slot, n int, eval func(node) (found, error)) (found, error) {
	var all found
	limited, limit := s.limited, s.limit
	defer func() { s.limited, s.limit = limited, limit }()
	for i, closed := n-1, false; i >= 0; i-- {
		if n > 1 {
			s.limited, s.limit = true, i
		}
		f, err := eval(s.defs[i])
		switch {
		case err != nil:
			return found{}, err
		case closed || f.nothing():
			continue
		case all.nothing():
			all = f
		case f.isObject():
			all = found{obj: mergeNodes(f.object(), all.object())}
		}
		closed = !f.isObject()
		if closed && n < len(s.defs) {
			break // the fold over all definitions comes to the hidden ones
		}
	}
	return all, nil
}

// resolved evaluates a definition in full, except for the fields of a plain object, which may yet be merged.
func (r *resolver) resolved(def node) (found, error) {
	if o, ok := def.(*objectNode); ok {
		return found{obj: o}, nil
	}
	v, err := r.value(def)
	return found{val: v}, err
}

// mergeNodes gives a new object with the fields of both; of a key in both it has all definitions.
func mergeNodes(under, over *objectNode) *objectNode {
	o := newObject(over.pos)
	for _, n := range []*objectNode{under, over} {
		for _, key := range n.keys {
			s := n.fields[key]
			old := o.fields[key]
			if old == nil {
				o.keys = append(o.keys, key)
				o.fields[key] = s
				continue
			}
			defs := append(under.definitions(old), over.definitions(s)...)
			o.fields[key] = &slot{pos: s.pos, defs: defs}
		}
	}
	return o
}

// definitions gives what was assigned to one of the object's keys. A key of a foreign object counts as one definition, for it has
// a place of its own in the document, where its substitutions look back.
func (o *objectNode) definitions(s *slot) []node {
	if o.foreign {
		return []node{s}
	}
	return append([]node(nil), s.defs...)
}
