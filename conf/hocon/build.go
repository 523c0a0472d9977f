package hocon

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
	switch l := left.(type) {
	case *objectNode:
		if r, ok := right.(*objectNode); ok {
			l.merge(r)
			return l, nil
		}
		if isBare(right) {
			return l, nil
		}
	case *arrayNode:
		if r, ok := right.(*arrayNode); ok {
			l.elems = append(l.elems, r.elems...)
			return l, nil
		}
		if isBare(right) {
			return l, nil
		}
	case *datum:
		if r, ok := right.(*datum); ok {
			return b.load.joinText(l, r)
		}
	}
	return nil, nil
}

// isBare says whether n is unquoted text. Like the reference implementation we let it go where it follows an object or a list.
func isBare(n node) bool {
	d, ok := n.(*datum)
	return ok && d.bare
}
