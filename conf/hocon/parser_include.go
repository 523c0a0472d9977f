package hocon

import "strings"

// include reads what follows the keyword: "name", file("name"), classpath("name"), url("name"), each perhaps inside required(..).
func (p *parser) include(keyword token) (*fieldSyntax, error) {
	inc := &includeSyntax{pos: keyword.pos}
	t, _, err := p.nextSolid()
	if err != nil {
		return nil, err
	}
	open := 0 // parentheses to close
	if rest, ok := strings.CutPrefix(t.text, "required("); ok && t.kind == tokText {
		inc.required = true
		open++
		if t, err = p.afterPrefix(t, rest); err != nil {
			return nil, err
		}
	}
	for _, kind := range []includeKind{includeFile, includeClasspath, includeURL} {
		rest, ok := strings.CutPrefix(t.text, string(kind)+"(")
		if !ok || t.kind != tokText {
			continue
		}
		inc.kind = kind
		open++
		if t, err = p.afterPrefix(t, rest); err != nil {
			return nil, err
		}
		break
	}
	if t.kind != tokString {
		return nil, errorAt(t.pos, `after include there should be "name", file("name"), classpath("name") or required(..) `+
			`(without a blank before the parenthesis), but here is %s; as a key, write "include" in double quotes`, t)
	}
	inc.name = t.text
	if t, err = p.closeParens(open, t); err != nil {
		return nil, err
	}
	return &fieldSyntax{pos: keyword.pos, start: keyword.start, end: t.end, include: inc}, nil
}

// afterPrefix gives what follows the opening parenthesis of t: the rest of its text, or the next token.
func (p *parser) afterPrefix(t token, rest string) (token, error) {
	if rest != "" {
		t.text = rest
		return t, nil
	}
	t, _, err := p.nextSolid()
	return t, err
}

func (p *parser) closeParens(open int, last token) (token, error) {
	for open > 0 {
		t, _, err := p.nextSolid()
		if err != nil {
			return t, err
		}
		n := len(t.text)
		if t.kind != tokText || n > open || strings.Trim(t.text, ")") != "" {
			return t, errorAt(t.pos, "')' should close the include here, but here is %s", t)
		}
		open -= n
		last = t
	}
	return last, nil
}
