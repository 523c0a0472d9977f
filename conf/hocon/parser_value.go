package hocon

// value reads a value: in HOCON all the pieces up to the end of the line, a comma or a closing bracket.
func (p *parser) value() (*valueSyntax, error) {
	t, _, err := p.nextSolid()
	if err != nil {
		return nil, err
	}
	v := &valueSyntax{pos: t.pos, start: t.start}
	var space token // blanks since the last piece
	for {
		if t.kind == tokSpace {
			space = t
		} else {
			piece, ok, err := p.piece(t)
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			if n := len(v.pieces); space.end > 0 && t.simple() && n > 0 && v.pieces[n-1].tok.simple() {
				space.kind = tokText
				v.pieces = append(v.pieces, pieceSyntax{tok: space})
			}
			space = token{}
			v.pieces = append(v.pieces, piece)
			v.end = p.lex.off
			if p.json {
				return v, nil
			}
		}
		if t, err = p.next(); err != nil {
			return nil, err
		}
	}
	p.putBack(t)
	if len(v.pieces) == 0 {
		return nil, errorAt(t.pos, "a value should stand here, but here is %s", t)
	}
	return v, nil
}

func (p *parser) piece(t token) (_ pieceSyntax, ok bool, err error) {
	switch {
	case t.simple():
		return pieceSyntax{tok: t}, true, nil
	case t.kind == tokOpenBrace:
		o, err := p.object(t)
		return pieceSyntax{obj: o}, true, err
	case t.kind == tokOpenSquare:
		a, err := p.array(t)
		return pieceSyntax{arr: a}, true, err
	}
	return pieceSyntax{}, false, nil
}

func (p *parser) array(open token) (*arraySyntax, error) {
	if err := p.enter(open.pos); err != nil {
		return nil, err
	}
	defer p.leave()
	a := &arraySyntax{pos: open.pos, start: open.start}
	separated := true
	for comma := false; ; {
		t, _, err := p.nextSolid()
		switch {
		case err != nil:
			return nil, err
		case t.kind == tokCloseSquare && !(p.json && comma):
			a.end = t.end
			return a, nil
		case t.kind == tokEnd:
			return nil, errorAt(open.pos, "this '[' is never closed")
		case !separated:
			return nil, errorAt(t.pos, "in a list, %s can't follow a value: begin a new line, write a comma, or close the list with ']'", t)
		}
		p.putBack(t)
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		a.elems = append(a.elems, v)
		if separated, comma, err = p.separator(); err != nil {
			return nil, err
		}
	}
}
