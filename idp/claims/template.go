package claims

import (
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// Template makes a claim of a person's attributes; see the package's doc.
type Template struct {
	parts []part
}

// part is a text or an expression; an expression has alternatives.
type part struct {
	text         string
	alternatives []alternative
	filters      []filter
}

// alternative is an attribute or, at the end of an expression, a text.
type alternative struct {
	attribute string
	text      string
}

// filter turns what an expression found into something else. False: it can't.
type filter struct {
	apply func(string) (any, bool)
	// typed filters give something else than a text, so that nothing may follow them
	// and nothing may stand around them.
	typed bool
}

// attributeLogin is the name under which templates find User.Login.
const attributeLogin = "login"

func attributeOf(u *idp.User, name string) string {
	if name == attributeLogin {
		return u.Login
	}
	return u.Attribute(name)
}

// value is what the template makes of the person: a string, int64, float64, bool
// or []string. False where an attribute is missing, a filter can't read what it
// found, or nothing is left.
func (t Template) value(u *idp.User) (any, bool) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.alternatives == nil {
			b.WriteString(p.text)
			continue
		}
		v, ok := p.value(u)
		if !ok {
			return nil, false
		}
		s, isText := v.(string)
		if !isText {
			return v, true // the parser saw to it that it stands alone
		}
		b.WriteString(s)
	}
	text := strings.TrimSpace(b.String())
	return text, text != ""
}

func (p part) value(u *idp.User) (any, bool) {
	found, ok := p.find(u)
	if !ok {
		return nil, false
	}
	var v any = found
	for _, f := range p.filters {
		if v, ok = f.apply(found); !ok {
			return nil, false
		}
		found, _ = v.(string)
	}
	return v, true
}

// find is the first alternative that there is.
func (p part) find(u *idp.User) (string, bool) {
	for _, a := range p.alternatives {
		if a.attribute == "" {
			return a.text, true
		}
		if v := attributeOf(u, a.attribute); v != "" {
			return v, true
		}
	}
	return "", false
}
