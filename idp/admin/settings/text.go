package settings

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

// plainNumber is what may stand as a number: nothing that HOCON would write back
// in another form.
var plainNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`)

// literal is the text of an input as HOCON: JSON, so that nothing in it can mean
// more than a value.
func literal(ask conf.Ask, text string) string {
	trimmed := strings.TrimSpace(text)
	switch {
	case ask.Form == conf.FormList:
		return asJSON(linesOf(text))
	case ask.Form == conf.FormSwitch && (trimmed == "true" || trimmed == "false"):
		return trimmed
	case trimmed == "" && ask.Null:
		return "null"
	case plainNumber.MatchString(trimmed):
		return trimmed
	}
	return asJSON(trimmed)
}

// linesOf are the lines that hold something.
func linesOf(text string) []string {
	lines := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// inputText is the value as an input shows it.
func inputText(v hocon.Value) string {
	switch v.Kind() {
	case hocon.Null:
		return ""
	case hocon.Array:
		var lines []string
		for _, e := range v.Elems() {
			lines = append(lines, inputText(e))
		}
		return strings.Join(lines, "\n")
	case hocon.Object:
		return canonical(v)
	}
	s, err := v.Str()
	if err != nil {
		return ""
	}
	return s
}

// canonical is the value as JSON; equal values are equal texts.
func canonical(v hocon.Value) string {
	text, err := v.MarshalJSON()
	if err != nil {
		return ""
	}
	return string(text)
}

// parseValue reads one value of HOCON without reaching for anything outside of it.
func parseValue(text string) (hocon.Value, bool) {
	const key = "value"
	config, err := hocon.Parse(conf.SavedName, []byte(key+" = "+text), hocon.Options{
		LookupEnv: func(string) (string, bool) { return "", false },
		ReadFile:  func(string) ([]byte, error) { return nil, errOutside },
	})
	if err != nil || len(config.Root().Keys()) != 1 {
		return hocon.Value{}, false
	}
	return config.Root().Get(key)
}

// asJSON writes what can't fail: texts, and lists and maps of them.
func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(text)
}

// short is a value for a line of a table: words without their quotes, and not too
// long.
func short(text string) string {
	const most = 200
	var s string
	if json.Unmarshal([]byte(text), &s) == nil && s != "" && s == strings.TrimSpace(s) {
		text = s
	}
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
