package claims

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of one template.
const (
	maxTemplate    = 1024 // bytes
	maxExpressions = 16
)

var attributeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// Parse reads a template. The error says at which character it is wrong, the
// first being 1, and what to write.
func Parse(source string) (Template, error) {
	if source == "" || len(source) > maxTemplate || !utf8.ValidString(source) {
		return Template{}, fmt.Errorf("is not a text of 1 to %d bytes", maxTemplate)
	}
	p := &parser{source: source}
	for p.at < len(source) {
		if err := p.part(); err != nil {
			return Template{}, fmt.Errorf("character %d: %w", utf8.RuneCountInString(source[:p.at])+1, err)
		}
	}
	return p.template()
}

// parser reads on from at, which stays where a fault begins.
type parser struct {
	source string
	at     int
	parts  []part
}

// part reads text up to the next expression, or the expression.
func (p *parser) part() error {
	rest := p.source[p.at:]
	if !strings.HasPrefix(rest, "${") {
		text, _, _ := strings.Cut(rest, "${")
		p.parts = append(p.parts, part{text: text})
		p.at += len(text)
		return nil
	}
	inside, _, closed := strings.Cut(rest[2:], "}")
	if !closed {
		return fmt.Errorf("${ has no }")
	}
	expression, err := parseExpression(inside)
	if err != nil {
		return err
	}
	p.parts = append(p.parts, expression)
	p.at += len("${") + len(inside) + len("}")
	return nil
}

// template checks what no part alone shows.
func (p *parser) template() (Template, error) {
	expressions := 0
	for _, one := range p.parts {
		if one.alternatives == nil {
			continue
		}
		expressions++
		if one.typed() && len(p.parts) > 1 {
			return Template{}, fmt.Errorf("has text around a number, boolean or list; write the expression alone")
		}
	}
	if expressions > maxExpressions {
		return Template{}, fmt.Errorf("has more than %d expressions", maxExpressions)
	}
	return Template{parts: p.parts}, nil
}

func (p part) typed() bool { return len(p.filters) > 0 && p.filters[len(p.filters)-1].typed }

// parseExpression reads what stands between ${ and }: alternatives, which "-"
// parts, then filters, each after "&".
func parseExpression(inside string) (part, error) {
	names, filters, filtered := strings.Cut(inside, "&")
	alternatives, err := parseAlternatives(names)
	if err != nil {
		return part{}, err
	}
	p := part{alternatives: alternatives}
	if !filtered {
		return p, nil
	}
	for source := range strings.SplitSeq(filters, "&") {
		if p.typed() {
			return part{}, fmt.Errorf("&%s follows a number, boolean or list; write nothing after those", source)
		}
		f, err := parseFilter(source)
		if err != nil {
			return part{}, err
		}
		p.filters = append(p.filters, f)
	}
	return p, nil
}

func parseAlternatives(source string) ([]alternative, error) {
	name, rest, more := strings.Cut(source, "-")
	first, err := attribute(name)
	if err != nil {
		return nil, err
	}
	found := []alternative{first}
	for more {
		var next string
		if !strings.HasPrefix(rest, "$") {
			return appendText(found, rest)
		}
		next, rest, more = strings.Cut(rest[1:], "-")
		a, err := attribute(next)
		if err != nil {
			return nil, err
		}
		found = append(found, a)
	}
	return found, nil
}

// appendText ends the alternatives with a text, in which nothing is special.
func appendText(found []alternative, text string) ([]alternative, error) {
	if strings.ContainsAny(text, "${") {
		return nil, fmt.Errorf("%q is no fallback; write $attribute or a text without $ and {", text)
	}
	return append(found, alternative{text: text}), nil
}

func attribute(name string) (alternative, error) {
	if !attributeName.MatchString(name) {
		return alternative{}, fmt.Errorf("%q is no name of an attribute; write a letter, then letters, digits and _", name)
	}
	if secretAttribute(name) {
		return alternative{}, fmt.Errorf("%q sounds like a secret, which no claim may show", name)
	}
	return alternative{attribute: name}, nil
}
