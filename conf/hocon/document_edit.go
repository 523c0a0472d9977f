package hocon

import (
	"cmp"
	"slices"
	"strings"
)

// edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

// apply carries out edits, which must not overlap, and reads the result; where that can't be read nothing changes.
func (d *Document) apply(edits []edit) error {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(a.start-b.start, a.end-b.end) })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(d.src[at:max(at, e.start)])
		b.WriteString(e.text)
		at = max(at, e.end)
	}
	b.WriteString(d.src[at:])
	changed, err := ParseDocument(d.name, []byte(b.String()))
	if err != nil {
		return err
	}
	*d = *changed
	return nil
}

func (d *Document) replacement(f *fieldSyntax, literal string) edit {
	switch f.sep.kind {
	case tokPlusEquals:
		return edit{f.sep.start, f.end, "= " + literal}
	case tokOpenBrace:
		if strings.HasPrefix(literal, "{") {
			break
		}
		if isBlank(d.src[f.sep.start-1]) {
			return edit{f.sep.start, f.end, "= " + literal}
		}
		return edit{f.sep.start, f.end, " = " + literal}
	}
	return edit{f.value.start, f.end, literal}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// removal takes a field away with the comma after it, and the whole line where nothing else is on it.
func (d *Document) removal(f *fieldSyntax) []edit {
	edits := []edit{{start: f.start, end: f.end}}
	end := f.end
	if comma := d.commaAfter(f.end); comma >= 0 {
		if strings.Trim(d.src[f.end:comma], " \t") == "" {
			edits[0].end = comma + 1
			end = comma + 1
		} else {
			edits = append(edits, edit{start: comma, end: comma + 1})
		}
	}
	start := strings.LastIndexByte(d.src[:f.start], '\n') + 1
	stop := strings.IndexByte(d.src[end:], '\n')
	if stop < 0 {
		stop = len(d.src)
	} else {
		stop += end + 1
	}
	if strings.Trim(d.src[start:f.start], " \t") == "" && strings.Trim(d.src[end:stop], " \t\r\n") == "" {
		edits[0].start, edits[0].end = start, stop
	}
	return edits
}

// commaAfter gives where the comma after a field is, or -1.
func (d *Document) commaAfter(off int) int {
	l := newLexer(d.name, []byte(d.src[off:]))
	for {
		t, err := l.next()
		switch {
		case err != nil || !t.blank() && t.kind != tokComma:
			return -1
		case t.kind == tokComma:
			return off + t.start
		}
	}
}

// insertion adds a field at the end of an object, in the style of what is there.
func (d *Document) insertion(o *objectSyntax, keys []string, literal string) edit {
	text := JoinPath(keys...) + " = " + literal
	if !o.braces {
		if d.src != "" && !strings.HasSuffix(d.src, "\n") {
			text = d.newline() + text
		}
		return edit{len(d.src), len(d.src), text + d.newline()}
	}
	brace := o.end - 1
	inside := d.src[o.start+1 : brace]
	switch {
	case !strings.Contains(inside, "\n"):
		return d.insertInLine(o, text)
	case strings.Trim(inside[strings.LastIndexByte(inside, '\n'):], " \t\n") == "": // the brace is alone on its line
		line := strings.LastIndexByte(d.src[:brace], '\n') + 1
		return edit{line, line, d.indent(o) + text + d.newline()}
	}
	return edit{brace, brace, d.newline() + d.indent(o) + text + " "}
}

func (d *Document) insertInLine(o *objectSyntax, text string) edit {
	if len(o.fields) == 0 {
		return edit{o.start + 1, o.end - 1, " " + text + " "}
	}
	last := o.fields[len(o.fields)-1].end
	if comma := d.commaAfter(last); comma >= 0 {
		return edit{comma + 1, comma + 1, " " + text}
	}
	return edit{last, last, ", " + text}
}

func (d *Document) newline() string {
	if strings.Contains(d.src, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// indent gives the blanks before the object's last field that begins a line, or two more than before its closing brace.
func (d *Document) indent(o *objectSyntax) string {
	for _, f := range slices.Backward(o.fields) {
		line := strings.LastIndexByte(d.src[:f.start], '\n') + 1
		if blanks := d.src[line:f.start]; line > o.start && strings.Trim(blanks, " \t") == "" {
			return blanks
		}
	}
	line := strings.LastIndexByte(d.src[:o.end-1], '\n') + 1
	rest := d.src[line : o.end-1]
	return rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))] + "  "
}
