package hocon

// parser makes the syntax tree of one document.
type parser struct {
	lex      *lexer
	back     []token // tokens put back, the next one last
	json     bool    // strict JSON, for .json files
	depth    int
	maxDepth int
}

func (p *parser) next() (token, error) {
	if n := len(p.back); n > 0 {
		t := p.back[n-1]
		p.back = p.back[:n-1]
		return t, nil
	}
	t, err := p.lex.next()
	if err != nil {
		return t, err
	}
	if p.json && (t.kind == tokText || t.kind == tokSubst || t.kind == tokComment) {
		return t, errorAt(t.pos, "%s isn't allowed in a .json file", t)
	}
	return t, nil
}

func (p *parser) putBack(t token) { p.back = append(p.back, t) }

// nextSolid skips blanks, newlines and comments. newline says whether it went over a newline.
func (p *parser) nextSolid() (t token, newline bool, err error) {
	for {
		t, err = p.next()
		if err != nil || !t.blank() {
			return t, newline, err
		}
		newline = newline || t.kind == tokNewline
	}
}

func (p *parser) document() (*objectSyntax, error) {
	t, _, err := p.nextSolid()
	if err != nil {
		return nil, err
	}
	var root *objectSyntax
	switch {
	case t.kind == tokOpenBrace:
		root, err = p.object(t)
	case t.kind == tokOpenSquare:
		return nil, errorAt(t.pos, "a settings file must hold fields (key = value), not a list")
	case p.json:
		return nil, errorAt(t.pos, "a .json file must begin with '{', not with %s", t)
	default:
		p.putBack(t)
		root, err = p.rootFields(t.pos)
	}
	if err != nil {
		return nil, err
	}
	t, _, err = p.nextSolid()
	if err == nil && t.kind != tokEnd {
		err = errorAt(t.pos, "nothing may follow the closing '}' of the document, but here is %s", t)
	}
	return root, err
}

func (p *parser) rootFields(pos Pos) (*objectSyntax, error) {
	o := &objectSyntax{pos: pos}
	if err := p.fields(o); err != nil {
		return nil, err
	}
	o.end = len(p.lex.src)
	return o, nil
}

// enter counts a level of nesting; the caller takes it back with leave.
func (p *parser) enter(pos Pos) error {
	p.depth++
	if p.depth > p.maxDepth {
		return limitAt(pos, "objects and lists nest deeper than %d levels here", p.maxDepth)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) object(open token) (*objectSyntax, error) {
	if err := p.enter(open.pos); err != nil {
		return nil, err
	}
	defer p.leave()
	o := &objectSyntax{pos: open.pos, start: open.start, braces: true}
	if err := p.fields(o); err != nil {
		return nil, err
	}
	return o, nil
}

// fields reads fields up to the closing brace, which it takes, or up to the end of a root without braces.
func (p *parser) fields(o *objectSyntax) error {
	afterComma := false
	seen := map[string]bool{} // of a .json file, which may have a key once
	for {
		t, _, err := p.nextSolid()
		if err != nil {
			return err
		}
		if done, err := p.closes(o, t); done || err != nil {
			if afterComma && p.json && err == nil {
				return errorAt(t.pos, "a field must follow the comma in a .json file")
			}
			return err
		}
		f, err := p.field(t)
		if err != nil {
			return err
		}
		if p.json && seen[f.path[0]] {
			return errorAt(f.pos, "the key %s is already there; a .json file may have it once", quote(f.path[0]))
		}
		if p.json {
			seen[f.path[0]] = true
		}
		o.fields = append(o.fields, f)
		separated, comma, err := p.separator()
		if err != nil {
			return err
		}
		afterComma = comma
		if separated {
			continue
		}
		if t, _, err = p.nextSolid(); err != nil {
			return err
		}
		done, err := p.closes(o, t)
		if err == nil && !done {
			err = errorAt(t.pos, "%s can't follow a value: begin a new line, write a comma, or put the text in double quotes", t)
		}
		return err
	}
}

// closes says whether t ends the object.
func (p *parser) closes(o *objectSyntax, t token) (bool, error) {
	switch {
	case t.kind == tokCloseBrace && o.braces:
		o.end = t.end
		return true, nil
	case t.kind == tokCloseBrace:
		return false, errorAt(t.pos, "this '}' closes nothing")
	case t.kind == tokEnd && o.braces:
		return false, errorAt(o.pos, "this '{' is never closed")
	case t.kind == tokEnd:
		p.putBack(t)
		return true, nil
	}
	return false, nil
}

// separator takes what may stand between two fields or elements: newlines and one comma.
func (p *parser) separator() (separated, comma bool, err error) {
	t, newline, err := p.nextSolid()
	if err != nil {
		return false, false, err
	}
	if t.kind == tokComma {
		return true, true, nil
	}
	p.putBack(t)
	return newline && !p.json, false, nil
}

func (p *parser) field(first token) (*fieldSyntax, error) {
	if first.kind == tokText && first.text == "include" {
		return p.include(first)
	}
	f := &fieldSyntax{pos: first.pos, start: first.start}
	if err := p.key(first, f); err != nil {
		return nil, err
	}
	p.depth += len(f.path) - 1
	defer func() { p.depth -= len(f.path) - 1 }()
	t, _, err := p.nextSolid()
	if err != nil {
		return nil, err
	}
	f.sep = t
	switch {
	case t.kind == tokColon, !p.json && (t.kind == tokEquals || t.kind == tokPlusEquals):
		f.value, err = p.value()
	case t.kind == tokOpenBrace && !p.json:
		var o *objectSyntax
		if o, err = p.object(t); err == nil {
			f.value = &valueSyntax{pos: t.pos, start: o.start, end: o.end, pieces: []pieceSyntax{{obj: o}}}
		}
	default:
		return nil, errorAt(t.pos, "after the key %s there should be '=', ':' or '{', but here is %s", JoinPath(f.path...), t)
	}
	if err != nil {
		return nil, err
	}
	f.end = f.value.end
	return f, nil
}

func (p *parser) key(first token, f *fieldSyntax) error {
	if p.json {
		if first.kind != tokString {
			return errorAt(first.pos, "a key in double quotes should stand here, but here is %s", first)
		}
		f.path = []string{first.text}
		return nil
	}
	var parts []token
	t, err := first, error(nil)
	for t.literal() || t.kind == tokSpace && len(parts) > 0 {
		parts = append(parts, t)
		if t, err = p.next(); err != nil {
			return err
		}
	}
	p.putBack(t)
	if len(parts) == 0 {
		return errorAt(first.pos, "a key should stand here, but here is %s", first)
	}
	if f.path, err = pathOf(parts, first.pos); err == nil && p.depth+len(f.path) > p.maxDepth {
		err = limitAt(first.pos, "objects and lists nest deeper than %d levels here", p.maxDepth)
	}
	return err
}
