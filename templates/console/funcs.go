package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"
)

func functions(o Options) template.FuncMap {
	return template.FuncMap{
		"asset": o.Asset, "url": o.URL, "dict": dict, "list": list, "when": when, "field": field, "confirm": confirm,
		"json": asJSON,
	}
}

// dict is a map of pairs of a name and a value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("a name has no value")
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("the name %v is no text", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

// asJSON is the value as JSON in one line, for people to read.
func asJSON(value any) (string, error) {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // the page escapes
	err := e.Encode(value)
	return strings.TrimSpace(out.String()), err
}

func list(items ...any) []any { return items }

// when is a time element in UTC, which a script says by the reader's own clock.
func when(at time.Time) template.HTML {
	if at.IsZero() {
		return "never"
	}
	at = at.UTC()
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + at.Format("2006-01-02 15:04") + ` UTC</time>`)
}

// TimeCell is a cell that shows the time.
func TimeCell(at time.Time) Cell {
	if at.IsZero() {
		return Cell{Text: "never", Mark: "soft"}
	}
	at = at.UTC()
	return Cell{Text: at.Format("2006-01-02 15:04") + " UTC", Time: at.Format(time.RFC3339)}
}

// ExactTimeCell is a cell that shows the time to the second, for records.
func ExactTimeCell(at time.Time) Cell {
	at = at.UTC()
	return Cell{Text: at.Format("2006-01-02 15:04:05") + " UTC", Time: at.Format(time.RFC3339)}
}

// field is what the part "field" takes: more are pairs of a name and a value.
func field(v View, name, label string, more ...any) (map[string]any, error) {
	out, err := dict(more...)
	if err != nil {
		return nil, err
	}
	out["v"], out["name"], out["label"], out["problems"] = v, name, label, v.FieldProblems(name)
	if _, known := out["type"]; !known {
		out["type"] = "text"
	}
	return out, nil
}

// confirm is what the part "confirm" takes: more are pairs of a name and a value;
// text, danger and done are the part's own, all others are hidden fields.
func confirm(v View, path, button string, more ...any) (map[string]any, error) {
	hidden, err := dict(more...)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"v": v, "action": v.URL(path), "button": button, "hidden": hidden}
	for _, own := range []string{"text", "danger"} {
		out[own] = hidden[own]
		delete(hidden, own)
	}
	return out, nil
}
