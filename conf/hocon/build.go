package hocon

import "slices"

// builder turns the syntax tree of one document into nodes, and carries out its includes.
type builder struct {
	load *loader
	file string
	place
	path  []string // where we are in the document, place.prefix included
	lists int      // how many lists are around us
}

func (b *builder) object(o *objectSyntax) (*objectNode, error) {
	n := newObject(o.pos)
	for _, f := range o.fields {
		var err error
		if f.include != nil {
			err = b.include(n, f.include)
		} else {
			err = b.field(n, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (b *builder) field(into *objectNode, f *fieldSyntax) error {
	depth := len(b.path)
	b.path = append(b.path, f.path...)
	defer func() { b.path = b.path[:depth] }()
	if f.sep.kind == tokPlusEquals {
		if b.lists > 0 {
			return errorAt(f.pos, "+= doesn't work inside of a list; set the value outside of it and refer to it with ${..}")
		}
		b.lists++
		defer func() { b.lists-- }()
	}
	n, err := b.value(f.value)
	if err != nil {
		return err
	}
	if f.sep.kind == tokPlusEquals {
		ref := &refNode{pos: f.pos, path: append([]string(nil), b.path...), strip: len(b.prefix), optional: true}
		n = &concatNode{pos: f.value.pos, pieces: []node{ref, &arrayNode{pos: f.value.pos, elems: []node{n}}}}
	}
	for _, key := range f.path[:len(f.path)-1] {
		inner := newObject(f.pos)
		into.add(key, f.pos, inner)
		if at, ok := into.fields[key].last().(*objectNode); ok {
			inner = at // it was merged into what was there
		}
		into = inner
	}
	into.add(f.path[len(f.path)-1], f.pos, n)
	return nil
}

func (s *slot) last() node { return s.defs[len(s.defs)-1] }

func (b *builder) value(v *valueSyntax) (node, error) {
	pieces := make([]node, 0, len(v.pieces))
	for _, p := range v.pieces {
		n, err := b.piece(p)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, n)
	}
	if len(pieces) == 1 {
		return pieces[0], nil
	}
	return b.join(v.pos, pieces)
}

func (b *builder) piece(p pieceSyntax) (node, error) {
	switch {
	case p.obj != nil:
		return b.object(p.obj)
	case p.arr != nil:
		return b.array(p.arr)
	case p.tok.kind == tokSubst:
		return b.substitution(p.tok)
	}
	d := newScalar(p.tok)
	return d, b.load.spend(d.pos, d.weight)
}

func (b *builder) substitution(t token) (node, error) {
	if b.noRefs {
		return nil, errorAt(t.pos, "%s can't be resolved in a file that is included inside of a list; include it outside", t)
	}
	path := append(append([]string(nil), b.prefix...), t.path...)
	return &refNode{pos: t.pos, path: path, strip: len(b.prefix), optional: t.optional, list: t.list}, nil
}

func (b *builder) array(a *arraySyntax) (node, error) {
	n := &arrayNode{pos: a.pos, elems: make([]node, 0, len(a.elems))}
	b.lists++
	defer func() { b.lists-- }()
	for _, v := range a.elems {
		e, err := b.value(v)
		if err != nil {
			return nil, err
		}
		n.elems = append(n.elems, e)
	}
	return n, nil
}

// join puts together what can be before substitutions are known, so that `{a = 1} {b = ${c}}` is a plain object and
// `1 2` a string.
func (b *builder) join(pos Pos, pieces []node) (node, error) {
	joined := pieces[:1]
	for _, right := range pieces[1:] {
		left := joined[len(joined)-1]
		n, err := b.joinTwo(left, right)
		if err != nil {
			return nil, err
		}
		if n == nil {
			joined = append(joined, right)
		} else {
			joined[len(joined)-1] = n
		}
	}
	if len(joined) == 1 {
		return joined[0], nil
	}
	return &concatNode{pos: pos, pieces: joined}, nil
}

// joinTwo gives nil where the two can't be joined yet.
func (b *builder) joinTwo(left, right node) (node, error) {
	switch r := right.(type) {
	case *objectNode:
		switch l := left.(type) {
		case *objectNode:
			l.merge(r)
			return l, nil
		case *datum:
			return nil, mismatch(r.pos, Object, l.kind)
		case *arrayNode:
			if !r.listLike() {
				return nil, mismatch(r.pos, Object, Array)
			}
		}
	case *arrayNode:
		switch l := left.(type) {
		case *arrayNode:
			l.elems = append(l.elems, r.elems...)
			return l, nil
		case *datum:
			return nil, mismatch(r.pos, Array, l.kind)
		case *objectNode:
			if !l.listLike() {
				return nil, mismatch(r.pos, Array, Object)
			}
		}
	case *datum:
		if l, ok := left.(*datum); ok {
			return b.load.joinText(l, r)
		}
		kind, literal := Array, false
		switch left.(type) {
		case *objectNode:
			kind, literal = Object, true
		case *arrayNode:
			literal = true
		}
		if literal && !r.bare {
			return nil, mismatch(r.pos, r.kind, kind)
		}
		if literal {
			return left, nil // text without quotes: let go, as the reference implementation does
		}
	}
	return nil, nil
}

// listLike says whether the object has keys that are numbers, so that it can be a list.
func (o *objectNode) listLike() bool {
	return slices.ContainsFunc(o.keys, isIndex)
}
