package templates

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"maps"
	"math"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed messages/messages.*
var messageFiles embed.FS

// catalog is one language's message file.
type catalog struct {
	tag   language.Tag
	texts map[string]string
	plain map[string]string // as markup, those that no argument changes
}

func readCatalog(lang string) (*catalog, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", lang, err)
	}
	content, err := messageFiles.ReadFile("messages/messages." + lang)
	if err != nil {
		return nil, fmt.Errorf("there are no messages in the language %q", lang)
	}
	texts, err := parseMessages(content)
	if err != nil {
		return nil, fmt.Errorf("messages.%s: %w", lang, err)
	}
	return &catalog{tag: tag, texts: texts, plain: plain(texts)}, nil
}

// plain are the texts without arguments and plural forms, as markup.
func plain(texts map[string]string) map[string]string {
	counted := map[string]bool{} // keys that have plural forms
	for key := range texts {
		if i := strings.LastIndexByte(key, '.'); i > 0 {
			counted[key[:i]] = true
		}
	}
	out := map[string]string{}
	for key, text := range texts {
		if !counted[key] && !strings.Contains(text, "${") {
			out[key] = escape(text)
		}
	}
	return out
}

func parseMessages(content []byte) (map[string]string, error) {
	texts := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, text, ok := strings.Cut(line, "=")
		key, text = strings.TrimSpace(key), strings.TrimSpace(text)
		if !ok || key == "" || text == "" {
			return nil, fmt.Errorf("line %d: expected key=text", n)
		}
		if _, twice := texts[key]; twice {
			return nil, fmt.Errorf("line %d: key %s stands twice", n, key)
		}
		texts[key] = text
	}
	return texts, lines.Err()
}

// text finds the key's sentence and fills in the arguments.
func (c *catalog) text(key string, args map[string]any) (string, bool) {
	text, ok := c.find(key, args["n"])
	return fill(text, args), ok
}

// find is the key's sentence. A whole number n picks the plural form where the
// key has forms; for any other n the key must have none.
func (c *catalog) find(key string, n any) (string, bool) {
	if n, ok := integer(n); ok {
		if text, ok := c.texts[key+"."+c.form(n)]; ok {
			return text, true
		}
	}
	text, ok := c.texts[key]
	return text, ok
}

// form is the CLDR plural form of a whole number in the catalog's language.
func (c *catalog) form(n int) string {
	switch plural.Cardinal.MatchPlural(c.tag, max(n, -n), 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}

// sayTimes puts what is left until then in the place of every time.
func (c *catalog) sayTimes(args map[string]any, now time.Time) map[string]any {
	said := maps.Clone(args)
	for name, v := range args {
		if t, ok := v.(time.Time); ok {
			said[name] = c.left(t.Sub(now))
		}
	}
	return said
}

// left says a wait in words, rounded up: nobody is to come back too early.
func (c *catalog) left(wait time.Duration) string {
	key, unit := "duration.seconds", time.Second
	switch {
	case wait > 90*time.Minute:
		key, unit = "duration.hours", time.Hour
	case wait > 90*time.Second:
		key, unit = "duration.minutes", time.Minute
	}
	n := int(math.Ceil(float64(wait) / float64(unit)))
	text, _ := c.text(key, map[string]any{"n": max(1, n)})
	return text
}

func integer(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	}
	return 0, false
}

// fill replaces ${name} by the argument; what has no argument becomes empty.
// Arguments are not looked into again.
func fill(text string, args map[string]any) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("${" + rest)
			return b.String()
		}
		if v, ok := args[name]; ok && v != nil {
			fmt.Fprint(&b, v)
		}
		text = after
	}
}
