package hocon

import "slices"

// concat resolves the pieces of a value and puts them together. Pieces without a value are left out.
func (r *resolver) concat(c *concatNode) (*datum, error) {
	var whole *datum
	for _, p := range c.pieces {
		v, err := r.value(p)
		if err != nil {
			return nil, err
		}
		switch {
		case v == nil:
			continue
		case whole == nil:
			whole = v
		default:
			if whole, err = r.load.join(whole, v); err != nil {
				return nil, err
			}
		}
	}
	return whole, nil
}

// join puts two values together: objects are merged, lists and texts follow one another.
func (l *loader) join(left, right *datum) (*datum, error) {
	if left.kind == Object && right.kind == Array {
		if list, ok := left.asList(); ok {
			left = list
		}
	} else if left.kind == Array && right.kind == Object {
		if list, ok := right.asList(); ok {
			right = list
		}
	}
	switch {
	case left.kind == Object && right.kind == Object:
		return l.mergeData(left, right)
	case left.kind == Array && right.kind == Array:
		if err := l.spend(right.pos, valueWeight*int64(len(left.elems)+len(right.elems))); err != nil {
			return nil, err
		}
		d := newList(left.pos, slices.Concat(left.elems, right.elems))
		return d, l.check(d)
	case left.scalar() && right.scalar():
		return l.joinText(left, right)
	case !left.scalar() && right.bare: // blanks between two substitutions
		return left, nil
	}
	return nil, mismatch(right.pos, right.kind, left.kind)
}

func mismatch(pos Pos, right, left Kind) error {
	return errorAt(pos, "%s can't follow %s in one value", right.article(), left.article())
}

func (l *loader) joinText(left, right *datum) (*datum, error) {
	if err := l.spend(left.pos, int64(len(left.text)+len(right.text))); err != nil {
		return nil, err
	}
	return newString(left.pos, left.text+right.text), nil
}

func (l *loader) mergeData(under, over *datum) (*datum, error) {
	if err := l.spend(over.pos, objectWeight+4*valueWeight*int64(len(under.keys)+len(over.keys))); err != nil {
		return nil, err
	}
	d := &datum{kind: Object, pos: over.pos, fields: make(map[string]member, len(under.keys)+len(over.keys)), weight: valueWeight}
	d.keys = slices.Clone(under.keys)
	for _, k := range over.keys {
		if _, ok := under.fields[k]; !ok {
			d.keys = append(d.keys, k)
		}
	}
	for _, k := range d.keys {
		m, ok := over.fields[k]
		if !ok {
			m = under.fields[k]
		} else if old := under.fields[k].val; old != nil && old.kind == Object && m.val.kind == Object {
			var err error
			if m.val, err = l.mergeData(old, m.val); err != nil {
				return nil, err
			}
		}
		d.fields[k] = m
		d.weight += m.val.weight + int64(len(k))
		d.depth = max(d.depth, m.val.depth)
	}
	d.depth++
	return d, l.check(d)
}
